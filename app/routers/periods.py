"""Periods with weekly hours of their own: Ramadan, above all."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from app import schemas
from app.access import Caller
from app.actions import periods as actions
from app.domain.agencies import AgencyRetired
from app.domain.calendar import HoursInvalid, PeriodsOverlap
from app.domain.malls import DatesReversed
from app.domain.roles import Verb
from app.domain.services import UnknownReference
from app.queries import periods as queries
from app.queries.shown import Asked
from app.web.callers import Mall, TheHouse, needs
from app.web.declared import refuses
from app.web.etags import EditedVersion, Tagged
from app.web.paging import Listed, Whose, asked_for
from app.web.writing import Edits, Writes

router = APIRouter(prefix="/v1/malls/{mall}/calendar/periods", tags=["malls"])
Reader = Annotated[Caller, needs(Verb.READ_CATALOGUE)]
Manager = Annotated[Caller, needs(Verb.CHANGE_MALL)]


@router.get("")
async def list_calendar_periods(
    mall: Mall,
    by: Reader,
    house: TheHouse,
    asked: Annotated[Asked, asked_for("id")],
    listed: Listed,
    whose: Whose,
) -> schemas.Page[schemas.CalendarPeriod]:
    """List the periods that have weekly hours of their own, the mall's and its agencies'."""
    async with house.database.reading(mall) as reading:
        return listed(await queries.periods(reading, asked, of=whose), asked, schemas.CalendarPeriod)


@router.post(
    "",
    status_code=201,
    responses=refuses(DatesReversed, HoursInvalid, PeriodsOverlap, UnknownReference, AgencyRetired),
)
async def create_calendar_period(
    mall: Mall, body: schemas.CalendarPeriodRequest, by: Manager, write: Writes, response: Response
) -> schemas.CalendarPeriod:
    """Give the mall, or one agency at it, other weekly hours for some weeks.

    The mall's period replaces the mall's weekly hours; an agency's own hours go on narrowing them, unless the agency
    has a period too. Holidays close on top of it, and exceptions come before both.
    """
    period = await write(mall, by, schemas.CalendarPeriod, actions.add, **body.model_dump())
    response.headers["Location"] = f"/v1/malls/{mall.slug}/calendar/periods/{period.id}"
    return period


@router.get("/{period_id}")
async def get_calendar_period(
    mall: Mall, period_id: UUID, by: Reader, house: TheHouse, fresh: Tagged
) -> schemas.CalendarPeriod:
    """Read a period and its weekly hours."""
    async with house.database.reading(mall) as reading:
        return fresh(schemas.CalendarPeriod.model_validate(await queries.period(reading, period_id)))


@router.patch("/{period_id}", responses=refuses(DatesReversed, HoursInvalid, PeriodsOverlap))
async def change_calendar_period(
    mall: Mall,
    period_id: UUID,
    body: schemas.CalendarPeriodChanges,
    by: Manager,
    version: EditedVersion,
    write: Edits,
    fresh: Tagged,
) -> schemas.CalendarPeriod:
    """Move a period, or change its hours. The next ticket is already judged by them."""
    return fresh(await write(mall, by, schemas.CalendarPeriod, actions.change, period_id, version, body.given()))


@router.delete("/{period_id}", status_code=204)
async def delete_calendar_period(
    mall: Mall, period_id: UUID, by: Manager, version: EditedVersion, write: Edits
) -> None:
    """Take a period away: the ordinary weekly hours hold again at once."""
    await write.nothing(mall, by, actions.remove, period_id, version)
