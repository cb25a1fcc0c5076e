"""Services."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger, UniqueConstraint, or_
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql import ColumnElement

from app.domain import event_data
from app.domain.absences import NO_SHOW_BLOCK_DAYS
from app.domain.names import LocalizedText
from app.domain.services import GovernmentLevel, ServiceKind, ServiceScope
from app.domain.tickets import NO_SHOW_CALLS, PRIORITY_CALLS, RETURN_PLACES
from app.models.base import Base, MallOwned, Retirable, belongs_to, enum_check


class Service(Retirable, MallOwned, Base):
    """A *layanan* of an agency at this mall."""

    records = event_data.ServiceData

    __tablename__ = "services"
    __table_args__ = (
        belongs_to("agencies", "agency_id"),
        belongs_to("number_series", "number_series_id"),
        UniqueConstraint("mall_id", "code", name="uq_services_code"),
        UniqueConstraint("mall_id", "agency_id", "id", name="uq_services_of_agency"),
        enum_check("kind", ServiceKind),
        enum_check("level", GovernmentLevel),
        enum_check("scope", ServiceScope),
        CheckConstraint("daily_quota >= 0", name="daily_quota_not_negative"),
        CheckConstraint("handling_minutes > 0", name="handling_minutes_positive"),
        CheckConstraint("no_show_calls > 0", name="no_show_calls_positive"),
        CheckConstraint("return_places > 0", name="return_places_positive"),
        CheckConstraint("priority_calls_in_a_row > 0", name="priority_calls_in_a_row_positive"),
        CheckConstraint("near_places > 0", name="near_places_positive"),
        CheckConstraint("no_shows_before_block > 0", name="no_shows_before_block_positive"),
        CheckConstraint("no_show_block_days > 0", name="no_show_block_days_positive"),
        Index("ix_services_agency", "mall_id", "agency_id", "code"),
    )

    agency_id: Mapped[UUID]
    number_series_id: Mapped[UUID]
    code: Mapped[str]
    name: Mapped[LocalizedText]
    kind: Mapped[ServiceKind]
    level: Mapped[GovernmentLevel]
    scope: Mapped[ServiceScope]
    scope_note: Mapped[LocalizedText | None]
    channels: Mapped[list[str]]
    daily_quota: Mapped[int | None]
    channel_quotas: Mapped[dict[str, Any]]
    channel_windows: Mapped[dict[str, Any]]
    """By channel: `[{"opens": "07:00", "closes": "11:00"}]`."""
    head_start_minutes: Mapped[dict[str, Any]]
    """By priority class: how much earlier it is counted as having come."""
    handling_minutes: Mapped[int] = mapped_column(SmallInteger)
    equipped_on: Mapped[date | None] = mapped_column(default=None, init=False)
    """The day on which a counter first served it; null: it waits for one."""
    no_show_calls: Mapped[int] = mapped_column(SmallInteger, default=NO_SHOW_CALLS)
    return_places: Mapped[int] = mapped_column(SmallInteger, default=RETURN_PLACES)
    priority_calls_in_a_row: Mapped[int | None] = mapped_column(SmallInteger, default=PRIORITY_CALLS)
    """So many with priority are called one after another at a counter while others wait there; null: no limit."""
    near_places: Mapped[int | None] = mapped_column(SmallInteger, default=None)
    """From this place on it is said that a ticket's turn is near; null: it is not said."""
    no_shows_before_block: Mapped[int | None] = mapped_column(SmallInteger, default=None)
    """So many absences of one person keep them from the web; null: none do, and none is counted."""
    no_show_block_days: Mapped[int] = mapped_column(SmallInteger, default=NO_SHOW_BLOCK_DAYS)
    """For so many days, and absences within so many days count together."""
    web_needs_phone: Mapped[bool] = mapped_column(default=False)
    """Whether a number on the web needs a phone that was proven."""


def visible_on(day: date) -> ColumnElement[bool]:
    """Whether kiosks and boards draw a service: one retired today still says so to who waits for it."""
    return or_(Service.retired_on.is_(None), Service.retired_on >= day)
