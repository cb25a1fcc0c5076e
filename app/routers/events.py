"""What has happened in the mall, for systems that must not miss anything."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from app.domain.callers import Caller
from app.domain.events import TOLD, recipient
from app.domain.roles import Permission
from app.queries import events as queries
from app.queries.events import EventFilter
from app.schemas.events import EventPage, EventType
from app.web.dependencies import Context, CurrentMall, needs
from app.web.paging import FromAPlace, OfAgency

router = APIRouter(prefix="/v1/malls/{mall}/events", tags=["events"])
Reader = Annotated[Caller, needs(Permission.READ_EVENTS)]


@router.get("")
async def list_events(
    mall: CurrentMall,
    caller: Reader,
    context: Context,
    page: FromAPlace,
    agency: OfAgency,
    type: Annotated[  # noqa: A002  # its name on the wire
        list[EventType] | None, Query(description="Only events of this type; repeat it for several")
    ] = None,
    subject: Annotated[UUID | None, Query(description="Only what is about the thing with this id")] = None,
) -> EventPage:
    """List what has happened, in the order in which it did, from where you left off.

    Keep `next_cursor` with what you have done, and go on from it after any pause: nothing is missed and nothing comes
    twice. A page looks through a bounded stretch of the journal: one without events may be followed by one with some,
    as `has_more` says. You see what is for you: the mall's people everything, an agency's people and systems what is
    their agency's or all agencies', a display that the board has changed. A place that the journal does not have
    (another mall's, or one of after the backup that was restored) is `cursor_unknown`: read the state anew, and go on
    from `now`.
    """
    told = recipient(caller, mall.id)
    async with context.database.reading(mall) as reading:
        if page.after is None:
            return page.of([], await queries.place(reading))
        wanted = EventFilter([TOLD[each] for each in type or ()], subject, agency)
        found = await queries.events(reading, told, wanted, page.after, member=page.member, limit=page.limit)
    data = [each.envelope(board_only=told.board_only) for each in found.data]
    return page.of(data, found.next_cursor, has_more=found.has_more)
