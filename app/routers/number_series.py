"""Number series."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from app import access, models
from app.actions import number_series as actions
from app.domain.agencies import AgencyRetired
from app.domain.callers import Caller
from app.domain.errors import UnknownReference
from app.domain.number_series import PrefixTaken
from app.domain.roles import Permission
from app.queries import number_series as queries
from app.queries.paging import PageRequest
from app.schemas.base import Page
from app.schemas.number_series import NumberSeries, NumberSeriesChanges, NumberSeriesRequest
from app.web.callers import CurrentMall, TheHouse, needs
from app.web.declared import refuses
from app.web.etags import EditedVersion, Tagged
from app.web.paging import Listed, Whose, asked_for
from app.web.writing import Edits, Writes

router = APIRouter(prefix="/v1/malls/{mall}", tags=["services"])


Reader = Annotated[Caller, needs(Permission.READ_CATALOGUE)]


Writer = Annotated[Caller, needs(Permission.CHANGE_SERVICES)]


@router.get("/number-series")
async def list_number_series(
    mall: CurrentMall,
    by: Annotated[Caller, needs(Permission.READ_NUMBER_SERIES)],
    house: TheHouse,
    asked: Annotated[PageRequest, asked_for("prefix")],
    listed: Listed,
    whose: Whose,
) -> Page[NumberSeries]:
    """List the lines of ticket numbers and their prefixes."""
    async with house.database.reading(mall) as reading:
        return listed(await queries.number_series(reading, asked, whose), asked, NumberSeries)


@router.post("/number-series", status_code=201, responses=refuses(PrefixTaken, UnknownReference, AgencyRetired))
async def create_number_series(
    mall: CurrentMall, body: NumberSeriesRequest, by: Writer, write: Writes, response: Response
) -> NumberSeries:
    """Begin a line of ticket numbers. An agency's manager begins one for the own agency."""
    series = await write(mall, by, NumberSeries, actions.create_series, **body.model_dump())
    response.headers["Location"] = f"/v1/malls/{mall.slug}/number-series/{series.id}"
    return series


@router.get("/number-series/{series_id}")
async def get_number_series(
    mall: CurrentMall,
    series_id: UUID,
    by: Annotated[Caller, needs(Permission.READ_NUMBER_SERIES)],
    house: TheHouse,
    fresh: Tagged,
) -> NumberSeries:
    """Read a line of ticket numbers."""
    async with house.database.reading(mall) as reading:
        series = await access.row(reading, models.NumberSeries, series_id, "number_series")
        return fresh(NumberSeries.model_validate(series))


@router.patch("/number-series/{series_id}")
async def change_number_series(
    mall: CurrentMall,
    series_id: UUID,
    body: NumberSeriesChanges,
    by: Writer,
    version: EditedVersion,
    write: Edits,
    fresh: Tagged,
) -> NumberSeries:
    """Change what a line of ticket numbers is called."""
    return fresh(await write(mall, by, NumberSeries, actions.change_series, series_id, version, body.given()))
