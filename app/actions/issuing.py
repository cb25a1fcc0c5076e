"""Issuing a ticket: one statement reads the facts, one writes the ticket; the rule between them is pure."""

from functools import cache, partial
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from app import models
from app.domain.errors import UnknownReference
from app.domain.events import Event
from app.domain.issuing import WebVisitor, channel_for
from app.domain.names import Language
from app.domain.number_series import shown_number
from app.domain.queue import effective_arrival
from app.domain.roles import Permission
from app.domain.services import Channel, Gate, Offer, refusal
from app.domain.tickets import AlreadyWaiting, IntervalKind, PriorityClass, VisitOver
from app.journal import Journal
from app.models.prepared import Prepared, inserting, parameter, values_of
from app.queries import issuing as queries
from app.queries import members
from app.queries.issuing import IssuingInputs
from app.queries.queue import Queues
from app.queries.tickets import TicketView
from app.security.secrets import claim_code, claim_hash


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
) -> TicketView:
    """Give the next number of the service's series, or say why not. `visitor` is who asks without credentials."""
    own = journal.caller.agencies(Permission.ISSUE_TICKETS, journal.mall_id)
    channel = channel_for(journal.caller, journal.mall_id, channel)
    facts = await queries.issuing_inputs(journal, service_id, visit_id, visitor.address_mark if visitor else None)
    if facts is None or (own is not None and facts.agency_id not in own):
        raise UnknownReference(thing="service", member="service_id")
    if visit_id and facts.visit_day is None:
        raise UnknownReference(thing="visit", member="visit_id")
    if visit_id and facts.visit_day != journal.today:
        raise VisitOver
    if facts.already:
        raise AlreadyWaiting(ticket_id=facts.already[0], number=facts.already[1])
    gate = await gate_of(journal, service_id, facts)
    next_day = partial(facts.calendar.next_day_opening, journal.at, facts.agency_id, service_id)
    if refused := refusal(Offer(gate, facts.channels, facts.quotas, facts.issued, next_day), channel):
        raise refused
    if visitor:
        visitor.must_have_room(facts.waiting_from_address)
    ticket_id, ordinal = models.new_id(), facts.last_number + 1
    ticket = models.Ticket(
        mall_id=journal.mall_id,
        id=ticket_id,
        series_id=facts.series_id,
        ordinal=ordinal,
        number=shown_number(facts.prefix, ordinal),
        service_day=journal.today,
        visit_id=visit_id or models.new_id(),
        issued_service_id=service_id,
        agency_id=facts.agency_id,
        service_id=service_id,
        channel=channel,
        priority_class=priority_class,
        access_needs=access_needs,
        language=language,
        effective_arrival=effective_arrival(
            journal.at, journal.sequence + 1, facts.head_start_minutes.get(priority_class, 0)
        ),
        issued_at=journal.at,
        arrived_at=journal.at,
        issued_by=journal.caller.id,
        claim_hash=claim_hash(claim_code(server_key, ticket_id)),
        address_mark=visitor.address_mark if visitor else None,
    )
    journal.record(Event.TICKET_ISSUED, ticket, series_id=ticket.series_id, ordinal=ordinal)
    position = await _write_issued(journal, ticket, new_visit=visit_id is None)
    return TicketView(ticket, ticket.status, position)


async def gate_of(journal: Journal, service_id: UUID, facts: IssuingInputs) -> Gate:
    """Whether the service is open now, for one more ticket."""
    return Gate(
        agency_id=facts.agency_id,
        not_in_force=None if facts.in_force else await members.why_not_in_force(journal, facts.agency_id),
        is_attended=facts.is_attended,
        retired_on=facts.retired_on,
        opening=facts.calendar.opening(journal.at, facts.agency_id, service_id),
    )


async def _write_issued(journal: Journal, ticket: models.Ticket, *, new_visit: bool) -> int:
    """Write number, visit, ticket and interval in one statement, and return the ticket's position."""
    interval = models.TicketInterval(
        mall_id=journal.mall_id,
        ticket_id=ticket.id,
        kind=IntervalKind.WAITING,
        service_id=ticket.service_id,
        counter_id=None,
        officer_id=None,
        started_at=journal.at,
    )
    values = values_of(ticket, "ticket") | values_of(interval, "interval")
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
    visit = {"mall_id": sent["mall_id"], "id": sent["visit_id"], "service_day": sent["service_day"]}
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
