"""The life of an agreement, and what its suspension or end does to counters and to who waits, in the same act."""

from datetime import date
from uuid import UUID

from app import access, models
from app.actions import counters, tickets
from app.domain.agreements import (
    USUAL_TITLE,
    AfterTheTerm,
    AgreementKind,
    AgreementOverlap,
    DateInPast,
    NumberMissing,
    SignedInFuture,
    TermReversed,
)
from app.domain.callers import Caller
from app.domain.counters import SessionEnd
from app.domain.roles import Permission
from app.domain.stops import WaitingTickets
from app.domain.tickets import ClosedBy
from app.journal import Journal
from app.queries import agreements as agreement_queries
from app.queries import members
from app.queries.paging import With


async def draft(
    journal: Journal,
    by: Caller,
    *,
    agency_id: UUID,
    kind: AgreementKind,
    title: str | None,
    scope: str | None,
) -> With:
    """Begin a paper with an agency."""
    by.must(Permission.CHANGE_JOINING, journal.mall_id)
    await access.agency_named(journal, agency_id)
    agreement = models.Agreement(
        mall_id=journal.mall_id, agency_id=agency_id, kind=kind, title=title or USUAL_TITLE[kind], scope=scope
    )
    journal.session.add(agreement)
    _record(journal, "drafted", agreement, None)
    return await _view(journal, agreement)


async def review(journal: Journal, by: Caller, agreement_id: UUID) -> With:
    """Hand the draft to the parties."""
    agreement = await _agreement(journal, by, agreement_id)
    before = agreement.status
    agreement.review()
    _record(journal, "under_review", agreement, before)
    return await _view(journal, agreement)


async def reject(journal: Journal, by: Caller, agreement_id: UUID, *, reason: str) -> With:
    """End the review without a signature."""
    agreement = await _agreement(journal, by, agreement_id)
    before = agreement.status
    agreement.reject(reason)
    _record(journal, "rejected", agreement, before)
    return await _view(journal, agreement)


async def sign(
    journal: Journal,
    by: Caller,
    agreement_id: UUID,
    *,
    signed_on: date | None,
    starts_on: date,
    ends_on: date | None,
    mall_number: str,
    agency_number: str | None,
) -> With:
    """Give a reviewed paper its term and both parties' numbers; from its first day the agency may open counters.

    A mall begins by entering its old agreements, so the term may lie in the past.
    """
    agreement = await _agreement(journal, by, agreement_id)
    before = agreement.status
    if ends_on and ends_on < starts_on:
        raise TermReversed(starts_on=str(starts_on), ends_on=str(ends_on))
    signed_on = signed_on or journal.today
    if signed_on > journal.today:
        raise SignedInFuture(today=str(journal.today))
    if agency_number is None and agreement.kind is not AgreementKind.DECREE:
        raise NumberMissing(kind=agreement.kind)
    agreement.sign(signed_on=signed_on, starts_on=starts_on, ends_on=ends_on, numbers=(mall_number, agency_number))
    with journal.session.no_autoflush:
        other = await agreement_queries.overlapping(journal, agreement.agency_id, agreement.kind, starts_on, ends_on)
    if other:
        raise AgreementOverlap(agreement_id=str(other))
    _record(journal, "signed", agreement, before)
    return await _view(journal, agreement)


async def suspend(
    journal: Journal,
    by: Caller,
    agreement_id: UUID,
    *,
    from_on: date | None,
    waiting_tickets: WaitingTickets,
    reason: str | None,
) -> With:
    """Take an agreement out of force from a day on; from today means from now."""
    agreement = await _agreement(journal, by, agreement_id)
    before = agreement.status
    from_on = _not_past(journal, agreement, from_on)
    agreement.suspend()
    journal.session.add(
        models.Suspension(
            mall_id=journal.mall_id,
            agreement_id=agreement.id,
            from_on=from_on,
            reason=reason,
            waiting_tickets=waiting_tickets,
            at=journal.at,
        )
    )
    _record(journal, "suspended", agreement, before, from_on, waiting_tickets)
    return await _stop_if_not_in_force(journal, agreement, waiting_tickets)


async def reinstate(journal: Journal, by: Caller, agreement_id: UUID, *, from_on: date | None) -> With:
    """Put a suspended agreement back into force from a day on."""
    agreement = await _agreement(journal, by, agreement_id)
    before = agreement.status
    agreement.reinstate()
    suspension = await agreement_queries.open_suspension(journal, agreement.id)
    from_on = _not_past(journal, agreement, from_on)
    suspension.until_on = max(from_on, suspension.from_on)
    _record(journal, "reinstated", agreement, before, suspension.until_on)
    return await _view(journal, agreement)


async def terminate(
    journal: Journal,
    by: Caller,
    agreement_id: UUID,
    *,
    from_on: date | None,
    waiting_tickets: WaitingTickets,
    reason: str | None,
) -> With:
    """End an agreement before its term; the day named is the first one not in force, today means from now."""
    agreement = await _agreement(journal, by, agreement_id)
    before = agreement.status
    from_on = _not_past(journal, agreement, from_on)
    agreement.terminate(from_on, reason)
    _record(journal, "terminated", agreement, before, from_on, waiting_tickets)
    return await _stop_if_not_in_force(journal, agreement, waiting_tickets)


async def _agreement(journal: Journal, by: Caller, agreement_id: UUID) -> models.Agreement:
    return await access.own(journal, by, Permission.CHANGE_JOINING, models.Agreement, agreement_id, "agreement")


def _not_past(journal: Journal, agreement: models.Agreement, from_on: date | None) -> date:
    from_on = from_on or journal.today
    if from_on < journal.today:
        raise DateInPast(today=str(journal.today))
    if agreement.last_effective_on and from_on > agreement.last_effective_on:
        raise AfterTheTerm(ends_on=str(agreement.last_effective_on))
    return from_on


async def _stop_if_not_in_force(journal: Journal, agreement: models.Agreement, waiting: WaitingTickets) -> With:
    """Where the act took the agency out of force now, wind its counters down and treat who waits."""
    if await members.why_not_in_force(journal, agreement.agency_id):
        if waiting is WaitingTickets.CANCEL:
            await tickets.cancel_waiting(journal, agreement.agency_id, ClosedBy.MEMBERSHIP, reason=agreement.status)
        await counters.wind_down(
            journal, agreement.agency_id, SessionEnd.MEMBERSHIP, at_once=waiting is WaitingTickets.CANCEL
        )
    return await _view(journal, agreement)


def _record(
    journal: Journal,
    what: str,
    agreement: models.Agreement,
    before: str | None,
    from_on: date | None = None,
    waiting_tickets: WaitingTickets | None = None,
) -> None:
    journal.record(
        f"agreement.{what}",
        ("agreement", agreement.id),
        agency_id=agreement.agency_id,
        before={"status": before} if before else None,
        after={
            "status": agreement.status,
            "kind": agreement.kind,
            "mall_number": agreement.mall_number,
            "agency_number": agreement.agency_number,
            "starts_on": agreement.starts_on,
            "ends_on": agreement.ends_on,
            "from": from_on,
            "waiting_tickets": waiting_tickets,
        },
    )


async def _view(journal: Journal, agreement: models.Agreement) -> With:
    await journal.session.flush()
    return (await agreement_queries.views(journal, [agreement]))[0]
