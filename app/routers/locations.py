"""Locations."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from app import access, models
from app.actions import locations as actions
from app.domain.callers import Caller
from app.domain.errors import DatesReversed
from app.domain.locations import FloorInUse
from app.domain.roles import Permission
from app.queries import locations as location_queries
from app.queries.paging import PageRequest
from app.schemas.base import Page
from app.schemas.locations import Location, LocationChanges, LocationRequest
from app.web.callers import CurrentMall, TheHouse, needs
from app.web.declared import refuses
from app.web.etags import EditedVersion, Tagged
from app.web.paging import Listed, asked_for
from app.web.writing import Edits, Writes

router = APIRouter(prefix="/v1/malls", tags=["malls"])


Reader = Annotated[Caller, needs(Permission.READ_CATALOGUE)]


Manager = Annotated[Caller, needs(Permission.CHANGE_MALL)]


@router.get("/{mall}/locations")
async def list_locations(
    mall: CurrentMall, by: Reader, house: TheHouse, asked: Annotated[PageRequest, asked_for("id")], listed: Listed
) -> Page[Location]:
    """List the mall's buildings with their floors, past ones included."""
    async with house.database.reading(mall) as reading:
        return listed(await location_queries.locations(reading, asked), asked, Location)


@router.post("/{mall}/locations", status_code=201, responses=refuses(DatesReversed))
async def create_location(
    mall: CurrentMall, body: LocationRequest, by: Manager, write: Writes, response: Response
) -> Location:
    """Add a building of the mall. A move is a new location; the old one keeps its history."""
    location = await write(mall, by, Location, actions.add_location, **body.model_dump())
    response.headers["Location"] = f"/v1/malls/{mall.slug}/locations/{location.id}"
    return location


@router.get("/{mall}/locations/{location_id}")
async def get_location(mall: CurrentMall, location_id: UUID, by: Reader, house: TheHouse, fresh: Tagged) -> Location:
    """Read a building of the mall."""
    async with house.database.reading(mall) as reading:
        location = await access.row(reading, models.Location, location_id, "location")
        return fresh(Location.model_validate(location))


@router.patch("/{mall}/locations/{location_id}", responses=refuses(DatesReversed, FloorInUse))
async def change_location(
    mall: CurrentMall,
    location_id: UUID,
    body: LocationChanges,
    by: Manager,
    version: EditedVersion,
    write: Edits,
    fresh: Tagged,
) -> Location:
    """Change how a building is described, and until when it is one of the mall."""
    return fresh(await write(mall, by, Location, actions.change_location, location_id, version, body.given()))
