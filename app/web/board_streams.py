"""Boards as streams: the whole board first, then what changes, as soon as it does and as the clock turns.

An event's id is made of the board that its reader then has, without the journal's sequence: whoever comes again with it
is sent what has changed since, or nothing, or the board anew, whichever process is asked.
"""

import asyncio
import json
import logging
import time
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from typing import Any, NamedTuple, NoReturn

from app.database import Database
from app.domain.malls import MallRef
from app.domain.names import Language
from app.errors import MallError, Unavailable
from app.feed import Feed
from app.queries.board import BoardFilter
from app.schemas.board import BoardChange
from app.web.boards import Boards, Picture
from app.web.frames import frame
from app.web.streams import Channel, Reader, push_to

log = logging.getLogger("mpp.streams")

REST_SECONDS = 0.1
"""Between two looks at a board that changes all the time: what comes meanwhile is one change."""
SHARE = 2
"""And so many times as long as the last one took: many readers leave time for others."""
CLOCK_SECONDS = 1
"""How often it is asked whether the clock has turned."""
AGAIN_SECONDS = 1
"""After so long a board is read again that could not be."""
RECENT = 64
"""How many changes are kept for who comes again."""
Said = Mapping[str, Any]


class _State(NamedTuple):
    """A board as its readers have it."""

    id: str
    said: Said
    picture: Picture


def change_of(before: Said, after: Said) -> Said | None:
    """What has changed on a board; None where that is not said in parts: the day has turned, or the services."""
    ids = [[each["service_id"] for each in said["services"]] for said in (before, after)]
    if before["service_day"] != after["service_day"] or ids[0] != ids[1]:
        return None
    lists = ("now_serving", "recently_called")
    known, new = ({each["number"]: each for name in lists for each in said[name]} for said in (before, after))
    services = zip(before["services"], after["services"], strict=True)
    return {
        **{name: after[name] for name in ("service_day", "sequence", "changes_at")},
        "tickets": [each for number, each in new.items() if known.get(number) != each],
        **{name: [each["number"] for each in after[name]] for name in lists},
        "services": [each for old, each in services if old != each],
    }


class BoardChannel(Channel):
    """One part of a mall's board in one language."""

    def __init__(self, streams: "BoardStreams", mall: MallRef, wanted: BoardFilter, language: Language) -> None:
        super().__init__()
        self._streams, self._mall, self._wanted, self._language = streams, mall, wanted, language
        self._recent = deque[tuple[str, bytes]](maxlen=RECENT)
        """The last changes, each with the id of the board that it changes."""
        self._state: _State | None = None
        self._task: asyncio.Task[NoReturn] | None = None

    async def ready(self) -> None:
        """Look at the board, unless it is followed already. Raises UnknownReference or Busy."""
        if not self.readers:
            picture = await self._streams.boards.shown(self._mall, self._wanted)
            if not self.readers:
                self._take(picture)

    async def begin(self, reader: Reader, last_event_id: str | None) -> None:
        """Push the board, or what has changed since the one that is known."""
        state = self._must_be_known()
        if last_event_id == state.id:
            return
        since = [number for number, (id_, _) in enumerate(self._recent) if id_ == last_event_id]
        if since:
            reader.push(b"".join(each for _, each in list(self._recent)[since[-1] :]))
        else:
            reader.push(frame("board", state.picture.to(self._language).content, state.id))

    def followed(self) -> None:
        """Follow the board."""
        if self._task is None:
            self._task = asyncio.create_task(self._follow())

    def left(self) -> None:
        """Follow it no more."""
        if self._task:
            self._task.cancel()
            self._task = None
        self._streams.forget(self)

    def _must_be_known(self) -> _State:
        if self._state is None:
            raise TypeError
        return self._state

    def _take(self, picture: Picture) -> bytes | None:
        """The board is as this picture shows it. Returns the event by which readers are told, where it is another."""
        shown, before = picture.in_(self._language), self._state
        said = shown.model_dump(mode="json")
        content = json.dumps({**said, "sequence": 0}, separators=(",", ":"))
        self._state = _State(sha256(content.encode()).hexdigest()[:16], said, picture)
        if before is None or before.id == self._state.id:
            return None
        if change := change_of(before.said, said):
            event = frame("change", BoardChange.model_validate(change).model_dump_json().encode(), self._state.id)
        else:
            event = frame("board", picture.to(self._language).content, self._state.id)
        self._recent.append((before.id, event))
        return event

    async def _follow(self) -> NoReturn:
        while True:
            await self._moves(self._must_be_known().picture)
            began = time.monotonic()
            try:
                if event := self._take(await self._streams.boards.shown(self._mall, self._wanted)):
                    await push_to(self.readers, event)
            except Unavailable:
                await asyncio.sleep(AGAIN_SECONDS)
            except MallError as refusal:  # the part that it shows is gone
                for each in list(self.readers):
                    each.refuse(refusal)
                await asyncio.sleep(AGAIN_SECONDS)
            except Exception:
                log.exception("a board cannot be read; it is read again")
                await asyncio.sleep(AGAIN_SECONDS)
            await asyncio.sleep(max(REST_SECONDS, SHARE * (time.monotonic() - began)))

    async def _moves(self, picture: Picture) -> None:
        """Wait until the board may be another: the journal has gone on, or the clock has turned."""
        sequence = picture.board.sequence
        while picture.holds(sequence, self._streams.database.now(self._mall.id)):
            with suppress(TimeoutError):
                async with asyncio.timeout(CLOCK_SECONDS):
                    await self._streams.feed.goes_beyond(self._mall.id, sequence)
                    return


class BoardStreams:
    """The boards that are read as streams in one process."""

    def __init__(self, database: Database, feed: Feed, boards: Boards) -> None:
        self.database, self.feed, self.boards = database, feed, boards
        self._channels: dict[tuple[int, BoardFilter, Language], BoardChannel] = {}

    async def channel(self, mall: MallRef, wanted: BoardFilter, language: Language) -> BoardChannel:
        """A part of a mall's board, as it is now. Raises UnknownReference or Busy."""
        key = mall.id, wanted, language
        channel = self._channels.get(key)
        if channel is None:
            channel = self._channels[key] = BoardChannel(self, mall, wanted, language)
        try:
            await channel.ready()
        except BaseException:
            if not channel.readers:
                self.forget(channel)
            raise
        return channel

    def forget(self, channel: BoardChannel) -> None:
        """Nobody reads it any more."""
        self._channels = {key: each for key, each in self._channels.items() if each is not channel}
