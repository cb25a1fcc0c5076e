"""Visitors' own tickets as streams: the ticket first, then whenever anything of it changes, until it is over.

All tickets of a mall that somebody looks on at are read together. A ticket that something has happened to is read at
once; what follows for the others (their places, how long they wait) comes with the next look at all of them, which
takes a small part of the time, however many look on.
"""

import asyncio
import logging
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from hashlib import sha256
from typing import NoReturn
from uuid import UUID

from app.database import Database
from app.domain.calendar import service_day
from app.domain.callers import Caller
from app.domain.malls import MallRef
from app.domain.streams import EndReason
from app.domain.tickets import TicketStatus
from app.errors import Unavailable
from app.feed import Feed
from app.queries import journals
from app.queries import tickets as queries
from app.schemas.tickets import OwnTicket
from app.web.frames import frame
from app.web.streams import Channel, Reader

log = logging.getLogger("mpp.streams")

REST_SECONDS = 0.2
"""Between two looks at the tickets that something has happened to."""
ALL_SECONDS = 1
"""Between two looks at all of them, at least; and so many times as long as the last one took."""
SHARE = 10
CLOCK_SECONDS = 0.5
"""How often it is asked whether it is time for one."""
AGAIN_SECONDS = 1
MOST = 500
"""So many entries are looked through for tickets; where there are more, all tickets are read."""
TOGETHER = 50
"""So many tickets are read at once, before others have their turn."""
OVER = {TicketStatus.COMPLETED, TicketStatus.CANCELLED, TicketStatus.EXPIRED}


class TicketChannel(Channel):
    """One ticket, for one of those who look on at it."""

    def __init__(self, watch: "_Watch", caller: Caller, found: OwnTicket, sequence: int, today: date) -> None:
        super().__init__()
        self._watch = watch
        self.caller, self.ticket_id, self.sequence = caller, found.id, sequence
        self._take(found, today)

    def _take(self, found: OwnTicket, today: date) -> None:
        content = found.model_dump_json().encode()
        self.id = sha256(content).hexdigest()[:16]
        self._event = frame("ticket", content, self.id)
        self.is_over = found.status in OVER or found.service_day < today
        """Whether nothing more will come."""

    async def begin(self, reader: Reader, last_event_id: str | None) -> None:
        """Push the ticket, unless it is known."""
        if last_event_id != self.id:
            reader.push(self._event)
        if self.is_over:
            reader.end(EndReason.OVER, None)

    def followed(self) -> None:
        """Follow the ticket."""
        self._watch.add(self)

    def left(self) -> None:
        """Follow it no more."""
        self._watch.remove(self)

    def see(self, found: OwnTicket, today: date) -> None:
        """The ticket is so now: tell who looks on, where it is another."""
        before = self.id
        self._take(found, today)
        for each in list(self.readers):
            if self.id != before:
                each.push(self._event)
            if self.is_over:
                each.end(EndReason.OVER, None)


class _Watch:
    """All tickets of a mall that somebody looks on at in this process."""

    def __init__(self, database: Database, feed: Feed, mall: MallRef) -> None:
        self._database, self._feed, self._mall = database, feed, mall
        self._channels: set[TicketChannel] = set()
        self._task: asyncio.Task[NoReturn] | None = None
        self._sequence = 0
        """The entry up to which the tickets that something has happened to are known."""
        self._all_at = 0.0
        """When all may be read again, by the clock that is never set."""
        self._owes = False
        """Whether something has happened since all were read."""
        self._changes_at: datetime | None = None
        self._today: date | None = None

    async def channel(self, caller: Caller, claim: bytes) -> TicketChannel:
        """The ticket of a claim code, as it is now. Raises NotThere or Busy."""
        sequence = await self._feed.head(self._mall.id)
        async with self._database.reading(self._mall) as reading:
            ticket = await queries.by_claim(reading, claim)
            found = OwnTicket.model_validate(await queries.own_view(reading, caller, ticket))
            return TicketChannel(self, caller, found, sequence, reading.today)

    def add(self, channel: TicketChannel) -> None:
        """Somebody looks on at one more."""
        if self._task is None:
            self._sequence, self._owes = channel.sequence, True
            self._task = asyncio.create_task(self._follow())
        self._sequence = min(self._sequence, channel.sequence)
        self._channels.add(channel)

    def remove(self, channel: TicketChannel) -> None:
        """Nobody looks on at it any more."""
        self._channels.discard(channel)
        if not self._channels and self._task:
            self._task.cancel()
            self._task = None

    async def _follow(self) -> NoReturn:
        while True:
            await self._moves()
            try:
                await self._look()
            except Unavailable:
                await asyncio.sleep(AGAIN_SECONDS)
            except Exception:
                log.exception("tickets cannot be read; they are read again")
                await asyncio.sleep(AGAIN_SECONDS)
            await asyncio.sleep(REST_SECONDS)

    async def _moves(self) -> None:
        """Wait until some ticket may be another."""
        while not self._must_read_all():
            with suppress(TimeoutError):
                async with asyncio.timeout(CLOCK_SECONDS):
                    await self._feed.goes_beyond(self._mall.id, self._sequence)
                    return

    def _must_read_all(self) -> bool:
        """Whether all are to be read: they are owed a look and it is time for it, or the clock has turned."""
        now = self._database.now(self._mall.id)
        turned = self._today != service_day(now, self._mall.zone) or (self._changes_at and now >= self._changes_at)
        return time.monotonic() >= self._all_at and bool(self._owes or turned)

    async def _look(self) -> None:
        """Read what may be another, and tell who looks on."""
        began, head = time.monotonic(), await self._feed.head(self._mall.id)
        watched = list(self._channels)
        touched = None if self._must_read_all() else await self._touched()
        chosen = watched if touched is None else [each for each in watched if each.ticket_id in touched]
        if touched is None:
            self._changes_at, self._owes = None, False
        else:
            self._owes = True
        for first in range(0, len(chosen), TOGETHER):
            await self._read(chosen[first : first + TOGETHER])
        late = [each.sequence for each in self._channels.difference(watched)]
        self._sequence = min([head, *late])
        if touched is None:
            self._all_at = time.monotonic() + max(ALL_SECONDS, SHARE * (time.monotonic() - began))

    async def _touched(self) -> set[UUID | None] | None:
        """The things that something has happened to since the last look; None where these are too many to tell."""
        async with self._database.reading() as reading:
            entries = await journals.entries_after(reading.session, self._mall.id, self._sequence, MOST)
        return {each.subject_id for each in entries} if len(entries) < MOST else None

    async def _read(self, some: Sequence[TicketChannel]) -> None:
        wanted = [(each.ticket_id, each.caller) for each in some]
        async with self._database.reading(self._mall, snapshot=True) as reading:
            views = await queries.own_views(reading, wanted)
        self._today = reading.today
        if reading.changes_at:
            self._changes_at = min(reading.changes_at, self._changes_at or reading.changes_at)
        for channel, view in zip(some, views, strict=True):
            channel.see(OwnTicket.model_validate(view), reading.today)


class TicketStreams:
    """The tickets that are read as streams in one process."""

    def __init__(self, database: Database, feed: Feed) -> None:
        self._database, self._feed = database, feed
        self._watches: dict[int, _Watch] = {}

    async def channel(self, mall: MallRef, caller: Caller, claim: bytes) -> TicketChannel:
        """The ticket of a claim code, as it is now. Raises NotThere or Busy."""
        if mall.id not in self._watches:
            self._watches[mall.id] = _Watch(self._database, self._feed, mall)
        return await self._watches[mall.id].channel(caller, claim)
