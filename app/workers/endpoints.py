"""A webhook as its sender knows it, and what is sent to it."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Self
from uuid import UUID

from app.domain.deliveries import Tries, recipient
from app.domain.events import Event, Happened, Recipient
from app.domain.malls import MallRef
from app.domain.webhooks import address_of
from app.journal import Entry
from app.queries.deliveries import Step
from app.queries.webhooks import WebhookView
from app.security.webhooks import signature, signing_key
from app.workers.receivers import Receiver, Receivers

MEDIA_TYPE = "application/cloudevents+json"
AGENT = "mpp-webhooks"


@dataclass(frozen=True)
class Message:
    """One event as it is sent: the same for all whom it is sent to."""

    happened: Happened
    id: str
    """As the standard's headers name it: no other mall's message has it."""
    body: bytes

    @classmethod
    def of(cls, mall: MallRef, entry: Entry) -> "Message | None":
        """An entry's; None for a kind that a newer version of the program has written."""
        happened = Happened.of(mall, entry.content, entry.hash)
        if happened is None:
            return None
        body = json.dumps(happened.envelope(), separators=(",", ":"), ensure_ascii=False).encode()
        return cls(happened, f"{mall.slug}_{happened.cursor}", body)


@dataclass(eq=False)
class Endpoint:
    """One webhook: how it is sent to, how far it is, and how far the database knows that it is."""

    id: UUID
    agency_id: UUID | None
    receiver: Receiver
    event_types: frozenset[str]
    told: Recipient
    secrets: list[tuple[bytes, datetime | None]]
    """What signs, and until when."""
    next: int
    replay: tuple[int, int] | None
    tries: Tries
    next_attempt_at: datetime | None
    last_accepted_at: datetime | None
    found_next: int
    found_replay: int
    moved: bool = False
    asked: int = 0
    """How often another span was asked for since it is here."""
    woken: asyncio.Event = field(default_factory=asyncio.Event)

    @classmethod
    def of(cls, view: WebhookView, receivers: Receivers, server_key: bytes) -> Self:
        """One that is sent to from now on."""
        row, place = view.row, view.place
        return cls(
            id=row.id,
            agency_id=row.agency_id,
            receiver=receivers.open(address_of(row.url, loopback=True)),  # judged again when it is connected to
            event_types=frozenset(row.event_types),
            told=recipient(row.agency_id),
            secrets=_secrets(view, server_key),
            next=place.next_sequence,
            replay=_span(view),
            tries=place.tries,
            next_attempt_at=place.next_attempt_at,
            last_accepted_at=place.last_accepted_at,
            found_next=place.next_sequence,
            found_replay=place.replay_next or 0,
        )

    def renew(self, view: WebhookView, receivers: Receivers, server_key: bytes) -> None:
        """Go by what was changed: what it is called to send, and where; and where somebody else has put its place."""
        address = address_of(view.row.url, loopback=True)
        if address != self.receiver.address:
            self.receiver.close()
            self.receiver = receivers.open(address)
            self.next_attempt_at = None
        self.event_types = frozenset(view.row.event_types)
        self.secrets = _secrets(view, server_key)
        self.found_next = view.place.next_sequence
        self.next = max(self.next, self.found_next)
        if (view.place.replay_next or 0) != self.found_replay:
            self.found_replay, self.replay = view.place.replay_next or 0, _span(view)
            self.tries, self.next_attempt_at = view.place.tries, None
            self.asked += 1
        self.woken.set()

    def wants(self, message: Message) -> bool:
        """Whether it is told of this. A test is for the one that is tested."""
        happened = message.happened
        if happened.event is Event.WEBHOOK_PINGED:
            return bool(happened.content["subject"]["id"] == str(self.id))
        return happened.event.wire in self.event_types and happened.is_for(self.told)

    def headers(self, message: Message, timestamp: int, at: datetime) -> Mapping[str, str]:
        """What is sent beside a body: what it is, and who vouches for it."""
        living = [key for key, until in self.secrets if until is None or until > at]
        return {
            "User-Agent": AGENT,
            "Content-Type": MEDIA_TYPE,
            "webhook-id": message.id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": signature(living, message.id, timestamp, message.body),
        }

    def step(self) -> Step:
        """Its place as it is to be written."""
        replay_next, replay_last = self.replay or (None, None)
        return Step(
            webhook_id=self.id,
            found_next=self.found_next,
            found_replay=self.found_replay,
            next_sequence=self.next,
            replay_next=replay_next,
            replay_last=replay_last,
            attempts=self.tries.attempts,
            failing_since=self.tries.failing_since,
            refused_since=self.tries.refused_since,
            next_attempt_at=self.next_attempt_at,
            last_accepted_at=self.last_accepted_at,
        )

    def found(self, step: Step) -> None:
        """Its place was written."""
        self.found_next, self.found_replay = step.next_sequence, step.replay_next or 0


def _secrets(view: WebhookView, server_key: bytes) -> list[tuple[bytes, datetime | None]]:
    row = view.row
    known = [(row.sealed_secret, None), (row.old_sealed_secret, row.old_secret_until)]
    return [(signing_key(sealed, server_key), until) for sealed, until in known if sealed]


def _span(view: WebhookView) -> tuple[int, int] | None:
    first, last = view.place.replay_next, view.place.replay_last
    return None if first is None or last is None else (first, last)


def asked_wait(said: str | None, now: datetime) -> timedelta | None:
    """How long a receiver asks to wait: `Retry-After`, in seconds or as a date (RFC 9110)."""
    if said is None:
        return None
    if said.strip().isdecimal() and len(said.strip()) < 10:  # noqa: PLR2004  # more are no wait
        return timedelta(seconds=int(said))
    try:
        until = parsedate_to_datetime(said)
        return max(until - now, timedelta())
    except (ValueError, TypeError, OverflowError):
        return None


def shown_text(body: bytes) -> str:
    """How an answer began, as a text that can be kept and shown."""
    text = body.decode("utf-8", "replace")
    return "".join(sign if sign.isprintable() or sign == "\n" else "\ufffd" for sign in text)
