"""The board. It is requested most often, so it is the first route and has as few dependencies as possible."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.domain.callers import Caller
from app.domain.devices import DeviceKind
from app.domain.errors import UnknownReference
from app.domain.malls import MallRef
from app.domain.roles import Permission
from app.queries import board as queries
from app.queries.board import BoardFilter
from app.schemas.base import FloorCode
from app.schemas.board import Board, BoardChange, BoardWords
from app.web.context import context_of
from app.web.dependencies import Context, CurrentMall, ReadersLanguage, needs, streams_of
from app.web.etags import MAY_BE_KNOWN, ConditionalGet, encoded
from app.web.kept_pages import KEPT, changes
from app.web.problems import refuses

router = APIRouter(prefix="/v1/malls/{mall}/board", tags=["board"])
Reader = Annotated[Caller, needs(Permission.READ_CATALOGUE)]
LocationId = Annotated[
    UUID | None,
    Query(description="Calls to the counters of this building, and what they serve; a display's own by default"),
]
Floor = Annotated[
    FloorCode | None, Query(description="Only this floor of the building; without a building, of any that has it")
]
AgencyId = Annotated[UUID | None, Query(description="Only this agency")]
CounterId = Annotated[UUID | None, Query(description="Only this counter, whichever building it is in")]


@router.get("", response_model=Board, responses=MAY_BE_KNOWN | refuses(UnknownReference), dependencies=[KEPT])
async def get_board(
    request: Request,
    mall: CurrentMall,
    caller: Reader,
    language: ReadersLanguage,
    location_id: LocationId = None,
    floor: Floor = None,
    agency_id: AgencyId = None,
    counter_id: CounterId = None,
) -> Response:
    """Show which numbers are served and were called, how many wait, and what is closed and why.

    Call texts come in both languages; `language` is the visitor's. A display sounds when the `called_at` of an entry
    changes. What the mall does not have is refused by name, never shown as an empty board. Ask again with
    `If-None-Match`: an unchanged board answers 304.
    """
    wanted = _part(mall, caller, location_id, floor, agency_id, counter_id)
    picture = await context_of(request.app).boards.shown(mall, wanted)
    changes(request, picture.board.changes_at)
    return encoded(request, picture.to(language), language)


@router.get("/stream", responses=refuses(UnknownReference), dependencies=[streams_of(board=Board, change=BoardChange)])
async def stream_board(
    request: Request,
    mall: CurrentMall,
    caller: Reader,
    language: ReadersLanguage,
    context: Context,
    location_id: LocationId = None,
    floor: Floor = None,
    agency_id: AgencyId = None,
    counter_id: CounterId = None,
) -> Response:
    """Follow the board as a stream of events, instead of asking for it again and again.

    `board` is the whole board, as `get_board` answers with the same parameters; the first one comes at once. `change`
    says what is different since the event before: tickets that were called, how many wait, what has opened or closed,
    by an act or by the clock. Changes that follow each other within a tenth of a second come as one.
    """
    wanted = _part(mall, caller, location_id, floor, agency_id, counter_id)
    channel = await context.board_streams.channel(mall, wanted, language)
    return context.streams.answer(request, mall, channel, language)


def _part(  # what the query says
    mall: MallRef,
    caller: Caller,
    location_id: UUID | None,
    floor: str | None,
    agency_id: UUID | None,
    counter_id: UUID | None,
) -> BoardFilter:
    """The part of the board that is asked for."""
    if location_id is None and counter_id is None and caller.plays(DeviceKind.DISPLAY, mall.id):
        location_id = caller.location_id
    return BoardFilter(location_id, floor, agency_id, counter_id)


@router.get("/words", dependencies=[KEPT])
async def get_board_words(
    mall: CurrentMall,
    caller: Reader,  # who may is asked by it
    context: Context,
    conditional: ConditionalGet,
) -> BoardWords:
    """List every token that the mall's calls are spoken with today, in both languages.

    It is what a display must have recorded. It changes with the counters: a new name may bring a new word.
    """
    async with context.database.reading(mall) as reading:
        return conditional(BoardWords.model_validate(await queries.words(reading)))
