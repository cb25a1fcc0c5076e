"""Invitations to join."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from app.actions import invitations as actions
from app.domain.agencies import AgencyRetired
from app.domain.callers import Caller
from app.domain.errors import UnknownReference
from app.domain.invitations import AgreementExists, DueDatePassed, InvitationOpen
from app.domain.lifecycle import IllegalTransition
from app.domain.roles import Permission
from app.queries import invitations as invitation_queries
from app.queries.paging import PageRequest
from app.schemas.base import Page
from app.schemas.invitations import Invitation, InvitationAnswer, InvitationRequest
from app.web.callers import CurrentMall, TheHouse, needs
from app.web.declared import refuses
from app.web.paging import Listed, Whose, asked_for
from app.web.writing import Writes

router = APIRouter(prefix="/v1/malls/{mall}")


JoiningReader = Annotated[Caller, needs(Permission.READ_JOINING)]


Joiner = Annotated[Caller, needs(Permission.CHANGE_JOINING)]


@router.get("/invitations", tags=["joining"])
async def list_invitations(
    mall: CurrentMall,
    by: JoiningReader,
    house: TheHouse,
    asked: Annotated[PageRequest, asked_for("id")],
    listed: Listed,
    whose: Whose,
) -> Page[Invitation]:
    """List invitations; an agency's manager sees the own ones."""
    async with house.database.reading(mall) as reading:
        return listed(await invitation_queries.invitations(reading, by, asked, whose), asked, Invitation)


@router.post(
    "/invitations",
    tags=["joining"],
    status_code=201,
    responses=refuses(UnknownReference, AgencyRetired, DueDatePassed, InvitationOpen),
)
async def invite_agency(
    mall: CurrentMall, body: InvitationRequest, by: Joiner, write: Writes, response: Response
) -> Invitation:
    """Invite an agency to join, with a due date for its answer."""
    invitation = await write(mall, by, Invitation, actions.invite, **body.model_dump())
    response.headers["Location"] = f"/v1/malls/{mall.slug}/invitations"
    return invitation


@router.post(
    "/invitations/{invitation_id}/answer",
    tags=["joining"],
    responses=refuses(IllegalTransition, AgreementExists),
)
async def answer_invitation(
    mall: CurrentMall,
    invitation_id: UUID,
    body: InvitationAnswer,
    by: Annotated[Caller, needs(Permission.ANSWER_INVITATIONS)],
    write: Writes,
) -> Invitation:
    """Commit, decline, or take a commitment back while nothing is signed.

    The agency's manager answers; the mall's manager may record an answer that came on paper.
    """
    return await write(mall, by, Invitation, actions.answer, invitation_id, **body.model_dump())
