"""Counters: what they serve, and an officer's session at one."""

from collections.abc import Collection, Container, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete

from app import access, models
from app.actions import desks, stops
from app.domain.calendar import CounterClosed, last_instant
from app.domain.callers import Caller
from app.domain.closures import calling_at
from app.domain.counters import (
    COUNTER_LIFE,
    CounterBusy,
    CounterRetired,
    CounterStatus,
    ForeignService,
    HelpsWithUnserved,
    LastCounter,
    NotYourCounter,
    OfficerBusy,
    ServiceNotServed,
    must_end_today,
)
from app.domain.desks import is_there
from app.domain.errors import CodeTaken, Forbidden, UnknownReference
from app.domain.events import Event
from app.domain.locations import FloorUnknown, LocationNotInUse, in_use
from app.domain.members import MembershipNotInForce
from app.domain.names import LocalizedText
from app.domain.roles import TABLE, Permission, Role
from app.domain.services import ServiceRetired
from app.domain.stops import Cause, OneSession, Stop
from app.domain.tickets import TicketStatus
from app.errors import MallError
from app.journal import Journal
from app.queries import accounts, members
from app.queries import calendar as calendar_queries
from app.queries import counters as queries
from app.queries import stops as stop_queries
from app.queries.counters import CounterView

FORCED = "counter_forced_to_close"
SERVED = {"service_ids", "helps_with_service_ids"}
"""What of a counter its agency's manager changes."""


async def create(
    journal: Journal,
    *,
    agency_id: UUID,
    location_id: UUID,
    code: str,
    name: LocalizedText,
    spoken: LocalizedText | None,
    floor: str,
    booth: str | None,
    service_ids: Sequence[UUID],
    helps_with_service_ids: Sequence[UUID] = (),
    desk: str | None = None,
    weekdays: list[int] | None = None,
) -> CounterView:
    """Give an agency a counter on a floor of the mall."""
    journal.caller.must(Permission.MANAGE_COUNTERS, journal.mall_id)
    await access.agency_named(journal, agency_id)
    await _must_be_a_floor(journal, location_id, floor)
    if await access.is_taken(journal, models.Counter, code=code):
        raise CodeTaken(value=code)
    await desks.must_not_overlap(journal, desk, weekdays)
    counter = models.Counter(
        mall_id=journal.mall_id,
        agency_id=agency_id,
        location_id=location_id,
        code=code,
        name=name,
        spoken=spoken,
        floor=floor,
        booth=booth,
        desk=desk,
        weekdays=weekdays,
    )
    wanted = _helping({}, {"service_ids": service_ids, "helps_with_service_ids": helps_with_service_ids})
    await _must_be_able_to_serve(journal, counter, list(wanted), [])
    journal.session.add(counter)
    await journal.session.flush()
    await _serve(journal, counter, wanted)
    journal.record(Event.COUNTER_CREATED, counter, **_told(wanted))
    return await _view(journal, counter)


async def change(
    journal: Journal, counter_id: UUID, versions: Container[int], changes: Mapping[str, Any]
) -> CounterView:
    """Change a counter. An agency's manager changes what it serves; where it stands is the mall's."""
    counter = await access.own(
        journal, journal.caller, Permission.CHANGE_COUNTERS, models.Counter, counter_id, "counter"
    )
    beyond = changes.keys() - SERVED
    if beyond and not journal.caller.plays(Role.MALL_MANAGER, journal.mall_id):
        raise Forbidden(required=(Role.MALL_MANAGER,), member=min(beyond))
    access.must_match_version(counter, versions)
    if {"location_id", "floor"} & set(changes):
        await _must_be_a_floor(
            journal, changes.get("location_id", counter.location_id), changes.get("floor", counter.floor), counter
        )
    if {"desk", "weekdays"} & set(changes):
        days = changes.get("weekdays", counter.weekdays)
        await desks.must_not_overlap(journal, changes.get("desk", counter.desk), days, counter)
    served = (await queries.services_of(journal, [counter.id])).get(counter.id, {})
    wanted = _helping(served, changes)
    await _must_be_able_to_serve(journal, counter, list(wanted), list(served))
    await _must_not_be_the_last(journal, counter, set(served) - set(wanted), "service_ids")
    leaves_today = "weekdays" in changes and not is_there(changes["weekdays"], journal.today)
    if leaves_today and not await queries.session_at(journal, counter.id):
        await _must_not_be_the_last(journal, counter, served, "weekdays")
    before, after = _told(served), _told(wanted)
    edit = counter.change(
        {name: value for name, value in changes.items() if name not in SERVED},
        beside={name: value for name, value in before.items() if value != after[name]},
    )
    if wanted != served:
        await _serve(journal, counter, wanted)
    journal.record_edit(Event.COUNTER_CHANGED, counter, edit, **after)
    await stops.renew_closures(journal)
    await stops.close_finished_counters(journal, counter.agency_id)
    return await _view(journal, counter)


async def _must_not_be_the_last(
    journal: Journal, counter: models.Counter, leaves: Collection[UUID], member: str
) -> None:
    """Raise LastCounter where visitors wait today for one of the services that would have no other counter."""
    if needed := await stop_queries.needs_its_counter(journal, counter.id, leaves):
        raise LastCounter(service_id=needed).at_member(member)


async def open_(journal: Journal, counter_id: UUID, *, move: bool) -> CounterView:
    """Begin a session: the agency must be in force, the counter closed, and the officer at no other counter.

    With `move` the officer comes from another counter, which closes, with the tickets that are there.

    A counter that has stopped opens for those who still wait for it today, and closes behind the last of them. The
    officer's own roles are read again: a counter never opens for an account that was shut out a second ago.
    """
    caller = await accounts.refreshed(journal, journal.caller)
    counter = await access.own(journal, caller, Permission.OPERATE_COUNTERS, models.Counter, counter_id, "counter")
    location = await access.row(journal, models.Location, counter.location_id, "location")
    if not in_use(journal.today, location.starts_on, location.ends_on):
        raise _not_in_use(location, None)
    await _must_not_be_closed(journal, counter)
    await desks.must_be_free(journal, counter)
    stopped = await _why_stopped(journal, counter)
    running = await queries.session_at(journal, counter.id)
    if running:
        _must_be_at(journal, running)
    COUNTER_LIFE.after(running.status if running else CounterStatus.CLOSED, "open")
    if caller.id is None:
        raise Forbidden(required=tuple(TABLE[Permission.OPERATE_COUNTERS]))
    elsewhere, along = await queries.session_of(journal, caller.id), []
    if elsewhere and not move:
        raise OfficerBusy(counter_id=elsewhere.counter_id)
    if elsewhere:
        along = await _coming_along(journal, elsewhere.counter_id, counter.id)
        stops.close_session(journal, elsewhere, Cause.OFFICER)
        await journal.session.flush()  # an officer has one session at a time
    session = models.CounterSession(
        mall_id=journal.mall_id,
        agency_id=counter.agency_id,
        counter_id=counter.id,
        officer_id=caller.id,
        service_day=journal.today,
        opened_at=journal.at,
    )
    journal.session.add(session)
    journal.record(Event.COUNTER_OPENED, session, before={"status": CounterStatus.CLOSED})
    for ticket in along:
        ticket.counter_id = counter.id
        if ticket.status is TicketStatus.CALLED:
            _recall(journal, ticket)
    if stopped:
        stops.start_closing(journal, session, stopped)
    return await _view(journal, counter)


async def pause(
    journal: Journal, counter_id: UUID, *, reason: LocalizedText | None, until: datetime | None
) -> CounterView:
    """Take a break, until then if that is known; with a ticket in hand there is none."""
    counter, session = await _open_session(journal, counter_id, "pause")
    if busy := await queries.in_hand(journal, [counter.id]):
        raise CounterBusy(ticket_id=busy[0].id, number=busy[0].number)
    must_end_today(until, journal.at, last_instant(journal.today, journal.mall.zone))
    before = session.status
    session.pause(reason, until)
    journal.record(Event.COUNTER_PAUSED, session, before={"status": before}, until=until)
    return await _view(journal, counter)


async def resume(journal: Journal, counter_id: UUID) -> CounterView:
    """Come back from a break."""
    counter, session = await _open_session(journal, counter_id, "resume")
    before = session.status
    session.resume()
    journal.record(Event.COUNTER_RESUMED, session, before={"status": before})
    return await _view(journal, counter)


async def take_over(journal: Journal, counter_id: UUID) -> CounterView:
    """Go on in a colleague's place, with the ticket in hand and those on hold. Roles are read again, as for opening."""
    caller = await accounts.refreshed(journal, journal.caller)
    counter, session = await _open_session(journal, counter_id, "take_over", by_colleagues=True, caller=caller)
    if caller.id is None:
        raise Forbidden(required=tuple(TABLE[Permission.OPERATE_COUNTERS]))
    if elsewhere := await queries.session_of(journal, caller.id):
        raise OfficerBusy(counter_id=elsewhere.counter_id)
    before = {"status": session.status, "officer_id": session.officer_id}
    session.take_over(caller.id)
    for ticket in await stop_queries.at_counter(journal, counter.id):
        ticket.officer_id = caller.id
    journal.record(Event.COUNTER_TAKEN_OVER, session, before=before)
    return await _view(journal, counter)


async def close(journal: Journal, counter_id: UUID, *, force: bool) -> CounterView:
    """End a session and lose nobody.

    A called ticket goes back to its place; a serving or held one must be settled first, or, when a manager closes by
    force, goes back first in line. A colleague closes a counter at which nobody is in hand.
    """
    counter, session = await _open_session(journal, counter_id, "close", by_colleagues=True)
    if force and not journal.caller.may_manage(journal.mall_id, counter.agency_id):
        raise Forbidden(required=(Role.AGENCY_MANAGER, Role.MALL_MANAGER), member="force")
    if await queries.in_hand(journal, [counter.id]):
        _must_be_at(journal, session)
    cause, reason = (Cause.FORCED, FORCED) if force else (Cause.OFFICER, "counter_closed")
    await stops.stop(journal, Stop(OneSession(counter.agency_id, counter.id), cause, reason))
    return await _view(journal, counter)


async def end_by_force(journal: Journal, session: models.CounterSession) -> None:
    """End a session that its officer may not go on with, as a manager would."""
    await stops.stop(journal, Stop(OneSession(session.agency_id, session.counter_id), Cause.FORCED, FORCED))


async def _coming_along(journal: Journal, from_id: UUID, to_id: UUID) -> list[models.Ticket]:
    """The tickets at a counter, for another one to go on with. Raises ServiceNotServed where it may not."""
    served = (await queries.services_of(journal, [to_id])).get(to_id, {})
    along = list(await stop_queries.at_counter(journal, from_id))
    if unserved := next((each for each in along if each.service_id not in served), None):
        raise ServiceNotServed(service_id=unserved.service_id)
    return along


def _recall(journal: Journal, ticket: models.Ticket) -> None:
    """Who was called to the officer's other counter is called again, to this one."""
    ticket.recall(journal.at)
    journal.record(Event.TICKET_RECALLED, ticket, before={"status": ticket.status})


async def _must_not_be_closed(journal: Journal, counter: models.Counter) -> None:
    """Raise CounterClosed where the calendar has closed the counter; not where somebody waits for it and none other.

    What a closure closes altogether opens for nobody.
    """
    calendar = await calendar_queries.calendar(journal, counter.agency_id)
    calling = calling_at(calendar, journal.at, counter.id, counter.agency_id)
    if not calling.is_open:
        raise CounterClosed(next_opening_at=calling.changes_at, reasons=calling.reasons)
    own = calendar.counter_opening(journal.at, counter.id)
    if own.is_open:
        return
    others = await stop_queries.others_for_who_waits(journal, counter.id)

    def is_open(other: UUID) -> bool:
        closed = calling_at(calendar, journal.at, other, counter.agency_id)
        return closed.is_open and calendar.counter_opening(journal.at, other).is_open

    if all(any(map(is_open, ids)) for ids in others.values()):
        raise CounterClosed(next_opening_at=own.changes_at, reasons=own.reasons)


async def _why_stopped(journal: Journal, counter: models.Counter) -> Cause | None:
    """Why the counter opens only for those who still wait today; None: it opens for everybody.

    Raises CounterRetired or MembershipNotInForce where nobody waits whom it has to call.
    """
    refused: MallError
    if counter.retired_on:
        cause, refused = Cause.RETIREMENT, CounterRetired(retired_on=counter.retired_on)
    elif barred := await members.why_not_in_force(journal, counter.agency_id):
        cause = Cause.MEMBERSHIP
        refused = MembershipNotInForce(agency_id=counter.agency_id, membership=barred)
    else:
        return None
    if not await stop_queries.is_still_needed(journal, counter):
        raise refused
    return cause


def _must_be_at(journal: Journal, session: models.CounterSession) -> None:
    """Raise NotYourCounter unless it is the caller's own session, or the caller manages its agency."""
    if session.officer_id != journal.caller.id and not journal.caller.may_manage(journal.mall_id, session.agency_id):
        raise NotYourCounter(counter_id=session.counter_id)


async def _open_session(
    journal: Journal, counter_id: UUID, verb: str, *, by_colleagues: bool = False, caller: Caller | None = None
) -> tuple[models.Counter, models.CounterSession]:
    """A counter and its session, for who may act there. Whose it is, is asked before its state.

    `caller` is who acts where the roles were read again.
    """
    caller = caller or journal.caller
    counter = await access.own(journal, caller, Permission.OPERATE_COUNTERS, models.Counter, counter_id, "counter")
    session = await queries.session_at(journal, counter.id)
    if session and not by_colleagues:
        _must_be_at(journal, session)
    COUNTER_LIFE.after(session.status if session else CounterStatus.CLOSED, verb)
    if session is None:
        raise AssertionError  # the table lets no verb but `open` leave `closed`
    return counter, session


async def _must_be_a_floor(
    journal: Journal, location_id: UUID, floor: str, counter: models.Counter | None = None
) -> None:
    """The building is one of today, or of later days for a counter that does not move into it."""
    location = await journal.session.get(models.Location, (journal.mall_id, location_id))
    if location is None:
        raise UnknownReference(thing="location", member="location_id")
    moves = counter is not None and counter.location_id != location_id
    day = journal.today if moves else max(journal.today, location.starts_on)
    if not in_use(day, location.starts_on, location.ends_on):
        raise _not_in_use(location, "location_id")
    if floor not in [each["code"] for each in location.floors]:
        raise FloorUnknown(floor=floor)


def _not_in_use(location: models.Location, member: str | None) -> LocationNotInUse:
    return LocationNotInUse(member=member, starts_on=location.starts_on, ends_on=location.ends_on)


async def _must_be_able_to_serve(
    journal: Journal, counter: models.Counter, service_ids: Sequence[UUID], served: Sequence[UUID]
) -> None:
    """Services are of the counter's own agency, and none that is retired comes new."""
    for service_id in service_ids:
        service = await journal.session.get(models.Service, (journal.mall_id, service_id))
        if service is None or service.agency_id != counter.agency_id:
            raise ForeignService(service_id=service_id)
        if service.retired_on and service_id not in served:
            raise ServiceRetired(retired_on=service.retired_on)


def _helping(served: Mapping[UUID, bool], changes: Mapping[str, Any]) -> dict[UUID, bool]:
    """What a counter serves after an edit, and whether it only helps with each. Raises HelpsWithUnserved."""
    service_ids = changes.get("service_ids", served)
    helped = changes.get("helps_with_service_ids", [each for each in service_ids if served.get(each)])
    if unserved := set(helped) - set(service_ids):
        raise HelpsWithUnserved(service_id=min(unserved))
    return {each: each in helped for each in sorted(service_ids)}


def _told(served: Mapping[UUID, bool]) -> dict[str, Any]:
    """What a counter serves, as entries say it."""
    return {"service_ids": list(served), "helps_with_service_ids": [each for each, helps in served.items() if helps]}


async def _serve(journal: Journal, counter: models.Counter, served: Mapping[UUID, bool]) -> None:
    """Let the counter serve exactly these services; a service knows since when it has had a counter."""
    link = models.CounterService
    await journal.session.execute(delete(link).where(link.mall_id == journal.mall_id, link.counter_id == counter.id))
    journal.session.add_all(
        link(mall_id=journal.mall_id, counter_id=counter.id, service_id=each, agency_id=counter.agency_id, helps=helps)
        for each, helps in served.items()
    )
    for service_id in served:
        service = await access.row(journal, models.Service, service_id, "service")
        service.equipped_on = service.equipped_on or journal.today


async def _view(journal: Journal, counter: models.Counter) -> CounterView:
    await journal.session.flush()
    return (await queries.views(journal, journal.caller, [counter]))[0]
