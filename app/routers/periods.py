"""Periods with weekly hours of their own: Ramadan, above all."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from app.actions import periods as actions
from app.domain.agencies import AgencyRetired
from app.domain.calendar import HoursInvalid, PeriodsOverlap
from app.domain.callers import Caller
from app.domain.errors import DatesReversed, UnknownReference
from app.domain.roles import Permission
from app.queries import periods as queries
from app.queries.paging import PageRequest
from app.schemas.base import Page
from app.schemas.periods import CalendarPeriod, CalendarPeriodChanges, CalendarPeriodRequest
from app.web.callers import CurrentMall, TheHouse, needs
from app.web.declared import refuses
from app.web.etags import EditedVersion, Tagged
from app.web.paging import Listed, Whose, asked_for
from app.web.writing import Edits, Writes

router = APIRouter(prefix="/v1/malls/{mall}/calendar/periods", tags=["malls"])
Reader = Annotated[Caller, needs(Permission.READ_CATALOGUE)]
Manager = Annotated[Caller, needs(Permission.CHANGE_MALL)]


@router.get("")
async def list_calendar_periods(
    mall: CurrentMall,
    by: Reader,
    house: TheHouse,
    asked: Annotated[PageRequest, asked_for("id")],
    listed: Listed,
    whose: Whose,
) -> Page[CalendarPeriod]:
    """List the periods that have weekly hours of their own, the mall's and its agencies'."""
    async with house.database.reading(mall) as reading:
        return listed(await queries.periods(reading, asked, of=whose), asked, CalendarPeriod)


@router.post(
    "",
    status_code=201,
    responses=refuses(DatesReversed, HoursInvalid, PeriodsOverlap, UnknownReference, AgencyRetired),
)
async def create_calendar_period(
    mall: CurrentMall, body: CalendarPeriodRequest, by: Manager, write: Writes, response: Response
) -> CalendarPeriod:
    """Give the mall, or one agency at it, other weekly hours for some weeks.

    The mall's period replaces the mall's weekly hours; an agency's own hours go on narrowing them, unless the agency
    has a period too. Holidays close on top of it, and exceptions come before both.
    """
    period = await write(mall, by, CalendarPeriod, actions.add, **body.model_dump())
    response.headers["Location"] = f"/v1/malls/{mall.slug}/calendar/periods/{period.id}"
    return period


@router.get("/{period_id}")
async def get_calendar_period(
    mall: CurrentMall, period_id: UUID, by: Reader, house: TheHouse, fresh: Tagged
) -> CalendarPeriod:
    """Read a period and its weekly hours."""
    async with house.database.reading(mall) as reading:
        return fresh(CalendarPeriod.model_validate(await queries.period(reading, period_id)))


@router.patch("/{period_id}", responses=refuses(DatesReversed, HoursInvalid, PeriodsOverlap))
async def change_calendar_period(
    mall: CurrentMall,
    period_id: UUID,
    body: CalendarPeriodChanges,
    by: Manager,
    version: EditedVersion,
    write: Edits,
    fresh: Tagged,
) -> CalendarPeriod:
    """Move a period, or change its hours. The next ticket is already judged by them."""
    return fresh(await write(mall, by, CalendarPeriod, actions.change, period_id, version, body.given()))


@router.delete("/{period_id}", status_code=204)
async def delete_calendar_period(
    mall: CurrentMall, period_id: UUID, by: Manager, version: EditedVersion, write: Edits
) -> None:
    """Take a period away: the ordinary weekly hours hold again at once."""
    await write.nothing(mall, by, actions.remove, period_id, version)
