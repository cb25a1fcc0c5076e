"""What is counted of a service's day, and how figures are kept and told."""

from datetime import date
from math import ceil
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.domain.statistics import (
    COUNTED,
    MOST_TICKETS,
    By,
    Count,
    Durations,
    Fact,
    Figures,
    LiveDay,
    LiveDays,
    Period,
    Span,
    counted,
    too_few,
)
from app.domain.tickets import TICKET_LIFE, TicketStatus

SECONDS = some.lists(some.floats(0, 86_400), min_size=1, max_size=60)
AT_AN_END = (TicketStatus.COMPLETED, TicketStatus.NO_SHOW, TicketStatus.CANCELLED, TicketStatus.EXPIRED)


def test_each_count_has_its_event() -> None:
    assert sorted([*COUNTED.values(), Count.TRANSFERRED_OUT]) == sorted(Count)


def test_what_is_open_is_what_was_issued_and_has_not_ended() -> None:
    """Each way in which a ticket ends is counted, and no state that it can leave again stays counted."""
    counted_at_an_end = {each.value for each in Count} & set(TicketStatus)
    assert counted_at_an_end - {TicketStatus.CALLED} == set(AT_AN_END)
    leaving = [(state, verb) for state, verb, _ in TICKET_LIFE.arrows() if state in AT_AN_END]
    assert leaving[0] == (TicketStatus.NO_SHOW, "return")
    taken_back = {state for state, verb in leaving if verb == "reopen"}
    assert taken_back == {TicketStatus.NO_SHOW, TicketStatus.COMPLETED, TicketStatus.CANCELLED}


def test_a_return_takes_back_a_no_show_and_nothing_else() -> None:
    assert counted("ticket.returned", "no_show") == {Count.NO_SHOW: -1}
    assert [counted("ticket.returned", state) for state in ("called", "serving", "on_hold")] == [{}] * 3


def test_what_is_reopened_has_not_ended() -> None:
    for state in (Count.COMPLETED, Count.NO_SHOW, Count.CANCELLED):
        assert counted("ticket.reopened", state.value) == {state: -1}


def test_what_is_not_counted_adds_nothing() -> None:
    assert [counted(event, "called") for event in ("ticket.recalled", "ticket.held", "counter.opened")] == [{}] * 3


@given(SECONDS)
def test_a_median_and_a_ninetieth_part_are_off_by_a_fortieth_and_a_second_at_most(seconds: list[float]) -> None:
    found = Durations.of(seconds)
    in_order = sorted(seconds)
    for told, part in ((found.median_seconds, 0.5), (found.ninetieth_seconds, 0.9)):
        true = in_order[ceil(part * len(seconds)) - 1]
        assert told is not None
        assert abs(told - true) <= 0.025 * true + 1.25
    assert found.count == len(seconds)


@given(SECONDS, SECONDS)
def test_histograms_can_be_added_and_figures_kept(some_seconds: list[float], others: list[float]) -> None:
    one = Figures(arrivals=3, waiting=Durations.of(some_seconds))
    other = Figures(arrivals=4, no_show=1, waiting=Durations.of(others), handling=Durations.of(others))
    both = Figures(arrivals=7, no_show=1, waiting=Durations.of([*some_seconds, *others]), handling=Durations.of(others))
    assert Figures.total([one, other]) == both
    assert Figures.read(both.kept()) == both


SERVICES = [UUID(int=each) for each in range(2)]
FACTS = some.builds(
    lambda service, word, what: Fact((service, word), *what),
    some.sampled_from(SERVICES),
    some.sampled_from(["08", "09"]),
    some.one_of(
        some.tuples(some.sampled_from(["arrivals", "completed", "transferred"]), some.none()),
        some.tuples(some.sampled_from(["waiting", "handling"]), some.integers(0, 9_000)),
    ),
)
"""Of one ticket."""


@given(some.lists(some.tuples(some.integers(0, 4), some.lists(FACTS, max_size=4)), max_size=30))
def test_a_day_told_ticket_by_ticket_is_the_day_as_its_tickets_are_at_last(told: list[tuple[int, list[Fact]]]) -> None:
    live, anew = [LiveDay(date(2027, 3, 1), 1, b"") for _ in range(2)]
    for ticket, facts in told:
        live.tell([UUID(int=ticket)], [(UUID(int=ticket), each) for each in facts])
    last = {UUID(int=ticket): facts for ticket, facts in told}
    anew.tell((), [(ticket, each) for ticket, facts in last.items() for each in facts])
    assert live.figures == anew.figures
    assert live.tickets == anew.tickets


def test_days_that_go_on_are_kept_up_to_so_many_tickets() -> None:
    kept, today = LiveDays(), date(2027, 3, 1)
    fact = Fact((SERVICES[0], ""), "arrivals", None)
    for mall_id in range(1, 4):
        day = LiveDay(today, 1, b"")
        day.tell((), [(UUID(int=each), fact) for each in range(MOST_TICKETS // 2)])
        kept.keep(mall_id, By.SERVICE, day)
    assert [bool(kept.of(mall_id, By.SERVICE, today)) for mall_id in range(1, 4)] == [False, True, True]
    assert kept.of(3, By.HOUR, today) is kept.of(3, By.SERVICE, date(2027, 3, 2)) is None


def test_of_nothing_nothing_is_told() -> None:
    assert Durations.total([]).median_seconds is None
    assert Durations.of([]).ninetieth_seconds is None
    assert Durations.of([0]).median_seconds == 1


def test_a_period_is_a_day_or_a_month_up_to_today() -> None:
    assert [str(Period.of(each)) for each in ("2027-03-05", "2027-03")] == ["2027-03-05", "2027-03"]
    assert Period.of("2027-03-05").days(date(2027, 3, 4)) == []
    assert Period.of("2027-03").days(date(2027, 3, 2)) == [date(2027, 3, 1), date(2027, 3, 2)]
    assert len(Period.of("2028-02").days(date(2030, 1, 1))) == 29
    assert Period.of("2027-12").days(date(2030, 1, 1))[-1] == date(2027, 12, 31)
    assert Period.of("2027-12").span is Span.MONTH
    for each in ("2027-02-29", "2027-13", "2027-1-1"):
        with pytest.raises(ValueError, match=r"day|month|isoformat"):
            Period.of(each)


def test_groups_of_fewer_than_ten_are_hidden_and_one_more_where_the_sum_would_tell() -> None:
    assert too_few({"none": 40, "elderly": 10}) == set()
    assert too_few({"none": 40, "elderly": 12, "disability": 3}) == {"disability", "elderly"}
    assert too_few({"none": 40, "elderly": 7, "disability": 3}) == {"disability", "elderly"}
    assert too_few({"none": 40, "disability": 0}) == set()
    assert too_few({"elderly": 9}) == {"elderly"}
