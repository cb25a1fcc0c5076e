"""The board from memory: displays ask every few seconds, and nothing changes between most of these.

A picture is read once and given, encoded, to whoever asks for it, until it may be another: the journal's head has
moved, or the clock has turned. The feed knows the head: so no answer is older than a write that this process has
acknowledged, and others' writes are seen within a fraction of a second.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from app.database import Database
from app.domain.malls import MallRef
from app.domain.names import Language
from app.feed import Feed
from app.queries.board import Board, BoardFilter, board
from app.schemas import board as board_schemas
from app.web.etags import Encoded, etag
from app.web.problems import in_words

PICTURES = 64
"""How many parts of one building are remembered; displays stand in fewer."""


@dataclass
class Picture:
    """A board as it was read, and in which languages it was asked for."""

    board: Board
    said: dict[Language, board_schemas.Board] = field(default_factory=dict)
    shown: dict[Language, Encoded] = field(default_factory=dict)

    def holds(self, head: int, now: datetime) -> bool:
        """Whether nothing can have changed since."""
        turns_at = self.board.changes_at
        return self.board.sequence >= head and (turns_at is None or now < turns_at)

    def in_(self, language: Language) -> board_schemas.Board:
        """As a reader of this language sees it."""
        if language not in self.said:
            self.said[language] = _said(self.board, language)
        return self.said[language]

    def to(self, language: Language) -> Encoded:
        """The same, encoded."""
        if language not in self.shown:
            content = self.in_(language).model_dump_json().encode()
            self.shown[language] = Encoded(content, etag(content, language.value))
        return self.shown[language]


class Boards:
    """The boards that one process remembers: `PICTURES` of a mall at the most."""

    def __init__(self, database: Database, feed: Feed) -> None:
        self._database = database
        self._feed = feed
        self._pictures: dict[int, dict[BoardFilter, Picture]] = {}
        self._under_way: dict[tuple[int, BoardFilter], asyncio.Task[None]] = {}

    async def shown(self, mall: MallRef, wanted: BoardFilter) -> Picture:
        """The board now. Whoever comes while it is read again waits for that reading, and for no second one after."""
        head = await self._feed.head(mall.id)
        pictures = self._pictures.setdefault(mall.id, {})
        while (picture := pictures.get(wanted)) is None or not picture.holds(head, self._database.now(mall.id)):
            await asyncio.shield(self._reading(mall, wanted))
        return picture

    def remembered(self, mall: MallRef) -> int:
        """How many parts of a mall are remembered."""
        return len(self._pictures[mall.id])

    def _reading(self, mall: MallRef, wanted: BoardFilter) -> asyncio.Task[None]:
        """One reading for all who ask meanwhile: they go on together, and none ends it by leaving."""
        key = mall.id, wanted
        if key not in self._under_way:
            self._under_way[key] = task = asyncio.create_task(self._read(mall, wanted))
            task.add_done_callback(partial(self._done, key))
        return self._under_way[key]

    def _done(self, key: tuple[int, BoardFilter], task: asyncio.Task[None]) -> None:
        del self._under_way[key]
        if not task.cancelled():
            task.exception()  # told to who waits, if anybody

    async def _read(self, mall: MallRef, wanted: BoardFilter) -> None:
        pictures = self._pictures[mall.id]
        before = pictures.get(wanted)
        async with self._database.reading(mall, snapshot=True) as reading:
            seen = await board(reading, wanted, before.board if before else None)
        pictures.pop(wanted, None)
        if len(pictures) >= PICTURES:
            del pictures[next(iter(pictures))]
        pictures[wanted] = Picture(seen)


def _said(seen: Board, language: Language) -> board_schemas.Board:
    services = [
        {
            **vars(each),
            "closed_code": each.closed.code if each.closed else None,
            "closed_reason": in_words(each.closed, language) if each.closed else None,
        }
        for each in seen.services
    ]
    return board_schemas.Board.model_validate({**vars(seen), "services": services})
