"""What a mall is and when it is open."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from app import access, models
from app.access import Caller
from app.domain.agencies import NotThere
from app.domain.calendar import DayHours, ExceptionKind, HoursInvalid, TimeZone, Weekly, minutes
from app.domain.counters import FloorInUse
from app.domain.malls import SlugTaken, in_order
from app.domain.names import Names
from app.domain.roles import Verb
from app.journal import Journal
from app.queries import malls as queries


async def create(
    journal: Journal,
    by: Caller,
    *,
    slug: str,
    name: Names,
    region: str,
    operator: str,
    time_zone: TimeZone,
    hours: Sequence[DayHours],
) -> models.Mall:
    """Found a mall: its number, its own journal, its weekly hours. Takes the platform's journal."""
    by.must(Verb.CREATE_MALLS, None)
    Weekly.of(hours)
    if await queries.slug_is_taken(journal.session, slug):
        raise SlugTaken(value=slug)
    mall_id = await queries.last_mall_id(journal.session) + 1
    mall = models.Mall(
        id=mall_id,
        slug=slug,
        name=name,
        region=region,
        operator=operator,
        time_zone=time_zone,
        created_at=journal.at,
    )
    for row in (models.Journal(mall_id=mall_id), mall, models.Schedule(mall_id=mall_id, hours=list(hours))):
        journal.session.add(row)
        await journal.session.flush()
    journal.record("mall.created", ("mall", mall_id), after={"slug": slug, "time_zone": time_zone})
    return mall


async def change(journal: Journal, by: Caller, version: int, changes: Mapping[str, Any]) -> models.Mall:
    """Change what a mall is called and who runs it."""
    by.must(Verb.CHANGE_MALL, journal.mall_id)
    mall = await queries.mall(journal)
    access.same_version(mall, version)
    before, after = mall.change(changes)
    journal.record("mall.changed", ("mall", mall.id), before=before, after=after)
    return mall


async def add_location(
    journal: Journal,
    by: Caller,
    *,
    name: Names,
    address: str,
    floors: Sequence[Mapping[str, Any]],
    from_on: date,
    until_on: date | None,
) -> models.Location:
    """Add a building of the mall."""
    by.must(Verb.CHANGE_MALL, journal.mall_id)
    in_order(from_on, until_on, "until_on")
    location = models.Location(
        mall_id=journal.mall_id, name=name, address=address, floors=list(floors), from_on=from_on, until_on=until_on
    )
    journal.session.add(location)
    journal.record("location.added", ("location", location.id), after={"from_on": from_on, "until_on": until_on})
    return location


async def change_location(
    journal: Journal, by: Caller, location_id: UUID, version: int, changes: Mapping[str, Any]
) -> models.Location:
    """Change how a building is described, and until when it is one of the mall."""
    by.must(Verb.CHANGE_MALL, journal.mall_id)
    location = await access.row(journal, models.Location, location_id, "location")
    access.same_version(location, version)
    in_order(changes.get("from_on", location.from_on), changes.get("until_on", location.until_on), "until_on")
    if "floors" in changes:
        kept = {each["code"] for each in changes["floors"]}
        for floor in await queries.floors_in_use(journal, location.id):
            if floor not in kept:
                raise FloorInUse(floor=floor)
    before, after = location.change(changes)
    journal.record("location.changed", ("location", location.id), before=before, after=after)
    return location


async def set_hours(
    journal: Journal, by: Caller, hours: Sequence[DayHours], agency_id: UUID | None = None
) -> models.Schedule:
    """Set the weekly hours of the mall, or of an agency at the mall."""
    by.must(Verb.CHANGE_MALL, journal.mall_id)
    Weekly.of(hours)
    if agency_id:
        await access.row(journal, models.Agency, agency_id, "agency")
    schedule = await queries.base_schedule(journal, agency_id)
    before = {"hours": schedule.hours} if schedule else None
    if schedule:
        schedule.change({"hours": list(hours)})
    else:
        schedule = models.Schedule(mall_id=journal.mall_id, agency_id=agency_id, hours=list(hours))
        journal.session.add(schedule)
    journal.record(
        "hours.set", ("schedule", schedule.id), agency_id=agency_id, before=before, after={"hours": list(hours)}
    )
    return schedule


async def add_exception(
    journal: Journal,
    by: Caller,
    *,
    agency_id: UUID | None,
    kind: ExceptionKind,
    starts_on: date,
    ends_on: date | None,
    opens: str,
    closes: str,
    reason: Names,
) -> models.CalendarException:
    """Open or close the mall or one agency on some days, whatever the hours below say."""
    by.must(Verb.CHANGE_MALL, journal.mall_id)
    in_order(starts_on, ends_on)
    if minutes(opens) >= minutes(closes):
        raise HoursInvalid(weekday=starts_on.isoweekday(), member="closes")
    if agency_id:
        await access.agency_named(journal, agency_id)
    exception = models.CalendarException(
        mall_id=journal.mall_id,
        agency_id=agency_id,
        kind=kind,
        starts_on=starts_on,
        ends_on=ends_on,
        opens=opens,
        closes=closes,
        reason=reason,
    )
    journal.session.add(exception)
    journal.record(
        "calendar_exception.added",
        ("calendar_exception", exception.id),
        agency_id=agency_id,
        after=_exception_facts(exception),
    )
    return exception


async def remove_exception(journal: Journal, by: Caller, exception_id: UUID) -> None:
    """Take an exception away; the journal keeps what it was."""
    by.must(Verb.CHANGE_MALL, journal.mall_id)
    exception = await journal.session.get(models.CalendarException, (journal.mall_id, exception_id))
    if exception is None:
        raise NotThere(thing="calendar_exception")
    await journal.session.delete(exception)
    journal.record(
        "calendar_exception.removed",
        ("calendar_exception", exception.id),
        agency_id=exception.agency_id,
        before=_exception_facts(exception),
    )


def _exception_facts(exception: models.CalendarException) -> dict[str, Any]:
    return {
        "kind": exception.kind,
        "starts_on": exception.starts_on,
        "ends_on": exception.ends_on,
        "opens": exception.opens,
        "closes": exception.closes,
        "reason": exception.reason,
    }
