"""The board. It is requested most often, so it is the first route and has as few dependencies as possible."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.domain.callers import Caller
from app.domain.roles import Permission
from app.queries.board import BoardFilter
from app.schemas.base import FloorCode
from app.schemas.board import Board
from app.web.context import context_of
from app.web.dependencies import CurrentMall, ReadersLanguage, needs
from app.web.etags import MAY_BE_KNOWN, encoded

router = APIRouter(prefix="/v1/malls/{mall}/board", tags=["board"])


@router.get("", response_model=Board, responses=MAY_BE_KNOWN)
async def get_board(
    request: Request,
    mall: CurrentMall,
    caller: Annotated[Caller, needs(Permission.READ_CATALOGUE)],
    language: ReadersLanguage,
    floor: FloorCode | None = None,
    agency_id: UUID | None = None,
    counter_id: UUID | None = None,
) -> Response:
    """Show which numbers are served and were called, how many wait, and what is closed and why.

    Call texts come in both languages. Ask again with `If-None-Match`: an unchanged board answers 304.
    """
    shown = await context_of(request.app).boards.shown(mall, BoardFilter(floor, agency_id, counter_id), language)
    return encoded(request, shown, language)
