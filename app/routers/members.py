"""Membership on any day."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.domain.callers import Caller
from app.domain.roles import Permission
from app.queries import members
from app.queries.paging import PageRequest
from app.schemas.base import Day, Page
from app.schemas.members import MouStatus
from app.web.callers import CurrentMall, TheHouse, needs
from app.web.paging import Listed, Whose, asked_for

router = APIRouter(prefix="/v1/malls/{mall}")


Reader = Annotated[Caller, needs(Permission.READ_CATALOGUE)]


On = Annotated[
    Day | None,
    Query(description="Any day of the mall, past or to come; today unless given. A past day means its last instant"),
]


@router.get("/mou-status", tags=["joining"])
async def list_mou_status(
    mall: CurrentMall,
    by: Reader,
    house: TheHouse,
    asked: Annotated[PageRequest, asked_for("code")],
    listed: Listed,
    whose: Whose,
    on: On = None,
) -> Page[MouStatus]:
    """List every agency with its membership, agreement number, term and days left, on any day."""
    async with house.database.reading(mall) as reading:
        return listed(await members.mou_status(reading, on or reading.today, asked, of=whose), asked, MouStatus)


@router.get("/members", tags=["joining"])
async def list_members(
    mall: CurrentMall,
    by: Reader,
    house: TheHouse,
    asked: Annotated[PageRequest, asked_for("code")],
    listed: Listed,
    whose: Whose,
    on: On = None,
) -> Page[MouStatus]:
    """List the agencies whose membership is in force on a day."""
    async with house.database.reading(mall) as reading:
        return listed(
            await members.mou_status(reading, on or reading.today, asked, members_only=True, of=whose),
            asked,
            MouStatus,
        )
