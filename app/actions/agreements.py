"""The life of an agreement, and what its suspension or end does to counters and to who waits, in the same act."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from app import access, models
from app.actions import stops
from app.domain.agreements import (
    AGREEMENT_LIFE,
    USUAL_TITLE,
    AfterTheTerm,
    AgreementKind,
    AgreementOverlap,
    AgreementStatus,
    DateInPast,
    NumberMissing,
    SignedInFuture,
    TermReversed,
    last_effective_day,
)
from app.domain.events import Event
from app.domain.lifecycle import IllegalTransition
from app.domain.roles import Permission
from app.domain.stops import Cause, Stop, WaitingTickets, WholeAgency
from app.journal import Journal
from app.queries import agreements as agreement_queries
from app.queries import members
from app.queries.agreements import AgreementView

ENTERED = ("signed_on", "starts_on", "ends_on", "mall_number", "agency_number")
"""What is entered of a paper when it is signed."""


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
    await access.must_be_in_the_mall(journal, agreement.agency_id)
    signed_on = signed_on or journal.today
    _must_be_a_paper(journal, agreement, signed_on, starts_on, ends_on, agency_number)
    await _must_be_free(journal, agreement, starts_on, ends_on, "starts_on")
    agreement.sign(signed_on=signed_on, starts_on=starts_on, ends_on=ends_on, numbers=(mall_number, agency_number))
    journal.record(Event.AGREEMENT_SIGNED, agreement, before={"status": before})
    return await _view(journal, agreement)


async def correct(
    journal: Journal,
    agreement_id: UUID,
    *,
    signed_on: date,
    starts_on: date,
    ends_on: date | None,
    mall_number: str,
    agency_number: str | None,
    waiting_tickets: WaitingTickets,
) -> AgreementView:
    """Give a signed agreement the term and the numbers of its paper, where they were entered wrongly.

    Suspensions and the termination stay as they are. It counts for past days too.
    """
    agreement = await _agreement(journal, agreement_id)
    AGREEMENT_LIFE.must_allow(agreement.status, "correct")
    _must_be_a_paper(journal, agreement, signed_on, starts_on, ends_on, agency_number)
    await _must_be_free(
        journal, agreement, starts_on, last_effective_day(ends_on, agreement.terminated_from), "starts_on"
    )
    barred = await members.why_not_in_force(journal, agreement.agency_id)
    before = {name: getattr(agreement, name) for name in ENTERED}
    agreement.correct(signed_on=signed_on, starts_on=starts_on, ends_on=ends_on, numbers=(mall_number, agency_number))
    journal.record(
        Event.AGREEMENT_CORRECTED,
        agreement,
        before={name: value for name, value in before.items() if getattr(agreement, name) != value},
        waiting_tickets=waiting_tickets,
    )
    await journal.session.flush()
    if barred:  # nothing was in force that could stop now
        return await _view(journal, agreement)
    return await _stop_from(journal, agreement, journal.today, waiting_tickets, "terminated")


async def suspend(
    journal: Journal,
    agreement_id: UUID,
    *,
    from_on: date | None,
    waiting_tickets: WaitingTickets,
    reason: str | None,
) -> AgreementView:
    """Take an agreement out of force from a day on; from today means from now.

    A suspension that is still to come is moved to the day.
    """
    agreement = await _effective(journal, agreement_id, "suspend")
    before: dict[str, Any] = {"status": agreement.status}
    from_on = _not_past(journal, from_on, agreement.last_effective_on)
    planned = await _planned_suspension(journal, agreement)
    agreement.suspend()
    if planned:
        before |= {"suspended_from": planned.suspended_from, "waiting_tickets": planned.waiting_tickets}
        planned.move(from_on, waiting_tickets, reason)
    else:
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
        before=before,
        suspended_from=from_on,
        waiting_tickets=waiting_tickets,
    )
    return await _stop_from(journal, agreement, from_on, waiting_tickets)


async def reinstate(journal: Journal, agreement_id: UUID, *, from_on: date | None) -> AgreementView:
    """Put an agreement back into force from a day on.

    Every suspension that reaches beyond the day ends on it. Where all end before, the last of them is made longer, if
    its own end is still to come. Where nothing is suspended, a termination that is still to come is withdrawn.
    """
    agreement = await _effective(journal, agreement_id, "reinstate")
    before: dict[str, Any] = {"status": agreement.status}
    suspensions = await agreement_queries.suspensions_to_end(journal, agreement.id)
    if suspensions:
        from_on = _not_past(journal, from_on, agreement.last_effective_on)
        beyond = [each for each in suspensions if each.reinstated_from is None or each.reinstated_from > from_on]
        ending = beyond or suspensions[-1:]
        for each in ending:
            each.reinstated_from = max(from_on, each.suspended_from)
        from_on = max(from_on, *(each.suspended_from for each in ending))
        agreement.reinstate()
    elif agreement.terminated_from:
        _not_past(journal, from_on, agreement.ends_on)
        from_on = agreement.terminated_from
        first = max(from_on, agreement.starts_on or from_on)
        await _must_be_free(journal, agreement, first, agreement.ends_on, "from_on")
        agreement.withdraw_termination()
    else:
        raise IllegalTransition(thing=AGREEMENT_LIFE.thing, state=agreement.status, verb="reinstate")
    journal.record(Event.AGREEMENT_REINSTATED, agreement, before=before, reinstated_from=from_on)
    return await _view(journal, agreement)


async def terminate(
    journal: Journal,
    agreement_id: UUID,
    *,
    from_on: date | None,
    waiting_tickets: WaitingTickets,
    reason: str | None,
) -> AgreementView:
    """End an agreement before its term; the day named is the first one not in force, today means from now.

    A termination that is still to come is moved to the day.
    """
    agreement = await _effective(journal, agreement_id, "terminate")
    before: dict[str, Any] = {"status": agreement.status}
    from_on = _not_past(journal, from_on, agreement.ends_on)
    if agreement.terminated_from:
        before["terminated_from"] = agreement.terminated_from
        first = max(agreement.terminated_from, agreement.starts_on or from_on)
        await _must_be_free(journal, agreement, first, from_on - timedelta(days=1), "from_on")
    agreement.terminate(from_on, reason)
    journal.record(
        Event.AGREEMENT_TERMINATED,
        agreement,
        before=before,
        terminated_from=from_on,
        waiting_tickets=waiting_tickets,
    )
    return await _stop_from(journal, agreement, from_on, waiting_tickets)


async def _agreement(journal: Journal, agreement_id: UUID) -> models.Agreement:
    return await access.own(
        journal, journal.caller, Permission.CHANGE_JOINING, models.Agreement, agreement_id, "agreement"
    )


async def _effective(journal: Journal, agreement_id: UUID, verb: str) -> models.Agreement:
    """An agreement to which the verb may still happen: its termination, if there is one, has not come."""
    agreement = await _agreement(journal, agreement_id)
    AGREEMENT_LIFE.must_allow(agreement.status, verb)
    if agreement.terminated_from and agreement.terminated_from <= journal.today:
        raise IllegalTransition(thing=AGREEMENT_LIFE.thing, state=AgreementStatus.TERMINATED, verb=verb)
    return agreement


async def _planned_suspension(journal: Journal, agreement: models.Agreement) -> models.Suspension | None:
    """The suspension without an end that is still to come. Raises IllegalTransition where it has begun."""
    for each in await agreement_queries.suspensions_to_end(journal, agreement.id):
        if each.reinstated_from is None:
            if each.suspended_from <= journal.today:
                raise IllegalTransition(thing=AGREEMENT_LIFE.thing, state=AgreementStatus.SUSPENDED, verb="suspend")
            return each
    return None


async def _must_be_free(
    journal: Journal, agreement: models.Agreement, first: date, last: date | None, member: str
) -> None:
    """Raise AgreementOverlap where another agreement of the kind is effective on one of these days."""
    if last and last < first:
        return
    if other := await agreement_queries.overlapping(journal, agreement, first, last):
        raise AgreementOverlap(member=member, agreement_id=other)


def _must_be_a_paper(
    journal: Journal,
    agreement: models.Agreement,
    signed_on: date,
    starts_on: date,
    ends_on: date | None,
    agency_number: str | None,
) -> None:
    """Raise TermReversed, SignedInFuture or NumberMissing."""
    if ends_on and ends_on < starts_on:
        raise TermReversed(starts_on=starts_on, ends_on=ends_on)
    if signed_on > journal.today:
        raise SignedInFuture(today=journal.today)
    if agency_number is None and agreement.kind is not AgreementKind.DECREE:
        raise NumberMissing(kind=agreement.kind)


def _not_past(journal: Journal, from_on: date | None, last: date | None) -> date:
    """The day named, or today. Raises DateInPast or AfterTheTerm, where it lies behind the last day."""
    from_on = from_on or journal.today
    if from_on < journal.today:
        raise DateInPast(today=journal.today)
    if last and from_on > last:
        raise AfterTheTerm(ends_on=last)
    return from_on


async def _stop_from(
    journal: Journal, agreement: models.Agreement, from_on: date, waiting: WaitingTickets, why: str | None = None
) -> AgreementView:
    """Stop the agency where the act took it out of force now. On a later first day nobody waits yet."""
    aftermath = None
    if from_on == journal.today and await members.why_not_in_force(journal, agreement.agency_id):
        stop = Stop(WholeAgency(agreement.agency_id), Cause.MEMBERSHIP, why or agreement.status, waiting)
        aftermath = await stops.stop(journal, stop)
    return replace(await _view(journal, agreement), aftermath=aftermath)


async def _view(journal: Journal, agreement: models.Agreement) -> AgreementView:
    await journal.session.flush()
    return (await agreement_queries.views(journal, [agreement]))[0]
