"""Counters: what they serve, and an officer's session at one."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete

from app import access, models
from app.access import Caller
from app.actions import tickets
from app.domain.counters import (
    COUNTER_LIFE,
    CounterBusy,
    CounterRetired,
    CounterStatus,
    ForeignService,
    OfficerBusy,
    SessionEnd,
)
from app.domain.errors import CodeTaken, Forbidden, UnknownReference
from app.domain.locations import FloorUnknown
from app.domain.members import MembershipNotInForce
from app.domain.names import LocalizedText
from app.domain.roles import Permission, Role
from app.domain.services import ServiceRetired
from app.domain.tickets import ReturnPlace, TicketStatus
from app.journal import Journal
from app.queries import accounts, members
from app.queries import counters as queries
from app.queries import tickets as ticket_queries
from app.queries.paging import With


async def create(
    journal: Journal,
    by: Caller,
    *,
    agency_id: UUID,
    location_id: UUID,
    code: str,
    name: LocalizedText,
    floor: str,
    booth: str | None,
    service_ids: Sequence[UUID],
) -> With:
    """Give an agency a counter on a floor of the mall."""
    by.must(Permission.MANAGE_COUNTERS, journal.mall_id)
    await access.agency_named(journal, agency_id)
    await _floor(journal, location_id, floor)
    if await queries.code_is_taken(journal, code):
        raise CodeTaken(value=code)
    counter = models.Counter(
        mall_id=journal.mall_id,
        agency_id=agency_id,
        location_id=location_id,
        code=code,
        name=name,
        floor=floor,
        booth=booth,
    )
    journal.session.add(counter)
    await journal.session.flush()
    await _serve(journal, counter, service_ids)
    journal.record(
        "counter.created",
        ("counter", counter.id),
        agency_id=agency_id,
        after={"code": code, "floor": floor, "service_ids": list(service_ids)},
    )
    return await _view(journal, by, counter)


async def change(journal: Journal, by: Caller, counter_id: UUID, version: int, changes: Mapping[str, Any]) -> With:
    """Change a counter. An agency's manager changes what it serves; where it stands is the mall's."""
    counter = await access.own(journal, by, Permission.CHANGE_COUNTERS, models.Counter, counter_id, "counter")
    if set(changes) - {"service_ids"} and not by.plays(Role.MALL_MANAGER, journal.mall_id):
        raise Forbidden
    access.must_match_version(counter, version)
    changes = dict(changes)
    service_ids = changes.pop("service_ids", None)
    if {"location_id", "floor"} & set(changes):
        await _floor(journal, changes.get("location_id", counter.location_id), changes.get("floor", counter.floor))
    before, after = counter.change(changes)
    if service_ids is not None:
        served = await queries.services_of(journal, [counter.id])
        before["service_ids"], after["service_ids"] = served.get(counter.id, []), list(service_ids)
        await _serve(journal, counter, service_ids)
        counter.version += 0 if len(before) > 1 else 1
    journal.record("counter.changed", ("counter", counter.id), agency_id=counter.agency_id, before=before, after=after)
    return await _view(journal, by, counter)


async def open_(journal: Journal, by: Caller, counter_id: UUID) -> With:
    """Begin a session: the agency must be in force, the counter closed, and the officer at no other counter.

    The officer's own roles are read again: a counter never opens for an account that was shut out a second ago.
    """
    by = await accounts.refreshed(journal.session, by)
    counter = await access.own(journal, by, Permission.OPERATE_COUNTERS, models.Counter, counter_id, "counter")
    if counter.retired_on:
        raise CounterRetired(retired_on=str(counter.retired_on))
    if barred := await members.why_not_in_force(journal, counter.agency_id):
        raise MembershipNotInForce(agency_id=str(counter.agency_id), membership=barred)
    running = await queries.session_at(journal, counter.id)
    COUNTER_LIFE.after(running.status if running else CounterStatus.CLOSED, "open")
    if by.id is None:
        raise Forbidden
    if elsewhere := await queries.session_of(journal, by.id):
        raise OfficerBusy(counter_id=str(elsewhere.counter_id))
    session = models.CounterSession(
        mall_id=journal.mall_id,
        agency_id=counter.agency_id,
        counter_id=counter.id,
        officer_id=by.id,
        service_day=journal.today,
        opened_at=journal.at,
    )
    journal.session.add(session)
    _record(journal, "opened", session, CounterStatus.CLOSED)
    return await _view(journal, by, counter)


async def pause(journal: Journal, by: Caller, counter_id: UUID) -> With:
    """Take a break; with a ticket in hand there is none."""
    counter, session = await _open_session(journal, by, counter_id, "pause")
    if busy := await queries.in_hand(journal, [counter.id]):
        raise CounterBusy(ticket_id=str(busy[0].id))
    before = session.status
    session.pause()
    _record(journal, "paused", session, before)
    return await _view(journal, by, counter)


async def resume(journal: Journal, by: Caller, counter_id: UUID) -> With:
    """Come back from a break."""
    counter, session = await _open_session(journal, by, counter_id, "resume")
    before = session.status
    session.resume()
    _record(journal, "resumed", session, before)
    return await _view(journal, by, counter)


async def close(journal: Journal, by: Caller, counter_id: UUID, *, force: bool) -> With:
    """End a session and lose nobody.

    A called ticket goes back to its place; a serving or held one must be settled first, or, when a manager closes by
    force, goes back first in line.
    """
    counter, session = await _open_session(journal, by, counter_id, "close")
    if force and not by.may_manage(journal.mall_id, counter.agency_id):
        raise Forbidden
    await _release_tickets(journal, counter.id, force=force)
    _end(journal, session, SessionEnd.FORCED if force else SessionEnd.OFFICER)
    return await _view(journal, by, counter)


async def end_by_force(journal: Journal, session: models.CounterSession) -> None:
    """End a session that its officer may not go on with, as a manager would."""
    await _release_tickets(journal, session.counter_id, force=True)
    _end(journal, session, SessionEnd.FORCED)


async def wind_down(
    journal: Journal,
    agency_id: UUID,
    why: SessionEnd,
    *,
    at_once: bool,
    counter_ids: Collection[UUID] | None = None,
) -> None:
    """The agency's counters (or these of them) end now, or serve who waits (or is in hand) and end then."""
    for session in await queries.open_sessions(journal, agency_id):
        if counter_ids is not None and session.counter_id not in counter_ids:
            continue
        if at_once and not await ticket_queries.someone_waits(journal, session.counter_id):
            _end(journal, session, why)
        elif session.status is not CounterStatus.CLOSING:
            before = session.status
            session.wind_down(why)
            _record(journal, "closing", session, before)
    await tickets.close_finished_counters(journal, agency_id)


async def _release_tickets(journal: Journal, counter_id: UUID, *, force: bool) -> None:
    hand = [*await queries.in_hand(journal, [counter_id]), *await queries.held_at(journal, counter_id)]
    for ticket in hand:
        if ticket.status is TicketStatus.CALLED:
            await tickets.put_back(journal, ticket, ReturnPlace.OLD_PLACE, reason="counter_closed")
        elif force:
            await tickets.put_back(journal, ticket, ReturnPlace.FIRST, reason="counter_forced_to_close")
        else:
            raise CounterBusy(ticket_id=str(ticket.id))


def _end(journal: Journal, session: models.CounterSession, by: SessionEnd) -> None:
    before = session.status
    session.close(journal.at, by)
    _record(journal, "closed", session, before)


async def _open_session(
    journal: Journal, by: Caller, counter_id: UUID, verb: str
) -> tuple[models.Counter, models.CounterSession]:
    counter = await access.own(journal, by, Permission.OPERATE_COUNTERS, models.Counter, counter_id, "counter")
    session = await queries.session_at(journal, counter.id)
    COUNTER_LIFE.after(session.status if session else CounterStatus.CLOSED, verb)
    if session is None:
        raise AssertionError  # the table lets no verb but `open` leave `closed`
    return counter, session


async def _floor(journal: Journal, location_id: UUID, floor: str) -> None:
    location = await journal.session.get(models.Location, (journal.mall_id, location_id))
    if location is None:
        raise UnknownReference(thing="location", member="location_id")
    if floor not in [each["code"] for each in location.floors]:
        raise FloorUnknown(floor=floor)


async def _serve(journal: Journal, counter: models.Counter, service_ids: Sequence[UUID]) -> None:
    """Let the counter serve exactly these services of its own agency; none that is retired comes new."""
    served = (await queries.services_of(journal, [counter.id])).get(counter.id, [])
    for service_id in service_ids:
        service = await journal.session.get(models.Service, (journal.mall_id, service_id))
        if service is None or service.agency_id != counter.agency_id:
            raise ForeignService(service_id=str(service_id))
        if service.retired_on and service_id not in served:
            raise ServiceRetired(retired_on=str(service.retired_on))
    link = models.CounterService
    await journal.session.execute(delete(link).where(link.mall_id == journal.mall_id, link.counter_id == counter.id))
    journal.session.add_all(
        link(mall_id=journal.mall_id, counter_id=counter.id, service_id=each, agency_id=counter.agency_id)
        for each in service_ids
    )


def _record(journal: Journal, what: str, session: models.CounterSession, before: CounterStatus) -> None:
    journal.record(
        f"counter.{what}",
        ("counter", session.counter_id),
        agency_id=session.agency_id,
        before={"status": before},
        after={"status": session.status, "session_id": session.id, "ended_by": session.ended_by},
        day=session.service_day,
    )


async def _view(journal: Journal, by: Caller, counter: models.Counter) -> With:
    await journal.session.flush()
    return (await queries.views(journal, by, [counter]))[0]
