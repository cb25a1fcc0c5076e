"""Malls."""

from typing import Annotated

from fastapi import APIRouter, Response

from app.actions import malls as actions
from app.database import PLATFORM_REF
from app.domain.calendar import HoursInvalid
from app.domain.callers import Caller
from app.domain.malls import SlugTaken
from app.domain.roles import Permission
from app.queries import malls as queries
from app.queries.paging import PageRequest
from app.schemas import malls as shapes
from app.schemas.base import Page
from app.schemas.malls import MallChanges, MallRequest
from app.web.callers import CurrentMall, TheHouse, needs, needs_on_platform
from app.web.declared import refuses
from app.web.etags import EditedVersion, Tagged
from app.web.paging import Listed, asked_for
from app.web.writing import Edits, Writes

router = APIRouter(prefix="/v1/malls", tags=["malls"])
Reader = Annotated[Caller, needs(Permission.READ_CATALOGUE)]
Manager = Annotated[Caller, needs(Permission.CHANGE_MALL)]


@router.get("")
async def list_malls(
    house: TheHouse,
    by: Annotated[Caller, needs_on_platform(Permission.READ_CATALOGUE)],
    asked: Annotated[PageRequest, asked_for("slug")],
    listed: Listed,
) -> Page[shapes.Mall]:
    """List the malls of this deployment."""
    async with house.database.reading() as reading:
        return listed(await queries.malls(reading.session, asked), asked, shapes.Mall)


@router.post("", status_code=201, responses=refuses(SlugTaken, HoursInvalid))
async def create_mall(
    body: MallRequest,
    by: Annotated[Caller, needs_on_platform(Permission.CREATE_MALLS)],
    write: Writes,
    response: Response,
) -> shapes.Mall:
    """Found a mall. It gets a journal of its own; its slug and time zone never change."""
    mall = await write(PLATFORM_REF, by, shapes.Mall, actions.create, **body.model_dump())
    response.headers["Location"] = f"/v1/malls/{mall.slug}"
    return mall


@router.get("/{mall}")
async def get_mall(mall: CurrentMall, by: Reader, house: TheHouse, fresh: Tagged) -> shapes.Mall:
    """Read a mall."""
    async with house.database.reading(mall) as reading:
        return fresh(shapes.Mall.model_validate(await queries.mall(reading)))


@router.patch("/{mall}")
async def change_mall(
    mall: CurrentMall, body: MallChanges, by: Manager, version: EditedVersion, write: Edits, fresh: Tagged
) -> shapes.Mall:
    """Change what a mall is called and who runs it."""
    return fresh(await write(mall, by, shapes.Mall, actions.change, version, body.given()))
