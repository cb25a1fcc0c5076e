"""Invitations."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from app import access, models
from app.access import Caller
from app.domain.invitations import InvitationStatus, ShownInvitationStatus
from app.domain.roles import Permission
from app.journal import Reading
from app.queries.paging import AgencyFilter, Page, PageRequest, With, page


async def invitations(reading: Reading, by: Caller, asked: PageRequest, of: AgencyFilter) -> Page[object]:
    """Invitations that the caller may read."""
    invitation = models.Invitation
    statement = select(invitation).where(invitation.mall_id == reading.mall_id)
    own = by.agencies(Permission.READ_JOINING, reading.mall_id)
    if own is not None:
        statement = statement.where(invitation.agency_id.in_(own))
    statement = statement.where(*of.among(reading.mall_id, invitation.agency_id))
    found = await page(reading.session, statement, {"id": invitation.id}, asked)
    return found.showing([view(each, reading.today) for each in found.data])


async def one(reading: Reading, by: Caller, invitation_id: UUID) -> With:
    """An invitation that the caller may read. Raises NotThere."""
    row = await access.own(reading, by, Permission.READ_JOINING, models.Invitation, invitation_id, "invitation")
    return view(row, reading.today)


def view(invitation: models.Invitation, today: date) -> With:
    """An invitation; unanswered past its due date it is shown as `no_response`."""
    late = invitation.status is InvitationStatus.INVITED and invitation.due_on < today
    return With(
        invitation, status=ShownInvitationStatus.NO_RESPONSE if late else ShownInvitationStatus(invitation.status)
    )


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
