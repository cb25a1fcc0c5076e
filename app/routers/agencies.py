"""Agencies, and the joining of a mall: standing, invitations, agreements."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app import access, models, schemas
from app.access import Caller
from app.actions import agencies as actions
from app.actions import agreements
from app.domain.agencies import AgencyCategory, AgencyRetired, CodeTaken
from app.domain.agreements import (
    AfterTheTerm,
    AgreementOverlap,
    AgreementStatus,
    DateInPast,
    NumberMissing,
    SignedInFuture,
    TermReversed,
)
from app.domain.calendar import HoursInvalid
from app.domain.invitations import AgreementExists, DueDatePassed, InvitationOpen
from app.domain.lifecycle import IllegalTransition
from app.domain.roles import Verb
from app.domain.services import UnknownReference
from app.queries import agencies as queries
from app.queries import members
from app.queries.shown import Asked
from app.schemas.base import Code, Day
from app.web.callers import Mall, TheHouse, needs
from app.web.declared import refuses
from app.web.etags import EditedVersion, Tagged
from app.web.paging import Listed, Whose, asked_for
from app.web.writing import Edits, Writes

router = APIRouter(prefix="/v1/malls/{mall}")
Reader = Annotated[Caller, needs(Verb.READ_CATALOGUE)]
Cataloguer = Annotated[Caller, needs(Verb.CHANGE_AGENCIES)]
JoiningReader = Annotated[Caller, needs(Verb.READ_JOINING)]
Joiner = Annotated[Caller, needs(Verb.CHANGE_JOINING)]
On = Annotated[
    Day | None,
    Query(description="Any day of the mall, past or to come; today unless given. A past day means its last instant"),
]


@router.get("/agencies", tags=["agencies"])
async def list_agencies(
    mall: Mall,
    by: Reader,
    house: TheHouse,
    asked: Annotated[Asked, asked_for("code", "id")],
    listed: Listed,
    category: AgencyCategory | None = None,
    code: Code | None = None,
    retired: Annotated[bool, Query(description="The retired ones, instead of the living")] = False,
) -> schemas.Page[schemas.Agency]:
    """List the agencies of the mall, members and not, with their standing today."""
    async with house.database.reading(mall) as reading:
        found = await queries.agencies(reading, by, asked, category=category, code=code, retired=retired)
        return listed(found, asked, schemas.Agency)


@router.post("/agencies", tags=["agencies"], status_code=201, responses=refuses(CodeTaken, HoursInvalid))
async def create_agency(
    mall: Mall, body: schemas.AgencyRequest, by: Cataloguer, write: Writes, response: Response
) -> schemas.Agency:
    """Put an agency into the catalogue. It becomes a member by an agreement in force, not by this."""
    agency = await write(mall, by, schemas.Agency, actions.create, **body.model_dump())
    response.headers["Location"] = f"/v1/malls/{mall.slug}/agencies/{agency.id}"
    return agency


@router.get("/agencies/{agency_id}", tags=["agencies"])
async def get_agency(mall: Mall, agency_id: UUID, by: Reader, house: TheHouse, fresh: Tagged) -> schemas.Agency:
    """Read an agency. Contacts are shown to who may read its joining, and null to others."""
    async with house.database.reading(mall) as reading:
        agency = await access.row(reading, models.Agency, agency_id, "agency")
        return fresh(schemas.Agency.model_validate((await queries.shown(reading, by, [agency]))[0]))


@router.patch("/agencies/{agency_id}", tags=["agencies"], responses=refuses(HoursInvalid))
async def change_agency(
    mall: Mall,
    agency_id: UUID,
    body: schemas.AgencyChanges,
    by: Cataloguer,
    version: EditedVersion,
    write: Edits,
    fresh: Tagged,
) -> schemas.Agency:
    """Change how an agency is described. Its code never changes."""
    return fresh(await write(mall, by, schemas.Agency, actions.change, agency_id, version, body.given()))


@router.get("/mou-status", tags=["joining"])
async def list_mou_status(
    mall: Mall,
    by: Reader,
    house: TheHouse,
    asked: Annotated[Asked, asked_for("code")],
    listed: Listed,
    whose: Whose,
    on: On = None,
) -> schemas.Page[schemas.MouStatus]:
    """List every agency with its membership, agreement number, term and days left, on any day."""
    async with house.database.reading(mall) as reading:
        return listed(await members.mou_status(reading, on or reading.today, asked, of=whose), asked, schemas.MouStatus)


@router.get("/members", tags=["joining"])
async def list_members(
    mall: Mall,
    by: Reader,
    house: TheHouse,
    asked: Annotated[Asked, asked_for("code")],
    listed: Listed,
    whose: Whose,
    on: On = None,
) -> schemas.Page[schemas.MouStatus]:
    """List the agencies whose membership is in force on a day."""
    async with house.database.reading(mall) as reading:
        return listed(
            await members.mou_status(reading, on or reading.today, asked, members_only=True, of=whose),
            asked,
            schemas.MouStatus,
        )


@router.get("/invitations", tags=["joining"])
async def list_invitations(
    mall: Mall,
    by: JoiningReader,
    house: TheHouse,
    asked: Annotated[Asked, asked_for("id")],
    listed: Listed,
    whose: Whose,
) -> schemas.Page[schemas.Invitation]:
    """List invitations; an agency's manager sees the own ones."""
    async with house.database.reading(mall) as reading:
        return listed(await queries.invitations(reading, by, asked, whose), asked, schemas.Invitation)


@router.post(
    "/invitations",
    tags=["joining"],
    status_code=201,
    responses=refuses(UnknownReference, AgencyRetired, DueDatePassed, InvitationOpen),
)
async def invite_agency(
    mall: Mall, body: schemas.InvitationRequest, by: Joiner, write: Writes, response: Response
) -> schemas.Invitation:
    """Invite an agency to join, with a due date for its answer."""
    invitation = await write(mall, by, schemas.Invitation, actions.invite, **body.model_dump())
    response.headers["Location"] = f"/v1/malls/{mall.slug}/invitations"
    return invitation


@router.post(
    "/invitations/{invitation_id}/answer",
    tags=["joining"],
    responses=refuses(IllegalTransition, AgreementExists),
)
async def answer_invitation(
    mall: Mall,
    invitation_id: UUID,
    body: schemas.InvitationAnswer,
    by: Annotated[Caller, needs(Verb.ANSWER_INVITATIONS)],
    write: Writes,
) -> schemas.Invitation:
    """Commit, decline, or take a commitment back while nothing is signed.

    The agency's manager answers; the mall's manager may record an answer that came on paper.
    """
    return await write(mall, by, schemas.Invitation, actions.answer, invitation_id, **body.model_dump())


@router.get("/agreements", tags=["joining"])
async def list_agreements(
    mall: Mall,
    by: JoiningReader,
    house: TheHouse,
    asked: Annotated[Asked, asked_for("id")],
    listed: Listed,
    whose: Whose,
    status: AgreementStatus | None = None,
) -> schemas.Page[schemas.Agreement]:
    """List agreements; an agency's manager sees the own ones."""
    async with house.database.reading(mall) as reading:
        found = await queries.agreements(reading, by, asked, of=whose, status=status)
        return listed(found, asked, schemas.Agreement)


@router.post("/agreements", tags=["joining"], status_code=201, responses=refuses(UnknownReference, AgencyRetired))
async def draft_agreement(
    mall: Mall, body: schemas.AgreementDraft, by: Joiner, write: Writes, response: Response
) -> schemas.Agreement:
    """Begin a memorandum, a cooperation agreement or a decree with an agency."""
    agreement = await write(mall, by, schemas.Agreement, agreements.draft, **body.model_dump())
    response.headers["Location"] = f"/v1/malls/{mall.slug}/agreements/{agreement.id}"
    return agreement


@router.get("/agreements/{agreement_id}", tags=["joining"])
async def get_agreement(
    mall: Mall, agreement_id: UUID, by: JoiningReader, house: TheHouse, fresh: Tagged
) -> schemas.Agreement:
    """Read an agreement."""
    async with house.database.reading(mall) as reading:
        row = await access.own(reading, by, Verb.READ_JOINING, models.Agreement, agreement_id, "agreement")
        return fresh(schemas.Agreement.model_validate((await queries.agreements_shown(reading, [row]))[0]))


@router.post("/agreements/{agreement_id}/review", tags=["joining"], responses=refuses(IllegalTransition))
async def review_agreement(mall: Mall, agreement_id: UUID, by: Joiner, write: Writes) -> schemas.Agreement:
    """Hand a draft to the parties."""
    return await write(mall, by, schemas.Agreement, agreements.review, agreement_id)


@router.post("/agreements/{agreement_id}/rejection", tags=["joining"], responses=refuses(IllegalTransition))
async def reject_agreement(
    mall: Mall, agreement_id: UUID, body: schemas.Rejection, by: Joiner, write: Writes
) -> schemas.Agreement:
    """End a review without a signature."""
    return await write(mall, by, schemas.Agreement, agreements.reject, agreement_id, **body.model_dump())


@router.post(
    "/agreements/{agreement_id}/signature",
    tags=["joining"],
    status_code=201,
    responses=refuses(IllegalTransition, AgreementOverlap, TermReversed, NumberMissing, SignedInFuture),
)
async def sign_agreement(
    mall: Mall, agreement_id: UUID, body: schemas.Signature, by: Joiner, write: Writes, response: Response
) -> schemas.Agreement:
    """Give a reviewed paper its term and both parties' numbers.

    From its first day to its last, both included, the agency opens counters and issues tickets. The term may lie in
    the past: a mall begins by entering its old agreements.
    """
    agreement = await write(mall, by, schemas.Agreement, agreements.sign, agreement_id, **body.model_dump())
    response.headers["Location"] = f"/v1/malls/{mall.slug}/agreements/{agreement.id}"
    return agreement


@router.post(
    "/agreements/{agreement_id}/suspension",
    tags=["joining"],
    responses=refuses(IllegalTransition, DateInPast, AfterTheTerm),
)
async def suspend_agreement(
    mall: Mall, agreement_id: UUID, body: schemas.Interruption, by: Joiner, write: Writes
) -> schemas.Agreement:
    """Take an agreement out of force from a day on.

    If that is today, it counts from this very act: nothing new is issued, no counter opens, and who waits is served
    or cancelled as `waiting_tickets` says.
    """
    return await write(mall, by, schemas.Agreement, agreements.suspend, agreement_id, **body.model_dump())


@router.post(
    "/agreements/{agreement_id}/reinstatement",
    tags=["joining"],
    responses=refuses(IllegalTransition, DateInPast, AfterTheTerm),
)
async def reinstate_agreement(
    mall: Mall, agreement_id: UUID, by: Joiner, write: Writes, body: schemas.Reinstatement | None = None
) -> schemas.Agreement:
    """Put a suspended agreement back into force from a day on."""
    from_on = body.from_on if body else None
    return await write(mall, by, schemas.Agreement, agreements.reinstate, agreement_id, from_on=from_on)


@router.post(
    "/agreements/{agreement_id}/termination",
    tags=["joining"],
    responses=refuses(IllegalTransition, DateInPast, AfterTheTerm),
)
async def terminate_agreement(
    mall: Mall, agreement_id: UUID, body: schemas.Interruption, by: Joiner, write: Writes
) -> schemas.Agreement:
    """End an agreement before its term: the day named is the first one not in force, today means from now."""
    return await write(mall, by, schemas.Agreement, agreements.terminate, agreement_id, **body.model_dump())
