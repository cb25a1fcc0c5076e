"""Number series."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from app import access, models
from app.actions import number_series as actions
from app.domain.agencies import AgencyRetired
from app.domain.callers import Caller
from app.domain.errors import UnknownReference
from app.domain.number_series import PrefixTaken
from app.domain.roles import Permission
from app.queries import number_series as number_serie_queries
from app.schemas.base import Page
from app.schemas.number_series import NumberSeries, NumberSeriesChanges, NumberSeriesRequest
from app.web.dependencies import Context, CurrentMall, needs
from app.web.etags import ConditionalGet
from app.web.idempotency import IfMatch, Write, creates
from app.web.paging import ListPage, OfAgency, paged_by
from app.web.problems import refuses

router = APIRouter(prefix="/v1/malls/{mall}", tags=["services"])
Reader = Annotated[Caller, needs(Permission.READ_CATALOGUE)]
Writer = Annotated[Caller, needs(Permission.CHANGE_SERVICES)]
Creation = Annotated[Write, creates("/v1/malls/{mall}/number-series/{id}")]


@router.get("/number-series")
async def list_number_series(
    mall: CurrentMall,
    caller: Annotated[Caller, needs(Permission.READ_NUMBER_SERIES)],
    context: Context,
    page: Annotated[ListPage, paged_by("prefix")],
    agency: OfAgency,
) -> Page[NumberSeries]:
    """List the number series and their prefixes.

    Numbers begin with 1 in every series on every service day. With an agency, only its own ones; a series without
    `agency_id` is shared, and any agency's service may use it.
    """
    async with context.database.reading(mall) as reading:
        return page.of(NumberSeries, await number_serie_queries.number_series(reading, page.asked, agency))


@router.post("/number-series", status_code=201, responses=refuses(PrefixTaken, UnknownReference, AgencyRetired))
async def create_number_series(
    mall: CurrentMall, body: NumberSeriesRequest, caller: Writer, command: Creation
) -> NumberSeries:
    """Create a number series. An agency's manager creates one for their own agency."""
    return await command(mall, caller, NumberSeries, actions.create_series, **body.model_dump())


@router.get("/number-series/{series_id}")
async def get_number_series(
    mall: CurrentMall,
    series_id: UUID,
    caller: Annotated[Caller, needs(Permission.READ_NUMBER_SERIES)],
    context: Context,
    conditional: ConditionalGet,
) -> NumberSeries:
    """Read a number series.

    `looks_like_digits` warns of a prefix that people misread. Its ETag is what an edit sends as `If-Match`.
    """
    async with context.database.reading(mall) as reading:
        series = await access.row(reading, models.NumberSeries, series_id, "number_series")
        return conditional(NumberSeries.model_validate(series))


@router.patch("/number-series/{series_id}")
async def change_number_series(
    mall: CurrentMall, series_id: UUID, body: NumberSeriesChanges, caller: Writer, edit: IfMatch
) -> NumberSeries:
    """Change the name of a number series.

    The prefix never changes: it is on paper. A shared series is the mall manager's to change; an agency's manager
    changes those of their own agency.
    """
    return await edit(mall, caller, NumberSeries, actions.change_series, series_id, edit.versions, body.given())
