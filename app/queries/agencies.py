"""Agencies, invitations and agreements."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import DATERANGE, Range

from app import models
from app.access import Caller
from app.domain.agencies import AgencyCategory
from app.domain.agreements import COUNTED, AgreementKind, AgreementStatus
from app.domain.invitations import InvitationStanding, InvitationStatus
from app.domain.roles import Verb
from app.journal import Reading
from app.models.agencies import in_force_on
from app.queries import members
from app.queries.malls import base_schedules
from app.queries.shown import Asked, OfAgency, Page, With, page

SORTS = {"code": models.Agency.code, "id": models.Agency.id}


async def code_is_taken(reading: Reading, code: str) -> bool:
    """Whether an agency of the mall has the code."""
    statement = select(models.Agency.id).where(models.Agency.mall_id == reading.mall_id, models.Agency.code == code)
    return await reading.session.scalar(statement) is not None


async def agencies(
    reading: Reading, by: Caller, asked: Asked, *, category: AgencyCategory | None, code: str | None, retired: bool
) -> Page[object]:
    """The catalogue's agencies: the living, or the retired."""
    agency = models.Agency
    statement = select(agency).where(agency.mall_id == reading.mall_id, agency.retired_on.is_not(None) == retired)
    if category:
        statement = statement.where(agency.category == category)
    if code:
        statement = statement.where(agency.code == code)
    found = await page(reading.session, statement, SORTS, asked)
    return found.showing(await shown(reading, by, found.data))


async def shown(reading: Reading, by: Caller, rows: Sequence[models.Agency]) -> list[With]:
    """Agencies with their standing and hours at the mall; contacts for who may read them."""
    ids = [each.id for each in rows]
    standings = await members.standings(reading, ids)
    schedules = await base_schedules(reading, ids)
    return [
        With(
            each,
            membership=standings[each.id].membership,
            in_force=standings[each.id].in_force,
            hours=schedules[each.id].hours if each.id in schedules else None,
            contact=each.contact if by.may(Verb.READ_JOINING, reading.mall_id, each.id) else None,
        )
        for each in rows
    ]


async def invitations(reading: Reading, by: Caller, asked: Asked, of: OfAgency) -> Page[object]:
    """Invitations that the caller may read."""
    invitation = models.Invitation
    statement = select(invitation).where(invitation.mall_id == reading.mall_id)
    own = by.agencies(Verb.READ_JOINING, reading.mall_id)
    if own is not None:
        statement = statement.where(invitation.agency_id.in_(own))
    statement = statement.where(*of.among(reading.mall_id, invitation.agency_id))
    found = await page(reading.session, statement, {"id": invitation.id}, asked)
    return found.showing([invitation_shown(each, reading.today) for each in found.data])


def invitation_shown(invitation: models.Invitation, today: date) -> With:
    """An invitation; unanswered past its due date it is shown as `no_response`."""
    late = invitation.status is InvitationStatus.INVITED and invitation.due_on < today
    return With(invitation, status=InvitationStanding.NO_RESPONSE if late else InvitationStanding(invitation.status))


async def open_invitation(reading: Reading, agency_id: UUID) -> models.Invitation | None:
    """The agency's invitation that can still be answered in time."""
    invitation = models.Invitation
    return (
        await reading.session.scalars(
            select(invitation).where(
                invitation.mall_id == reading.mall_id,
                invitation.agency_id == agency_id,
                invitation.status == InvitationStatus.INVITED,
                invitation.due_on >= reading.today,
            )
        )
    ).first()


async def agreements(
    reading: Reading, by: Caller, asked: Asked, *, of: OfAgency, status: AgreementStatus | None
) -> Page[object]:
    """Agreements that the caller may read."""
    agreement = models.Agreement
    statement = select(agreement).where(agreement.mall_id == reading.mall_id)
    own = by.agencies(Verb.READ_JOINING, reading.mall_id)
    if own is not None:
        statement = statement.where(agreement.agency_id.in_(own))
    statement = statement.where(*of.among(reading.mall_id, agreement.agency_id))
    if status:
        statement = statement.where(agreement.status == status)
    found = await page(reading.session, statement, {"id": agreement.id}, asked)
    return found.showing(await agreements_shown(reading, found.data))


async def agreements_shown(reading: Reading, rows: Sequence[models.Agreement]) -> list[With]:
    """Agreements with whether they are in force today, and their suspensions."""
    suspension = models.Suspension
    suspensions = await reading.session.scalars(
        select(suspension)
        .where(suspension.mall_id == reading.mall_id, suspension.agreement_id.in_([each.id for each in rows]))
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
                in_force_on(reading.today),
            )
        )
    )
    return [With(each, in_force=each.id in in_force, suspensions=by_agreement.get(each.id, [])) for each in rows]


async def overlapping(
    reading: Reading, agency_id: UUID, kind: AgreementKind, starts_on: date, ends_on: date | None
) -> UUID | None:
    """An effective agreement of the same kind of the agency whose days meet these."""
    agreement = models.Agreement
    days = Range(starts_on, ends_on, bounds="[]")
    return await reading.session.scalar(
        select(agreement.id).where(
            agreement.mall_id == reading.mall_id,
            agreement.agency_id == agency_id,
            agreement.kind == kind,
            agreement.status.in_(COUNTED),
            or_(agreement.last_effective_on.is_(None), agreement.last_effective_on >= agreement.starts_on),
            func.daterange(agreement.starts_on, agreement.last_effective_on, "[]", type_=DATERANGE).overlaps(days),
        )
    )


async def counting(reading: Reading, agency_id: UUID) -> models.Agreement | None:
    """An agreement of the agency that is signed and not over: it stands in the way of withdrawing."""
    agreement = models.Agreement
    return (
        await reading.session.scalars(
            select(agreement).where(
                agreement.mall_id == reading.mall_id,
                agreement.agency_id == agency_id,
                agreement.status.in_(COUNTED),
                or_(agreement.last_effective_on.is_(None), agreement.last_effective_on >= reading.today),
            )
        )
    ).first()


async def open_suspension(reading: Reading, agreement_id: UUID) -> models.Suspension:
    """The suspension that a reinstatement ends."""
    suspension = models.Suspension
    return (
        await reading.session.scalars(
            select(suspension).where(
                suspension.mall_id == reading.mall_id,
                suspension.agreement_id == agreement_id,
                suspension.until_on.is_(None),
            )
        )
    ).one()
