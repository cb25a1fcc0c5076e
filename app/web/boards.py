"""The board from memory: displays ask every few seconds, and nothing changes between most of these.

A picture is read once and given, encoded, to whoever asks for it, until it may be another: the mall was written by
this process, another process has moved the journal's head, or the clock has turned. So no answer is older than a write
that this process has acknowledged, and others' writes are seen within `LOOK_SECONDS`.
"""

import asyncio
import time
from dataclasses import dataclass, field
from datetime import datetime

from app import schemas
from app.database import Database
from app.domain.malls import MallRef
from app.domain.names import Language
from app.queries import system
from app.queries.board import Board, BoardFilter, board
from app.web.etags import etag
from app.web.problems import in_words

LOOK_SECONDS = 0.1
"""How long the heads of other processes' journals are believed."""
PICTURES = 64
"""How many parts of one building are remembered; displays stand in fewer."""


@dataclass(frozen=True)
class Shown:
    """A board as it goes out."""

    content: bytes
    etag: str


@dataclass
class Picture:
    """A board as it was read, and in which languages it was asked for."""

    board: Board
    written: int
    """How often this process had written the mall when the reading began."""
    shown: dict[Language, Shown] = field(default_factory=dict)

    def holds(self, written: int, head: int, now: datetime) -> bool:
        """Whether nothing can have changed since."""
        turns_at = self.board.changes_at
        return self.written >= written and self.board.sequence >= head and (turns_at is None or now < turns_at)

    def to(self, language: Language) -> Shown:
        """As a reader of this language sees it."""
        if language not in self.shown:
            content = _said(self.board, language).model_dump_json().encode()
            self.shown[language] = Shown(content, etag(content, language.value))
        return self.shown[language]


@dataclass
class _Mall:
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    pictures: dict[BoardFilter, Picture] = field(default_factory=dict)


class Boards:
    """The boards that one process remembers: `PICTURES` of a mall at the most."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._malls: dict[int, _Mall] = {}
        self._heads: dict[int, int] = {}
        self._looked_at = 0.0
        self._looking = asyncio.Lock()

    async def shown(self, mall: MallRef, wanted: BoardFilter, language: Language) -> Shown:
        """The board now. Whoever comes while it is read again waits for that one reading."""
        of_mall = self._malls.setdefault(mall.id, _Mall())
        written = self._database.written(mall.id)
        picture = of_mall.pictures.get(wanted)
        if picture is None or not await self._holds(picture, mall, written):
            async with of_mall.turn:
                picture = of_mall.pictures.get(wanted)
                if picture is None or not await self._holds(picture, mall, written):
                    picture = await self._read(mall, wanted, picture.board if picture else None)
                    of_mall.pictures.pop(wanted, None)
                    if len(of_mall.pictures) >= PICTURES:
                        del of_mall.pictures[next(iter(of_mall.pictures))]
                    of_mall.pictures[wanted] = picture
        return picture.to(language)

    def remembered(self, mall: MallRef) -> int:
        """How many parts of a mall are remembered."""
        return len(self._malls[mall.id].pictures)

    async def _holds(self, picture: Picture, mall: MallRef, written: int) -> bool:
        if time.monotonic() - self._looked_at > LOOK_SECONDS:
            async with self._looking:
                if time.monotonic() - self._looked_at > LOOK_SECONDS:
                    await self._look()
        return picture.holds(written, self._heads.get(mall.id, 0), self._database.now(mall.id))

    async def _look(self) -> None:
        """See how far the journals of the malls that are watched have gone, whoever wrote them."""
        began = time.monotonic()
        async with self._database.reading() as reading:
            self._heads = await system.sequences(reading.session, list(self._malls))
        self._looked_at = began

    async def _read(self, mall: MallRef, wanted: BoardFilter, before: Board | None) -> Picture:
        written = self._database.written(mall.id)
        async with self._database.reading(mall, snapshot=True) as reading:
            return Picture(await board(reading, wanted, before), written)


def _said(seen: Board, language: Language) -> schemas.Board:
    services = [
        {
            **vars(each),
            "closed_code": each.closed.code if each.closed else None,
            "closed_reason": in_words(each.closed, language) if each.closed else None,
        }
        for each in seen.services
    ]
    return schemas.Board.model_validate({**vars(seen), "services": services})
