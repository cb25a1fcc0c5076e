"""The board from memory: displays ask every few seconds, and nothing changes between most of these.

A picture is read once and given, encoded, to whoever asks for it, until it may be another: the mall was written by
this process, another process has moved the journal's head, or the clock has turned. So no answer is older than a write
that this process has acknowledged, and others' writes are seen within two `LOOK_SECONDS`.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from app.database import Database
from app.domain.malls import MallRef
from app.domain.names import Language
from app.queries import journals
from app.queries.board import Board, BoardFilter, board
from app.schemas import board as board_schemas
from app.web.etags import Encoded, etag
from app.web.problems import in_words

LOOK_SECONDS = 0.1
"""How often the heads of other processes' journals are looked at, while somebody reads; believed for twice as long."""
PICTURES = 64
"""How many parts of one building are remembered; displays stand in fewer."""


@dataclass
class Picture:
    """A board as it was read, and in which languages it was asked for."""

    board: Board
    written: int
    """How often this process had written the mall when the reading began."""
    shown: dict[Language, Encoded] = field(default_factory=dict)

    def holds(self, written: int, head: int, now: datetime) -> bool:
        """Whether nothing can have changed since."""
        turns_at = self.board.changes_at
        return self.written >= written and self.board.sequence >= head and (turns_at is None or now < turns_at)

    def to(self, language: Language) -> Encoded:
        """As a reader of this language sees it."""
        if language not in self.shown:
            content = _said(self.board, language).model_dump_json().encode()
            self.shown[language] = Encoded(content, etag(content, language.value))
        return self.shown[language]


class Boards:
    """The boards that one process remembers: `PICTURES` of a mall at the most."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._pictures: dict[int, dict[BoardFilter, Picture]] = {}
        self._heads: dict[int, int] = {}
        self._looked_at = 0.0
        self._under_way: dict[object, asyncio.Task[None]] = {}

    async def shown(self, mall: MallRef, wanted: BoardFilter, language: Language) -> Encoded:
        """The board now. Whoever comes while it is read again waits for that reading, and for no second one after."""
        pictures = self._pictures.setdefault(mall.id, {})
        written = self._database.written(mall.id)
        age = time.monotonic() - self._looked_at
        if age > LOOK_SECONDS:
            looking = self._begun("look", self._look)
            if age > 2 * LOOK_SECONDS:
                await asyncio.shield(looking)
        head = self._heads.get(mall.id, 0)
        while (picture := pictures.get(wanted)) is None or not picture.holds(
            written, head, self._database.now(mall.id)
        ):
            await asyncio.shield(self._begun((mall.id, wanted), partial(self._read, mall, wanted)))
        return picture.to(language)

    def remembered(self, mall: MallRef) -> int:
        """How many parts of a mall are remembered."""
        return len(self._pictures[mall.id])

    def _begun(self, what: object, work: Callable[[], Awaitable[None]]) -> asyncio.Task[None]:
        """Something done once for all who ask meanwhile: they go on together, and none ends it by leaving."""
        if what not in self._under_way:
            self._under_way[what] = task = asyncio.create_task(self._done(what, work))
            task.add_done_callback(lambda done: done.cancelled() or done.exception())  # told to who waits, if anybody
        return self._under_way[what]

    async def _done(self, what: object, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        finally:
            del self._under_way[what]

    async def _look(self) -> None:
        """See how far the journals of the malls that are watched have gone, whoever wrote them."""
        began = time.monotonic()
        async with self._database.reading() as reading:
            self._heads = await journals.sequences(reading.session, list(self._pictures))
        self._looked_at = began

    async def _read(self, mall: MallRef, wanted: BoardFilter) -> None:
        pictures, written = self._pictures[mall.id], self._database.written(mall.id)
        before = pictures.get(wanted)
        async with self._database.reading(mall, snapshot=True) as reading:
            seen = await board(reading, wanted, before.board if before else None)
        pictures.pop(wanted, None)
        if len(pictures) >= PICTURES:
            del pictures[next(iter(pictures))]
        pictures[wanted] = Picture(seen, written)


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
