"""Who comes before whom: arrivals, head starts, and places on return, for any queue that can be made up.

Examples are derived from the test itself, the same in every run.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from app.domain.queue import QueueHead, effective_arrival, next_of, postponed, returned, usual_return
from app.domain.tickets import PriorityClass, ReturnPlace, TicketStatus
from app.schemas.services import HeadStarts

SERVICE = UUID(int=0)
MORNING = datetime(2026, 11, 24, 0, 15, tzinfo=UTC)
SEQUENCES = some.integers(1, 10**12 - 1)
MOMENTS = some.one_of(some.sampled_from([0, 1, 60_000_000]), some.integers(0, 10 * 3600 * 1_000_000))
"""Microseconds after the morning, often the very same."""
ARRIVALS = some.lists(some.tuples(MOMENTS, SEQUENCES), unique_by=lambda each: each[1])
PLACES = some.integers(1, 50)
steady = settings(max_examples=100, derandomize=True, deadline=None, database=None)


def at(microseconds: int) -> datetime:
    return MORNING + timedelta(microseconds=microseconds)


def line_of(arrivals: list[tuple[int, int]]) -> list[Decimal]:
    return sorted(effective_arrival(at(moment), sequence) for moment, sequence in arrivals)


@steady
@given(ARRIVALS, some.integers(0, 240))
def test_within_a_class_who_comes_first_is_called_first(arrivals: list[tuple[int, int]], minutes: int) -> None:
    heads = [
        QueueHead(UUID(int=seq), effective_arrival(at(moment), seq, minutes), SERVICE, priority=False)
        for moment, seq in arrivals
    ]
    for _, sequence in sorted(arrivals):
        head = next_of(heads)
        assert head is not None
        assert head.ticket_id.int == sequence
        heads.remove(head)
    assert next_of(heads) is None


@steady
@given(MOMENTS, MOMENTS, some.integers(0, 240))
def test_a_head_start_reaches_so_many_minutes_back_and_no_further(early: int, late: int, minutes: int) -> None:
    before = effective_arrival(at(early), 1)
    with_head_start = effective_arrival(at(late), 2, minutes)
    assert (with_head_start < before) is (late - early < minutes * 60_000_000)


@steady
@given(ARRIVALS, PLACES, MOMENTS, some.sampled_from([Decimal(0), Decimal(2) * 10**9]))
def test_later_is_behind_so_many_others_or_behind_all(
    arrivals: list[tuple[int, int]], places: int, now: int, own: Decimal
) -> None:
    line = line_of(arrivals)
    place = returned(ReturnPlace.LATER, own, line[: places + 1], places, at(now), 10**12 - 1)
    assert sum(each < place for each in line) == min(places, len(line))
    assert place not in line


@steady
@given(ARRIVALS, PLACES, MOMENTS, SEQUENCES)
def test_first_is_before_all_and_the_old_place_stays(
    arrivals: list[tuple[int, int]], places: int, now: int, sequence: int
) -> None:
    line, own = line_of(arrivals), effective_arrival(at(now), sequence)
    first = returned(ReturnPlace.FIRST, own, line[: places + 1], places, at(now), sequence)
    assert all(first < each for each in line)
    assert first <= own, "nobody loses by being first"
    assert returned(ReturnPlace.OLD_PLACE, own, line, places, at(now), sequence) == own


@steady
@given(some.lists(some.tuples(some.sampled_from(ReturnPlace), some.integers(0, 9)), max_size=40), PLACES)
def test_whoever_is_called_and_comes_back_no_two_ever_share_a_place(
    acts: list[tuple[ReturnPlace, int]], places: int
) -> None:
    waiting = line_of([(number // 2, number) for number in range(1, 11)])
    for sequence, (place, chosen) in enumerate(acts, 11):
        own = waiting.pop(chosen)
        came_back = returned(place, own, waiting[: places + 1], places, at(sequence), sequence)
        assert came_back not in waiting
        waiting = sorted([*waiting, came_back])


@steady
@given(some.lists(some.tuples(some.integers(0, 9), PLACES), min_size=1, max_size=20), MOMENTS)
def test_who_lets_others_go_first_goes_back_so_many_places_and_nobody_else_does(
    acts: list[tuple[int, int]], now: int
) -> None:
    waiting = line_of([(number // 2, number) for number in range(1, 11)])
    for sequence, (chosen, places) in enumerate(acts, 11):
        own, others = waiting[chosen], [*waiting[:chosen], *waiting[chosen + 1 :]]
        place = postponed(own, waiting[chosen + 1 :][: places + 1], places, at(now), sequence)
        waiting = sorted([*others, place])
        assert waiting.index(place) == min(chosen + places, 9)
        assert len(set(waiting)) == 10


FURTHER: dict[str, Callable[[Decimal, Decimal, Decimal], tuple[Decimal, Decimal]]] = {
    "behind the first of two": lambda ahead, _, middle: (ahead, middle),
    "before the second": lambda _, behind, middle: (middle, behind),
}


@pytest.mark.parametrize("pattern", [*FURTHER, "in turns"])
def test_ten_thousand_come_back_between_the_same_two_and_each_has_a_place(pattern: str) -> None:
    ahead, behind = line_of([(0, 1), (1, 2)])
    for sequence in range(3, 10_003):
        middle = returned(ReturnPlace.LATER, ahead, [ahead, behind], 1, MORNING, sequence)
        assert ahead < middle < behind
        step = FURTHER.get(pattern) or list(FURTHER.values())[sequence % 2]
        ahead, behind = step(ahead, behind, middle)
    digits = -int(middle.as_tuple().exponent)
    assert digits < 3_100, "PostgreSQL keeps 16,383, an index entry 5,000"


def test_the_absent_let_others_go_first_and_who_was_served_does_not() -> None:
    absent, served = ("called", "no_show"), ("serving", "on_hold")
    assert {usual_return(TicketStatus(each)) for each in absent} == {ReturnPlace.LATER}
    assert {usual_return(TicketStatus(each)) for each in served} == {ReturnPlace.OLD_PLACE}


def test_every_priority_class_may_have_a_head_start_and_nobody_has_one_unless_it_is_set() -> None:
    assert ["none", *HeadStarts.model_fields] == list(PriorityClass)
    assert set(HeadStarts().model_dump().values()) == {0}
