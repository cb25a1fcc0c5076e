"""Closing something, now or for a stretch, and ending that: who waits is served, kept or cancelled in the same act."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from app import access, models
from app.actions import issuing, stops
from app.domain.closures import LONGEST, ClosureNotPossible, Reach, WaitingVisitors, must_fit
from app.domain.errors import Forbidden, NotThere, UnknownReference
from app.domain.events import Event
from app.domain.locations import FloorUnknown
from app.domain.names import LocalizedText
from app.domain.roles import Permission, Role
from app.domain.stops import Aftermath, Target
from app.journal import Journal
from app.queries import closures as queries
from app.queries.issuing import issuing_inputs

THING = "closure"


@dataclass(frozen=True)
class MadeClosure:
    """A closure that was just made, and what it leaves to handle."""

    row: models.Closure
    aftermath: Aftermath


async def create(
    journal: Journal,
    *,
    reason: LocalizedText,
    waiting_tickets: WaitingVisitors,
    move_to_service_id: UUID | None,
    starts_at: datetime | None,
    ends_at: datetime | None,
    agency_id: UUID | None,
    service_id: UUID | None,
    counter_id: UUID | None,
    location_id: UUID | None,
    floor: str | None,
) -> MadeClosure:
    """Close the mall, or the one thing that is named, from now on or for a stretch to come."""
    own = journal.caller.agencies(Permission.CLOSE_FOR_A_WHILE, journal.mall_id)
    named = {"agency_id": agency_id, "service_id": service_id, "counter_id": counter_id, "location_id": location_id}
    if second := [name for name, id_ in named.items() if id_][1:]:
        raise ClosureNotPossible(member=second[0])
    if (location_id is None) != (floor is None):
        raise ClosureNotPossible(member="floor")
    if starts_at and not journal.at <= starts_at <= journal.at + LONGEST:
        raise ClosureNotPossible(member="starts_at")
    starts_at = starts_at or journal.at
    if ends_at and not starts_at < ends_at <= starts_at + LONGEST:
        raise ClosureNotPossible(member="ends_at")
    must_fit(waiting_tickets, move_to_service_id, begins_later=starts_at > journal.at)
    if own is not None and (location_id or not any(named.values())):
        raise Forbidden(required=(Role.MALL_MANAGER,), member="location_id" if location_id else "agency_id")
    reach = await _reach(journal, agency_id, service_id, counter_id)
    if own is not None and reach.agency_id not in own:
        raise NotThere(thing="agency")
    if location_id and floor:
        reach = await _floor(journal, location_id, floor)
    if reach.counter_ids:
        served = await queries.served_only_at(journal, reach.counter_ids, starts_at, ends_at)
        reach = replace(reach, service_ids=served)
    target = await _target(journal, reach, move_to_service_id) if move_to_service_id else None
    closure = models.Closure(
        mall_id=journal.mall_id,
        agency_id=reach.agency_id,
        service_id=service_id,
        counter_id=counter_id,
        location_id=location_id,
        floor=floor,
        reason=reason,
        waiting_tickets=waiting_tickets,
        move_to_service_id=move_to_service_id,
        starts_at=starts_at,
        ends_at=ends_at,
        by_mall=own is None,
        service_ids=None if reach.service_ids is None else [str(each) for each in reach.service_ids],
        counter_ids=None if reach.counter_ids is None else [str(each) for each in reach.counter_ids],
    )
    journal.session.add(closure)
    journal.record(Event.CLOSURE_CREATED, closure)
    await journal.session.flush()
    return MadeClosure(closure, await stops.close(journal, reach, reason, waiting_tickets, target))


async def end(journal: Journal, closure_id: UUID) -> models.Closure:
    """End a closure: what it closed is as it was before. Raises ClosureEnded, Forbidden for one of the mall's."""
    own = journal.caller.agencies(Permission.CLOSE_FOR_A_WHILE, journal.mall_id)
    closure = await access.row(journal, models.Closure, closure_id, THING)
    if own is not None and closure.agency_id is not None and closure.agency_id not in own:
        raise NotThere(thing=THING)
    if own is not None and closure.by_mall:
        raise Forbidden(required=(Role.MALL_MANAGER,))
    closure.end(journal.at)
    await stops.renew_closures(journal)
    journal.record(Event.CLOSURE_ENDED, closure)
    return closure


async def _reach(journal: Journal, agency_id: UUID | None, service_id: UUID | None, counter_id: UUID | None) -> Reach:
    """What is reached, but for the services that counters take with them."""
    if agency_id:
        await access.agency_named(journal, agency_id)
    if service_id:
        service = await journal.session.get(models.Service, (journal.mall_id, service_id))
        if service is None:
            raise UnknownReference(thing="service", member="service_id")
        return Reach(service.agency_id, [service.id], [])
    if counter_id:
        counter = await journal.session.get(models.Counter, (journal.mall_id, counter_id))
        if counter is None:
            raise UnknownReference(thing="counter", member="counter_id")
        return Reach(counter.agency_id, [], [counter.id])
    return Reach(agency_id)


async def _target(journal: Journal, reach: Reach, service_id: UUID) -> Target:
    """Where who waits is moved. Raises ClosureNotPossible, or what says why that service takes nobody."""
    facts = await issuing_inputs(journal, service_id, None, None)
    if facts is None:
        raise UnknownReference(thing="service", member="move_to_service_id")
    if facts.agency_id != reach.agency_id or reach.service_ids is None or service_id in reach.service_ids:
        raise ClosureNotPossible(member="move_to_service_id")
    return await issuing.target(journal, service_id, facts)


async def _floor(journal: Journal, location_id: UUID, floor: str) -> Reach:
    """The counters on a floor."""
    location = await journal.session.get(models.Location, (journal.mall_id, location_id))
    if location is None:
        raise UnknownReference(thing="location", member="location_id")
    if floor not in [each["code"] for each in location.floors]:
        raise FloorUnknown(floor=floor)
    counters = await queries.on_floor(journal, location_id, floor)
    return Reach(None, [], counters)
