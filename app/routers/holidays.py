"""National holidays and collective leave of a mall."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from app import access, models
from app.actions import holidays as actions
from app.domain.callers import Caller
from app.domain.errors import UnknownReference
from app.domain.holidays import HolidayExists, HolidayKind
from app.domain.roles import Permission
from app.queries import holidays as queries
from app.schemas.base import FIRST_YEAR, LAST_YEAR, Page
from app.schemas.holidays import (
    Holiday,
    HolidayAcceptance,
    HolidayAcceptanceRequest,
    HolidayChanges,
    HolidayProposal,
    HolidayProposals,
    HolidayRequest,
)
from app.web.dependencies import Context, CurrentMall, needs
from app.web.etags import ConditionalGet
from app.web.idempotency import Command, IfMatch, Write, creates
from app.web.paging import ListPage, paged_by
from app.web.problems import refuses

router = APIRouter(prefix="/v1/malls/{mall}/calendar", tags=["malls"])
Reader = Annotated[Caller, needs(Permission.READ_CATALOGUE)]
Manager = Annotated[Caller, needs(Permission.CHANGE_MALL)]
Year = Query(ge=FIRST_YEAR, le=LAST_YEAR, examples=[2026])
Creation = Annotated[Write, creates("/v1/malls/{mall}/calendar/holidays/{id}")]


@router.get("/holidays")
async def list_holidays(
    mall: CurrentMall,
    caller: Reader,
    context: Context,
    page: Annotated[ListPage, paged_by("date")],
    year: Annotated[int | None, Year] = None,
    kind: HolidayKind | None = None,
) -> Page[Holiday]:
    """List the national holidays and days of collective leave, each with its source.

    They are listed by date, those of every year unless one is named. A day with `closes_mall: false` is in the calendar
    and the mall opens on it. Nothing is here by itself: a year's days are proposed at `/holiday-proposals`.
    """
    async with context.database.reading(mall) as reading:
        return page.of(Holiday, await queries.holidays(reading, page.asked, year=year, kind=kind))


@router.post("/holidays", status_code=201, responses=refuses(HolidayExists))
async def create_holiday(mall: CurrentMall, body: HolidayRequest, caller: Manager, command: Creation) -> Holiday:
    """Add a holiday or a day of collective leave. A day has at most one; where two coincide, its name says both."""
    return await command(mall, caller, Holiday, actions.create, **body.model_dump())


@router.get("/holiday-proposals")
async def list_holiday_proposals(
    mall: CurrentMall, caller: Manager, context: Context, year: Annotated[int, Year]
) -> HolidayProposals:
    """Show what accepting a year's proposals would add, change or open again.

    They come from the open `holidays` package: national holidays of any year, with Islamic dates estimated in advance
    and marked `estimated`, and collective leave of the years whose decree the package knows.
    """
    await queries.reckon(year)
    async with context.database.reading(mall) as reading:
        proposed = await queries.proposed(reading, year)
    shown = [{**vars(each.proposal), "state": each.state, "holiday_id": each.holiday_id} for each in proposed]
    return HolidayProposals(
        year=year, source=queries.SOURCE, proposals=[HolidayProposal.model_validate(each) for each in shown]
    )


@router.post("/holiday-proposals/acceptance", responses=refuses(HolidayExists, UnknownReference))
async def accept_holidays(
    mall: CurrentMall, body: HolidayAcceptanceRequest, caller: Manager, command: Command
) -> HolidayAcceptance:
    """Accept a year's proposals, all or some, in one act. What people entered, moved or renamed stays as it is.

    A `withdrawn` proposal is accepted by opening its day again: its holiday is deleted. What people deleted is added
    again only if its key is named.
    """
    await queries.reckon(body.year)
    return await command(mall, caller, HolidayAcceptance, actions.accept, **body.model_dump())


@router.get("/holidays/{holiday_id}")
async def get_holiday(
    mall: CurrentMall, holiday_id: UUID, caller: Reader, context: Context, conditional: ConditionalGet
) -> Holiday:
    """Read a holiday or a day of collective leave.

    `closes_mall` says whether the mall is closed on it, `estimated` whether the date may still move. Its ETag is what
    an edit sends as `If-Match`.
    """
    async with context.database.reading(mall) as reading:
        return conditional(Holiday.model_validate(await access.row(reading, models.Holiday, holiday_id, "holiday")))


@router.patch("/holidays/{holiday_id}", responses=refuses(HolidayExists))
async def change_holiday(
    mall: CurrentMall, holiday_id: UUID, body: HolidayChanges, caller: Manager, edit: IfMatch
) -> Holiday:
    """Change a holiday. When a decree moves it, change its date here; no later proposal moves it back.

    `closes_mall: false` lets the mall open on the day, which stays in the calendar. `estimated: false` and a `source`
    confirm the date; a later decree that moves it is proposed all the same. Only a new date, kind or name is kept for
    good.
    """
    return await edit(mall, caller, Holiday, actions.change, holiday_id, edit.versions, body.given())


@router.delete("/holidays/{holiday_id}", status_code=204)
async def delete_holiday(mall: CurrentMall, holiday_id: UUID, caller: Manager, edit: IfMatch) -> None:
    """Delete a holiday: its day is an ordinary day at once, and is not proposed as new again.

    To keep it in the calendar and open all the same, change it with `closes_mall: false`.
    """
    await edit.without_body(mall, caller, actions.delete, holiday_id, edit.versions)
