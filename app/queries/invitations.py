"""Invitations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_

from app import access, models
from app.access import visible
from app.domain.callers import Caller
from app.domain.invitations import InvitationStatus, ShownInvitationStatus
from app.domain.roles import Permission
from app.journal import Reading
from app.queries.paging import AgencyFilter, Page, PageRequest, page


@dataclass(frozen=True)
class InvitationView:
    """An invitation as it stands today."""

    row: models.Invitation
    status: ShownInvitationStatus


async def invitations(
    reading: Reading,
    caller: Caller,
    asked: PageRequest,
    *,
    of: AgencyFilter,
    statuses: Sequence[ShownInvitationStatus],
) -> Page[InvitationView]:
    """Invitations that the caller may read."""
    invitation = models.Invitation
    statement = reading.select(invitation).where(
        *visible(caller, Permission.READ_JOINING, reading, invitation.agency_id)
    )
    statement = statement.where(*of.conditions(reading.mall_id, invitation.agency_id))
    if statuses:
        statement = statement.where(or_(*(_shown_as(each, reading.today) for each in set(statuses))))
    found = await page(reading.session, statement, {"id": invitation.id}, asked)
    return found.showing([view(each, reading.today) for each in found.data])


async def one(reading: Reading, caller: Caller, invitation_id: UUID) -> InvitationView:
    """An invitation that the caller may read. Raises NotThere."""
    row = await access.own(reading, caller, Permission.READ_JOINING, models.Invitation, invitation_id, "invitation")
    return view(row, reading.today)


def view(invitation: models.Invitation, today: date) -> InvitationView:
    """An invitation; unanswered past its due date it is shown as `no_response`."""
    late = invitation.status is InvitationStatus.INVITED and invitation.due_on < today
    return InvitationView(
        invitation, status=ShownInvitationStatus.NO_RESPONSE if late else ShownInvitationStatus(invitation.status)
    )


def _shown_as(status: ShownInvitationStatus, today: date) -> ColumnElement[bool]:
    """The condition that leaves the invitations that `view` shows so."""
    invitation = models.Invitation
    match status:
        case ShownInvitationStatus.NO_RESPONSE:
            return and_(invitation.status == InvitationStatus.INVITED, invitation.due_on < today)
        case ShownInvitationStatus.INVITED:
            return and_(invitation.status == InvitationStatus.INVITED, invitation.due_on >= today)
        case _:
            return invitation.status == InvitationStatus(status)


async def open_invitation(reading: Reading, agency_id: UUID) -> models.Invitation | None:
    """The agency's invitation that can still be answered in time."""
    invitation = models.Invitation
    return (
        await reading.session.scalars(
            reading.select(invitation).where(
                invitation.agency_id == agency_id,
                invitation.status == InvitationStatus.INVITED,
                invitation.due_on >= reading.today,
            )
        )
    ).first()
