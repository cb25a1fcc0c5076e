"""Malls, locations, calendars."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app import access, models, schemas
from app.access import Caller
from app.actions import malls as actions
from app.database import PLATFORM_REF
from app.domain.agencies import AgencyRetired
from app.domain.calendar import HoursInvalid
from app.domain.counters import FloorInUse
from app.domain.malls import DatesReversed, SlugTaken
from app.domain.roles import Verb
from app.domain.services import UnknownReference
from app.queries import malls as queries
from app.queries.shown import Asked
from app.web import calendars
from app.web.callers import Mall, TheHouse, needs, needs_on_platform
from app.web.declared import refuses
from app.web.etags import EditedVersion, Tagged
from app.web.paging import Listed, Whose, asked_for
from app.web.writing import Edits, Writes

router = APIRouter(prefix="/v1/malls", tags=["malls"])
Reader = Annotated[Caller, needs(Verb.READ_CATALOGUE)]
Manager = Annotated[Caller, needs(Verb.CHANGE_MALL)]


@router.get("")
async def list_malls(
    house: TheHouse,
    by: Annotated[Caller, needs_on_platform(Verb.READ_CATALOGUE)],
    asked: Annotated[Asked, asked_for("slug")],
    listed: Listed,
) -> schemas.Page[schemas.Mall]:
    """List the malls of this deployment."""
    async with house.database.reading() as reading:
        return listed(await queries.malls(reading.session, asked), asked, schemas.Mall)


@router.post("", status_code=201, responses=refuses(SlugTaken, HoursInvalid))
async def create_mall(
    body: schemas.MallRequest,
    by: Annotated[Caller, needs_on_platform(Verb.CREATE_MALLS)],
    write: Writes,
    response: Response,
) -> schemas.Mall:
    """Found a mall. It gets a journal of its own; its slug and time zone never change."""
    mall = await write(PLATFORM_REF, by, schemas.Mall, actions.create, **body.model_dump())
    response.headers["Location"] = f"/v1/malls/{mall.slug}"
    return mall


@router.get("/{mall}")
async def get_mall(mall: Mall, by: Reader, house: TheHouse, fresh: Tagged) -> schemas.Mall:
    """Read a mall."""
    async with house.database.reading(mall) as reading:
        return fresh(schemas.Mall.model_validate(await queries.mall(reading)))


@router.patch("/{mall}")
async def change_mall(
    mall: Mall, body: schemas.MallChanges, by: Manager, version: EditedVersion, write: Edits, fresh: Tagged
) -> schemas.Mall:
    """Change what a mall is called and who runs it."""
    return fresh(await write(mall, by, schemas.Mall, actions.change, version, body.given()))


@router.get("/{mall}/locations")
async def list_locations(
    mall: Mall, by: Reader, house: TheHouse, asked: Annotated[Asked, asked_for("id")], listed: Listed
) -> schemas.Page[schemas.Location]:
    """List the mall's buildings with their floors, past ones included."""
    async with house.database.reading(mall) as reading:
        return listed(await queries.locations(reading, asked), asked, schemas.Location)


@router.post("/{mall}/locations", status_code=201, responses=refuses(DatesReversed))
async def create_location(
    mall: Mall, body: schemas.LocationRequest, by: Manager, write: Writes, response: Response
) -> schemas.Location:
    """Add a building of the mall. A move is a new location; the old one keeps its history."""
    location = await write(mall, by, schemas.Location, actions.add_location, **body.model_dump())
    response.headers["Location"] = f"/v1/malls/{mall.slug}/locations/{location.id}"
    return location


@router.get("/{mall}/locations/{location_id}")
async def get_location(mall: Mall, location_id: UUID, by: Reader, house: TheHouse, fresh: Tagged) -> schemas.Location:
    """Read a building of the mall."""
    async with house.database.reading(mall) as reading:
        location = await access.row(reading, models.Location, location_id, "location")
        return fresh(schemas.Location.model_validate(location))


@router.patch("/{mall}/locations/{location_id}", responses=refuses(DatesReversed, FloorInUse))
async def change_location(
    mall: Mall,
    location_id: UUID,
    body: schemas.LocationChanges,
    by: Manager,
    version: EditedVersion,
    write: Edits,
    fresh: Tagged,
) -> schemas.Location:
    """Change how a building is described, and until when it is one of the mall."""
    return fresh(await write(mall, by, schemas.Location, actions.change_location, location_id, version, body.given()))


@router.get("/{mall}/calendar")
async def get_calendar(
    mall: Mall,
    by: Reader,
    house: TheHouse,
    agency_id: Annotated[
        UUID | None, Query(description="An agency's hours at the mall; without it, the mall's")
    ] = None,
) -> schemas.Calendar:
    """Say whether the mall (or an agency at it) is open now, when that changes, and the hours of seven days."""
    async with house.database.reading(mall) as reading:
        return await calendars.shown(reading, agency_id)


@router.put("/{mall}/calendar", responses=refuses(HoursInvalid))
async def set_calendar(
    mall: Mall,
    body: schemas.HoursRequest,
    by: Manager,
    write: Edits,
    agency_id: Annotated[
        UUID | None, Query(description="An agency's hours at the mall; without it, the mall's")
    ] = None,
) -> schemas.WeeklyHours:
    """Set the weekly hours of the mall, or of an agency at it. The next ticket is already judged by them."""
    return await write(mall, by, schemas.WeeklyHours, actions.set_hours, body.model_dump()["hours"], agency_id)


@router.get("/{mall}/calendar/exceptions")
async def list_calendar_exceptions(
    mall: Mall, by: Reader, house: TheHouse, asked: Annotated[Asked, asked_for("id")], listed: Listed, whose: Whose
) -> schemas.Page[schemas.CalendarException]:
    """List the days on which the hours are other ones."""
    async with house.database.reading(mall) as reading:
        return listed(await queries.exceptions(reading, asked, whose), asked, schemas.CalendarException)


@router.post(
    "/{mall}/calendar/exceptions",
    status_code=201,
    responses=refuses(DatesReversed, HoursInvalid, UnknownReference, AgencyRetired),
)
async def create_calendar_exception(
    mall: Mall, body: schemas.CalendarExceptionRequest, by: Manager, write: Writes, response: Response
) -> schemas.CalendarException:
    """Open or close the mall, or one agency, on some days, whatever the hours below say."""
    exception = await write(mall, by, schemas.CalendarException, actions.add_exception, **body.model_dump())
    response.headers["Location"] = f"/v1/malls/{mall.slug}/calendar/exceptions"
    return exception


@router.delete("/{mall}/calendar/exceptions/{exception_id}", status_code=204)
async def delete_calendar_exception(mall: Mall, exception_id: UUID, by: Manager, write: Edits) -> None:
    """Take an exception away: the hours below it hold again at once."""
    await write.nothing(mall, by, actions.remove_exception, exception_id)
