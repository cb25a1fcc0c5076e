"""Periods with their own weekly hours, such as Ramadan."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from app.actions import periods as actions
from app.domain.agencies import AgencyRetired
from app.domain.calendar import PeriodsOverlap
from app.domain.callers import Caller
from app.domain.errors import DatesReversed, UnknownReference
from app.domain.hours import HoursInvalid
from app.domain.roles import Permission
from app.queries import periods as queries
from app.schemas.base import Page
from app.schemas.periods import CalendarPeriod, CalendarPeriodChanges, CalendarPeriodRequest
from app.web.dependencies import Context, CurrentMall, needs
from app.web.etags import ConditionalGet
from app.web.idempotency import IfMatch, Write, creates
from app.web.paging import ListPage, OfAgency, paged_by
from app.web.problems import refuses

router = APIRouter(prefix="/v1/malls/{mall}/calendar/periods", tags=["malls"])
Reader = Annotated[Caller, needs(Permission.READ_CATALOGUE)]
Manager = Annotated[Caller, needs(Permission.CHANGE_MALL)]
Creation = Annotated[Write, creates("/v1/malls/{mall}/calendar/periods/{id}")]


@router.get("")
async def list_calendar_periods(
    mall: CurrentMall, caller: Reader, context: Context, page: Annotated[ListPage, paged_by("id")], agency: OfAgency
) -> Page[CalendarPeriod]:
    """List the periods with their own weekly hours, those of the mall and of its agencies.

    Past ones are listed, too. One without `agency_id` is the mall's.
    """
    async with context.database.reading(mall) as reading:
        return page.of(CalendarPeriod, await queries.periods(reading, page.asked, of=agency))


@router.post(
    "",
    status_code=201,
    responses=refuses(DatesReversed, HoursInvalid, PeriodsOverlap, UnknownReference, AgencyRetired),
)
async def create_calendar_period(
    mall: CurrentMall, body: CalendarPeriodRequest, caller: Manager, command: Creation
) -> CalendarPeriod:
    """Add a period: other weekly hours for some weeks, for the mall or for one agency.

    The mall's period replaces the mall's weekly hours; an agency's own hours still narrow them, unless the agency has a
    period too. Holidays close days of a period, and exceptions override both.
    """
    return await command(mall, caller, CalendarPeriod, actions.create, **body.model_dump())


@router.get("/{period_id}")
async def get_calendar_period(
    mall: CurrentMall, period_id: UUID, caller: Reader, context: Context, conditional: ConditionalGet
) -> CalendarPeriod:
    """Read a period and its weekly hours.

    On its days, the first and the last included, its hours stand instead of the mall's or, with an `agency_id`, the
    agency's weekly hours. Its ETag is what an edit sends as `If-Match`.
    """
    async with context.database.reading(mall) as reading:
        return conditional(CalendarPeriod.model_validate(await queries.period(reading, period_id)))


@router.patch("/{period_id}", responses=refuses(DatesReversed, HoursInvalid, PeriodsOverlap))
async def change_calendar_period(
    mall: CurrentMall, period_id: UUID, body: CalendarPeriodChanges, caller: Manager, edit: IfMatch
) -> CalendarPeriod:
    """Change the dates or the hours of a period. They count from the next ticket on."""
    return await edit(mall, caller, CalendarPeriod, actions.change, period_id, edit.versions, body.given())


@router.delete("/{period_id}", status_code=204)
async def delete_calendar_period(mall: CurrentMall, period_id: UUID, caller: Manager, edit: IfMatch) -> None:
    """Delete a period: the ordinary weekly hours count again at once.

    It is gone from the list; the journal keeps what it was. To let it end sooner and keep it in the list, change its
    `ends_on`.
    """
    await edit.without_body(mall, caller, actions.delete, period_id, edit.versions)
