"""The feed: how far the followed journals have gone, and their new entries, asked once for all who follow them here.

Ten times a second while somebody follows, one statement asks for the heads of all followed malls; then the entries of
those that have moved are read, where somebody wants entries. What this process writes is known at its commit, without
asking. Nothing is listened for: NOTIFY needs a session of its own and is heard on one database server only.
"""

import asyncio
import contextlib
import logging
import math
import time
from collections import deque
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

from app.across_malls import ASK_SECONDS, across_malls
from app.database import Busy, Database
from app.journal import Entry
from app.queries import journals

log = logging.getLogger("mpp.feed")

LOOK_SECONDS = 0.1
"""How often the heads are asked for while somebody follows; each is believed for twice as long."""
AWAY_SECONDS = 1
"""How often a mall is asked that did not answer when others did."""
ASKED_SECONDS = 5
"""How long a mall is followed after somebody has asked for its head: displays ask every few seconds."""
PAUSE_SECONDS = 0.02
"""Between two rounds, so that what comes quickly is read together."""
RECENT = 200
"""How many of a mall's entries memory holds for its followers: minutes of the busiest mall."""
PAGE = 500
"""How many entries are read at once."""
CATCHING_UP = 2
"""How many followers who are further behind than memory reaches read at the same time."""


@dataclass(eq=False)
class _Followed:
    """What this process knows of one mall's journal. Times are those of `time.monotonic`."""

    mall_id: int
    recent: deque[Entry]
    """The last entries up to `read_to`, without a gap, while somebody follows them."""
    head: int = 0
    read_to: int = 0
    followers: int = 0
    watchers: int = 0
    """Who wants to know how far it is, and no entries."""
    asked_at: float = -math.inf
    looked_at: float = -math.inf
    """When the question was asked that `head` is the answer to."""
    failed_at: float = -math.inf
    """When the last question was asked that had no answer."""
    away: bool = False
    unread: bool = False
    """Whether its new entries could not be read when they were last asked for."""
    looked: asyncio.Event = field(default_factory=asyncio.Event)
    went: asyncio.Event = field(default_factory=asyncio.Event)
    """The head has gone on."""
    moved: asyncio.Event = field(default_factory=asyncio.Event)

    def after(self, sequence: int) -> list[Entry] | None:
        """The entries that follow this one, as far as they were read; None where memory does not reach back to it."""
        if sequence >= self.read_to:
            return []
        if not self.recent or self.recent[0].sequence > sequence + 1:
            return None
        found: list[Entry] = []
        for each in reversed(self.recent):
            if each.sequence <= sequence:
                break
            found.append(each)
        return found[::-1]


def _tell_waiting(event: asyncio.Event) -> None:
    """Let all go on who wait for it now; who comes later waits for the next time."""
    event.set()
    event.clear()


class Feed:
    """What one process knows of the journals that are followed in it."""

    def __init__(self, database: Database, *, look_seconds: float = LOOK_SECONDS, recent: int = RECENT) -> None:
        self._database = database
        self._look_seconds = look_seconds
        self._recent = recent
        self._malls: dict[int, _Followed] = {}
        self._woken = asyncio.Event()
        self._catching_up = asyncio.Semaphore(CATCHING_UP)
        database.on_commit(self._committed)

    async def run(self) -> None:
        """Ask and read for all who follow, until cancelled."""
        await asyncio.gather(self._keep_up(), self._keep_asking())

    async def head(self, mall_id: int) -> int:
        """How far the mall's journal has gone: at least to what this process has acknowledged.

        What others have written counts within two `look_seconds`. Raises Busy where the mall does not answer.
        """
        followed, asked_at = self._of(mall_id), time.monotonic()
        followed.asked_at = asked_at
        while followed.looked_at < asked_at - 2 * self._look_seconds:
            if followed.failed_at >= asked_at:
                raise Busy
            self._woken.set()
            await followed.looked.wait()
        return followed.head

    async def goes_beyond(self, mall_id: int, sequence: int) -> None:
        """Wait until the mall's journal has gone beyond this sequence; a mall that does not answer is waited for."""
        followed = self._of(mall_id)
        followed.watchers += 1
        self._woken.set()
        try:
            while followed.head <= sequence:
                await followed.went.wait()
        finally:
            followed.watchers -= 1

    async def follow(self, mall_id: int, after: int) -> AsyncGenerator[Sequence[Entry], None]:
        """The mall's entries from the one after this sequence on, in order, each once, some at a time, until closed.

        Whoever takes them slowly holds up nobody and loses nothing: what memory no longer holds is read again, by a
        few such followers at a time. A database that is away is waited for. Raises Busy where it is away at first.
        """
        await self.head(mall_id)
        followed = self._of(mall_id)
        if not followed.followers:  # nobody has kept the entries up to now
            followed.recent.clear()
            followed.read_to = followed.head
        followed.followers += 1
        self._woken.set()
        try:
            while True:
                entries = followed.after(after)
                if entries is None:
                    entries = await self._again(followed, after)
                elif not entries:
                    await followed.moved.wait()
                if entries:
                    yield entries
                    after = entries[-1].sequence
        finally:
            followed.followers -= 1

    def _of(self, mall_id: int) -> _Followed:
        if mall_id not in self._malls:
            self._malls[mall_id] = _Followed(mall_id, deque(maxlen=self._recent))
        return self._malls[mall_id]

    def _committed(self, mall_id: int, sequence: int) -> None:
        """This process has written: whoever follows the mall need not wait for the next question."""
        if followed := self._malls.get(mall_id):
            followed.head = max(followed.head, sequence)
            _tell_waiting(followed.went)
            if followed.followers:
                self._woken.set()

    def _wanted(self, *, away: bool) -> list[_Followed]:
        since = time.monotonic() - ASKED_SECONDS
        return [
            each
            for each in self._malls.values()
            if each.away is away and (each.followers or each.watchers or each.asked_at > since)
        ]

    async def _keep_up(self) -> NoReturn:
        """Follow the malls that answer: again after a while, and at once when woken."""
        while True:
            self._woken.clear()
            wanted = self._wanted(away=False)
            due = time.monotonic() - self._look_seconds / 2  # half: a timer may be early
            if any(each.looked_at < due for each in wanted):
                await self._look(wanted)
            await asyncio.gather(*(self._read(each) for each in wanted if each.followers))
            await asyncio.sleep(PAUSE_SECONDS)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._look_seconds - PAUSE_SECONDS if wanted else None):
                    await self._woken.wait()

    async def _keep_asking(self) -> NoReturn:
        """Ask the malls that do not answer while others do, where they keep nobody waiting."""
        while True:
            await asyncio.sleep(AWAY_SECONDS)
            await self._look(self._wanted(away=True))

    async def _look(self, wanted: Sequence[_Followed]) -> None:
        """Ask for the heads."""
        began = time.monotonic()
        known = {each.mall_id: each.head for each in wanted}
        try:
            heads, failures = await across_malls(self._database, list(known), journals.sequences)
        except Exception as error:  # noqa: BLE001  # told to who asks, and logged
            for each in wanted:
                self._failed(each, error, began)
            return
        for each in wanted:
            if each.mall_id in failures:
                each.away = True
                self._failed(each, failures[each.mall_id], began)
                continue
            # what was committed here meanwhile is newer than the answer; else the answer counts, also a lower one:
            # a database that was restored has forgotten what it said before
            found = heads.get(each.mall_id, 0)
            each.head = found if each.head == known[each.mall_id] else max(each.head, found)
            if each.away:  # it is kept up with again, also where nobody else was and that had gone to rest
                self._woken.set()
            if each.head > known[each.mall_id]:
                _tell_waiting(each.went)
            each.looked_at, each.away = began, False
            _tell_waiting(each.looked)

    async def _read(self, followed: _Followed) -> None:
        """Read the entries that are new, for all who follow them. What fails is tried again in the next round."""
        try:
            while followed.read_to < followed.head and (entries := await self._page(followed, followed.read_to)):
                followed.recent.extend(entries)
                followed.read_to = entries[-1].sequence
                _tell_waiting(followed.moved)
            followed.unread = False
        except Exception as error:  # noqa: BLE001  # logged
            if not followed.unread:
                log.warning(
                    "the entries of mall %s cannot be read; they are asked for again: %s", followed.mall_id, error
                )
            followed.unread = True

    async def _again(self, followed: _Followed, after: int) -> list[Entry]:
        """Read what memory does not hold; nothing where the mall does not answer, after a while."""
        entries: list[Entry] = []
        with contextlib.suppress(Busy, TimeoutError):
            async with self._catching_up:
                entries = await self._page(followed, after)
        if not entries:
            await followed.looked.wait()
        return entries

    async def _page(self, followed: _Followed, after: int) -> list[Entry]:
        async with asyncio.timeout(ASK_SECONDS), self._database.reading() as reading:
            return await journals.entries_after(reading.session, followed.mall_id, after, PAGE)

    def _failed(self, followed: _Followed, error: Exception, began: float) -> None:
        if followed.failed_at <= followed.looked_at:
            log.warning("mall %s does not answer; it is asked again: %s", followed.mall_id, error)
        followed.failed_at = began
        _tell_waiting(followed.looked)
