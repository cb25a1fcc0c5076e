"""Invitations to join."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from app.actions import invitations as actions
from app.domain.agencies import AgencyRetired
from app.domain.callers import Caller
from app.domain.errors import UnknownReference
from app.domain.invitations import AgreementExists, DueDatePassed, InvitationOpen, ShownInvitationStatus
from app.domain.lifecycle import IllegalTransition
from app.domain.roles import Permission
from app.queries import invitations as queries
from app.schemas.base import Page
from app.schemas.invitations import Invitation, InvitationAnswer, InvitationRequest
from app.web.dependencies import Context, CurrentMall, needs
from app.web.idempotency import Command, Write, creates
from app.web.paging import ListPage, OfAgency, paged_by
from app.web.problems import refuses

router = APIRouter(prefix="/v1/malls/{mall}")
JoiningReader = Annotated[Caller, needs(Permission.READ_JOINING)]
Joiner = Annotated[Caller, needs(Permission.CHANGE_JOINING)]
Creation = Annotated[Write, creates("/v1/malls/{mall}/invitations/{id}")]


@router.get("/invitations", tags=["joining"])
async def list_invitations(
    mall: CurrentMall,
    caller: JoiningReader,
    context: Context,
    page: Annotated[ListPage, paged_by("id")],
    agency: OfAgency,
    status: Annotated[list[ShownInvitationStatus] | None, Query()] = None,
) -> Page[Invitation]:
    """List invitations. An agency's manager sees those of their own agency."""
    async with context.database.reading(mall) as reading:
        found = await queries.invitations(reading, caller, page.asked, of=agency, statuses=status or ())
        return page.of(Invitation, found)


@router.post(
    "/invitations",
    tags=["joining"],
    status_code=201,
    responses=refuses(UnknownReference, AgencyRetired, DueDatePassed, InvitationOpen),
)
async def invite_agency(mall: CurrentMall, body: InvitationRequest, caller: Joiner, command: Creation) -> Invitation:
    """Invite an agency to join, with a due date for its answer.

    Seven days from today unless `due_on` names another day, not a past one. The answer may come later, too: nothing
    happens by itself on the due date, the invitation then reads `no_response`. Until that day an agency has one open
    invitation (`invitation_open`).
    """
    return await command(mall, caller, Invitation, actions.invite, **body.model_dump())


@router.get("/invitations/{invitation_id}", tags=["joining"])
async def get_invitation(mall: CurrentMall, invitation_id: UUID, caller: JoiningReader, context: Context) -> Invitation:
    """Read an invitation and its answer.

    `status` is `no_response` where the due date has passed without an answer; it can still be answered. An agency's
    manager reads those of their own agency.
    """
    async with context.database.reading(mall) as reading:
        return Invitation.model_validate(await queries.one(reading, caller, invitation_id))


@router.post(
    "/invitations/{invitation_id}/answer",
    tags=["joining"],
    responses=refuses(IllegalTransition, AgreementExists, AgencyRetired),
)
async def answer_invitation(
    mall: CurrentMall,
    invitation_id: UUID,
    body: InvitationAnswer,
    caller: Annotated[Caller, needs(Permission.ANSWER_INVITATIONS)],
    command: Command,
) -> Invitation:
    """Commit, decline, or withdraw a commitment while nothing is signed.

    The agency's manager answers; the mall's manager may record an answer that came on paper.
    """
    return await command(mall, caller, Invitation, actions.answer, invitation_id, **body.model_dump())
