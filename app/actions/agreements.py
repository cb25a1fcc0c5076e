"""The life of an agreement, and what its suspension or end does to counters and to who waits, in the same act."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from app import access, models
from app.actions import stops
from app.domain.agreements import (
    AGREEMENT_LIFE,
    USUAL_TITLE,
    AfterTheTerm,
    AgreementKind,
    AgreementOverlap,
    DateInPast,
    NumberMissing,
    SignedInFuture,
    TermReversed,
)
from app.domain.events import Event
from app.domain.roles import Permission
from app.domain.stops import Cause, Stop, WaitingTickets, WholeAgency
from app.journal import Journal
from app.queries import agreements as agreement_queries
from app.queries import members
from app.queries.agreements import AgreementView


async def draft(
    journal: Journal,
    *,
    agency_id: UUID,
    kind: AgreementKind,
    title: str | None,
    scope: str | None,
) -> AgreementView:
    """Begin a paper with an agency."""
    journal.caller.must(Permission.CHANGE_JOINING, journal.mall_id)
    await access.agency_named(journal, agency_id)
    agreement = models.Agreement(
        mall_id=journal.mall_id, agency_id=agency_id, kind=kind, title=title or USUAL_TITLE[kind], scope=scope
    )
    journal.session.add(agreement)
    journal.record(Event.AGREEMENT_DRAFTED, agreement)
    return await _view(journal, agreement)


async def review(journal: Journal, agreement_id: UUID) -> AgreementView:
    """Hand the draft to the parties."""
    agreement = await _agreement(journal, agreement_id)
    before = agreement.status
    agreement.review()
    journal.record(Event.AGREEMENT_REVIEWED, agreement, before={"status": before})
    return await _view(journal, agreement)


async def reject(journal: Journal, agreement_id: UUID, *, reason: str) -> AgreementView:
    """End the review without a signature."""
    agreement = await _agreement(journal, agreement_id)
    before = agreement.status
    agreement.reject(reason)
    journal.record(Event.AGREEMENT_REJECTED, agreement, before={"status": before})
    return await _view(journal, agreement)


async def sign(
    journal: Journal,
    agreement_id: UUID,
    *,
    signed_on: date | None,
    starts_on: date,
    ends_on: date | None,
    mall_number: str,
    agency_number: str | None,
) -> AgreementView:
    """Give a reviewed paper its term and both parties' numbers; from its first day the agency may open counters.

    A mall begins by entering its old agreements, so the term may lie in the past.
    """
    agreement = await _agreement(journal, agreement_id)
    before = agreement.status
    AGREEMENT_LIFE.must_allow(before, "sign")
    if ends_on and ends_on < starts_on:
        raise TermReversed(starts_on=str(starts_on), ends_on=str(ends_on))
    signed_on = signed_on or journal.today
    if signed_on > journal.today:
        raise SignedInFuture(today=str(journal.today))
    if agency_number is None and agreement.kind is not AgreementKind.DECREE:
        raise NumberMissing(kind=agreement.kind)
    if other := await agreement_queries.overlapping(journal, agreement.agency_id, agreement.kind, starts_on, ends_on):
        raise AgreementOverlap(agreement_id=str(other))
    agreement.sign(signed_on=signed_on, starts_on=starts_on, ends_on=ends_on, numbers=(mall_number, agency_number))
    journal.record(Event.AGREEMENT_SIGNED, agreement, before={"status": before})
    return await _view(journal, agreement)


async def suspend(
    journal: Journal,
    agreement_id: UUID,
    *,
    from_on: date | None,
    waiting_tickets: WaitingTickets,
    reason: str | None,
) -> AgreementView:
    """Take an agreement out of force from a day on; from today means from now."""
    agreement = await _agreement(journal, agreement_id)
    before = agreement.status
    from_on = _not_past(journal, agreement, from_on)
    agreement.suspend()
    journal.session.add(
        models.Suspension(
            mall_id=journal.mall_id,
            agreement_id=agreement.id,
            suspended_from=from_on,
            reason=reason,
            waiting_tickets=waiting_tickets,
            at=journal.at,
        )
    )
    journal.record(
        Event.AGREEMENT_SUSPENDED,
        agreement,
        before={"status": before},
        suspended_from=from_on,
        waiting_tickets=waiting_tickets,
    )
    return await _stop_from(journal, agreement, from_on, waiting_tickets)


async def reinstate(journal: Journal, agreement_id: UUID, *, from_on: date | None) -> AgreementView:
    """Put a suspended agreement back into force from a day on."""
    agreement = await _agreement(journal, agreement_id)
    before = agreement.status
    AGREEMENT_LIFE.must_allow(before, "reinstate")
    from_on = _not_past(journal, agreement, from_on)
    suspension = await agreement_queries.open_suspension(journal, agreement.id)
    agreement.reinstate()
    suspension.reinstated_from = max(from_on, suspension.suspended_from)
    journal.record(
        Event.AGREEMENT_REINSTATED, agreement, before={"status": before}, reinstated_from=suspension.reinstated_from
    )
    return await _view(journal, agreement)


async def terminate(
    journal: Journal,
    agreement_id: UUID,
    *,
    from_on: date | None,
    waiting_tickets: WaitingTickets,
    reason: str | None,
) -> AgreementView:
    """End an agreement before its term; the day named is the first one not in force, today means from now."""
    agreement = await _agreement(journal, agreement_id)
    before = agreement.status
    from_on = _not_past(journal, agreement, from_on)
    agreement.terminate(from_on, reason)
    journal.record(
        Event.AGREEMENT_TERMINATED,
        agreement,
        before={"status": before},
        terminated_from=from_on,
        waiting_tickets=waiting_tickets,
    )
    return await _stop_from(journal, agreement, from_on, waiting_tickets)


async def _agreement(journal: Journal, agreement_id: UUID) -> models.Agreement:
    return await access.own(
        journal, journal.caller, Permission.CHANGE_JOINING, models.Agreement, agreement_id, "agreement"
    )


def _not_past(journal: Journal, agreement: models.Agreement, from_on: date | None) -> date:
    from_on = from_on or journal.today
    if from_on < journal.today:
        raise DateInPast(today=str(journal.today))
    if agreement.last_effective_on and from_on > agreement.last_effective_on:
        raise AfterTheTerm(ends_on=str(agreement.last_effective_on))
    return from_on


async def _stop_from(
    journal: Journal, agreement: models.Agreement, from_on: date, waiting: WaitingTickets
) -> AgreementView:
    """Stop the agency where the act took it out of force now. On a later first day nobody waits yet."""
    aftermath = None
    if from_on == journal.today and await members.why_not_in_force(journal, agreement.agency_id):
        stop = Stop(WholeAgency(agreement.agency_id), Cause.MEMBERSHIP, agreement.status, waiting)
        aftermath = await stops.stop(journal, stop)
    return replace(await _view(journal, agreement), aftermath=aftermath)


async def _view(journal: Journal, agreement: models.Agreement) -> AgreementView:
    await journal.session.flush()
    return (await agreement_queries.views(journal, [agreement]))[0]
