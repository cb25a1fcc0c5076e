"""Services, and what a service offers now."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from uuid import UUID

from sqlalchemy import func, select

from app import access, models
from app.domain.calendar import Opening, ServiceClosed, service_day
from app.domain.callers import Caller
from app.domain.counters import CounterStatus
from app.domain.errors import UnknownReference
from app.domain.estimates import Estimate, estimate
from app.domain.members import Membership
from app.domain.roles import Permission
from app.domain.services import Channel, Gate, Offer, Quotas, refusal
from app.domain.stops import Aftermath
from app.domain.tickets import PriorityClass
from app.domain.windows import OutsideWindow, Windows
from app.errors import MallError
from app.journal import Reading
from app.models.counters import is_served_in, is_there
from app.models.locations import in_use_on
from app.models.services import visible_on
from app.models.tickets import takes_a_place
from app.queries import calendar as calendar_queries
from app.queries import estimates, members, queue
from app.queries.paging import ALL_AGENCIES, AgencyFilter, Page, PageRequest, page

SORTS = {"code": models.Service.code, "id": models.Service.id}


@dataclass(frozen=True)
class ServiceView:
    """A service with what its agency is to the mall today."""

    row: models.Service
    membership: Membership
    in_force: bool
    aftermath: Aftermath | None = None
    """What its retirement left to handle, in that act's answer only."""


async def services(
    reading: Reading,
    asked: PageRequest,
    *,
    of: AgencyFilter = ALL_AGENCIES,
    code: str | None = None,
    retired: bool = False,
) -> Page[ServiceView]:
    """The catalogue's services: the living, or the retired."""
    service = models.Service
    statement = reading.select(service).where(service.retired_on.is_not(None) == retired)
    statement = statement.where(*of.conditions(reading.mall_id, service.agency_id))
    if code:
        statement = statement.where(service.code == code)
    found = await page(reading.session, statement, SORTS, asked)
    return found.showing(await views(reading, found.data))


async def views(reading: Reading, rows: Sequence[models.Service]) -> list[ServiceView]:
    """Services with their agency's membership: what is not offered is shown with the reason."""
    memberships = await members.memberships(reading, list({each.agency_id for each in rows}))
    return [
        ServiceView(each, memberships[each.agency_id].membership, memberships[each.agency_id].in_force) for each in rows
    ]


async def issued_today(reading: Reading, service_ids: Sequence[UUID]) -> dict[UUID, dict[str, int]]:
    """Tickets given today by service and channel, as quotas count them."""
    ticket = models.Ticket
    rows = await reading.session.execute(
        select(ticket.issued_service_id, ticket.channel, func.count())
        .where(
            ticket.mall_id == reading.mall_id,
            ticket.issued_service_id.in_(service_ids),
            ticket.service_day == reading.today,
            takes_a_place(),
        )
        .group_by(ticket.issued_service_id, ticket.channel)
    )
    issued: dict[UUID, dict[str, int]] = {}
    for service_id, channel, count in rows:
        issued.setdefault(service_id, {})[channel] = count
    return issued


@dataclass(frozen=True)
class ServedFloor:
    """The counters of a service on one floor of a building."""

    location_id: UUID
    floor: str
    open_counters: int
    """How many of them call now; one on a break or closing does not count."""


@dataclass(frozen=True)
class Availability:
    """What a kiosk draws for one service."""

    service: models.Service
    agency: members.AgencyMembership
    opening: Opening
    refusal: MallError | None
    needs_phone: bool
    """Whether a number on the channel needs a phone that was proven."""
    remaining: int | None
    people_ahead: int
    floors: list[ServedFloor]
    wait: Estimate | None
    """How long who comes now would wait, also where the service opens only later today."""

    @property
    def estimate(self) -> Estimate | None:
        """How long who takes a ticket now would wait."""
        return None if self.refusal else self.wait


@dataclass(frozen=True)
class AvailabilityFilter:
    """What a kiosk draws: all of the mall, or an agency's, what is served in a building, or one service."""

    channel: Channel
    of: AgencyFilter = ALL_AGENCIES
    location_id: UUID | None = None
    service_id: UUID | None = None
    service_code: str | None = None


async def availability(
    reading: Reading, caller: Caller, asked: PageRequest, wanted: AvailabilityFilter
) -> Page[Availability]:
    """Every service that is drawn today with the answer that issuing would give on this channel now.

    Raises UnknownReference where the mall has no such agency, building or service.
    """
    caller.must(Permission.READ_CATALOGUE, reading.mall_id)
    await access.must_be_there(reading, "location", models.Location, wanted.location_id)
    await access.must_be_there(reading, "agency", models.Agency, wanted.of.id)
    if wanted.of.code and not await access.is_taken(reading, models.Agency, code=wanted.of.code):
        raise UnknownReference(thing="agency", member="#query/agency_code")
    await access.must_be_there(reading, "service", models.Service, wanted.service_id)
    if wanted.service_code and not await access.is_taken(reading, models.Service, code=wanted.service_code):
        raise UnknownReference(thing="service", member="#query/service_code")
    service = models.Service
    statement = reading.select(service).where(
        visible_on(reading.today), *wanted.of.conditions(reading.mall_id, service.agency_id)
    )
    if wanted.location_id:
        statement = statement.where(is_served_in(reading.mall_id, service.id, wanted.location_id))
    if wanted.service_id:
        statement = statement.where(service.id == wanted.service_id)
    if wanted.service_code:
        statement = statement.where(service.code == wanted.service_code)
    found = await page(reading.session, statement, {"code": service.code}, asked)
    return found.showing(await _offered(reading, caller, found.data, wanted.channel))


async def wait(
    reading: Reading, caller: Caller, service_id: UUID, channel: Channel, priority_class: PriorityClass
) -> Availability:
    """What one service offers now to somebody of a priority class, with how long that one would wait.

    Raises NotThere.
    """
    service = await access.row(reading, models.Service, service_id, "service")
    head_start = service.head_start_minutes.get(priority_class, 0)
    (found,) = await _offered(reading, caller, [service], channel, head_start)
    return found


async def _offered(
    reading: Reading,
    caller: Caller,
    services: Sequence[models.Service],
    channel: Channel,
    head_start_minutes: int = 0,
) -> list[Availability]:
    ids, agency_ids = [each.id for each in services], list({each.agency_id for each in services})
    memberships = await members.memberships(reading, agency_ids)
    calendar = await calendar_queries.calendar(reading)
    opening_of = cache(partial(calendar.opening, reading.at))
    issued = await issued_today(reading, ids)
    ahead = await queue.ahead_of_new(reading, head_start_minutes)
    floors = await served_floors(reading, ids)
    queues = await estimates.queues_now(reading, ids)
    own = caller.agencies_of_client() if channel is Channel.PARTNER else None
    answers = []
    for each in services:
        agency, counted = memberships[each.agency_id], floors.get(each.id, [])
        opening = opening_of(each.agency_id, calendar.own_part(each.id))
        offer = Offer(
            gate=gate_of(each, agency, opening, is_attended=each.equipped_on is None or bool(counted)),
            channels=frozenset(each.channels),
            quotas=Quotas(each.daily_quota, each.channel_quotas),
            issued=issued.get(each.id, {}),
            next_day_opening=partial(calendar.next_day_opening, reading.at, each.agency_id, each.id),
            windows=Windows(
                each.channel_windows,
                reading.at.astimezone(reading.mall.zone),
                partial(calendar.opening, agency_id=each.agency_id, service_id=calendar.own_part(each.id)),
            ),
        )
        foreign = own is not None and each.agency_id not in own
        refused = UnknownReference(thing="service", member="service_id") if foreign else refusal(offer, channel)
        people_ahead = ahead.get(each.id, 0)
        answers.append(
            Availability(
                service=each,
                agency=agency,
                opening=opening,
                refusal=refused,
                needs_phone=each.web_needs_phone and channel is Channel.WEB,
                remaining=offer.quotas.remaining(offer.issued, channel),
                people_ahead=people_ahead,
                floors=counted,
                wait=estimate(queues, each.id, people_ahead) if opens_today(reading, refused) else None,
            )
        )
    return answers


def opens_today(reading: Reading, refused: MallError | None) -> bool:
    """Whether a service issues now, or is only outside its hours and opens again today."""
    if isinstance(refused, (ServiceClosed, OutsideWindow)) and refused.next_opening_at:
        return service_day(refused.next_opening_at, reading.mall.zone) == reading.today
    return refused is None


async def served_floors(reading: Reading, service_ids: Sequence[UUID]) -> dict[UUID, list[ServedFloor]]:
    """Where the counters of these services stand that are there today, and how many of them are open now."""
    link, counter, session = models.CounterService, models.Counter, models.CounterSession
    building = models.Location
    place = (link.service_id, counter.location_id, counter.floor)
    rows = await reading.session.execute(
        select(*place, func.count(session.id))
        .join(counter, (counter.mall_id == link.mall_id) & (counter.id == link.counter_id))
        .join(building, (building.mall_id == counter.mall_id) & (building.id == counter.location_id))
        .outerjoin(
            session,
            (session.mall_id == reading.mall_id)
            & (session.counter_id == counter.id)
            & (session.service_day == reading.today)
            & (session.status == CounterStatus.OPEN)
            & session.closed_at.is_(None),
        )
        .where(
            link.mall_id == reading.mall_id,
            link.service_id.in_(service_ids),
            counter.retired_on.is_(None),
            is_there(reading.mall_id, counter, reading.today),
            in_use_on(building, reading.today),
        )
        .group_by(*place)
        .order_by(*place)
    )
    floors: dict[UUID, list[ServedFloor]] = {}
    for service_id, location_id, floor, open_counters in rows:
        floors.setdefault(service_id, []).append(ServedFloor(location_id, floor, open_counters))
    return floors


def gate_of(
    service: models.Service, membership: members.AgencyMembership, opening: Opening, *, is_attended: bool
) -> Gate:
    """What decides whether the service is open."""
    return Gate(service.agency_id, membership.not_in_force, is_attended, service.retired_on, opening)
