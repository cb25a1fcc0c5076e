"""Webhooks on the wire."""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field, StringConstraints

from app.domain.deliveries import FAILING_FOR, KEPT_FOR, AttemptFault, AttemptOutcome
from app.domain.webhooks import LONGEST_OVERLAP_HOURS, OVERLAP_HOURS, Backlog, DisabledBecause, WebhookStatus
from app.schemas.base import Changes, Distinct, Editable, Input, Instant, Line, Output, SecretMember, absent

HookName = Annotated[Line, Field(description="A name for the receiver", examples=["Aplikasi antrean Bank Kaltimtara"])]
ReceiverAddress = Annotated[
    str,
    StringConstraints(min_length=8, max_length=2000, pattern="^https?://"),
    Field(
        description="Where events are sent (POST): a public https address. Every answer but 2xx counts as refused; one "
        "that leads elsewhere is not followed",
        examples=["https://antrean.bankkaltimtara.example/mpp"],
    ),
]
EventType = Annotated[str, StringConstraints(max_length=100), Field(examples=["id.mpp.ticket.called.v1"])]
EventTypes = Annotated[
    list[EventType],
    Field(
        min_length=1,
        max_length=200,
        json_schema_extra={"uniqueItems": True},
        description="The types of events that are sent; no others are",
        examples=[["id.mpp.ticket.issued.v1", "id.mpp.ticket.called.v1"]],
    ),
    Distinct,
]


class WebhookRequest(Input):
    """A webhook to register."""

    agency_id: Annotated[
        UUID | None,
        Field(description="Whose events it is told of: what concerns this agency. null: the mall's own, of all of it"),
    ] = None
    name: HookName
    url: ReceiverAddress
    event_types: EventTypes


class WebhookChanges(Changes):
    """Changes to a webhook. Its agency never changes."""

    name: HookName = absent()
    url: ReceiverAddress = absent()
    event_types: EventTypes = absent()


class WebhookSecretRotation(Input):
    """How long the current secret goes on signing."""

    overlap_hours: Annotated[
        int,
        Field(
            strict=True,
            ge=0,
            le=LONGEST_OVERLAP_HOURS,
            description="How long deliveries are signed with the current secret as well. 0: it stops now",
        ),
    ] = OVERLAP_HOURS


class WebhookEnabling(Input):
    """What becomes of the events that a disabled webhook was not sent."""

    backlog: Annotated[
        Backlog,
        Field(description="send: all of them, in order, before what happens from now on; skip: none of them"),
    ] = Backlog.SEND


class WebhookReplay(Input):
    """A span of the mall's journal, whose events are sent again in order, with the ids that they had."""

    from_sequence: Annotated[int, Field(strict=True, ge=1, le=2**62, description="The first entry (`journalsequence`)")]
    to_sequence: Annotated[
        int | None,
        Field(strict=True, ge=1, le=2**62, description="The last entry. null: the last one that it is done with"),
    ] = None


class Webhook(Editable):
    """Where events are sent."""

    id: UUID
    agency_id: UUID | None
    """Whose events it is told of; null: it is the mall's own."""
    name: HookName
    url: ReceiverAddress
    event_types: Annotated[
        list[EventType],
        Field(description="The types of events that are sent", examples=[["id.mpp.ticket.called.v1"]]),
    ]
    status: WebhookStatus
    """Whether it is sent events; they wait for one that is disabled."""
    disabled_at: Instant | None
    """When it was disabled; null: it is not."""
    disabled_because: DisabledBecause | None
    """Why: somebody `asked`, its receiver is `gone` (410), or was `failing` for days. null: it is not disabled."""
    old_secret_until: Instant | None
    """Until when its previous secret signs beside the new one; null: there is none."""
    sequence: int
    """The last entry of the journal that it is done with: what it is told of up to there was accepted or given up."""
    replaying: bool
    """Whether a span is being sent again; what is new waits until that is done."""
    attempts: int
    """How often the event at hand was sent in vain."""
    failing_since: Annotated[
        Instant | None,
        Field(
            description=f"Since when its receiver has accepted nothing; after {FAILING_FOR.days} days it is disabled. "
            "null: it accepts"
        ),
    ]
    next_attempt_at: Instant | None
    """When the event at hand is sent again; null: at once, or there is none."""
    last_accepted_at: Instant | None
    """When its receiver last accepted an event; null: never."""
    created_at: Instant
    retired_at: Instant | None
    """When it was retired; null: it was not."""


class WebhookWithSecret(Webhook):
    """A webhook with its new secret."""

    secret: ClassVar = SecretMember("signing_secret", of="webhook")

    signing_secret: Annotated[str, Field(examples=["whsec_Yq0vT3oA8mJc5dW2eRk7uHn4xLs9bZp6fGi1tQyVwCE="])]
    """What deliveries are signed with (Standard Webhooks). Shown once, here."""


class WebhookDelivery(Output):
    """One attempt to send an event, and what came of it."""

    id: UUID
    event_id: Annotated[str, Field(examples=["12345-9f86d081"])]
    """The event's `id`; a retry and a replay have the same."""
    event_type: EventType
    """The event's `type`."""
    sequence: int
    """The event's `journalsequence`."""
    attempt: int
    """Which attempt it was, from 1."""
    attempted_at: Instant
    """When it was begun."""
    duration_ms: int
    """How long it took, in milliseconds."""
    outcome: Annotated[
        AttemptOutcome,
        Field(
            description="accepted: the receiver has it; failed: it is sent again; given_up: a dead letter, sent again "
            f"only by a replay. Attempts are kept for {KEPT_FOR.days} days, dead letters longer"
        ),
    ]
    fault: AttemptFault | None
    """Why it was not accepted; null: it was."""
    status_code: int | None
    """The status of the answer; null: none came."""
    answer: Annotated[str | None, Field(examples=["upstream unavailable"])]
    """How the body of an answer began that is not 2xx; null: none came, or it was accepted."""
