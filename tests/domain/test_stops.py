"""What stops, and what becomes of tickets then: the rules themselves."""

from dataclasses import replace

import pytest

from app.domain.stops import (
    AT_DAY_END,
    IN_THE_QUEUE,
    NO_COUNTER,
    RELEASED,
    Cause,
    LastWord,
    Outlook,
    WaitingTickets,
)
from app.domain.tickets import ACTIVE, TICKET_LIFE, UNFINISHED, TicketStatus

SERVE = LastWord(Cause.MEMBERSHIP, "suspended", WaitingTickets.SERVE)
CANCEL = LastWord(Cause.MEMBERSHIP, "suspended", WaitingTickets.CANCEL)
STOPPED = Outlook(in_force=False, has_counter=False, had_counter=True, last_word=None)


@pytest.mark.parametrize("word", [None, SERVE, CANCEL])
def test_in_force_and_with_a_counter_everybody_waits_whatever_was_said_before(word: LastWord | None) -> None:
    outlook = Outlook(in_force=True, has_counter=True, had_counter=True, last_word=word)
    assert outlook.why_nobody_calls() is None


@pytest.mark.parametrize(("in_force", "has_counter"), [(False, True), (True, False), (False, False)])
def test_what_has_stopped_serves_or_cancels_as_was_said_last(*, in_force: bool, has_counter: bool) -> None:
    said = {
        word: replace(STOPPED, in_force=in_force, has_counter=has_counter, last_word=word).why_nobody_calls()
        for word in (None, SERVE, CANCEL)
    }
    assert said == {None: None, SERVE: None, CANCEL: CANCEL}


@pytest.mark.parametrize("in_force", [True, False])
def test_nobody_waits_where_no_counter_is_left_even_if_they_were_to_be_served(*, in_force: bool) -> None:
    said = {
        word: replace(STOPPED, in_force=in_force, had_counter=False, last_word=word).why_nobody_calls()
        for word in (None, SERVE, CANCEL)
    }
    assert said == {None: NO_COUNTER, SERVE: SERVE, CANCEL: CANCEL}


def test_every_state_that_is_not_over_has_its_end() -> None:
    assert set(AT_DAY_END) == set(UNFINISHED)
    for state, verb in AT_DAY_END.items():
        TICKET_LIFE.must_allow(state, verb)
    for state in IN_THE_QUEUE:
        TICKET_LIFE.must_allow(state, "stop")
    assert {*IN_THE_QUEUE, *ACTIVE} == set(UNFINISHED)


def test_by_force_every_ticket_of_a_counter_finds_a_place_and_otherwise_only_a_called_one() -> None:
    assert set(RELEASED[True]) == {*ACTIVE, TicketStatus.ON_HOLD}
    assert set(RELEASED[False]) == {TicketStatus.CALLED}
    for state in RELEASED[True]:
        TICKET_LIFE.must_allow(state, "return")
        TICKET_LIFE.must_allow(state, "stop")
