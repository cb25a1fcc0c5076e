"""Agreements, their suspensions, and *in force* on a day."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, and_, exists, literal_column, or_, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql import ColumnElement

from app.domain import event_data_joining
from app.domain.agreements import AGREEMENT_LIFE, COUNTED, AgreementKind, AgreementStatus, last_effective_day
from app.domain.stops import WaitingTickets
from app.models.agencies import Agency
from app.models.base import Base, MallOwned, Personal, Versioned, belongs_to, enum_check

counted = ", ".join(f"'{status}'" for status in COUNTED)


class Agreement(Versioned, MallOwned, Base):
    """A paper between the mall and an agency. Its effective days are its term, cut at its termination."""

    records = event_data_joining.AgreementData

    __tablename__ = "agreements"
    __table_args__ = (
        belongs_to("agencies", "agency_id"),
        enum_check("kind", AgreementKind),
        enum_check("status", AgreementStatus),
        CheckConstraint(
            f"status NOT IN ({counted})"
            " OR (signed_on IS NOT NULL AND starts_on IS NOT NULL AND mall_number IS NOT NULL)",
            name="signed_with_term_and_number",
        ),
        CheckConstraint("ends_on >= starts_on", name="term_in_order"),
        CheckConstraint("status <> 'terminated' OR terminated_from IS NOT NULL", name="terminated_from_a_day"),
        CheckConstraint(
            "terminated_from IS NULL OR status IN ('suspended', 'terminated')", name="terminated_or_suspended_meanwhile"
        ),
        ExcludeConstraint(
            (literal_column("mall_id"), "="),
            (literal_column("agency_id"), "="),
            (literal_column("kind"), "="),
            (literal_column("daterange(starts_on, last_effective_on, '[]')"), "&&"),
            name="ex_agreements_no_overlap",
            using="gist",
            where=text(f"status IN ({counted}) AND (last_effective_on IS NULL OR last_effective_on >= starts_on)"),
        ),
        Index("ix_agreements_agency", "mall_id", "agency_id", "id"),
        UniqueConstraint("mall_id", "agency_id", "id", name="uq_agreements_of_agency"),
    )

    agency_id: Mapped[UUID]
    kind: Mapped[AgreementKind]
    title: Mapped[str]
    """The paper's own title, as written on it."""
    scope: Mapped[str | None]
    follows_id: Mapped[UUID | None] = mapped_column(default=None)
    status: Mapped[AgreementStatus] = mapped_column(default=AgreementStatus.DRAFT, init=False)
    mall_number: Mapped[str | None] = mapped_column(default=None, init=False)
    agency_number: Mapped[str | None] = mapped_column(default=None, init=False)
    signed_on: Mapped[date | None] = mapped_column(default=None, init=False)
    starts_on: Mapped[date | None] = mapped_column(default=None, init=False)
    ends_on: Mapped[date | None] = mapped_column(default=None, init=False)
    terminated_from: Mapped[date | None] = mapped_column(default=None, init=False)
    last_effective_on: Mapped[date | None] = mapped_column(default=None, init=False)
    """The term's end cut at the termination; null is open-ended. Kept for the constraint above."""
    reason: Mapped[Personal[str] | None] = mapped_column(default=None, init=False)
    """Why it was rejected or terminated, in words of people about people."""

    def review(self) -> None:
        """Hand the draft to the parties."""
        self._move("review")

    def reject(self, reason: str) -> None:
        """End the review without a signature."""
        self._move("reject")
        self.reason = reason

    def sign(self, *, signed_on: date, starts_on: date, ends_on: date | None, numbers: tuple[str, str | None]) -> None:
        """Give it its term and both parties' numbers."""
        self._move("sign")
        self._set(signed_on, starts_on, ends_on, numbers)

    def correct(
        self, *, signed_on: date, starts_on: date, ends_on: date | None, numbers: tuple[str, str | None]
    ) -> None:
        """Give it the term and the numbers that the paper has. A termination stays."""
        self._move("correct")
        self._set(signed_on, starts_on, ends_on, numbers)

    def _set(self, signed_on: date, starts_on: date, ends_on: date | None, numbers: tuple[str, str | None]) -> None:
        self.signed_on, self.starts_on, self.ends_on = signed_on, starts_on, ends_on
        self.mall_number, self.agency_number = numbers
        self.last_effective_on = last_effective_day(ends_on, self.terminated_from)

    def suspend(self) -> None:
        """The days are kept beside it, in a suspension."""
        self._move("suspend")

    def reinstate(self) -> None:
        """The suspension keeps its first day in force again. A termination that is to come stays."""
        self._move("reinstate")
        if self.terminated_from:
            self._move("terminate")

    def terminate(self, first_day_out: date, reason: str | None) -> None:
        """Cut the term."""
        self._move("terminate")
        self._end_before(first_day_out, reason)

    def withdraw_termination(self) -> None:
        """Give it its whole term again."""
        self._move("reinstate")
        self._end_before(None, None)

    def _end_before(self, first_day_out: date | None, reason: str | None) -> None:
        self.terminated_from, self.reason = first_day_out, reason
        self.last_effective_on = last_effective_day(self.ends_on, first_day_out)

    def _move(self, verb: str) -> None:
        self.status = AGREEMENT_LIFE.after(self.status, verb)
        self.version += 1


class Suspension(MallOwned, Base):
    """Days on which a signed agreement is not in force. History is kept, so every past day has its answer."""

    __tablename__ = "suspensions"
    __table_args__ = (
        belongs_to("agreements", "agreement_id"),
        enum_check("waiting_tickets", WaitingTickets),
        CheckConstraint("reinstated_from >= suspended_from", name="dates_in_order"),
        Index("ix_suspensions_agreement", "mall_id", "agreement_id", "suspended_from"),
    )

    agreement_id: Mapped[UUID]
    suspended_from: Mapped[date]
    """The first day not in force."""
    reinstated_from: Mapped[date | None] = mapped_column(default=None, init=False)
    """The first day in force again."""
    reason: Mapped[Personal[str] | None]
    waiting_tickets: Mapped[WaitingTickets]
    at: Mapped[datetime]

    def move(self, suspended_from: date, waiting_tickets: WaitingTickets, reason: str | None) -> None:
        """One that is still to come begins on another day."""
        self.suspended_from, self.waiting_tickets, self.reason = suspended_from, waiting_tickets, reason


MallId = ColumnElement[int] | int
"""In a subquery the mall is compared with the statement's own parameter, never with a column of the outer row: so the
whole statement stays within one mall where the tables are spread over several servers."""


def effective_on(day: ColumnElement[date] | date) -> ColumnElement[bool]:
    """Whether an agreement's term, cut at its termination, holds the day."""
    return and_(
        Agreement.status.in_(COUNTED),
        Agreement.starts_on <= day,
        or_(Agreement.last_effective_on.is_(None), Agreement.last_effective_on >= day),
    )


def suspended_on(mall_id: MallId, day: ColumnElement[date] | date) -> ColumnElement[bool]:
    """Whether a suspension of the agreement holds the day (a past day means its last instant)."""
    return exists().where(
        Suspension.mall_id == mall_id,
        Suspension.agreement_id == Agreement.id,
        Suspension.suspended_from <= day,
        or_(Suspension.reinstated_from.is_(None), Suspension.reinstated_from > day),
    )


def in_force_on(mall_id: MallId, day: ColumnElement[date] | date) -> ColumnElement[bool]:
    """*In force*: signed, effective and not suspended on the day. The one place that says so."""
    return and_(effective_on(day), ~suspended_on(mall_id, day))


def agency_in_force_on(mall_id: MallId, day: ColumnElement[date] | date) -> ColumnElement[bool]:
    """Whether any agreement of the agency, of any kind, is in force on the day."""
    return and_(
        or_(Agency.retired_on.is_(None), Agency.retired_on > day),
        exists()
        .where(Agreement.mall_id == mall_id, Agreement.agency_id == Agency.id, in_force_on(mall_id, day))
        .correlate(Agency),
    )
