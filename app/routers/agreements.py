"""Agreements."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from app import access, models
from app.actions import agreements
from app.domain.agencies import AgencyRetired
from app.domain.agreements import (
    AfterTheTerm,
    AgreementOverlap,
    AgreementStatus,
    DateInPast,
    NumberMissing,
    SignedInFuture,
    TermReversed,
)
from app.domain.callers import Caller
from app.domain.errors import UnknownReference
from app.domain.lifecycle import IllegalTransition
from app.domain.roles import Permission
from app.queries import agreements as agreement_queries
from app.schemas.agreements import (
    Agreement,
    AgreementDraft,
    Correction,
    InterruptedAgreement,
    Interruption,
    Reinstatement,
    Rejection,
    Signature,
)
from app.schemas.base import Page
from app.web.dependencies import Context, CurrentMall, needs
from app.web.etags import ConditionalGet
from app.web.idempotency import Command, Write, creates
from app.web.paging import ListPage, OfAgency, paged_by
from app.web.problems import refuses

router = APIRouter(prefix="/v1/malls/{mall}")
JoiningReader = Annotated[Caller, needs(Permission.READ_JOINING)]
Joiner = Annotated[Caller, needs(Permission.CHANGE_JOINING)]
Creation = Annotated[Write, creates("/v1/malls/{mall}/agreements/{id}")]


@router.get("/agreements", tags=["joining"])
async def list_agreements(
    mall: CurrentMall,
    caller: JoiningReader,
    context: Context,
    page: Annotated[ListPage, paged_by("id")],
    agency: OfAgency,
    status: Annotated[list[AgreementStatus] | None, Query()] = None,
) -> Page[Agreement]:
    """List agreements. An agency's manager sees those of their own agency."""
    async with context.database.reading(mall) as reading:
        found = await agreement_queries.agreements(reading, caller, page.asked, of=agency, statuses=status or ())
        return page.of(Agreement, found)


@router.post("/agreements", tags=["joining"], status_code=201, responses=refuses(UnknownReference, AgencyRetired))
async def draft_agreement(mall: CurrentMall, body: AgreementDraft, caller: Joiner, command: Creation) -> Agreement:
    """Draft a memorandum, a cooperation agreement or a decree with an agency.

    An agency needs no invitation for it: a mall begins by entering its old agreements. A draft is reviewed before it is
    signed.
    """
    return await command(mall, caller, Agreement, agreements.draft, **body.model_dump())


@router.get("/agreements/{agreement_id}", tags=["joining"])
async def get_agreement(
    mall: CurrentMall, agreement_id: UUID, caller: JoiningReader, context: Context, conditional: ConditionalGet
) -> Agreement:
    """Read an agreement.

    `in_force` says whether it counts today; `status` says what was done with it, also what begins later.
    """
    async with context.database.reading(mall) as reading:
        row = await access.own(reading, caller, Permission.READ_JOINING, models.Agreement, agreement_id, "agreement")
        return conditional(Agreement.model_validate((await agreement_queries.views(reading, [row]))[0]))


@router.post("/agreements/{agreement_id}/review", tags=["joining"], responses=refuses(IllegalTransition))
async def review_agreement(mall: CurrentMall, agreement_id: UUID, caller: Joiner, command: Command) -> Agreement:
    """Give a draft to the parties for review.

    From then on it can be signed or rejected; a signature without a review is refused.
    """
    return await command(mall, caller, Agreement, agreements.review, agreement_id)


@router.post("/agreements/{agreement_id}/rejection", tags=["joining"], responses=refuses(IllegalTransition))
async def reject_agreement(
    mall: CurrentMall, agreement_id: UUID, body: Rejection, caller: Joiner, command: Command
) -> Agreement:
    """Reject an agreement: its review ends without a signature.

    The `reason` is for the parties. A rejected agreement is over: for another try a new one is drafted. It answers
    `illegal_transition` where the agreement is not `under_review`.
    """
    return await command(mall, caller, Agreement, agreements.reject, agreement_id, **body.model_dump())


@router.post(
    "/agreements/{agreement_id}/signature",
    tags=["joining"],
    status_code=201,
    responses=refuses(IllegalTransition, AgreementOverlap, TermReversed, NumberMissing, SignedInFuture, AgencyRetired),
)
async def sign_agreement(
    mall: CurrentMall, agreement_id: UUID, body: Signature, caller: Joiner, command: Creation
) -> Agreement:
    """Sign a reviewed agreement: give its term and the numbers of both parties.

    On every day of the term, the first and the last included, the agency may open counters and issue tickets. The
    term may lie in the past, so that a mall can enter its old agreements.
    """
    return await command(mall, caller, Agreement, agreements.sign, agreement_id, **body.model_dump())


@router.post(
    "/agreements/{agreement_id}/correction",
    tags=["joining"],
    responses=refuses(IllegalTransition, AgreementOverlap, TermReversed, NumberMissing, SignedInFuture),
)
async def correct_agreement(
    mall: CurrentMall, agreement_id: UUID, body: Correction, caller: Joiner, command: Command
) -> InterruptedAgreement:
    """Correct a signed agreement: its term and numbers as the paper says, where they were entered wrongly.

    It counts for past days too; suspensions and the termination stay. Where the agency is not in force any more by it,
    its queues stop as by a termination from this moment.
    """
    return await command(mall, caller, InterruptedAgreement, agreements.correct, agreement_id, **body.model_dump())


@router.post(
    "/agreements/{agreement_id}/suspension",
    tags=["joining"],
    responses=refuses(IllegalTransition, DateInPast, AfterTheTerm),
)
async def suspend_agreement(
    mall: CurrentMall, agreement_id: UUID, body: Interruption, caller: Joiner, command: Command
) -> InterruptedAgreement:
    """Suspend an agreement: from a day on it is not in force.

    A suspension that is still to come is moved to the day; one that has begun is ended by a reinstatement only.

    If that is today, it counts from this very act, and nothing new is issued. `cancel`: waiting visitors are cancelled
    and told why; counters close, one with a ticket in hand behind it. `serve`: open counters call waiting visitors and
    close behind the last one; closed ones open for them until the day ends. `aftermath` says what is left to handle.
    """
    return await command(mall, caller, InterruptedAgreement, agreements.suspend, agreement_id, **body.model_dump())


@router.post(
    "/agreements/{agreement_id}/reinstatement",
    tags=["joining"],
    responses=refuses(IllegalTransition, DateInPast, AfterTheTerm, AgreementOverlap),
)
async def reinstate_agreement(
    mall: CurrentMall, agreement_id: UUID, caller: Joiner, command: Command, body: Reinstatement | None = None
) -> Agreement:
    """Reinstate an agreement: from a day on it is in force again.

    Every suspension that reaches beyond the day ends on it; one that has not begun by then never does. Where the day of
    an earlier reinstatement is still to come, it is moved, to an earlier or a later day. Where nothing is suspended, a
    termination that is still to come is withdrawn, and the term is whole again.
    """
    from_on = body.from_on if body else None
    return await command(mall, caller, Agreement, agreements.reinstate, agreement_id, from_on=from_on)


@router.post(
    "/agreements/{agreement_id}/termination",
    tags=["joining"],
    responses=refuses(IllegalTransition, DateInPast, AfterTheTerm, AgreementOverlap),
)
async def terminate_agreement(
    mall: CurrentMall, agreement_id: UUID, body: Interruption, caller: Joiner, command: Command
) -> InterruptedAgreement:
    """Terminate an agreement early. The day given is the first one not in force; today means from this moment.

    A termination that is still to come is moved by another one, or withdrawn by a reinstatement. Until its day the
    agreement can be suspended. One whose day has come stays; another agreement follows it.
    """
    return await command(mall, caller, InterruptedAgreement, agreements.terminate, agreement_id, **body.model_dump())
