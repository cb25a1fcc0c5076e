"""The life of a ticket, from the kiosk to the end of the day.

Every verb reads top to bottom: the door, the facts, the rule, the change, the record.
"""

import json
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import func, literal_column, select
from sqlalchemy.dialects.postgresql import insert

from app import access, models
from app.access import Caller
from app.domain.accounts import Forbidden, Unauthenticated
from app.domain.agencies import NotThere
from app.domain.counters import CounterBusy, CounterNotOpen, CounterStatus, ServiceNotServed, SessionEnd
from app.domain.names import Language
from app.domain.roles import Anyone, DeviceKind, Role, Verb
from app.domain.services import Channel, Offer, UnknownReference, refusal
from app.domain.tickets import (
    ACTIVE,
    ClosedBy,
    IntervalKind,
    NobodyWaiting,
    NoShowTooEarly,
    PriorityClass,
    ReturnPlace,
    TicketStatus,
    VisitBusy,
    VisitOver,
    next_of,
    place_between,
    shown_number,
)
from app.journal import Journal
from app.models.prepared import Prepared, inserting, parameter
from app.queries import counters as counter_queries
from app.queries import members
from app.queries import tickets as queries
from app.queries.shown import With
from app.security.secrets import claim_code, claim_hash

OFFICE = (Role.OFFICER, Role.AGENCY_MANAGER, Role.MALL_MANAGER)
CHANNEL_OF = {Channel.WEB: (Anyone.PUBLIC,), Channel.KIOSK: (DeviceKind.KIOSK, *OFFICE)}
"""Who may issue on which channel: a desk gives paper tickets, so it is a kiosk's."""


async def issue(
    journal: Journal,
    by: Caller,
    server_key: bytes,
    *,
    service_id: UUID,
    channel: Channel,
    priority_class: PriorityClass,
    access_needs: list[str],
    visit_id: UUID | None,
    language: Language,
) -> dict[str, Any]:
    """Give the next number of the service's series, or say why not."""
    _must_issue_on(by, channel, journal.mall_id)
    facts = await queries.issuing_facts(journal, service_id, visit_id)
    if facts is None:
        raise UnknownReference(thing="service", member="service_id")
    if visit_id and facts.visit_day is None:
        raise UnknownReference(thing="visit", member="visit_id")
    if visit_id and facts.visit_day != journal.today:
        raise VisitOver
    offer = Offer(
        agency_id=str(facts.agency_id),
        barred=None if facts.in_force else await members.barred(journal, facts.agency_id),
        channels=facts.channels,
        quotas=facts.quotas,
        issued=facts.issued,
    )
    if refused := refusal(offer, channel, facts.calendar.opening(journal.at, facts.agency_id)):
        raise refused
    ticket_id, ordinal = models.new_id(), facts.last_number + 1
    number = shown_number(facts.prefix, ordinal)
    visit = visit_id or models.new_id()
    sequence = journal.record(
        "ticket.issued",
        ("ticket", ticket_id),
        agency_id=facts.agency_id,
        after={
            "number": number,
            "ordinal": ordinal,
            "series_id": facts.series_id,
            "service_id": service_id,
            "visit_id": visit,
            "channel": channel,
            "priority_class": priority_class,
        },
    )
    ticket = {
        "mall_id": journal.mall_id,
        "id": ticket_id,
        "series_id": facts.series_id,
        "ordinal": ordinal,
        "number": number,
        "service_day": journal.today,
        "visit_id": visit,
        "first_service_id": service_id,
        "agency_id": facts.agency_id,
        "service_id": service_id,
        "channel": channel,
        "priority_class": priority_class,
        "access_needs": access_needs,
        "language": language,
        "place": Decimal(sequence),
        "issued_at": journal.at,
        "issued_by": by.id,
        "claim_hash": claim_hash(claim_code(server_key, ticket_id)),
        "status": TicketStatus.WAITING,
        "counter_id": None,
        "officer_id": None,
        "call_count": 0,
        "called_at": None,
        "ended_at": None,
        "closed_by": None,
        "reason": None,
    }
    position = await _write_issued(journal, ticket, new_visit=visit_id is None)
    return {**ticket, "position": position, "estimate": None}


async def _write_issued(journal: Journal, ticket: dict[str, Any], *, new_visit: bool) -> int:
    """Write number, visit, ticket and interval in one statement, and return the ticket's position."""
    interval = {
        "mall_id": journal.mall_id,
        "id": models.new_id(),
        "ticket_id": ticket["id"],
        "kind": IntervalKind.WAITING,
        "service_id": ticket["service_id"],
        "counter_id": None,
        "officer_id": None,
        "started_at": journal.at,
        "ended_at": None,
        "outcome": None,
    }
    values = {
        **{f"ticket_{name}": value for name, value in ticket.items()},
        "ticket_access_needs": json.dumps(ticket["access_needs"]),
        **{f"interval_{name}": value for name, value in interval.items()},
    }
    row = await _issued(new_visit=new_visit).row(journal.session, values)
    return int(row["ahead"]) + 1 if row else 1


@cache
def _issued(*, new_visit: bool) -> Prepared:
    day, ticket = models.NumberDay, models.Ticket
    sent = {each.name: parameter(f"ticket_{each.name}", each.type) for each in ticket.__table__.columns}
    number = insert(day).values(
        mall_id=sent["mall_id"],
        series_id=sent["series_id"],
        service_day=sent["service_day"],
        last_number=sent["ordinal"],
    )
    writes = [
        number.on_conflict_do_update(
            index_elements=[day.mall_id, day.series_id, day.service_day],
            set_={"last_number": number.excluded.last_number},
        ),
        inserting(ticket, "ticket"),
        inserting(models.TicketInterval, "interval"),
    ]
    if new_visit:
        visit = {"mall_id": sent["mall_id"], "id": sent["visit_id"], "service_day": sent["service_day"]}
        writes.append(insert(models.Visit).values(visit))
    ahead = select(func.count().label("ahead")).where(
        ticket.mall_id == sent["mall_id"],
        ticket.service_day == sent["service_day"],
        ticket.service_id == sent["service_id"],
        ticket.status == literal_column("'waiting'"),
    )
    return Prepared(ahead.add_cte(*(each.cte(f"write_{at}") for at, each in enumerate(writes))))


async def call(journal: Journal, by: Caller, counter_id: UUID, *, ticket_id: UUID | None) -> With:
    """Pick and claim the next ticket for a counter, or the one named."""
    counter = await access.own(journal, by, Verb.OPERATE_COUNTERS, models.Counter, counter_id, "counter")
    session = await counter_queries.session_at(journal, counter.id)
    if session is None or session.status is CounterStatus.ON_BREAK:
        raise CounterNotOpen(state=session.status if session else CounterStatus.CLOSED)
    if busy := await counter_queries.in_hand(journal, [counter.id]):
        raise CounterBusy(ticket_id=str(busy[0].id))
    served = (await counter_queries.services_of(journal, [counter.id])).get(counter.id, [])
    ticket = await (_chosen(journal, by, ticket_id, served) if ticket_id else _first(journal, served))
    before = ticket.status
    ticket.call(counter.id, session.officer_id, journal.at)
    await _turn(journal, ticket, "call", IntervalKind.CALLED)
    _record(journal, "called", ticket, before, chosen="by_officer" if ticket_id else "first_in_line")
    await end_idle(journal, ticket.agency_id)
    return await _shown(journal, ticket)


async def recall(journal: Journal, by: Caller, ticket_id: UUID) -> With:
    """Call it again: the board sounds once more."""
    ticket = await _door(journal, by, ticket_id)
    ticket.recall(journal.at)
    _record(journal, "recalled", ticket, ticket.status)
    return await _shown(journal, ticket)


async def start(journal: Journal, by: Caller, ticket_id: UUID) -> With:
    """The visitor has come to the counter."""
    ticket = await _door(journal, by, ticket_id)
    before = ticket.status
    ticket.start()
    await _turn(journal, ticket, "start", IntervalKind.SERVING)
    _record(journal, "started", ticket, before)
    return await _shown(journal, ticket)


async def hold(journal: Journal, by: Caller, ticket_id: UUID) -> With:
    """The visitor fetches something; the counter is free meanwhile."""
    ticket = await _door(journal, by, ticket_id)
    before = ticket.status
    ticket.hold()
    await _turn(journal, ticket, "hold", IntervalKind.ON_HOLD)
    _record(journal, "held", ticket, before)
    return await _shown(journal, ticket)


async def complete(journal: Journal, by: Caller, ticket_id: UUID) -> With:
    """The visitor is done."""
    ticket = await _door(journal, by, ticket_id)
    before = ticket.status
    ticket.complete(journal.at)
    await _turn(journal, ticket, "complete")
    _record(journal, "completed", ticket, before)
    return await _over(journal, ticket)


async def miss(journal: Journal, by: Caller, ticket_id: UUID) -> With:
    """The visitor was called often enough and did not come."""
    ticket = await _door(journal, by, ticket_id)
    before = ticket.status
    ticket.miss(journal.at)
    service = await access.row(journal, models.Service, ticket.service_id, "service")
    if ticket.call_count < service.no_show_calls:
        raise NoShowTooEarly(call_count=ticket.call_count, required=service.no_show_calls)
    await _turn(journal, ticket, "miss")
    _record(journal, "missed", ticket, before)
    return await _over(journal, ticket)


async def return_(journal: Journal, by: Caller, ticket_id: UUID, *, place: ReturnPlace | None) -> With:
    """Back to waiting: at the old place, or, for who was absent and reports, some places later."""
    ticket = await _door(journal, by, ticket_id)
    if ticket.status is TicketStatus.NO_SHOW and ticket.service_day != journal.today:
        raise NotThere(thing="ticket")
    default = ReturnPlace.LATER if ticket.status is TicketStatus.NO_SHOW else ReturnPlace.OLD_PLACE
    await put_back(journal, ticket, place or default, reason=None)
    return await _shown(journal, ticket)


async def cancel(journal: Journal, by: Caller, ticket_id: UUID, *, reason: str | None) -> With:
    """The agency cancels a ticket that is not being served."""
    ticket = await _door(journal, by, ticket_id)
    await _cancel(journal, ticket, ClosedBy.OFFICER, reason)
    return await _over(journal, ticket)


async def cancel_own(journal: Journal, by: Caller, claim: bytes) -> With:
    """The visitor gives the place up, while waiting."""
    by.must(Verb.READ_OWN_TICKET, journal.mall_id)
    ticket = await queries.by_claim(journal, claim)
    if ticket.status in ACTIVE or ticket.status is TicketStatus.ON_HOLD:
        raise CounterBusy(ticket_id=str(ticket.id))
    await _cancel(journal, ticket, ClosedBy.VISITOR, None)
    return await _over(journal, ticket)


async def cancel_waiting(journal: Journal, agency_id: UUID, *, reason: str) -> None:
    """Cancel all who wait (or are on hold) for an agency, and tell them why."""
    waiting = await queries.unfinished(journal, journal.today, (TicketStatus.WAITING, TicketStatus.ON_HOLD), agency_id)
    for ticket in waiting:
        await _cancel(journal, ticket, ClosedBy.MEMBERSHIP, reason)


async def put_back(journal: Journal, ticket: models.Ticket, place: ReturnPlace, *, reason: str | None) -> None:
    """Bring a ticket back to waiting."""
    before = ticket.status
    new_place = await _place(journal, ticket, place)
    ticket.put_back(new_place)
    await _turn(journal, ticket, "return", IntervalKind.WAITING)
    _record(journal, "returned", ticket, before, reason=reason, place=str(new_place))


async def end_idle(journal: Journal, agency_id: UUID) -> None:
    """End the closing counters of an agency that have nobody left to serve."""
    for session in await counter_queries.running(journal, agency_id):
        if session.status is CounterStatus.CLOSING and not await queries.someone_waits(journal, session.counter_id):
            before = session.status
            session.close(journal.at, SessionEnd.MEMBERSHIP)
            journal.record(
                "counter.closed",
                ("counter", session.counter_id),
                agency_id=agency_id,
                before={"status": before},
                after={"status": session.status, "session_id": session.id, "ended_by": session.ended_by},
            )


async def _door(journal: Journal, by: Caller, ticket_id: UUID) -> models.Ticket:
    """A ticket that the caller may handle: an officer, what is at the own counter or waits for the own agency."""
    ticket = await access.own(journal, by, Verb.OPERATE_COUNTERS, models.Ticket, ticket_id, "ticket")
    at_another_counter = ticket.status in ACTIVE and ticket.officer_id != by.id
    if at_another_counter and not by.may_manage(journal.mall_id, ticket.agency_id):
        raise NotThere(thing="ticket")
    return ticket


def _must_issue_on(by: Caller, channel: Channel, mall_id: int) -> None:
    by.must(Verb.ISSUE_TICKETS, mall_id)
    parts = CHANNEL_OF.get(channel, ())
    if not any(grant.part in parts and grant.mall_id in (None, mall_id) for grant in by.grants):
        raise Unauthenticated if by.kind == Anyone.PUBLIC else Forbidden


async def _chosen(journal: Journal, by: Caller, ticket_id: UUID, served: list[UUID]) -> models.Ticket:
    """The ticket that the officer names: one that waits or is on hold for a service of the counter."""
    ticket = await access.own(journal, by, Verb.OPERATE_COUNTERS, models.Ticket, ticket_id, "ticket")
    if ticket.service_id not in served:
        raise ServiceNotServed(service_id=str(ticket.service_id))
    busy = await queries.active_of_visit(journal, ticket.visit_id)
    if busy and busy != ticket.id:
        raise VisitBusy(ticket_id=str(busy))
    return ticket


async def _first(journal: Journal, served: list[UUID]) -> models.Ticket:
    head = next_of(await queries.heads(journal, served))
    if head is None:
        raise NobodyWaiting
    return await access.row(journal, models.Ticket, head.ticket_id, "ticket")


async def _place(journal: Journal, ticket: models.Ticket, wanted: ReturnPlace) -> Decimal:
    if wanted is ReturnPlace.OLD_PLACE:
        return ticket.place
    service = await access.row(journal, models.Service, ticket.service_id, "service")
    places = await queries.waiting_places(journal, ticket.service_id, service.return_places + 1)
    if wanted is ReturnPlace.FIRST:
        return places[0] - 1 if places else ticket.place
    if len(places) > service.return_places:
        return place_between(places[-2], places[-1])
    return Decimal(journal.sequence + 1)  # behind all who wait: the sequence of the entry that records it


async def _cancel(journal: Journal, ticket: models.Ticket, by: ClosedBy, reason: str | None) -> None:
    before = ticket.status
    ticket.cancel(journal.at, by, reason)
    await _turn(journal, ticket, "cancel")
    _record(journal, "cancelled", ticket, before)


async def _over(journal: Journal, ticket: models.Ticket) -> With:
    """A ticket has left the queue: a closing counter may have nothing left to do."""
    await journal.session.flush()
    await end_idle(journal, ticket.agency_id)
    return await _shown(journal, ticket)


async def _turn(journal: Journal, ticket: models.Ticket, outcome: str, kind: IntervalKind | None = None) -> None:
    """End the interval that the ticket is in with its outcome, and begin the next one, if any."""
    current = (await queries.open_intervals(journal, [ticket.id])).get(ticket.id)
    if current:
        current.ended_at, current.outcome = journal.at, outcome
        await journal.session.flush()
    if kind:
        _begin(journal, ticket, kind)


def _begin(journal: Journal, ticket: models.Ticket, kind: IntervalKind) -> None:
    journal.session.add(
        models.TicketInterval(
            mall_id=journal.mall_id,
            ticket_id=ticket.id,
            kind=kind,
            service_id=ticket.service_id,
            counter_id=ticket.counter_id,
            officer_id=ticket.officer_id,
            started_at=journal.at,
        )
    )


def _record(journal: Journal, what: str, ticket: models.Ticket, before: TicketStatus, **more: str | None) -> None:
    journal.record(
        f"ticket.{what}",
        ("ticket", ticket.id),
        agency_id=ticket.agency_id,
        before={"status": before},
        after={
            "status": ticket.status,
            "number": ticket.number,
            "service_id": ticket.service_id,
            "counter_id": ticket.counter_id,
            "officer_id": ticket.officer_id,
            "call_count": ticket.call_count,
            "closed_by": ticket.closed_by,
            **more,
        },
    )


async def _shown(journal: Journal, ticket: models.Ticket) -> With:
    await journal.session.flush()
    return (await queries.shown(journal, [ticket]))[0]
