"""Services, and what a service offers now."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from app import models
from app.domain.calendar import Opening
from app.domain.callers import Caller
from app.domain.members import Membership
from app.domain.roles import Permission
from app.domain.services import Channel, Gate, Offer, Quotas, refusal
from app.domain.stops import Aftermath
from app.errors import MallError
from app.journal import Reading
from app.models.counters import is_attended
from app.models.services import visible_on
from app.queries import calendar as calendar_queries
from app.queries import members, queue
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
        )
        .group_by(ticket.issued_service_id, ticket.channel)
    )
    issued: dict[UUID, dict[str, int]] = {}
    for service_id, channel, count in rows:
        issued.setdefault(service_id, {})[channel] = count
    return issued


@dataclass(frozen=True)
class Availability:
    """What a kiosk draws for one service."""

    service: models.Service
    opening: Opening
    refusal: MallError | None
    remaining: int | None
    people_ahead: int


async def availability(reading: Reading, caller: Caller, channel: Channel) -> list[Availability]:
    """Every service that is drawn today with the answer that issuing would give on this channel now."""
    caller.must(Permission.READ_CATALOGUE, reading.mall_id)
    service = models.Service
    found = await reading.session.execute(
        select(service, is_attended(reading.mall_id))
        .where(service.mall_id == reading.mall_id, visible_on(reading.today))
        .order_by(service.code)
    )
    rows = found.all()
    memberships = await members.memberships(reading)
    calendar = await calendar_queries.calendar(reading)
    openings = {agency_id: calendar.opening(reading.at, agency_id) for agency_id in memberships}
    issued = await issued_today(reading, [each.id for each, _ in rows])
    ahead = await queue.ahead_of_new(reading)
    answers = []
    for each, served in rows:
        opening = openings[each.agency_id]
        offer = Offer(
            gate=gate_of(each, memberships[each.agency_id], opening, is_attended=served),
            channels=frozenset(each.channels),
            quotas=Quotas(each.daily_quota, each.channel_quotas),
            issued=issued.get(each.id, {}),
        )
        answers.append(
            Availability(
                service=each,
                opening=opening,
                refusal=refusal(offer, channel),
                remaining=offer.quotas.remaining(offer.issued, channel),
                people_ahead=ahead.get(each.id, 0),
            )
        )
    return answers


def gate_of(
    service: models.Service, membership: members.AgencyMembership, opening: Opening, *, is_attended: bool
) -> Gate:
    """What decides whether the service is open."""
    return Gate(service.agency_id, membership.not_in_force, is_attended, service.retired_on, opening)
