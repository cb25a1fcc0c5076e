"""Tickets: one, many, and what the day's end finds."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import literal_column, select

from app import access, models
from app.domain.callers import Caller, CallerKind
from app.domain.devices import DeviceKind
from app.domain.errors import NotThere
from app.domain.estimates import Estimate, estimate
from app.domain.names import LocalizedText
from app.domain.number_series import parts_of
from app.domain.queue import Chosen
from app.domain.roles import Permission
from app.domain.tickets import ACTIVE, POSTPONEMENTS, UNFINISHED, AccessNeed, IntervalKind, PriorityClass, TicketStatus
from app.journal import Reading
from app.queries import estimates, queue
from app.queries.paging import ALL_AGENCIES, AgencyFilter, Page, PageRequest, id_of_code, kept_as, page

SORTS = {"id": models.Ticket.id}
CLAIM_LIFE = timedelta(days=7)


@dataclass(frozen=True)
class TicketFilter:
    """What a list of tickets is narrowed to."""

    service_day: date | None = None
    statuses: Sequence[TicketStatus] = ()
    """Any of them; none: whatever it is."""
    number: str | None = None
    of: AgencyFilter = ALL_AGENCIES
    service_id: UUID | None = None
    service_code: str | None = None
    counter_id: UUID | None = None


@dataclass(frozen=True)
class TicketView:
    """A ticket with what is known of it now."""

    row: models.Ticket
    status: TicketStatus
    position: int | None
    """Its place in the order of calling, from 1; None unless it waits, and where an earlier step is before it."""
    estimate: Estimate | None = None
    """How long it still waits; never known while a journal is held."""
    after_step: int | None = None
    """The step of its visit before which it is not called; None: nothing of the visit is before it."""
    given_before: bool = False
    """It was asked for again by who has it already: no number was given."""


@dataclass(frozen=True, kw_only=True)
class PassedOnView(TicketView):
    """A ticket as people of an agency see it that has transferred it: nothing of how the other one serves it."""

    priority_class: PriorityClass
    access_needs: Sequence[AccessNeed] = ()
    officer_id: None = None
    reason: None = None


@dataclass(frozen=True)
class CounterPlace:
    """A counter and the building where it stands."""

    row: models.Counter
    location: models.Location


@dataclass(frozen=True, kw_only=True)
class TicketCallView(TicketView):
    """A ticket that was called just now, and why this one."""

    chosen: Chosen
    call_reason: LocalizedText


@dataclass(frozen=True)
class OwnStepView:
    """A step of a plan as its visitor sees it."""

    row: models.Ticket
    status: TicketStatus
    position: int | None
    agency: models.Agency
    service: models.Service

    @property
    def step(self) -> int | None:
        """Its place in the plan."""
        return self.row.visit_step


@dataclass(frozen=True)
class OwnVisitView:
    """A plan as its visitor sees it."""

    row: models.Visit
    steps: Sequence[OwnStepView]


@dataclass(frozen=True, kw_only=True)
class CompletedView(TicketView):
    """A ticket that was completed just now, and whom the same act has called."""

    next_ticket: TicketCallView | None = None
    next_refusal: str | None = None
    """The code with which calling the next one was refused; None: one was called, or nobody was asked for."""


@dataclass(frozen=True, kw_only=True)
class OwnTicketView(TicketView):
    """A ticket with what its visitor needs."""

    agency: models.Agency
    service: models.Service
    counter: CounterPlace | None
    """Where to go, once it is called."""
    visit: OwnVisitView | None
    """The plan that it is a step of."""

    @property
    def postponements_left(self) -> int:
        """How often its visitor may let others go first from now on: never unless it waits."""
        return POSTPONEMENTS - self.row.postponements if self.status is TicketStatus.WAITING else 0


async def tickets(reading: Reading, caller: Caller, asked: PageRequest, wanted: TicketFilter) -> Page[TicketView]:
    """Tickets that the caller may list. Without a day, today's."""
    ticket = models.Ticket
    day = wanted.service_day or reading.today
    statement = reading.select(ticket).where(ticket.service_day == day)
    own = caller.agencies(Permission.LIST_TICKETS, reading.mall_id)
    if caller.kind is CallerKind.CLIENT:  # its own list, wherever the tickets have gone since
        statement = statement.where(ticket.channel == literal_column("'partner'"), ticket.issued_by == caller.id)
    elif own is not None:
        statement = statement.where(ticket.agency_id.in_(own))
    statement = statement.where(*wanted.of.conditions(reading.mall_id, ticket.agency_id))
    if wanted.service_id:
        statement = statement.where(ticket.service_id == wanted.service_id)
    if wanted.service_code:
        statement = statement.where(
            ticket.service_id == id_of_code(models.Service, reading.mall_id, wanted.service_code)
        )
    if wanted.counter_id:
        statement = statement.where(ticket.counter_id == wanted.counter_id)
    if wanted.number:  # the unique index of numbers finds it
        prefix, ordinal = parts_of(wanted.number)
        series = models.NumberSeries
        of_prefix = select(series.id).where(series.mall_id == reading.mall_id, series.prefix == prefix)
        statement = statement.where(ticket.series_id == of_prefix.scalar_subquery(), ticket.ordinal == ordinal)
    if wanted.statuses:
        kept = kept_as(wanted.statuses, UNFINISHED, TicketStatus.EXPIRED, over=day < reading.today)
        statement = statement.where(ticket.status.in_(kept))
    found = await page(reading.session, statement, SORTS, asked)
    return found.showing(await estimated_views(reading, found.data))


async def one(reading: Reading, caller: Caller, ticket_id: UUID) -> TicketView:
    """A ticket that the caller may read: the people of agencies where it is or was, or the machine that issued it.

    Raises NotThere.
    """
    agencies = caller.agencies(Permission.READ_TICKETS, reading.mall_id)
    ticket = await reading.get(models.Ticket, ticket_id)
    if ticket is None:
        raise NotThere(thing="ticket")
    by_machine = caller.kind is CallerKind.CLIENT or caller.plays(DeviceKind.KIOSK, reading.mall_id)
    theirs = ticket.issued_by == caller.id if by_machine else agencies is None or ticket.agency_id in agencies
    passed_on = not theirs and not by_machine and await _has_been_with(reading, ticket, agencies or ())
    if not theirs and not passed_on:
        raise NotThere(thing="ticket")
    (view,) = await estimated_views(reading, [ticket])
    shown = PriorityClass.UNSPECIFIED if ticket.priority else PriorityClass.NONE
    return PassedOnView(**vars(view), priority_class=shown) if passed_on else view


def phone_shown_to(caller: Caller, view: TicketView) -> str | None:
    """The sealed phone of a ticket that is not over, for who may serve it; None for everybody else."""
    ticket = view.row
    may = view.status in UNFINISHED and caller.may(Permission.OPERATE_COUNTERS, ticket.mall_id, ticket.agency_id)
    return ticket.sealed_phone if may else None


async def _has_been_with(reading: Reading, ticket: models.Ticket, agency_ids: Collection[UUID]) -> bool:
    """Whether a ticket was at a service of one of these agencies."""
    interval, service = models.TicketInterval, models.Service
    found = (
        select(interval.id)
        .join(service, (service.mall_id == interval.mall_id) & (service.id == interval.service_id))
        .where(
            interval.mall_id == reading.mall_id,
            interval.ticket_id == ticket.id,
            service.agency_id.in_(agency_ids),
        )
    )
    return await reading.session.scalar(found.limit(1)) is not None


async def by_claim(reading: Reading, claim_hash: bytes) -> models.Ticket:
    """The ticket of a claim code that still works. Raises NotThere."""
    ticket = models.Ticket
    found = (
        await reading.session.scalars(
            reading.select(ticket).where(
                ticket.claim_hash == claim_hash,
                ticket.service_day >= reading.today - CLAIM_LIFE,
            )
        )
    ).one_or_none()
    if found is None:
        raise NotThere(thing="ticket")
    return found


async def is_from(reading: Reading, ticket_id: UUID, address_mark: bytes) -> bool:
    """Whether a ticket was taken from this address without credentials, and its day goes on."""
    ticket = await reading.get(models.Ticket, ticket_id)
    return ticket is not None and ticket.address_mark == address_mark


async def own_view(reading: Reading, caller: Caller, ticket: models.Ticket) -> OwnTicketView:
    """A ticket as its visitor sees it, with how long it still waits. For who reads: an act computes no estimate."""
    (view,) = await estimated_views(reading, [ticket])
    return await as_own(reading, caller, view)


async def own_views(reading: Reading, wanted: Sequence[tuple[UUID, Caller]]) -> list[OwnTicketView]:
    """The same for several at once, each for its own reader."""
    ticket = models.Ticket
    rows = (
        await reading.session.scalars(reading.select(ticket).where(ticket.id.in_({each for each, _ in wanted})))
    ).all()
    found = {view.row.id: view for view in await estimated_views(reading, rows)}
    return [await as_own(reading, caller, found[ticket_id]) for ticket_id, caller in wanted]


async def as_own(reading: Reading, caller: Caller, view: TicketView) -> OwnTicketView:
    """A ticket with its agency and service, where to go once it is called, and the visit that it is a step of."""
    ticket, place = view.row, None
    agency = await access.row(reading, models.Agency, ticket.agency_id, "agency")
    service = await access.row(reading, models.Service, ticket.service_id, "service")
    if view.status in ACTIVE and ticket.counter_id:
        counter = await access.row(reading, models.Counter, ticket.counter_id, "counter")
        location = await access.row(reading, models.Location, counter.location_id, "location")
        place = CounterPlace(counter, location)
    visit = await _own_visit(reading, caller, ticket) if ticket.visit_step else None
    return OwnTicketView(**vars(view), agency=agency, service=service, counter=place, visit=visit)


async def _own_visit(reading: Reading, caller: Caller, own: models.Ticket) -> OwnVisitView:
    """The plan that a ticket is a step of. Whoever scans its code at a desk sees only the steps at their agency.

    Tickets that were added to the visit later are not shown: whoever has seen its id may add one.
    """
    visit = await access.row(reading, models.Visit, own.visit_id, "visit")
    ticket, agency, service = models.Ticket, models.Agency, models.Service
    found = await reading.session.execute(
        select(ticket, agency, service)
        .join(agency, (agency.mall_id == ticket.mall_id) & (agency.id == ticket.agency_id))
        .join(service, (service.mall_id == ticket.mall_id) & (service.id == ticket.service_id))
        .where(ticket.mall_id == reading.mall_id, ticket.visit_id == own.visit_id, ticket.visit_step.is_not(None))
        .order_by(ticket.visit_step)
    )
    may_read = partial(caller.may, Permission.READ_TICKETS, reading.mall_id)
    steps = [row for row in found if caller.kind is not CallerKind.ACCOUNT or may_read(row[0].agency_id)]
    shown = await views(reading, [each for each, _, _ in steps])
    return OwnVisitView(
        visit,
        [
            OwnStepView(view.row, view.status, view.position, agency, service)
            for view, (_, agency, service) in zip(shown, steps, strict=True)
        ],
    )


async def views(reading: Reading, rows: Sequence[models.Ticket]) -> list[TicketView]:
    """Tickets with their position, with the step that is before them, and as expired where their day is over."""
    positions = await queue.positions(reading, rows)
    planned = {each.visit_id for each in rows if each.visit_step and each.status is TicketStatus.WAITING}
    due = await steps_due(reading, planned) if planned else {}
    return [
        TicketView(
            each,
            TicketStatus.EXPIRED if each.service_day < reading.today and each.status in UNFINISHED else each.status,
            positions.get(each.id),
            after_step=_after_step(each, due),
        )
        for each in rows
    ]


async def steps_due(reading: Reading, visit_ids: Collection[UUID]) -> dict[UUID, models.Ticket]:
    """The first step that is not over, of each of these visits that is in order."""
    ticket, visit = models.Ticket, models.Visit
    found = await reading.session.scalars(
        reading.select(ticket)
        .join(visit, (visit.mall_id == ticket.mall_id) & (visit.id == ticket.visit_id))
        .where(ticket.visit_id.in_(visit_ids), visit.in_order, ticket.visit_step.is_not(None))
        .where(ticket.status.in_(UNFINISHED), ticket.service_day == reading.today)
        .order_by(ticket.visit_step.desc())
    )
    return {each.visit_id: each for each in found}


def _after_step(ticket: models.Ticket, due: Mapping[UUID, models.Ticket]) -> int | None:
    """The step that is due before a ticket that waits, where one is."""
    step, first = ticket.visit_step, due.get(ticket.visit_id)
    if step is None or first is None or first.visit_step is None or ticket.status is not TicketStatus.WAITING:
        return None
    return first.visit_step if first.visit_step < step else None


async def estimated_views(reading: Reading, rows: Sequence[models.Ticket]) -> list[TicketView]:
    """The same with how long each still waits. For who reads: an act computes no estimate."""
    found = await views(reading, rows)
    services = {each.row.service_id for each in found if each.position}
    if not services:
        return found
    queues = await estimates.queues_now(reading, services)
    return [
        replace(each, estimate=estimate(queues, each.row.service_id, each.position - 1)) if each.position else each
        for each in found
    ]


async def last_kind(reading: Reading, ticket_id: UUID) -> IntervalKind:
    """What a ticket was doing last."""
    interval = models.TicketInterval
    found = reading.select(interval).where(interval.ticket_id == ticket_id).order_by(interval.id.desc()).limit(1)
    return (await reading.session.scalars(found)).one().kind


async def active_of_visit(reading: Reading, visit_id: UUID) -> models.Ticket | None:
    """The visit's ticket that is at a counter now."""
    ticket = models.Ticket
    return await reading.session.scalar(
        reading.select(ticket).where(
            ticket.visit_id == visit_id,
            ticket.service_day == reading.today,
            ticket.status.in_(ACTIVE),
        )
    )


async def place_of_visit(reading: Reading, visit_id: UUID, service_id: UUID) -> models.Ticket | None:
    """The visit's ticket that is waiting, called, served or on hold at a service, if there is one."""
    ticket = models.Ticket
    return await reading.session.scalar(
        reading.select(ticket).where(
            ticket.visit_id == visit_id,
            ticket.service_id == service_id,
            ticket.status.in_(UNFINISHED),
        )
    )


async def visits_at(reading: Reading, service_id: UUID) -> Sequence[UUID]:
    """The visits that have a place at a service today."""
    ticket = models.Ticket
    found = select(ticket.visit_id).where(
        ticket.mall_id == reading.mall_id,
        ticket.service_day == reading.today,
        ticket.service_id == service_id,
        ticket.status.in_(UNFINISHED),
    )
    return (await reading.session.scalars(found)).all()


async def open_tickets(reading: Reading, day: date) -> Sequence[models.Ticket]:
    """The tickets of a day that are not over, in order of number."""
    ticket = models.Ticket
    statement = reading.select(ticket).where(ticket.service_day == day, ticket.status.in_(UNFINISHED))
    return (await reading.session.scalars(statement.order_by(ticket.id))).all()
