"""Issuing a ticket: one statement reads the facts, one writes the ticket; the rule between them is pure."""

from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import false
from sqlalchemy.dialects.postgresql import insert

from app import models
from app.actions.intervals import begun
from app.domain.errors import UnknownReference
from app.domain.events import Event
from app.domain.issuing import WebVisitor, channel_for
from app.domain.members import Membership
from app.domain.names import Language
from app.domain.number_series import shown_number
from app.domain.queue import effective_arrival
from app.domain.roles import Permission
from app.domain.services import Channel, NoCounter, refusal
from app.domain.stops import Target
from app.domain.tickets import AlreadyWaiting, IntervalKind, PriorityClass, VisitOver
from app.domain.visitors import phone_of
from app.journal import Journal
from app.models.prepared import Prepared, inserting, parameter, values_of
from app.queries import absences as absence_queries
from app.queries import issuing as queries
from app.queries import members, tickets
from app.queries import stops as stop_queries
from app.queries.issuing import IssuingInputs
from app.queries.queue import Queues
from app.queries.tickets import TicketView
from app.security.secrets import claim_code, claim_hash, phone_mark


async def issue(
    journal: Journal,
    server_key: bytes,
    *,
    service_id: UUID,
    channel: Channel | None,
    priority_class: PriorityClass,
    access_needs: list[str],
    visit_id: UUID | None,
    language: Language,
    visitor: WebVisitor | None = None,
    visit_step: int | None = None,
    phone: str | None = None,
) -> TicketView:
    """Give the next number of the service's series, or say why not. `visitor` is who asks without credentials.

    A phone that is proven gets the ticket that it has at the service, so that who has lost its claim code comes back:
    if it was proven for that one, too. Where it was only typed, at a kiosk, it may be a stranger's, mistyped.
    """
    own = journal.caller.agencies(Permission.ISSUE_TICKETS, journal.mall_id)
    channel = channel_for(journal.caller, journal.mall_id, channel)
    facts = await _inputs(journal, service_id, visit_id, visitor)
    if facts is None or (own is not None and facts.agency_id not in own):
        raise UnknownReference(thing="service", member="service_id")
    if visit_id and facts.visit_day is None:
        raise UnknownReference(thing="visit", member="visit_id")
    if visit_id and facts.visit_day != journal.today:
        raise VisitOver
    mark = _mark_of_phone(journal, server_key, facts, visitor, phone)
    if mark and (first := await queries.with_phone(journal, mark, service_id)):
        if visitor is None or visit_step is not None or first.channel is not Channel.WEB:
            raise AlreadyWaiting(ticket_id=first.id, number=first.number)
        return await _given_before(journal, first)
    if facts.already:
        raise AlreadyWaiting(ticket_id=facts.already[0], number=facts.already[1])
    offer = facts.offer(service_id, await not_in_force(journal, facts), journal.at)
    if refused := refusal(offer, channel):
        raise refused
    if mark and channel is Channel.WEB:
        await _must_not_be_blocked(journal, facts, mark, service_id)
    if visitor:
        visitor.must_have_room(facts.waiting_from_address)
    ticket = issue_number(
        journal,
        server_key,
        facts,
        number=Number(models.new_id(), facts.last_number + 1, journal.at),
        visit_id=visit_id,
        visit_step=visit_step,
        service_id=service_id,
        channel=channel,
        priority_class=priority_class,
        access_needs=access_needs,
        language=language,
        address_mark=visitor.address_mark if visitor else None,
        phone_mark=mark,
        sealed_phone=visitor.phone.sealed if visitor and visitor.phone else None,
    )
    position = await _write_issued(journal, ticket, new_visit=visit_id is None)
    journal.renew_what_is_known(lambda id_, known: known.after(ticket, id_))
    return TicketView(ticket, ticket.status, position)


async def _inputs(
    journal: Journal, service_id: UUID, visit_id: UUID | None, visitor: WebVisitor | None
) -> IssuingInputs | None:
    """What decides about one more ticket; as it is known, where nothing has happened since but that some were issued.

    What a visit or an address adds to it is read.
    """
    known = journal.what_is_known()
    of_anybody = visit_id is None and visitor is None
    facts: IssuingInputs | None = known.get(service_id) if of_anybody else None
    if facts is None:
        facts = await queries.issuing_inputs(journal, service_id, visit_id, visitor.address_mark if visitor else None)
        if of_anybody and facts:
            known[service_id] = facts
    return facts


def _mark_of_phone(
    journal: Journal, server_key: bytes, facts: IssuingInputs, visitor: WebVisitor | None, phone: str | None
) -> bytes | None:
    """Which phone it is for: on the web a proven one, elsewhere the one that was typed; None: none was named."""
    if visitor:
        return visitor.phone_mark(required=facts.web_needs_phone)
    return None if phone is None else phone_mark(server_key, journal.mall_id, phone_of(phone))


async def _must_not_be_blocked(journal: Journal, facts: IssuingInputs, mark: bytes, service_id: UUID) -> None:
    """Raise WebBlockedAfterNoShows where the phone's owner was absent at the service too often."""
    if facts.absence_policy:
        absences = await absence_queries.days_of(journal, mark, service_id)
        if blocked := facts.absence_policy.block(absences, journal.today):
            raise blocked


async def _given_before(journal: Journal, ticket: models.Ticket) -> TicketView:
    """A ticket as it is now, given again."""
    (view,) = await tickets.views(journal, [ticket])
    return replace(view, given_before=True)


class Number(NamedTuple):
    """A number of the service's series, and the ticket that it becomes."""

    ticket_id: UUID
    ordinal: int
    given_at: datetime


def issue_number(
    journal: Journal,
    server_key: bytes,
    facts: IssuingInputs,
    *,
    number: Number,
    service_id: UUID,
    channel: Channel,
    priority_class: PriorityClass,
    access_needs: list[str],
    language: Language,
    visit_id: UUID | None = None,
    visit_step: int | None = None,
    address_mark: bytes | None = None,
    phone_mark: bytes | None = None,
    sealed_phone: str | None = None,
    broken_rule: str | None = None,
) -> models.Ticket:
    """The ticket of a number, and its record; nothing is written yet. Without `visit_id` a visit begins with it."""
    ticket = models.Ticket(
        mall_id=journal.mall_id,
        id=number.ticket_id,
        series_id=facts.series_id,
        ordinal=number.ordinal,
        number=shown_number(facts.prefix, number.ordinal),
        service_day=journal.today,
        visit_id=visit_id or models.new_id(),
        visit_step=visit_step,
        issued_service_id=service_id,
        agency_id=facts.agency_id,
        service_id=service_id,
        channel=channel,
        priority_class=priority_class,
        access_needs=access_needs,
        language=language,
        effective_arrival=effective_arrival(
            number.given_at, journal.sequence + 1, facts.head_start_minutes.get(priority_class, 0)
        ),
        issued_at=number.given_at,
        arrived_at=number.given_at,
        issued_by=journal.caller.id,
        claim_hash=claim_hash(claim_code(server_key, number.ticket_id)),
        address_mark=address_mark,
        phone_mark=phone_mark,
        sealed_phone=sealed_phone,
        broken_rule=broken_rule,
    )
    journal.record(
        Event.TICKET_ISSUED, ticket, series_id=ticket.series_id, ordinal=ticket.ordinal, broken_rule=broken_rule
    )
    return ticket


async def not_in_force(journal: Journal, facts: IssuingInputs) -> Membership | None:
    """What the service's agency is instead of a member in force; None: it is in force."""
    return None if facts.in_force else await members.why_not_in_force(journal, facts.agency_id)


async def target(journal: Journal, service_id: UUID, facts: IssuingInputs) -> Target:
    """The service as one that takes tickets from another. Raises what says why it takes nobody now."""
    offer = facts.offer(service_id, await not_in_force(journal, facts), journal.at)
    if closed := offer.gate.closed():
        raise closed
    if not (await stop_queries.outlook(journal, service_id)).has_counter:
        raise NoCounter
    return Target(facts.agency_id, service_id, facts.head_start_minutes)


async def _write_issued(journal: Journal, ticket: models.Ticket, *, new_visit: bool) -> int:
    """Write number, visit, ticket and interval in one statement, and return the ticket's position."""
    values = values_of(ticket, "ticket") | begun(ticket, IntervalKind.WAITING, ticket.issued_at)
    row = await _issued(new_visit=new_visit).row(journal.session, values)
    return int(row["ahead"]) + 1 if row else 1


@cache
def _issued(*, new_visit: bool) -> Prepared:
    day, ticket = models.SeriesDay, models.Ticket
    sent = {each.name: parameter(f"ticket_{each.name}", each.type) for each in ticket.__table__.columns}
    number = insert(day).values(
        mall_id=sent["mall_id"],
        series_id=sent["series_id"],
        service_day=sent["service_day"],
        last_number=sent["ordinal"],
    )
    visit = {
        "mall_id": sent["mall_id"],
        "id": sent["visit_id"],
        "service_day": sent["service_day"],
        "in_order": false(),
    }
    writes = [  # in the order of their foreign keys: where the parts run one after another, that is kept
        *([insert(models.Visit).values(visit)] if new_visit else []),
        number.on_conflict_do_update(
            index_elements=[day.mall_id, day.series_id, day.service_day],
            set_={"last_number": number.excluded.last_number},
        ),
        inserting(ticket, "ticket"),
        inserting(models.TicketInterval, "interval"),
    ]
    here = Queues(sent["mall_id"], sent["service_day"])
    ahead = here.people_ahead(sent["service_id"], sent["effective_arrival"])
    return Prepared(ahead.add_cte(*(each.cte(f"write_{at}") for at, each in enumerate(writes))))
