"""What decides about one more ticket of a service, in one statement."""

import json
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache, partial
from uuid import UUID

from sqlalchemy import Date, LargeBinary, SmallInteger, Text, Uuid, func, literal_column, or_, select
from sqlalchemy.orm import aliased

from app import models
from app.domain.absences import AbsencePolicy
from app.domain.calendar import Calendar
from app.domain.members import Membership
from app.domain.services import Gate, Offer, Quotas
from app.domain.tickets import UNFINISHED
from app.domain.windows import Window, Windows
from app.journal import Reading
from app.models.agreements import agency_in_force_on
from app.models.base import written_out
from app.models.counters import is_attended
from app.models.prepared import Prepared, parameter
from app.models.tickets import takes_a_place
from app.queries.calendar import calendar_of, calendar_text

NO_VISIT = UUID(int=0)
"""Sent where no visit is named: beside a comparison with NULL, the one with the mall would be left out of the plan."""
NO_ADDRESS = b""
"""Sent where the caller is known: nobody's ticket has it."""


@dataclass(frozen=True)
class IssuingInputs:
    """What decides about one more ticket of a service, read in one statement."""

    agency_id: UUID
    series_id: UUID
    prefix: str
    last_number: int
    in_force: bool
    is_attended: bool
    calendar: Calendar
    retired_on: date | None
    channels: frozenset[str]
    quotas: Quotas
    issued: dict[str, int]
    channel_windows: dict[str, list[Window]]
    head_start_minutes: dict[str, int]
    visit_day: date | None
    already: tuple[UUID, str] | None
    """The visit's ticket that has a place at the service, and its number."""
    web_needs_phone: bool
    """Whether a number on the web needs a phone that was proven."""
    waiting_from_address: int
    """Tickets that wait today and came from the same address without credentials."""
    absence_policy: AbsencePolicy | None

    def after(self, ticket: models.Ticket, service_id: UUID) -> "IssuingInputs":
        """What decides about one more ticket of the service, once this one was issued for it or another service."""
        if ticket.series_id != self.series_id:
            return self
        after = replace(self, last_number=ticket.ordinal, issued=dict(self.issued))
        if self.quotas.limit and ticket.issued_service_id == service_id:
            after.issued[ticket.channel] = after.issued.get(ticket.channel, 0) + 1
        return after

    def offer(self, service_id: UUID, not_in_force: Membership | None, at: datetime) -> Offer:
        """What decides whether the service gives a number at an instant of the day."""
        gate = Gate(
            agency_id=self.agency_id,
            not_in_force=not_in_force,
            is_attended=self.is_attended,
            retired_on=self.retired_on,
            opening=self.calendar.opening(at, self.agency_id, service_id),
        )
        next_day = partial(self.calendar.next_day_opening, at, self.agency_id, service_id)
        opening_at = partial(self.calendar.opening, agency_id=self.agency_id, service_id=service_id)
        windows = Windows(self.channel_windows, at.astimezone(self.calendar.zone), opening_at)
        return Offer(gate, self.channels, self.quotas, self.issued, next_day, windows)


async def issuing_inputs(
    reading: Reading, service_id: UUID, visit_id: UUID | None, address_mark: bytes | None
) -> IssuingInputs | None:
    """The facts, or None where the mall has no such service."""
    row = await _statement().row(
        reading.session,
        {
            "mall_id": reading.mall_id,
            "service_id": service_id,
            "visit_id": visit_id or NO_VISIT,
            "address_mark": address_mark or NO_ADDRESS,
            "today": reading.today,
        },
    )
    if row is None:
        return None
    return IssuingInputs(
        agency_id=row["agency_id"],
        series_id=row["number_series_id"],
        prefix=row["prefix"],
        last_number=row["last_number"],
        in_force=row["in_force"],
        is_attended=row["is_attended"],
        calendar=calendar_of(str(reading.mall.zone), row["calendar"]),
        retired_on=row["retired_on"],
        channels=frozenset(row["channels"]),
        channel_windows=row["channel_windows"],
        quotas=Quotas(row["daily_quota"], row["channel_quotas"]),
        issued=json.loads(row["issued"] or "{}"),
        head_start_minutes=row["head_start_minutes"],
        visit_day=row["visit_day"],
        already=(row["already_id"], row["already_number"]) if row["already_id"] else None,
        web_needs_phone=row["web_needs_phone"],
        waiting_from_address=row["waiting_from_address"],
        absence_policy=(
            AbsencePolicy(row["no_shows_before_block"], row["no_show_block_days"])
            if row["no_shows_before_block"]
            else None
        ),
    )


async def with_phone(reading: Reading, phone_mark: bytes, service_id: UUID) -> models.Ticket | None:
    """The ticket with this phone that has a place at the service today."""
    ticket = models.Ticket
    statement = reading.select(ticket).where(
        ticket.phone_mark == phone_mark,
        ticket.service_day == reading.today,
        ticket.service_id == service_id,
        ticket.status.in_(UNFINISHED),
    )
    return (await reading.session.scalars(statement.limit(1))).one_or_none()


@cache
def _statement() -> Prepared:
    service, agency, series, ticket = models.Service, models.Agency, models.NumberSeries, models.Ticket
    mall_id = parameter("mall_id", SmallInteger())
    today, visit_id = parameter("today", Date()), parameter("visit_id", Uuid())
    already, from_address = aliased(models.Ticket), aliased(models.Ticket)
    by_channel = (
        select(ticket.channel, func.count().label("count"))
        .where(
            ticket.mall_id == mall_id,
            ticket.issued_service_id == service.id,
            ticket.service_day == today,
            takes_a_place(),
            or_(service.daily_quota.is_not(None), service.channel_quotas != literal_column("'{}'::jsonb")),
        )
        .group_by(ticket.channel)
        .correlate(service)
        .subquery()
    )
    number_day, visit = models.SeriesDay, models.Visit
    return Prepared(
        select(
            service.agency_id,
            service.number_series_id,
            service.retired_on,
            service.channels,
            service.daily_quota,
            service.channel_quotas,
            service.channel_windows,
            service.head_start_minutes,
            service.web_needs_phone,
            service.no_shows_before_block,
            service.no_show_block_days,
            series.prefix,
            already.id.label("already_id"),
            already.number.label("already_number"),
            func.coalesce(number_day.last_number, 0).label("last_number"),
            agency_in_force_on(mall_id, today).label("in_force"),
            is_attended(mall_id, today).label("is_attended"),
            select(func.json_object_agg(by_channel.c.channel, by_channel.c.count))
            .scalar_subquery()
            .cast(Text)
            .label("issued"),
            select(visit.service_day)
            .where(visit.mall_id == mall_id, visit.id == visit_id)
            .scalar_subquery()
            .label("visit_day"),
            select(func.count())
            .where(
                from_address.mall_id == mall_id,
                from_address.address_mark == parameter("address_mark", LargeBinary()),
                from_address.service_day == today,
                from_address.status == literal_column("'waiting'"),
            )
            .scalar_subquery()
            .label("waiting_from_address"),
            calendar_text(mall_id, service.agency_id, today).label("calendar"),
        )
        .join(agency, (agency.mall_id == service.mall_id) & (agency.id == service.agency_id))
        .join(series, (series.mall_id == service.mall_id) & (series.id == service.number_series_id))
        .outerjoin(
            number_day,
            (number_day.mall_id == series.mall_id)
            & (number_day.series_id == series.id)
            & (number_day.service_day == today),
        )
        .outerjoin(
            already,
            (already.mall_id == mall_id)
            & (already.visit_id == visit_id)
            & (already.service_id == service.id)
            & already.status.in_(written_out(UNFINISHED)),
        )
        .where(service.mall_id == mall_id, service.id == parameter("service_id", Uuid()))
    )
