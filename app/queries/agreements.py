"""Agreements and their suspensions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import DATERANGE, Range

from app import models
from app.access import visible
from app.domain.agreements import COUNTED, AgreementStatus
from app.domain.callers import Caller
from app.domain.roles import Permission
from app.domain.stops import Aftermath
from app.journal import Reading
from app.models.agreements import in_force_on
from app.queries.paging import AgencyFilter, Page, PageRequest, page


@dataclass(frozen=True)
class AgreementView:
    """An agreement with what is known of it today."""

    row: models.Agreement
    in_force: bool
    suspensions: list[models.Suspension]
    aftermath: Aftermath | None = None
    """What its suspension or end left to handle, in that act's answer only."""


async def agreements(
    reading: Reading, caller: Caller, asked: PageRequest, *, of: AgencyFilter, statuses: Sequence[AgreementStatus]
) -> Page[AgreementView]:
    """Agreements that the caller may read."""
    agreement = models.Agreement
    statement = reading.select(agreement).where(*visible(caller, Permission.READ_JOINING, reading, agreement.agency_id))
    statement = statement.where(*of.conditions(reading.mall_id, agreement.agency_id))
    if statuses:
        statement = statement.where(agreement.status.in_(statuses))
    found = await page(reading.session, statement, {"id": agreement.id}, asked)
    return found.showing(await views(reading, found.data))


async def views(reading: Reading, rows: Sequence[models.Agreement]) -> list[AgreementView]:
    """Agreements with whether they are in force today, and their suspensions."""
    suspension = models.Suspension
    suspensions = await reading.session.scalars(
        reading.select(suspension)
        .where(suspension.agreement_id.in_([each.id for each in rows]))
        .order_by(suspension.id)
    )
    by_agreement: dict[UUID, list[models.Suspension]] = {}
    for each in suspensions:
        by_agreement.setdefault(each.agreement_id, []).append(each)
    in_force = set(
        await reading.session.scalars(
            select(models.Agreement.id).where(
                models.Agreement.mall_id == reading.mall_id,
                models.Agreement.id.in_([each.id for each in rows]),
                in_force_on(reading.mall_id, reading.today),
            )
        )
    )
    return [AgreementView(each, each.id in in_force, by_agreement.get(each.id, [])) for each in rows]


async def overlapping(reading: Reading, one: models.Agreement, starts_on: date, ends_on: date | None) -> UUID | None:
    """Another effective agreement of the same kind and agency whose days meet these."""
    agreement = models.Agreement
    days = Range(starts_on, ends_on, bounds="[]")
    return await reading.session.scalar(
        select(agreement.id).where(
            agreement.mall_id == reading.mall_id,
            agreement.agency_id == one.agency_id,
            agreement.kind == one.kind,
            agreement.id != one.id,
            agreement.status.in_(COUNTED),
            or_(agreement.last_effective_on.is_(None), agreement.last_effective_on >= agreement.starts_on),
            func.daterange(agreement.starts_on, agreement.last_effective_on, "[]", type_=DATERANGE).overlaps(days),
        )
    )


async def binding_agreement(reading: Reading, agency_id: UUID) -> models.Agreement | None:
    """An agreement of the agency that is signed and not over: it stands in the way of withdrawing."""
    agreement = models.Agreement
    return (
        await reading.session.scalars(
            reading.select(agreement).where(
                agreement.agency_id == agency_id,
                agreement.status.in_(COUNTED),
                or_(agreement.last_effective_on.is_(None), agreement.last_effective_on >= reading.today),
            )
        )
    ).first()


async def suspensions_to_end(reading: Reading, agreement_id: UUID) -> Sequence[models.Suspension]:
    """The suspensions of an agreement whose first day in force again is not known or still to come."""
    suspension = models.Suspension
    return (
        await reading.session.scalars(
            reading.select(suspension)
            .where(
                suspension.agreement_id == agreement_id,
                or_(suspension.reinstated_from.is_(None), suspension.reinstated_from > reading.today),
            )
            .order_by(suspension.reinstated_from.nulls_last())
        )
    ).all()
