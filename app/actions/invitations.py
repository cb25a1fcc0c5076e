"""Invitations, and the answers of agencies."""

from datetime import date
from uuid import UUID

from app import access, models
from app.domain.events import Event
from app.domain.invitations import DAYS_TO_ANSWER, AgreementExists, Answer, DueDatePassed, InvitationOpen
from app.domain.roles import Permission
from app.journal import Journal
from app.queries import agreements
from app.queries import invitations as invitation_queries
from app.queries.invitations import InvitationView


async def invite(journal: Journal, *, agency_id: UUID, due_on: date | None) -> InvitationView:
    """Invite an agency to join; it has seven days to answer unless another day is named."""
    journal.caller.must(Permission.CHANGE_JOINING, journal.mall_id)
    await access.agency_named(journal, agency_id)
    due_on = due_on or journal.today + DAYS_TO_ANSWER
    if due_on < journal.today:
        raise DueDatePassed(due_on=due_on)
    if standing := await invitation_queries.open_invitation(journal, agency_id):
        raise InvitationOpen(invitation_id=standing.id, due_on=standing.due_on)
    invitation = models.Invitation(
        mall_id=journal.mall_id, agency_id=agency_id, invited_on=journal.today, due_on=due_on
    )
    journal.session.add(invitation)
    journal.record(Event.INVITATION_CREATED, invitation)
    return invitation_queries.view(invitation, journal.today)


async def answer(journal: Journal, invitation_id: UUID, *, answer: Answer, note: str | None) -> InvitationView:
    """The agency commits, declines, or withdraws its commitment before it has signed anything."""
    invitation = await access.own(
        journal, journal.caller, Permission.ANSWER_INVITATIONS, models.Invitation, invitation_id, "invitation"
    )
    before = invitation.status
    await access.must_be_in_the_mall(journal, invitation.agency_id)
    if answer is Answer.WITHDRAWN and (agreement := await agreements.binding_agreement(journal, invitation.agency_id)):
        raise AgreementExists(agreement_id=agreement.id)
    invitation.answer(answer, journal.today, note)
    journal.record(Event.INVITATION_ANSWERED, invitation, before={"status": before})
    return invitation_queries.view(invitation, journal.today)
