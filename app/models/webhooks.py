"""Webhooks: where events are sent, how far that is, and what came of it."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain import event_data_people
from app.domain.deliveries import GIVEN_UP_KEPT_FOR, KEPT_FOR, AttemptFault, AttemptOutcome, Tries
from app.domain.lifecycle import IllegalTransition
from app.domain.webhooks import DisabledBecause, WebhookStatus
from app.models.base import Base, MallOwned, Personal, Secret, Versioned, belongs_to, enum_check, of_mall


class Webhook(Versioned, MallOwned, Base):
    """Where an agency's events go, or the mall's. It has one secret, or two while the old one runs out."""

    records = event_data_people.WebhookData

    __tablename__ = "webhooks"
    __table_args__ = (
        of_mall(),
        belongs_to("agencies", "agency_id"),
        enum_check("disabled_because", DisabledBecause, optional=True),
        CheckConstraint("(old_sealed_secret IS NULL) = (old_secret_until IS NULL)", name="old_secret_ends"),
        CheckConstraint("(disabled_because IS NULL) = (disabled_at IS NULL)", name="disabled_for_a_reason"),
        Index("ix_webhooks_agency", "mall_id", "agency_id", "id"),
        Index("ix_webhooks_active", "mall_id", postgresql_where=text("disabled_at IS NULL AND retired_at IS NULL")),
    )

    agency_id: Mapped[UUID | None]
    """None: it is the mall's own."""
    name: Mapped[str]
    url: Mapped[Secret[str]]
    """What stands behind its host may be a secret between the two."""
    event_types: Mapped[list[str]]
    sealed_secret: Mapped[Secret[str]]
    created_at: Mapped[datetime]
    old_sealed_secret: Mapped[Secret[str] | None] = mapped_column(default=None, init=False)
    old_secret_until: Mapped[datetime | None] = mapped_column(default=None, init=False)
    disabled_at: Mapped[datetime | None] = mapped_column(default=None, init=False)
    disabled_because: Mapped[DisabledBecause | None] = mapped_column(default=None, init=False)
    retired_at: Mapped[datetime | None] = mapped_column(default=None, init=False)

    @property
    def host(self) -> str:
        """The name that it goes to."""
        return urlsplit(self.url).hostname or ""

    @property
    def status(self) -> WebhookStatus:
        """Whether it is sent events."""
        if self.retired_at:
            return WebhookStatus.RETIRED
        return WebhookStatus.DISABLED if self.disabled_at else WebhookStatus.ACTIVE

    def living_secrets(self, at: datetime) -> list[str]:
        """The sealed secrets that sign now, the newest first."""
        old = self.old_sealed_secret if self.old_secret_until and self.old_secret_until > at else None
        return [self.sealed_secret, *([old] if old else [])]

    def rotate(self, sealed_secret: str, old_until: datetime | None) -> None:
        """Give it another secret; the one before signs beside it until then, or no more."""
        self._must_be("rotate", WebhookStatus.ACTIVE, WebhookStatus.DISABLED)
        self.old_sealed_secret, self.old_secret_until = (self.sealed_secret, old_until) if old_until else (None, None)
        self.sealed_secret = sealed_secret
        self.version += 1

    def disable(self, because: DisabledBecause, at: datetime) -> None:
        """Send it nothing more until it is enabled."""
        self._must_be("disable", WebhookStatus.ACTIVE)
        self.disabled_at, self.disabled_because = at, because
        self.version += 1

    def enable(self) -> None:
        """Send it events again."""
        self._must_be("enable", WebhookStatus.DISABLED)
        self.disabled_at = self.disabled_because = None
        self.version += 1

    def retire(self, at: datetime) -> None:
        """End it for good."""
        self._must_be("retire", WebhookStatus.ACTIVE, WebhookStatus.DISABLED)
        self.retired_at = at
        self.version += 1

    def must_be_changeable(self) -> None:
        """Raise IllegalTransition where it has ended."""
        self._must_be("change", WebhookStatus.ACTIVE, WebhookStatus.DISABLED)

    def must_be_active(self, verb: str) -> None:
        """Raise IllegalTransition where it is sent nothing."""
        self._must_be(verb, WebhookStatus.ACTIVE)

    def _must_be(self, verb: str, *among: WebhookStatus) -> None:
        if self.status not in among:
            raise IllegalTransition(thing="webhook", state=self.status, verb=verb)


class WebhookPlace(Base):
    """How far a webhook is in its mall's journal, and how sending goes. The place is its queue: there is no other.

    Whoever sends moves it on from where it was found, a batch at a time.
    """

    __tablename__ = "webhook_places"
    __table_args__ = (
        belongs_to("webhooks", "webhook_id"),
        CheckConstraint("next_sequence > 0", name="next_sequence_positive"),
        CheckConstraint("(replay_next IS NULL) = (replay_last IS NULL)", name="replay_has_an_end"),
    )

    mall_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    webhook_id: Mapped[UUID] = mapped_column(primary_key=True)
    next_sequence: Mapped[int] = mapped_column(BigInteger)
    """The first entry that it is not done with."""
    replay_next: Mapped[int | None] = mapped_column(BigInteger, default=None)
    """The next entry of a span that is sent again, before anything else."""
    replay_last: Mapped[int | None] = mapped_column(BigInteger, default=None)
    attempts: Mapped[int] = mapped_column(default=0)
    """How often the event at hand was sent in vain."""
    failing_since: Mapped[datetime | None] = mapped_column(default=None)
    refused_since: Mapped[datetime | None] = mapped_column(default=None)
    next_attempt_at: Mapped[datetime | None] = mapped_column(default=None)
    last_accepted_at: Mapped[datetime | None] = mapped_column(default=None)

    @property
    def tries(self) -> Tries:
        """How sending goes."""
        return Tries(self.attempts, self.failing_since, self.refused_since)

    def begin_anew(self) -> None:
        """Forget how it went before."""
        self.attempts, self.failing_since, self.refused_since, self.next_attempt_at = 0, None, None, None

    def replay(self, first: int, last: int) -> None:
        """Send this span again, before anything else, and at once."""
        self.replay_next, self.replay_last, self.next_attempt_at = first, last, None
        self.attempts, self.refused_since = 0, None


class WebhookDelivery(Base):
    """One attempt to send an event: what was sent, and what came of it. Swept when its time is over."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        ForeignKeyConstraint(["mall_id", "webhook_id"], ["webhooks.mall_id", "webhooks.id"]),
        enum_check("outcome", AttemptOutcome),
        enum_check("fault", AttemptFault, optional=True),
        CheckConstraint("(outcome = 'accepted') = (fault IS NULL)", name="accepted_or_at_fault"),
        Index("ix_webhook_deliveries_outcome", "mall_id", "webhook_id", "outcome", "id"),
        Index("ix_webhook_deliveries_expiry", "mall_id", "expires_at"),
    )

    mall_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    webhook_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[str]
    event_type: Mapped[str]
    sequence: Mapped[int] = mapped_column(BigInteger)
    attempt: Mapped[int]
    attempted_at: Mapped[datetime]
    duration_ms: Mapped[int]
    outcome: Mapped[AttemptOutcome]
    fault: Mapped[AttemptFault | None]
    status_code: Mapped[int | None]
    """Of the answer; None: there was none."""
    answer: Mapped[Personal[str] | None]
    """How it began, where it was not accepted. Nobody knows what a receiver writes into it."""
    expires_at: Mapped[datetime]

    @staticmethod
    def kept_for(outcome: AttemptOutcome) -> timedelta:
        """How long it is kept."""
        return GIVEN_UP_KEPT_FOR if outcome is AttemptOutcome.GIVEN_UP else KEPT_FOR
