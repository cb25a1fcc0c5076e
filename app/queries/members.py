"""What every agency is to the mall on a day: behind `/mou-status`, `/members`, the catalogue and the gate."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Select, SmallInteger, and_, bindparam, case, exists, func, or_, select, true
from sqlalchemy.engine import Row
from sqlalchemy.orm import aliased

from app import models
from app.domain.agreements import COUNTED, AgreementKind
from app.domain.invitations import InvitationStatus
from app.domain.members import Membership, MembershipInputs, membership
from app.domain.names import LocalizedText
from app.journal import Reading
from app.models.agreements import agency_in_force_on, effective_on, in_force_on, suspended_on
from app.queries.paging import ALL_AGENCIES, AgencyFilter, Page, PageRequest, page


@dataclass(frozen=True)
class AgencyMembership:
    """One agency on one day."""

    agency_id: UUID
    code: str
    name: LocalizedText
    membership: Membership
    in_force: bool
    agreement_id: UUID | None
    agreement_kind: AgreementKind | None
    agreement_number: str | None
    agency_number: str | None
    starts_on: date | None
    ends_on: date | None
    days_left: int | None
    """Days after this one on which it is still effective; null when open-ended or not effective."""
    invitation_due_on: date | None

    @property
    def not_in_force(self) -> Membership | None:
        """What the agency is instead of a member in force; None: it is in force."""
        return None if self.in_force else self.membership


async def memberships(reading: Reading, agency_ids: Sequence[UUID] | None = None) -> dict[UUID, AgencyMembership]:
    """Today's standing of every agency of the mall, or of these."""
    return {row.id: _membership(row, reading.today) for row in await _rows(reading, reading.today, agency_ids)}


async def membership_of(reading: Reading, agency_id: UUID) -> AgencyMembership:
    """Today's standing of one agency."""
    return (await memberships(reading, [agency_id]))[agency_id]


async def why_not_in_force(reading: Reading, agency_id: UUID) -> Membership | None:
    """The gate: what the agency is instead of a member in force now; None lets it through."""
    agency = models.Agency
    statement = select(agency_in_force_on(reading.mall_id, reading.today)).where(
        agency.mall_id == reading.mall_id, agency.id == agency_id
    )
    in_force = await reading.session.scalar(statement)
    return None if in_force else (await membership_of(reading, agency_id)).membership


async def mou_status(
    reading: Reading, on: date, asked: PageRequest, *, members_only: bool = False, of: AgencyFilter = ALL_AGENCIES
) -> Page[AgencyMembership]:
    """Every agency's standing on a day, by code; or of those in force only."""
    ids = select(models.Agency).where(
        models.Agency.mall_id == reading.mall_id, *of.conditions(reading.mall_id, models.Agency.id)
    )
    if members_only:
        ids = ids.where(agency_in_force_on(reading.mall_id, on))
    found = await page(reading.session, ids, {"code": models.Agency.code}, asked)
    rows = {row.id: row for row in await _rows(reading, on, [each.id for each in found.data])}
    return Page([_membership(rows[each.id], on) for each in found.data], found.next_after)


async def _rows(reading: Reading, on: date, agency_ids: Sequence[UUID] | None) -> Sequence[Row[Any]]:
    statement = _statement()
    if agency_ids is not None:
        statement = statement.where(models.Agency.id.in_(agency_ids))
    rows = await reading.session.execute(statement, {"mall_id": reading.mall_id, "on": on})
    return list(rows)


@cache
def _statement() -> Select[Any]:
    """One row an agency; made once, because making it takes longer than running it."""
    mall_id, on = bindparam("mall_id", type_=SmallInteger), bindparam("on", type_=Date)
    agency, agreement, invitation = models.Agency, models.Agreement, models.Invitation
    of_agency = and_(agreement.mall_id == mall_id, agreement.agency_id == agency.id)
    begun = and_(
        of_agency,
        agreement.status.in_(COUNTED),
        agreement.starts_on <= on,
        or_(agreement.last_effective_on.is_(None), agreement.last_effective_on >= agreement.starts_on),
    )
    speaks = (
        select(
            agreement.id,
            agreement.kind,
            agreement.mall_number,
            agreement.agency_number,
            agreement.starts_on,
            agreement.last_effective_on,
            effective_on(on).label("effective"),
        )
        .where(begun)
        .order_by(in_force_on(mall_id, on).desc(), effective_on(on).desc(), agreement.starts_on.desc(), agreement.id)
        .limit(1)
        .correlate(agency)
        .lateral("speaks")
    )
    ended = aliased(agreement)
    last_effective_on = (
        select(
            func.max(
                case(
                    (or_(ended.last_effective_on.is_(None), ended.last_effective_on > on), on),
                    else_=func.greatest(ended.last_effective_on, ended.starts_on),
                )
            )
        )
        .where(
            ended.mall_id == mall_id,
            ended.agency_id == agency.id,
            ended.status.in_(COUNTED),
            ended.starts_on <= on,
            # one that was ended on its first day counts too: it was in force for some hours
            or_(ended.last_effective_on.is_(None), ended.last_effective_on >= ended.starts_on - 1),
        )
        .correlate(agency)
        .scalar_subquery()
    )
    latest = (
        select(
            invitation.due_on,
            invitation.invited_on,
            func.greatest(
                case((invitation.answered_on <= on, invitation.answered_on)),
                case((invitation.withdrawn_on <= on, invitation.withdrawn_on)),
            ).label("answered_on"),
            case(
                (invitation.withdrawn_on <= on, InvitationStatus.WITHDRAWN),
                (invitation.answered_on > on, InvitationStatus.INVITED),
                (invitation.status == InvitationStatus.WITHDRAWN, InvitationStatus.COMMITTED),
                else_=invitation.status,
            ).label("answer"),
        )
        .where(invitation.mall_id == mall_id, invitation.agency_id == agency.id, invitation.invited_on <= on)
        .order_by(invitation.invited_on.desc(), invitation.id.desc())
        .limit(1)
        .correlate(agency)
        .lateral("latest")
    )
    suspended = exists().where(of_agency, effective_on(on), suspended_on(mall_id, on)).correlate(agency)
    return (
        select(
            agency.id,
            agency.code,
            agency.name,
            agency.retired_on,
            agency_in_force_on(mall_id, on).label("in_force"),
            suspended.label("suspended"),
            last_effective_on.label("last_effective_on"),
            latest.c.due_on,
            latest.c.answered_on,
            latest.c.answer,
            speaks.c.id.label("agreement_id"),
            speaks.c.kind,
            speaks.c.mall_number,
            speaks.c.agency_number,
            speaks.c.starts_on,
            speaks.c.last_effective_on.label("ends_on"),
            speaks.c.effective,
        )
        .select_from(agency)
        .outerjoin(speaks, true())
        .outerjoin(latest, true())
        .where(agency.mall_id == mall_id)
    )


def _membership(row: Row[Any], on: date) -> AgencyMembership:
    retired = row.retired_on is not None and row.retired_on <= on
    facts = MembershipInputs(
        retired=retired,
        in_force=row.in_force,
        suspended=row.suspended,
        last_effective_on=row.last_effective_on,
        answer=row.answer and InvitationStatus(row.answer),
        answered_on=row.answered_on,
    )
    return AgencyMembership(
        agency_id=row.id,
        code=row.code,
        name=row.name,
        membership=membership(facts),
        in_force=row.in_force,
        agreement_id=row.agreement_id,
        agreement_kind=row.kind,
        agreement_number=row.mall_number,
        agency_number=row.agency_number,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        days_left=(row.ends_on - on).days if row.effective and row.ends_on else None,
        invitation_due_on=row.due_on if row.answered_on is None else None,
    )
