"""Membership on any day."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.domain.callers import Caller
from app.domain.roles import Permission
from app.queries import members
from app.schemas.base import Day, Page
from app.schemas.members import MouStatus
from app.web.dependencies import Context, CurrentMall, needs
from app.web.kept_pages import KEPT
from app.web.paging import ListPage, OfAgency, paged_by

router = APIRouter(prefix="/v1/malls/{mall}")
Reader = Annotated[Caller, needs(Permission.READ_CATALOGUE)]
On = Annotated[
    Day | None,
    Query(description="Any local day, past or future; today if left out. A past day means its last instant"),
]


@router.get("/mou-status", tags=["joining"], dependencies=[KEPT])
async def list_mou_status(
    mall: CurrentMall,
    caller: Reader,
    context: Context,
    page: Annotated[ListPage, paged_by("code")],
    agency: OfAgency,
    on: On = None,
) -> Page[MouStatus]:
    """List every agency with its membership, agreement number, term and days left, on any day.

    `days_left` counts the days after that one on which the agreement is still effective: 0 is its last day; null: it
    has no end, or none is effective. An agency without an agreement is listed with nulls, and with what its invitation
    says.
    """
    async with context.database.reading(mall) as reading:
        return page.of(MouStatus, await members.mou_status(reading, on or reading.today, page.asked, of=agency))


@router.get("/members", tags=["joining"], dependencies=[KEPT])
async def list_members(
    mall: CurrentMall,
    caller: Reader,
    context: Context,
    page: Annotated[ListPage, paged_by("code")],
    agency: OfAgency,
    on: On = None,
) -> Page[MouStatus]:
    """List the agencies whose membership is in force on a day.

    They have the same shape as in `/mou-status`, which lists all other agencies, too. An agency is in force by any one
    agreement that is signed, within its term, and not suspended or terminated on the day.
    """
    async with context.database.reading(mall) as reading:
        return page.of(
            MouStatus, await members.mou_status(reading, on or reading.today, page.asked, members_only=True, of=agency)
        )
