"""Services, and what a service offers now."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from app import models
from app.access import Caller
from app.domain.calendar import Opening
from app.domain.members import Membership
from app.domain.roles import Permission
from app.domain.services import Channel, Offer, Quotas, refusal
from app.errors import MallError
from app.journal import Reading
from app.models.counters import has_counter
from app.models.services import visible_on
from app.queries import calendar as calendar_queries
from app.queries import members, queue
from app.queries.paging import ALL_AGENCIES, AgencyFilter, Page, PageRequest, With, page

SORTS = {"code": models.Service.code, "id": models.Service.id}


async def code_is_taken(reading: Reading, code: str) -> bool:
    """Whether a service of the mall has the code."""
    service = models.Service
    statement = select(service.id).where(service.mall_id == reading.mall_id, service.code == code)
    return await reading.session.scalar(statement) is not None


async def services(
    reading: Reading,
    asked: PageRequest,
    *,
    of: AgencyFilter = ALL_AGENCIES,
    code: str | None = None,
    retired: bool = False,
) -> Page[object]:
    """The catalogue's services: the living, or the retired."""
    service = models.Service
    statement = select(service).where(service.mall_id == reading.mall_id, service.retired_on.is_not(None) == retired)
    statement = statement.where(*of.among(reading.mall_id, service.agency_id))
    if code:
        statement = statement.where(service.code == code)
    found = await page(reading.session, statement, SORTS, asked)
    return found.showing(await views(reading, found.data))


async def views(reading: Reading, rows: Sequence[models.Service]) -> list[With]:
    """Services with their agency's standing: what is not offered is shown with the reason."""
    standings = await members.memberships(reading, list({each.agency_id for each in rows}))
    return [
        With(
            each,
            membership=standings[each.agency_id].membership,
            in_force=standings[each.agency_id].in_force,
        )
        for each in rows
    ]


async def issued_today(reading: Reading, service_ids: Sequence[UUID]) -> dict[UUID, dict[str, int]]:
    """Tickets given today by service and channel, as quotas count them."""
    ticket = models.Ticket
    rows = await reading.session.execute(
        select(ticket.first_service_id, ticket.channel, func.count())
        .where(
            ticket.mall_id == reading.mall_id,
            ticket.first_service_id.in_(service_ids),
            ticket.service_day == reading.today,
        )
        .group_by(ticket.first_service_id, ticket.channel)
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


async def availability(reading: Reading, by: Caller, channel: Channel) -> list[Availability]:
    """Every service that is drawn today with the answer that issuing would give on this channel now."""
    by.must(Permission.READ_CATALOGUE, reading.mall_id)
    service = models.Service
    found = await reading.session.execute(
        select(service, has_counter(service.mall_id, service.id))
        .where(service.mall_id == reading.mall_id, visible_on(reading.today))
        .order_by(service.code)
    )
    rows = found.all()
    standings = await members.memberships(reading)
    calendar = await calendar_queries.calendar(reading)
    openings = {agency_id: calendar.opening(reading.at, agency_id) for agency_id in standings}
    issued = await issued_today(reading, [each.id for each, _ in rows])
    ahead = await queue.ahead_of_new(reading)
    answers = []
    for each, served in rows:
        standing = standings[each.agency_id]
        barred = None if standing.in_force else standing.membership
        offer = offered(each, barred, issued.get(each.id, {}), has_counter=served)
        opening = openings[each.agency_id]
        answers.append(
            Availability(
                service=each,
                opening=opening,
                refusal=refusal(offer, channel, opening),
                remaining=offer.quotas.remaining(offer.issued, channel),
                people_ahead=ahead.get(each.id, 0),
            )
        )
    return answers


def offered(service: models.Service, barred: Membership | None, issued: dict[str, int], *, has_counter: bool) -> Offer:
    """The service as the rule of issuing sees it."""
    return Offer(
        agency_id=str(service.agency_id),
        barred=barred,
        has_counter=has_counter,
        channels=frozenset(service.channels),
        quotas=Quotas(service.daily_quota, service.channel_quotas),
        issued=issued,
        retired_on=service.retired_on,
    )
