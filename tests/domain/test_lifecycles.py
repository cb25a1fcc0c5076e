"""The state machines, move by move, written out a second time."""

from collections import defaultdict
from enum import StrEnum

import pytest

from app.domain.agreements import AGREEMENT_LIFE, AgreementStatus
from app.domain.counters import COUNTER_LIFE, CounterStatus
from app.domain.invitations import INVITATION_LIFE, VERB_OF, Answer, InvitationStatus
from app.domain.lifecycle import IllegalTransition, Lifecycle
from app.domain.tickets import ACTIVE, TICKET_LIFE, UNFINISHED, TicketStatus

Moves = set[tuple[str, str, str]]


def moves(lines: str) -> Moves:
    """`from verb to`, a move a line."""
    return {(state, verb, target) for state, verb, target in (line.split() for line in lines.strip().splitlines())}


TICKET = moves("""
    waiting postpone waiting
    waiting call called
    waiting transfer waiting
    waiting cancel cancelled
    waiting stop cancelled
    waiting expire expired
    called recall called
    called start serving
    called return waiting
    called transfer waiting
    called mark_no_show no_show
    called cancel cancelled
    called stop cancelled
    called expire expired
    serving complete completed
    serving hold on_hold
    serving return waiting
    serving transfer waiting
    serving cancel cancelled
    serving stop cancelled
    on_hold call called
    on_hold return waiting
    on_hold transfer waiting
    on_hold cancel cancelled
    on_hold stop cancelled
    on_hold expire expired
    no_show return waiting
    no_show reopen waiting
    completed reopen serving
    cancelled reopen waiting
    cancelled reopen serving
    cancelled reopen on_hold
""")
COUNTER = moves("""
    closed open open
    open pause on_break
    open take_over open
    open start_closing closing
    open close closed
    on_break resume open
    on_break take_over open
    on_break start_closing closing
    on_break close closed
    closing take_over closing
    closing close closed
""")
AGREEMENT = moves("""
    draft review under_review
    under_review reject rejected
    under_review sign signed
    signed suspend suspended
    signed reinstate signed
    signed correct signed
    signed terminate terminated
    suspended suspend suspended
    suspended reinstate signed
    suspended correct suspended
    suspended terminate terminated
    terminated suspend suspended
    terminated reinstate signed
    terminated correct terminated
    terminated terminate terminated
""")
INVITATION = moves("""
    invited commit committed
    invited decline declined
    committed withdraw withdrawn
""")
LIVES = [
    pytest.param(TICKET_LIFE, TICKET, TicketStatus.WAITING, {"expired"}, id="ticket"),
    pytest.param(COUNTER_LIFE, COUNTER, CounterStatus.CLOSED, set(), id="counter"),
    pytest.param(AGREEMENT_LIFE, AGREEMENT, AgreementStatus.DRAFT, {"rejected"}, id="agreement"),
    pytest.param(INVITATION_LIFE, INVITATION, InvitationStatus.INVITED, {"declined", "withdrawn"}, id="invitation"),
]
every_life = pytest.mark.parametrize(("life", "legal", "initial", "final"), LIVES)


@every_life
def test_what_is_in_the_table_happens_and_nothing_else_does(
    life: Lifecycle[StrEnum], legal: Moves, initial: StrEnum, final: set[str]
) -> None:
    leads: dict[tuple[str, str], set[str]] = defaultdict(set)
    for state_, verb, target in legal:
        leads[state_, verb].add(target)
    for state in life.states:
        for verb in {verb for _, verb, _ in legal} | {"fly"}:
            if (state.value, verb) in leads:
                targets = leads[state.value, verb]
                assert {life.after(state, verb, life.states(each)) for each in targets} == targets
                assert len(targets) > 1 or {life.after(state, verb)} == targets
                continue
            with pytest.raises(IllegalTransition) as refused:
                life.after(state, verb)
            allowed = {verb for source, verb in leads if source == state} - {"stop", "expire", "start_closing"}
            assert refused.value.facts().items() >= {"thing": life.thing, "state": state, "verb": verb}.items()
            assert set(refused.value.allowed) == allowed
    assert set(life.arrows()) == legal


@every_life
def test_every_state_is_reached_and_only_final_ones_end(
    life: Lifecycle[StrEnum], legal: Moves, initial: StrEnum, final: set[str]
) -> None:
    reached: set[str] = set()
    new: set[str] = {initial}
    while new:
        reached |= new
        new = {target.value for state, _, target in life.arrows() if state in reached} - reached
    assert reached == set(life.states)
    assert {state.value for state in life.states if not life.moves.get(state)} == final


def test_an_answer_names_what_its_verb_makes_of_the_invitation() -> None:
    assert {verb: target.value for _, verb, target in INVITATION_LIFE.arrows()} == {
        VERB_OF[answer]: answer.value for answer in Answer
    }


def test_what_a_day_ends_is_what_can_still_go_on_today() -> None:
    assert {state for state, verb, _ in TICKET_LIFE.arrows() if verb in ("expire", "complete")} == set(UNFINISHED)
    assert set(ACTIVE) < set(UNFINISHED)


def test_a_life_is_drawn_as_a_diagram() -> None:
    assert INVITATION_LIFE.mermaid(InvitationStatus.INVITED).splitlines() == [
        "stateDiagram-v2",
        "    [*] --> invited",
        "    invited --> committed: commit",
        "    invited --> declined: decline",
        "    committed --> withdrawn: withdraw",
        "    declined --> [*]",
        "    withdrawn --> [*]",
    ]


def test_what_is_taken_back_leads_only_where_the_thing_can_have_been() -> None:
    for back_to in (None, TicketStatus.CALLED, TicketStatus.EXPIRED):
        with pytest.raises(IllegalTransition) as refused:
            TICKET_LIFE.after(TicketStatus.CANCELLED, "reopen", back_to)
        assert refused.value.allowed == ["reopen"]
