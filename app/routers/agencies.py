"""Agencies."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app import access, models
from app.actions import agencies as actions
from app.domain.agencies import AgencyCategory
from app.domain.calendar import HoursInvalid
from app.domain.callers import Caller
from app.domain.errors import CodeTaken
from app.domain.roles import Permission
from app.queries import agencies as queries
from app.queries.paging import PageRequest
from app.schemas.agencies import Agency, AgencyChanges, AgencyRequest
from app.schemas.base import Code, Day, Page
from app.web.callers import CurrentMall, TheHouse, needs
from app.web.declared import refuses
from app.web.etags import EditedVersion, Tagged
from app.web.paging import Listed, asked_for
from app.web.writing import Edits, Writes

router = APIRouter(prefix="/v1/malls/{mall}")
Reader = Annotated[Caller, needs(Permission.READ_CATALOGUE)]
Cataloguer = Annotated[Caller, needs(Permission.CHANGE_AGENCIES)]
JoiningReader = Annotated[Caller, needs(Permission.READ_JOINING)]
Joiner = Annotated[Caller, needs(Permission.CHANGE_JOINING)]
On = Annotated[
    Day | None,
    Query(description="Any day of the mall, past or to come; today unless given. A past day means its last instant"),
]


@router.get("/agencies", tags=["agencies"])
async def list_agencies(
    mall: CurrentMall,
    by: Reader,
    house: TheHouse,
    asked: Annotated[PageRequest, asked_for("code", "id")],
    listed: Listed,
    category: AgencyCategory | None = None,
    code: Code | None = None,
    retired: Annotated[bool, Query(description="The retired ones, instead of the living")] = False,
) -> Page[Agency]:
    """List the agencies of the mall, members and not, with their standing today."""
    async with house.database.reading(mall) as reading:
        found = await queries.agencies(reading, by, asked, category=category, code=code, retired=retired)
        return listed(found, asked, Agency)


@router.post("/agencies", tags=["agencies"], status_code=201, responses=refuses(CodeTaken, HoursInvalid))
async def create_agency(
    mall: CurrentMall, body: AgencyRequest, by: Cataloguer, write: Writes, response: Response
) -> Agency:
    """Put an agency into the catalogue. It becomes a member by an agreement in force, not by this."""
    agency = await write(mall, by, Agency, actions.create, **body.model_dump())
    response.headers["Location"] = f"/v1/malls/{mall.slug}/agencies/{agency.id}"
    return agency


@router.get("/agencies/{agency_id}", tags=["agencies"])
async def get_agency(mall: CurrentMall, agency_id: UUID, by: Reader, house: TheHouse, fresh: Tagged) -> Agency:
    """Read an agency. Contacts are shown to who may read its joining, and null to others."""
    async with house.database.reading(mall) as reading:
        agency = await access.row(reading, models.Agency, agency_id, "agency")
        return fresh(Agency.model_validate((await queries.views(reading, by, [agency]))[0]))


@router.patch("/agencies/{agency_id}", tags=["agencies"], responses=refuses(HoursInvalid))
async def change_agency(
    mall: CurrentMall,
    agency_id: UUID,
    body: AgencyChanges,
    by: Cataloguer,
    version: EditedVersion,
    write: Edits,
    fresh: Tagged,
) -> Agency:
    """Change how an agency is described. Its code never changes."""
    return fresh(await write(mall, by, Agency, actions.change, agency_id, version, body.given()))
