"""Malls."""

from typing import Annotated

from fastapi import APIRouter

from app.actions import malls as actions
from app.database import PLATFORM_REF
from app.domain.callers import Caller
from app.domain.hours import HoursInvalid
from app.domain.malls import SlugTaken
from app.domain.roles import Permission
from app.queries import malls as queries
from app.schemas import malls as shapes
from app.schemas.base import Page
from app.schemas.malls import MallChanges, MallRequest
from app.web.dependencies import Context, CurrentMall, needs, needs_on_platform
from app.web.etags import ConditionalGet
from app.web.idempotency import IfMatch, Write, creates
from app.web.kept_pages import KEPT
from app.web.paging import ListPage, paged_by
from app.web.problems import refuses

router = APIRouter(prefix="/v1/malls", tags=["malls"])
Reader = Annotated[Caller, needs(Permission.READ_CATALOGUE)]
Manager = Annotated[Caller, needs(Permission.CHANGE_MALL)]
Creation = Annotated[Write, creates("/v1/malls/{slug}")]


@router.get("")
async def list_malls(
    context: Context,
    caller: Annotated[Caller, needs_on_platform(Permission.READ_CATALOGUE)],
    page: Annotated[ListPage, paged_by("slug")],
) -> Page[shapes.Mall]:
    """List the malls of this deployment.

    No credentials are needed. The `slug` is what stands for the mall in every other path.
    """
    async with context.database.reading() as reading:
        return page.of(shapes.Mall, await queries.malls(reading.session, page.asked))


@router.post("", status_code=201, responses=refuses(SlugTaken, HoursInvalid))
async def create_mall(
    body: MallRequest, caller: Annotated[Caller, needs_on_platform(Permission.CREATE_MALLS)], command: Creation
) -> shapes.Mall:
    """Create a mall. It gets its own journal; its slug and time zone never change."""
    return await command(PLATFORM_REF, caller, shapes.Mall, actions.create, **body.model_dump())


@router.get("/{mall}", dependencies=[KEPT])
async def get_mall(mall: CurrentMall, caller: Reader, context: Context, conditional: ConditionalGet) -> shapes.Mall:
    """Read a mall.

    Its `time_zone` is what all dates and `service_day` mean; it never changes, so read it once.
    """
    async with context.database.reading(mall) as reading:
        return conditional(shapes.Mall.model_validate(await queries.mall(reading)))


@router.patch("/{mall}")
async def change_mall(mall: CurrentMall, body: MallChanges, caller: Manager, edit: IfMatch) -> shapes.Mall:
    """Change the name, the region or the operator of a mall.

    Whether tickets go to other agencies and how long they can be reopened is changed here, too. What is left out stays.
    The slug and the time zone never change; the weekly hours are changed at `/calendar`.
    """
    return await edit(mall, caller, shapes.Mall, actions.change, edit.versions, body.given())
