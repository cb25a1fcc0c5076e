"""One mall's webhooks, as the process that has them sends to them: a task for each, and one that writes for all."""

import asyncio
import contextlib
import logging
import random
from collections.abc import Collection
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from typing import Any, NoReturn
from uuid import UUID

from app.actions import webhooks as actions
from app.database import Database
from app.domain.callers import SYSTEM
from app.domain.deliveries import AttemptFault, AttemptOutcome, Tries, is_accepted
from app.domain.events import Event
from app.domain.malls import MallRef
from app.domain.webhooks import DisabledBecause
from app.errors import Unavailable
from app.feed import PAGE, Feed
from app.journal import Entry
from app.models import PLATFORM, WebhookDelivery, new_id
from app.queries import deliveries as writing
from app.queries import journals
from app.queries import webhooks as queries
from app.queries.webhooks import WebhookView
from app.workers.endpoints import Endpoint, Message, asked_wait, shown_text
from app.workers.receivers import Answer, NotSent, Receivers

log = logging.getLogger("mpp.deliveries")
WRITE_SECONDS = 0.03
"""What became of attempts is written so soon, together with what comes meanwhile."""
REST_SECONDS = 15
"""Places that moved on without a delivery are written so often."""
MOST_UNWRITTEN = 500
"""So many attempts may be unwritten; who would make another waits. A killed process sends so many again at most."""
LOOK_SECONDS = 1
"""Whoever waits for a time looks at the clock so often."""
AGAIN_SECONDS = 1
MESSAGES_KEPT = 2000
"""Messages that are kept for the other webhooks of the mall."""


class MallDeliveries:
    """What one process does for one mall's webhooks."""

    def __init__(self, database: Database, feed: Feed, receivers: Receivers, server_key: bytes, mall: MallRef) -> None:
        self._database, self._feed, self._receivers, self._server_key = database, feed, receivers, server_key
        self._mall = mall
        self._endpoints: dict[UUID, Endpoint] = {}
        self._tasks: dict[UUID, asyncio.Task[None]] = {}
        self._messages: dict[int, Message | None] = {}
        self._unwritten: list[dict[str, Any]] = []
        self._wanted, self._room = asyncio.Event(), asyncio.Event()
        self._writing = asyncio.Lock()
        self._head = 0

    @property
    def behind(self) -> int:
        """How many entries its webhooks have before them, together."""
        return sum(max(0, self._head + 1 - each.next) for each in self._endpoints.values())

    async def run(self) -> None:
        """Send until no webhook is left, or until cancelled; then write what is not written."""
        writer = asyncio.create_task(self._write_again_and_again())
        try:
            await self._follow_registrations()
        finally:
            await self._end([*self._tasks.values(), writer])
            self._tasks.clear()
            with contextlib.suppress(Unavailable):
                await self._write()
            for each in self._endpoints.values():
                each.receiver.close()

    async def _follow_registrations(self) -> None:
        """Begin, change and end with what the journal says of webhooks, since what is read now."""
        self._head = await self._feed.head(self._mall.id)
        await self._look(())
        async with aclosing(self._feed.follow(self._mall.id, self._head)) as told:
            async for entries in told:
                self._head = entries[-1].sequence
                about = [each for each in entries if each.type.startswith("webhook.")]
                if touched := {each.subject_id for each in about if each.type != Event.WEBHOOK_PINGED}:
                    await self._look(touched)
                if not self._tasks:
                    return

    async def _look(self, touched: Collection[UUID | None]) -> None:
        """Read which webhooks are sent to; those that were touched go by what is read."""
        views = await self._renewed(touched)
        for webhook_id in [each for each in self._tasks if each not in views]:
            await self._drop(webhook_id)
        for webhook_id, view in views.items():
            if webhook_id not in self._tasks or self._tasks[webhook_id].done():
                self._begin(view)

    async def _renewed(self, touched: Collection[UUID | None]) -> dict[UUID, WebhookView]:
        """What is read of the webhooks that are sent to, after those that were touched go by it."""
        async with self._writing, self._database.reading(self._mall) as reading:
            views = {each.row.id: each for each in await queries.active(reading.session, self._mall.id)}
            for webhook_id in self._endpoints.keys() & touched & views.keys():
                self._endpoints[webhook_id].renew(views[webhook_id], self._receivers, self._server_key)
        return views

    def _begin(self, view: WebhookView) -> None:
        endpoint = Endpoint.of(view, self._receivers, self._server_key)
        self._endpoints[endpoint.id] = endpoint
        self._tasks[endpoint.id] = asyncio.create_task(self._go_on(endpoint))

    async def _drop(self, webhook_id: UUID) -> None:
        """Send it nothing more."""
        await self._end([self._tasks.pop(webhook_id)])
        await self._write()
        self._endpoints.pop(webhook_id).receiver.close()

    @staticmethod
    async def _end(tasks: Collection[asyncio.Task[Any]]) -> None:
        for each in tasks:
            each.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _go_on(self, endpoint: Endpoint) -> None:
        """Send one webhook what there is, again and again, whatever happens."""
        while True:
            try:
                while endpoint.replay:
                    await self._send_again(endpoint, *endpoint.replay)
                await self._send_new(endpoint)
            except Unavailable:
                await asyncio.sleep(AGAIN_SECONDS)
            except _Disabled:
                return
            except Exception:
                log.exception("webhook %s could not be sent to; it is tried again", endpoint.id)
                await asyncio.sleep(AGAIN_SECONDS)

    async def _send_new(self, endpoint: Endpoint) -> None:
        """Send what happens, until something is to be sent again."""
        async with aclosing(self._feed.follow(self._mall.id, endpoint.next - 1)) as told:
            async for entries in told:
                for entry in entries:
                    if entry.type == Event.WEBHOOK_REPLAYED and entry.subject_id == endpoint.id:
                        await self._renewed({endpoint.id})
                    if endpoint.replay or not await self._send(endpoint, entry):
                        return
                    endpoint.next = entry.sequence + 1
                endpoint.moved = True

    async def _send_again(self, endpoint: Endpoint, first: int, last: int) -> None:
        """Send a span again, until it is done or another is asked for."""
        async with self._database.reading(self._mall) as reading:
            entries = await journals.entries_after(reading.session, self._mall.id, first - 1, PAGE)
        for entry in entries:
            if entry.sequence > last:
                break
            if not await self._send(endpoint, entry):
                return
            endpoint.replay = (entry.sequence + 1, last)
        if not entries or entries[-1].sequence >= last:
            endpoint.replay = None
        endpoint.moved = True
        self._wanted.set()

    async def _send(self, endpoint: Endpoint, entry: Entry) -> bool:
        """Send one entry's event until it is taken or given up. False where another span is asked for meanwhile."""
        message = self._message(entry)
        if message is None or not endpoint.wants(message):
            return True
        asked = endpoint.asked
        while True:
            await self._wait_for_its_time(endpoint)
            if endpoint.asked != asked:
                return False
            while len(self._unwritten) >= MOST_UNWRITTEN:
                self._room.clear()
                await self._room.wait()
            outcome = await self._attempt(endpoint, message)
            self._wanted.set()
            if outcome is not AttemptOutcome.FAILED:
                return True

    async def _wait_for_its_time(self, endpoint: Endpoint) -> None:
        while (at := endpoint.next_attempt_at) and (now := self._database.now(self._mall.id)) < at:
            endpoint.woken.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(LOOK_SECONDS, (at - now).total_seconds())):
                    await endpoint.woken.wait()

    async def _attempt(self, endpoint: Endpoint, message: Message) -> AttemptOutcome:
        """Send it once, and note what became of it."""
        loop, at = asyncio.get_running_loop(), self._database.now(self._mall.id)
        answer, fault = Answer(0, None, b""), None
        timestamp = int(self._database.now(PLATFORM).timestamp())  # the mall's own time may be moved, in tests
        headers = endpoint.headers(message, timestamp, at)
        began = loop.time()
        try:
            answer = await endpoint.receiver.post(headers, message.body)
            fault = None if is_accepted(answer.code) else AttemptFault.REFUSED
        except NotSent as error:
            fault = error.fault
        duration, attempt = loop.time() - began, endpoint.tries.attempts + 1
        outcome, ended = self._judged(endpoint, answer, fault)
        endpoint.moved = True
        self._unwritten.append(
            {
                "mall_id": self._mall.id,
                "webhook_id": endpoint.id,
                "id": new_id(),
                "event_id": str(message.happened.cursor),
                "event_type": message.happened.event.wire,
                "sequence": message.happened.cursor.sequence,
                "attempt": attempt,
                "attempted_at": at,
                "duration_ms": round(duration * 1000),
                "outcome": outcome,
                "fault": fault,
                "status_code": answer.code or None,
                "answer": shown_text(answer.body) if fault and answer.code else None,
                "expires_at": at + WebhookDelivery.kept_for(outcome),
            }
        )
        if ended:
            await self._disable(endpoint, ended)
        return outcome

    def _judged(
        self, endpoint: Endpoint, answer: Answer, fault: AttemptFault | None
    ) -> tuple[AttemptOutcome, DisabledBecause | None]:
        """What became of an attempt, and whether it was the last one."""
        at, status = self._database.now(self._mall.id), answer.code or None
        endpoint.next_attempt_at = None
        if fault is None:
            endpoint.tries, endpoint.last_accepted_at = Tries(), at
            return AttemptOutcome.ACCEPTED, None
        endpoint.tries = tries = endpoint.tries.after(status, at)
        if ended := tries.ends_with(status, at):
            return AttemptOutcome.FAILED, ended
        if tries.gives_up(at):
            endpoint.tries = replace(tries, attempts=0, refused_since=None)
            return AttemptOutcome.GIVEN_UP, None
        asked = asked_wait(answer.retry_after, self._database.now(PLATFORM))
        endpoint.next_attempt_at = at + tries.wait(asked, random.random())  # noqa: S311  # no secret
        return AttemptOutcome.FAILED, None

    async def _disable(self, endpoint: Endpoint, because: DisabledBecause) -> NoReturn:
        await self._write()
        await self._database.write(
            self._mall, SYSTEM, partial(actions.disable_failing, webhook_id=endpoint.id, because=because)
        )
        log.info("webhook %s of %s was disabled: %s", endpoint.id, self._mall.slug, because)
        raise _Disabled

    def _message(self, entry: Entry) -> Message | None:
        """What is sent of an entry: made once for all webhooks that come by soon."""
        if entry.sequence not in self._messages:
            while len(self._messages) >= MESSAGES_KEPT:
                del self._messages[next(iter(self._messages))]
            self._messages[entry.sequence] = Message.of(self._mall, entry)
        return self._messages[entry.sequence]

    async def _write_again_and_again(self) -> NoReturn:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(REST_SECONDS):
                    await self._wanted.wait()
            await asyncio.sleep(WRITE_SECONDS)
            try:
                await self._write()
            except Unavailable:
                await asyncio.sleep(AGAIN_SECONDS)
            except Exception:
                log.exception("what became of deliveries could not be written; it is tried again")
                await asyncio.sleep(AGAIN_SECONDS)

    async def _write(self) -> None:
        """Write what became of attempts, and how far all are, in one transaction."""
        async with self._writing:
            self._wanted.clear()
            moved = [each for each in self._endpoints.values() if each.moved]
            rows = list(self._unwritten)
            if not moved and not rows:
                return
            steps = [each.step() for each in moved]
            for each in moved:
                each.moved = False
            try:
                async with self._database.without_journal() as unit:
                    await writing.log(unit.session, rows)
                    written: set[UUID] = set()
                    if steps:
                        written = await writing.move(unit.session, self._mall.id, steps)
            except BaseException:
                for each in moved:
                    each.moved = True
                raise
            del self._unwritten[: len(rows)]
            self._room.set()
            for each, step in zip(moved, steps, strict=True):
                if each.id in written:
                    each.found(step)
        if lost := {each.id for each in moved} - written:  # somebody has asked for a replay, or moves it, too
            await self._renewed(lost)


class _Disabled(Exception):
    """Nothing more is sent."""
