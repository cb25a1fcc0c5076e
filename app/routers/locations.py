"""Locations."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from app import access, models
from app.actions import locations as actions
from app.domain.callers import Caller
from app.domain.errors import DatesReversed
from app.domain.locations import FloorInUse, LocationInUse
from app.domain.roles import Permission
from app.queries import locations as location_queries
from app.schemas.base import Page
from app.schemas.locations import Location, LocationChanges, LocationRequest
from app.web.dependencies import Context, CurrentMall, needs
from app.web.etags import ConditionalGet
from app.web.idempotency import IfMatch, Write, creates
from app.web.kept_pages import KEPT
from app.web.paging import ListPage, paged_by
from app.web.problems import refuses

router = APIRouter(prefix="/v1/malls", tags=["malls"])
Reader = Annotated[Caller, needs(Permission.READ_CATALOGUE)]
Manager = Annotated[Caller, needs(Permission.CHANGE_MALL)]
Creation = Annotated[Write, creates("/v1/malls/{mall}/locations/{id}")]


@router.get("/{mall}/locations", dependencies=[KEPT])
async def list_locations(
    mall: CurrentMall, caller: Reader, context: Context, page: Annotated[ListPage, paged_by("id")]
) -> Page[Location]:
    """List the mall's buildings with their floors, past ones included.

    Past and future ones are told apart by `starts_on` and `ends_on`; `ends_on` null: it has no end. Counters and
    devices name a building by its `id`, a floor by its `code`.
    """
    async with context.database.reading(mall) as reading:
        return page.of(Location, await location_queries.locations(reading, page.asked))


@router.post("/{mall}/locations", status_code=201, responses=refuses(DatesReversed))
async def create_location(mall: CurrentMall, body: LocationRequest, caller: Manager, command: Creation) -> Location:
    """Add a building to the mall. When a mall moves, add the new building; the old one keeps its history."""
    return await command(mall, caller, Location, actions.create_location, **body.model_dump())


@router.get("/{mall}/locations/{location_id}", dependencies=[KEPT])
async def get_location(
    mall: CurrentMall, location_id: UUID, caller: Reader, context: Context, conditional: ConditionalGet
) -> Location:
    """Read a building of the mall.

    `floors` are all its floors, also those without a counter. Its ETag is what an edit sends as `If-Match`.
    """
    async with context.database.reading(mall) as reading:
        location = await access.row(reading, models.Location, location_id, "location")
        return conditional(Location.model_validate(location))


@router.patch("/{mall}/locations/{location_id}", responses=refuses(DatesReversed, FloorInUse, LocationInUse))
async def change_location(
    mall: CurrentMall, location_id: UUID, body: LocationChanges, caller: Manager, edit: IfMatch
) -> Location:
    """Change the description of a building, and the last day on which it belongs to the mall.

    What is left out stays; `floors` is sent whole, and a floor on which counters stand cannot be left out
    (`floor_in_use`). The building stays the mall's today as long as counters stand in it (`location_in_use`); `ends_on`
    null: it has no end.
    """
    return await edit(mall, caller, Location, actions.change_location, location_id, edit.versions, body.given())
