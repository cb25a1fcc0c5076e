"""Tickets and their intervals."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, Index, SmallInteger, UniqueConstraint, or_, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain import event_data
from app.domain.names import Language
from app.domain.printing import PrintOutcome, PrintState
from app.domain.queue import effective_arrival, postponed, returned
from app.domain.services import Channel
from app.domain.stops import Cause
from app.domain.tickets import TICKET_LIFE, IntervalKind, PriorityClass, ReturnPlace, TicketStatus
from app.domain.tickets import UNFINISHED as NOT_OVER
from app.models.base import Base, MallOwned, Personal, Recorded, Secret, belongs_to, enum_check, written_out

ACTIVE = text("status IN ('called', 'serving')")
OVER = frozenset(TicketStatus) - frozenset(NOT_OVER)
UNFINISHED = text("status IN ('waiting', 'called', 'serving', 'on_hold')")


class Ticket(Recorded, MallOwned, Base):
    """One number, from the kiosk to the end of the day."""

    records = event_data.TicketData

    __tablename__ = "tickets"
    __table_args__ = (
        UniqueConstraint("mall_id", "series_id", "service_day", "ordinal", name="uq_tickets_number"),
        UniqueConstraint("mall_id", "claim_hash", name="uq_tickets_claim"),
        belongs_to("number_series", "series_id"),
        belongs_to("visits", "visit_id"),
        belongs_to("services", "issued_service_id"),
        belongs_to("services", "agency_id", "service_id", key=("agency_id", "id")),
        belongs_to("counters", "counter_id"),
        enum_check("channel", Channel),
        enum_check("priority_class", PriorityClass),
        enum_check("language", Language),
        enum_check("status", TicketStatus),
        enum_check("closed_by", Cause, optional=True),
        CheckConstraint("ordinal > 0", name="ordinal_positive"),
        CheckConstraint("visit_step > 0", name="visit_step_positive"),
        CheckConstraint(
            "(status IN ('called', 'serving')) <= (counter_id IS NOT NULL AND officer_id IS NOT NULL)",
            name="active_at_a_counter",
        ),
        CheckConstraint(
            "sealed_phone IS NULL OR status IN ('waiting', 'called', 'serving', 'on_hold')",
            name="phone_while_unfinished",
        ),
        CheckConstraint(
            "(status IN ('completed', 'cancelled', 'expired')) = (closed_by IS NOT NULL)", name="closed_by_someone"
        ),
        CheckConstraint(
            "(status IN ('completed', 'no_show', 'cancelled', 'expired')) = (ended_at IS NOT NULL)",
            name="ended_when_over",
        ),
        Index("uq_tickets_at_counter", "mall_id", "counter_id", "service_day", unique=True, postgresql_where=ACTIVE),
        Index("uq_tickets_at_officer", "mall_id", "officer_id", "service_day", unique=True, postgresql_where=ACTIVE),
        Index("uq_tickets_of_visit", "mall_id", "visit_id", "service_day", unique=True, postgresql_where=ACTIVE),
        Index(
            "uq_tickets_of_visit_at_service",
            "mall_id",
            "visit_id",
            "service_id",
            unique=True,
            postgresql_where=UNFINISHED,
        ),
        Index("ix_tickets_visit", "mall_id", "visit_id"),
        Index(
            "ix_tickets_waiting",
            "mall_id",
            "service_day",
            "service_id",
            "effective_arrival",
            postgresql_where=text("status = 'waiting'"),
        ),
        Index(
            "ix_tickets_unfinished",
            "mall_id",
            "service_day",
            postgresql_where=UNFINISHED,
        ),
        Index("ix_tickets_quota", "mall_id", "issued_service_id", "service_day", "channel"),
        Index("ix_tickets_day", "mall_id", "service_day", "id"),
        Index("ix_tickets_agency", "mall_id", "agency_id", "id"),
        Index("ix_tickets_service", "mall_id", "service_id", "id"),
        Index(
            "ix_tickets_client",
            "mall_id",
            "issued_by",
            "service_day",
            "id",
            postgresql_where=text("channel = 'partner'"),
        ),
        Index(
            "ix_tickets_waiting_of_address",
            "mall_id",
            "address_mark",
            postgresql_where=text("status = 'waiting' AND address_mark IS NOT NULL"),
        ),
        Index("ix_tickets_phone", "mall_id", "phone_mark", postgresql_where=text("phone_mark IS NOT NULL")),
        Index("ix_tickets_absence", "mall_id", "absence_mark", postgresql_where=text("absence_mark IS NOT NULL")),
        Index(
            "ix_tickets_handled",
            "mall_id",
            "service_id",
            "ended_at",
            postgresql_where=text("status IN ('completed', 'no_show')"),
        ),
        Index("ix_tickets_called", "mall_id", "service_day", "called_at"),
    )

    series_id: Mapped[UUID]
    ordinal: Mapped[int]
    number: Mapped[str]
    """As people see it; the prefix of its series never changes."""
    service_day: Mapped[date]
    visit_id: Mapped[UUID]
    issued_service_id: Mapped[UUID]
    """What it was issued for; quotas count there."""
    agency_id: Mapped[UUID]
    service_id: Mapped[UUID]
    channel: Mapped[Channel]
    priority_class: Mapped[Personal[PriorityClass]]
    access_needs: Mapped[Personal[list[str]]]
    language: Mapped[Language]
    effective_arrival: Mapped[Decimal]
    """Its place in the order of the queue (`domain/queue.py`)."""
    arrived_at: Mapped[datetime]
    """When it came to its service: issued for it, or transferred to it; what its waiting there is counted from."""
    issued_at: Mapped[datetime]
    issued_by: Mapped[UUID | None]
    """The device, client or account that issued it; null: the public."""
    claim_hash: Mapped[Secret[bytes]]
    address_mark: Mapped[Secret[bytes] | None] = mapped_column(default=None)
    """Which address took it without credentials, until its day ends (`security/secrets.py`)."""
    phone_mark: Mapped[Secret[bytes] | None] = mapped_column(default=None)
    """Which phone it was issued with, until its day ends."""
    sealed_phone: Mapped[Secret[str] | None] = mapped_column(default=None)
    """The phone that was proven on the web, sealed; kept for messages while the ticket is not over, and no longer."""
    absence_mark: Mapped[Secret[bytes] | None] = mapped_column(default=None, init=False)
    """The mark of its phone while it is an absence that its service counts; forgotten when no block follows from it."""
    visit_step: Mapped[int | None] = mapped_column(SmallInteger, default=None)
    """Its place in the plan of its visit, from 1; null: it was issued by itself."""
    broken_rule: Mapped[str | None] = mapped_column(default=None)
    """The code with which a kiosk that was cut off would have been refused it; null: it was issued by the rules."""
    status: Mapped[TicketStatus] = mapped_column(default=TicketStatus.WAITING, init=False)
    counter_id: Mapped[UUID | None] = mapped_column(default=None, init=False)
    officer_id: Mapped[UUID | None] = mapped_column(default=None, init=False)
    call_count: Mapped[int] = mapped_column(SmallInteger, default=0, init=False)
    """Calls and recalls over its stay at its service, returns included."""
    print_count: Mapped[int] = mapped_column(SmallInteger, default=0, init=False)
    """How often its paper has come out, as reported."""
    postponements: Mapped[int] = mapped_column(SmallInteger, default=0, init=False)
    """How often its visitor has let others go first."""
    neared_at: Mapped[datetime | None] = mapped_column(default=None, init=False)
    """When it was said that its turn is near, in this stay in the queue."""
    called_at: Mapped[datetime | None] = mapped_column(default=None, init=False)
    started_at: Mapped[datetime | None] = mapped_column(default=None, init=False)
    held_at: Mapped[datetime | None] = mapped_column(default=None, init=False)
    ended_at: Mapped[datetime | None] = mapped_column(default=None, init=False)
    closed_by: Mapped[Cause | None] = mapped_column(default=None, init=False)
    reason: Mapped[Personal[str] | None] = mapped_column(default=None, init=False)

    @property
    def priority(self) -> bool:
        """Whether it has a priority class: more than that is never recorded."""
        return self.priority_class is not PriorityClass.NONE

    @property
    def print_state(self) -> PrintState | None:
        """What is known of its paper; None: it was given on none."""
        if self.channel is not Channel.KIOSK:
            return None
        if self.closed_by is Cause.NOT_PRINTED:
            return PrintState.FAILED
        return PrintState.PRINTED if self.print_count else PrintState.NOT_REPORTED

    def report_print(self, outcome: PrintOutcome) -> None:
        """Its paper has come out, or has not."""
        self.print_count += outcome is PrintOutcome.PRINTED

    def call(self, counter_id: UUID, officer_id: UUID, at: datetime) -> None:
        """Call it to a counter."""
        self._move("call")
        self.started_at = self.held_at = None
        self.counter_id, self.officer_id = counter_id, officer_id
        self.call_count, self.called_at = self.call_count + 1, at

    def recall(self, at: datetime) -> None:
        """Call it again."""
        self._move("recall")
        self.call_count, self.called_at = self.call_count + 1, at

    def start(self, at: datetime) -> None:
        """The visitor is at the counter."""
        self._move("start")
        self.started_at = at

    def hold(self, at: datetime) -> None:
        """The visitor fetches something and comes back."""
        self._move("hold")
        self.held_at = at

    def complete(self, at: datetime, by: Cause = Cause.OFFICER) -> None:
        """The visitor is done."""
        self._move("complete")
        self.ended_at, self.closed_by = at, by

    def mark_no_show(self, at: datetime, *, counts: bool) -> None:
        """The visitor did not come; `counts`: the service counts it as an absence."""
        self._move("mark_no_show")
        self.ended_at = at
        self.absence_mark = self.phone_mark if counts else None

    def return_(self, wanted: ReturnPlace, line: Sequence[Decimal], places: int, at: datetime, sequence: int) -> None:
        """Back to waiting, where `queue.returned` says, by the entry with this sequence."""
        self._move("return")
        self.effective_arrival = returned(wanted, self.effective_arrival, line, places, at, sequence)
        self.started_at = self.held_at = self.ended_at = self.neared_at = None
        self.counter_id = self.officer_id = self.absence_mark = None

    def postpone(self, behind: Sequence[Decimal], places: int, at: datetime, sequence: int) -> None:
        """Let so many of those behind it go first, by the entry with this sequence."""
        self._move("postpone")
        self.effective_arrival = postponed(self.effective_arrival, behind, places, at, sequence)
        self.postponements += 1

    def near(self, at: datetime) -> None:
        """Its place has come near, for the first time in this stay in the queue."""
        self.neared_at = at

    def transfer(
        self, agency_id: UUID, service_id: UUID, arrived_at: datetime, sequence: int, head_start_minutes: int
    ) -> None:
        """To wait for another service, where it has not been called yet, by the entry with this sequence."""
        self._move("transfer")
        self.agency_id, self.service_id = agency_id, service_id
        self.arrived_at = arrived_at
        self.effective_arrival = effective_arrival(arrived_at, sequence, head_start_minutes)
        self.call_count, self.called_at = 0, None
        self.started_at = self.held_at = self.neared_at = None
        self.counter_id = self.officer_id = None

    def cancel(self, at: datetime, by: Cause, reason: str | None) -> None:
        """The visitor goes, or is told to."""
        self._move("cancel")
        self.ended_at, self.closed_by, self.reason = at, by, reason

    def stop(self, at: datetime, cause: Cause, reason: str) -> None:
        """Nobody may serve it any more today."""
        self._move("stop")
        self.ended_at, self.closed_by, self.reason = at, cause, reason

    def reopen(self, back_to: TicketStatus, officer_id: UUID | None) -> None:
        """As it was before it ended; at its counter with this officer, or waiting at its place."""
        self._move("reopen", back_to)
        self.ended_at = self.closed_by = self.reason = self.absence_mark = None
        self.officer_id = officer_id
        if back_to is TicketStatus.WAITING:
            self.counter_id = self.started_at = self.held_at = self.neared_at = None

    def expire(self, at: datetime) -> None:
        """The day ended first."""
        self._move("expire")
        self.ended_at, self.closed_by = at, Cause.DAY_END

    def _move(self, verb: str, back_to: TicketStatus | None = None) -> None:
        self.status = TICKET_LIFE.after(self.status, verb, back_to)
        if self.status in OVER:
            self.sealed_phone = None


def takes_a_place() -> ColumnElement[bool]:
    """Whether a ticket counts for the day's quotas: not where its visitor gave it back, or where nobody ever had it."""
    given_back = written_out((Cause.VISITOR, Cause.NOT_PRINTED))
    return or_(Ticket.closed_by.is_(None), Ticket.closed_by.not_in(given_back))


class TicketInterval(MallOwned, Base):
    """A stretch of a ticket's life, ended by exactly one outcome: the verb that ended it."""

    __tablename__ = "ticket_intervals"
    __table_args__ = (
        belongs_to("tickets", "ticket_id"),
        belongs_to("services", "service_id"),
        belongs_to("counters", "counter_id"),
        enum_check("kind", IntervalKind),
        CheckConstraint("(ended_at IS NULL) = (outcome IS NULL)", name="ended_with_an_outcome"),
        CheckConstraint("ended_at >= started_at", name="times_in_order"),
        Index(
            "uq_ticket_intervals_open",
            "mall_id",
            "ticket_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(
            "ix_ticket_intervals_calls", "mall_id", "counter_id", "started_at", postgresql_where=text("kind = 'called'")
        ),
        Index("ix_ticket_intervals_ticket", "mall_id", "ticket_id", "id"),
    )

    ticket_id: Mapped[UUID]
    kind: Mapped[IntervalKind]
    service_id: Mapped[UUID]
    counter_id: Mapped[UUID | None]
    officer_id: Mapped[UUID | None]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None, init=False)
    outcome: Mapped[str | None] = mapped_column(default=None, init=False)
