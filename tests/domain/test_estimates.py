"""How long somebody waits: who is called when, and how sure that is."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from app.domain.calendar import Calendar, CalendarException, ExceptionKind, Schedule
from app.domain.counters import CounterStatus
from app.domain.estimates import BREAK_MINUTES, CounterNow, Estimate, Handling, QueuesNow, due_in, estimate, handling
from app.domain.hours import BreakHours, Span, Weekly
from bench.days import days

CARD, BIRTH, TAX = UUID(int=1), UUID(int=2), UUID(int=3)
MONDAY, NOON = date(2027, 3, 1), BreakHours(starts="12:00", ends="13:00")
TEN = {each: Handling(10, 20) for each in (CARD, BIRTH, TAX)}


def counter(*services: UUID, status: CounterStatus = CounterStatus.OPEN, is_busy: bool = False) -> CounterNow:
    """A counter that serves these."""
    return CounterNow(services, status, is_busy)


def told(ahead: int, *counters: CounterNow, **waiting: int) -> Estimate:
    """What somebody is told who comes for a card."""
    numbers = {CARD: waiting.get("card", ahead), BIRTH: waiting.get("birth", 0), TAX: waiting.get("tax", 0)}
    found = estimate(QueuesNow(counters, TEN, numbers), CARD, ahead)
    assert found
    assert 0 <= found.from_minutes < found.to_minutes
    return found


def middle(found: Estimate) -> float:
    """The middle of the range."""
    return (found.from_minutes + found.to_minutes) / 2


def test_without_a_counter_that_serves_it_nothing_is_said() -> None:
    assert estimate(QueuesNow([], TEN, {}), CARD, 0) is None
    assert estimate(QueuesNow([counter(TAX)], TEN, {}), CARD, 0) is None


def test_at_a_free_counter_nobody_waits() -> None:
    inputs = {"people_ahead": 0, "open_counters": 1, "handling_minutes": 10, "recent_services": 20}
    assert told(0, counter(CARD)) == Estimate(0, 1, **inputs)
    assert told(0, counter(CARD, is_busy=True)).to_minutes > 8


def test_everybody_ahead_takes_a_counter_for_a_while() -> None:
    found = told(6, counter(CARD), counter(CARD))
    assert found.from_minutes < 30 < found.to_minutes
    assert middle(told(6, counter(CARD))) > middle(found) > middle(told(3, counter(CARD), counter(CARD)))


def test_a_counter_of_others_only_does_not_help_and_their_visitors_do_not_hinder() -> None:
    assert told(4, counter(CARD), counter(TAX)) == told(4, counter(CARD))
    alone = told(4, counter(CARD, BIRTH), card=4)
    assert told(4, counter(CARD, BIRTH), counter(BIRTH), card=2, birth=2).to_minutes < alone.to_minutes


def test_a_counter_on_a_break_is_expected_back() -> None:
    found = told(0, counter(CARD, status=CounterStatus.ON_BREAK))
    assert found.open_counters == 0
    assert found.from_minutes < BREAK_MINUTES < found.to_minutes
    assert told(0, counter(CARD), counter(CARD, status=CounterStatus.ON_BREAK)).to_minutes == 1


def test_a_counter_that_is_due_takes_visitors_from_when_it_is_expected() -> None:
    due = replace(counter(CARD, status=CounterStatus.CLOSED), due_in=40)
    found = told(3, due)
    assert (found.open_counters, found.due_counters, found.due_in_minutes) == (0, 1, 40)
    assert 40 < found.from_minutes < 70 < found.to_minutes
    assert told(0, counter(CARD), due) == replace(told(0, counter(CARD)), due_counters=1, due_in_minutes=40)
    assert told(9, counter(CARD), due).to_minutes < told(9, counter(CARD)).to_minutes


def test_a_counter_is_due_when_hours_begin_or_have_just_begun_and_it_is_not_closed_itself() -> None:
    week = Weekly.of([{"weekday": 1, "opens": "08:00", "closes": "15:00", "breaks": [NOON]}])
    repairs = CalendarException(
        ExceptionKind.CLOSED, MONDAY, MONDAY, Span(0, 12 * 60), {"id": "-", "en": "-"}, CARD, counter_id=BIRTH
    )
    hours = Calendar(ZoneInfo("Asia/Makassar"), [Schedule(None, week)], [repairs])
    for at, of_counter, of_repaired in (
        ("07:20", 45, None),
        ("08:10", 0, None),
        ("08:16", 289, 289),
        ("12:58", 7, 7),
        ("13:20", None, None),
    ):
        now = datetime.fromisoformat(f"{MONDAY}T{at}+08:00")
        assert due_in(hours, now, CARD, TAX) == of_counter, at
        assert due_in(hours, now, CARD, BIRTH) == of_repaired, at


def test_a_long_queue_is_told_as_person_by_person_within_a_hundredth() -> None:
    found = told(6_000, *(counter(CARD) for _ in range(20)))
    assert abs(middle(found) / middle(told(600, counter(CARD), counter(CARD))) - 1) < 0.01


def test_recent_visitors_count_more_the_more_they_are_and_outliers_hardly() -> None:
    assert handling(10, []) == Handling(10, 0)
    assert handling(10, [5] * 4).minutes == 7.5
    assert 5 < handling(10, [5] * 20).minutes < 6
    assert handling(10, [5] * 19 + [600]).minutes < handling(10, [5] * 20).minutes + 1


def test_on_made_up_days_the_range_holds_and_two_plain_estimates_are_beaten() -> None:
    seen = list(days(seed=7, agencies=25))
    within = sum(each.ours.from_minutes <= each.wait <= each.ours.to_minutes for each in seen)
    assert within >= 0.8 * len(seen)

    def off(said: list[float]) -> float:
        return sorted(abs(each.wait - one) for each, one in zip(seen, said, strict=True))[len(seen) // 2]

    ours = off([middle(each.ours) for each in seen])
    assert ours <= 0.8 * off([each.rule for each in seen])
    assert ours <= 0.8 * off([each.last_ten for each in seen])
