"""Agencies."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from app import access, models
from app.actions import agencies as actions
from app.domain.agencies import AgencyCategory
from app.domain.callers import Caller
from app.domain.errors import CodeTaken
from app.domain.hours import HoursInvalid
from app.domain.roles import Permission
from app.queries import agencies as queries
from app.schemas.agencies import Agency, AgencyChanges, AgencyRequest
from app.schemas.base import Code, Day, Page
from app.web.dependencies import Context, CurrentMall, needs
from app.web.etags import ConditionalGet
from app.web.idempotency import IfMatch, Write, creates
from app.web.kept_pages import KEPT
from app.web.paging import ListPage, paged_by
from app.web.problems import refuses

router = APIRouter(prefix="/v1/malls/{mall}")
Reader = Annotated[Caller, needs(Permission.READ_CATALOGUE)]
Cataloguer = Annotated[Caller, needs(Permission.CHANGE_AGENCIES)]
JoiningReader = Annotated[Caller, needs(Permission.READ_JOINING)]
Joiner = Annotated[Caller, needs(Permission.CHANGE_JOINING)]
On = Annotated[
    Day | None,
    Query(description="Any local day, past or future; today if left out. A past day means its last instant"),
]
Creation = Annotated[Write, creates("/v1/malls/{mall}/agencies/{id}")]


@router.get("/agencies", tags=["agencies"], dependencies=[KEPT])
async def list_agencies(
    mall: CurrentMall,
    caller: Reader,
    context: Context,
    page: Annotated[ListPage, paged_by("code", "id")],
    category: AgencyCategory | None = None,
    code: Code | None = None,
    retired: Annotated[bool, Query(description="True: the retired ones; false: all others")] = False,
) -> Page[Agency]:
    """List the agencies of the mall, members or not, each with its membership today.

    It is for names and contacts; for terms, numbers and days left there is `/mou-status`.
    """
    async with context.database.reading(mall) as reading:
        found = await queries.agencies(reading, caller, page.asked, category=category, code=code, retired=retired)
        return page.of(Agency, found)


@router.post("/agencies", tags=["agencies"], status_code=201, responses=refuses(CodeTaken, HoursInvalid))
async def create_agency(mall: CurrentMall, body: AgencyRequest, caller: Cataloguer, command: Creation) -> Agency:
    """Add an agency to the catalogue. This does not make it a member; an agreement in force does."""
    return await command(mall, caller, Agency, actions.create, **body.model_dump())


@router.get("/agencies/{agency_id}", tags=["agencies"], dependencies=[KEPT])
async def get_agency(
    mall: CurrentMall, agency_id: UUID, caller: Reader, context: Context, conditional: ConditionalGet
) -> Agency:
    """Read an agency. Its contact is null for callers who may not read its invitations and agreements."""
    async with context.database.reading(mall) as reading:
        agency = await access.row(reading, models.Agency, agency_id, "agency")
        return conditional(Agency.model_validate((await queries.views(reading, caller, [agency]))[0]))


@router.patch("/agencies/{agency_id}", tags=["agencies"], responses=refuses(HoursInvalid))
async def change_agency(
    mall: CurrentMall, agency_id: UUID, body: AgencyChanges, caller: Cataloguer, edit: IfMatch
) -> Agency:
    """Change the description of an agency. Its code never changes."""
    return await edit(mall, caller, Agency, actions.change, agency_id, edit.versions, body.given())
