"""National holidays and collective leave of a mall."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app import access, models
from app.actions import holidays as actions
from app.domain.callers import Caller
from app.domain.errors import UnknownReference
from app.domain.holidays import HolidayExists, HolidayKind
from app.domain.roles import Permission
from app.queries import holidays as queries
from app.queries.paging import PageRequest
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
from app.web.callers import CurrentMall, TheHouse, needs
from app.web.declared import refuses
from app.web.etags import EditedVersion, Tagged
from app.web.paging import Listed, asked_for
from app.web.writing import Edits, Writes

router = APIRouter(prefix="/v1/malls/{mall}/calendar", tags=["malls"])
Reader = Annotated[Caller, needs(Permission.READ_CATALOGUE)]
Manager = Annotated[Caller, needs(Permission.CHANGE_MALL)]
Year = Query(ge=FIRST_YEAR, le=LAST_YEAR, examples=[2026])


@router.get("/holidays")
async def list_holidays(
    mall: CurrentMall,
    by: Reader,
    house: TheHouse,
    asked: Annotated[PageRequest, asked_for("on")],
    listed: Listed,
    year: Annotated[int | None, Year] = None,
    kind: HolidayKind | None = None,
) -> Page[Holiday]:
    """List the national holidays and days of collective leave, each with its source."""
    async with house.database.reading(mall) as reading:
        return listed(await queries.holidays(reading, asked, year=year, kind=kind), asked, Holiday)


@router.post("/holidays", status_code=201, responses=refuses(HolidayExists))
async def create_holiday(
    mall: CurrentMall, body: HolidayRequest, by: Manager, write: Writes, response: Response
) -> Holiday:
    """Enter a holiday or a day of collective leave. A day has one at the most; its name may say two."""
    holiday = await write(mall, by, Holiday, actions.add, **body.model_dump())
    response.headers["Location"] = f"/v1/malls/{mall.slug}/calendar/holidays/{holiday.id}"
    return holiday


@router.get("/holiday-proposals")
async def list_holiday_proposals(
    mall: CurrentMall, by: Manager, house: TheHouse, year: Annotated[int, Year]
) -> HolidayProposals:
    """Show what accepting a year's proposals would add or change.

    They come from the open `holidays` package: national holidays of any year, Islamic dates reckoned ahead and marked
    so, and collective leave of the years whose decree the package has.
    """
    await queries.reckon(year)
    async with house.database.reading(mall) as reading:
        proposed = await queries.proposed(reading, year)
    shown = [{**vars(each.proposal), "state": each.state, "holiday_id": each.holiday_id} for each in proposed]
    return HolidayProposals(
        year=year, source=queries.SOURCE, proposals=[HolidayProposal.model_validate(each) for each in shown]
    )


@router.post("/holiday-proposals/acceptance", responses=refuses(HolidayExists, UnknownReference))
async def accept_holidays(
    mall: CurrentMall, body: HolidayAcceptanceRequest, by: Manager, write: Writes
) -> HolidayAcceptance:
    """Take over a year's proposals, all or some, in one act. What was entered or changed by hand is left alone."""
    await queries.reckon(body.year)
    return await write(mall, by, HolidayAcceptance, actions.accept, **body.model_dump())


@router.get("/holidays/{holiday_id}")
async def get_holiday(mall: CurrentMall, holiday_id: UUID, by: Reader, house: TheHouse, fresh: Tagged) -> Holiday:
    """Read a holiday or a day of collective leave."""
    async with house.database.reading(mall) as reading:
        return fresh(Holiday.model_validate(await access.row(reading, models.Holiday, holiday_id, "holiday")))


@router.patch("/holidays/{holiday_id}", responses=refuses(HolidayExists))
async def change_holiday(
    mall: CurrentMall,
    holiday_id: UUID,
    body: HolidayChanges,
    by: Manager,
    version: EditedVersion,
    write: Edits,
    fresh: Tagged,
) -> Holiday:
    """Change a holiday. A decree that moves it is one edit, and no later proposal moves it back."""
    return fresh(await write(mall, by, Holiday, actions.change, holiday_id, version, body.given()))


@router.delete("/holidays/{holiday_id}", status_code=204)
async def delete_holiday(
    mall: CurrentMall, holiday_id: UUID, by: Manager, version: EditedVersion, write: Edits
) -> None:
    """Take a holiday away: its day is an ordinary one at once."""
    await write.nothing(mall, by, actions.remove, holiday_id, version)
