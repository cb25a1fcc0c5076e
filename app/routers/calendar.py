"""Opening hours and exceptions."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.actions import calendar as actions
from app.domain.agencies import AgencyRetired
from app.domain.calendar import HoursInvalid
from app.domain.callers import Caller
from app.domain.errors import DatesReversed, UnknownReference
from app.domain.roles import Permission
from app.queries import calendar as calendar_queries
from app.queries.paging import PageRequest
from app.schemas.base import Page
from app.schemas.calendar import Calendar, CalendarException, CalendarExceptionRequest, HoursRequest, WeeklyHours
from app.web import calendars
from app.web.callers import CurrentMall, TheHouse, needs
from app.web.declared import refuses
from app.web.paging import Listed, Whose, asked_for
from app.web.writing import Edits, Writes

router = APIRouter(prefix="/v1/malls", tags=["malls"])


Reader = Annotated[Caller, needs(Permission.READ_CATALOGUE)]


Manager = Annotated[Caller, needs(Permission.CHANGE_MALL)]


@router.get("/{mall}/calendar")
async def get_calendar(
    mall: CurrentMall,
    by: Reader,
    house: TheHouse,
    agency_id: Annotated[
        UUID | None, Query(description="An agency's hours at the mall; without it, the mall's")
    ] = None,
) -> Calendar:
    """Say whether the mall (or an agency at it) is open now, when that changes, and the hours of seven days."""
    async with house.database.reading(mall) as reading:
        return await calendars.shown(reading, agency_id)


@router.put("/{mall}/calendar", responses=refuses(HoursInvalid))
async def set_calendar(
    mall: CurrentMall,
    body: HoursRequest,
    by: Manager,
    write: Edits,
    agency_id: Annotated[
        UUID | None, Query(description="An agency's hours at the mall; without it, the mall's")
    ] = None,
) -> WeeklyHours:
    """Set the weekly hours of the mall, or of an agency at it. The next ticket is already judged by them."""
    return await write(mall, by, WeeklyHours, actions.set_hours, body.model_dump()["hours"], agency_id)


@router.get("/{mall}/calendar/exceptions")
async def list_calendar_exceptions(
    mall: CurrentMall,
    by: Reader,
    house: TheHouse,
    asked: Annotated[PageRequest, asked_for("id")],
    listed: Listed,
    whose: Whose,
) -> Page[CalendarException]:
    """List the days on which the hours are other ones."""
    async with house.database.reading(mall) as reading:
        return listed(await calendar_queries.exceptions(reading, asked, whose), asked, CalendarException)


@router.post(
    "/{mall}/calendar/exceptions",
    status_code=201,
    responses=refuses(DatesReversed, HoursInvalid, UnknownReference, AgencyRetired),
)
async def create_calendar_exception(
    mall: CurrentMall, body: CalendarExceptionRequest, by: Manager, write: Writes, response: Response
) -> CalendarException:
    """Open or close the mall, or one agency, on some days, whatever the hours below say."""
    exception = await write(mall, by, CalendarException, actions.add_exception, **body.model_dump())
    response.headers["Location"] = f"/v1/malls/{mall.slug}/calendar/exceptions"
    return exception


@router.delete("/{mall}/calendar/exceptions/{exception_id}", status_code=204)
async def delete_calendar_exception(mall: CurrentMall, exception_id: UUID, by: Manager, write: Edits) -> None:
    """Take an exception away: the hours below it hold again at once."""
    await write.nothing(mall, by, actions.remove_exception, exception_id)
