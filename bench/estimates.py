"""How good the estimates of waiting times are: ours beside two plain ones, on made-up days (`days.py`)."""

from collections.abc import Callable
from statistics import fmean, median
from time import process_time
from uuid import UUID

from app.domain.counters import CounterStatus
from app.domain.estimates import CounterNow, QueuesNow, estimate, handling
from bench.days import Told, days

SEED, AGENCIES = 2026, 200
CROWD, DESKS, SERVICES, TIMES = 6_000, 32, 4, 50


def table() -> str:
    """Play the days and score them; about half a minute."""
    told = list(days(SEED, AGENCIES))
    within = fmean(each.ours.from_minutes <= each.wait <= each.ours.to_minutes for each in told)
    width = fmean(each.ours.to_minutes - each.ours.from_minutes for each in told)
    ours = _off(told, lambda each: (each.ours.from_minutes + each.ours.to_minutes) / 2)
    rule, last_ten = _off(told, lambda each: each.rule), _off(told, lambda each: each.last_ten)
    waits, cost = [each.wait for each in told], _milliseconds()
    about = (
        f"{len(told):,} visitors of {AGENCIES} agencies; they waited {fmean(waits):.0f} minutes in the mean,"
        f" {median(waits):.0f} in the median. One estimate with {CROWD:,} ahead, {DESKS} counters and {SERVICES}"
        f" services takes {cost:.1f} ms of CPU (goal ≤ 2)."
    )
    rows = [
        ("estimate", "median error, minutes", "ours beside it", "true waits in the range", "mean width, minutes"),
        ("---",) * 5,
        ("ours (the middle of the range)", f"{ours:.1f}", "", f"{within:.0%} (goal ≥ 80 %)", f"{width:.0f}"),
        ("people ahead times configured minutes by open counters", f"{rule:.1f}", _beside(ours, rule), "", ""),
        ("mean wait of the last ten", f"{last_ten:.1f}", _beside(ours, last_ten), "", ""),
    ]
    return "\n".join([about, "", *(f"| {' | '.join(row)} |" for row in rows)])


def _beside(ours: float, other: float) -> str:
    return f"{ours / other:.2f} (goal ≤ 0.80)"


def _off(told: list[Told], said: Callable[[Told], float]) -> float:
    return median(abs(each.wait - said(each)) for each in told)


def _milliseconds() -> float:
    """CPU time of one estimate with a crowd ahead, with the reading of what took how long."""
    ids, spent = [UUID(int=number) for number in range(SERVICES)], []
    counters = [CounterNow(ids[desk % SERVICES :], CounterStatus.OPEN, is_busy=True) for desk in range(DESKS)]
    for _ in range(TIMES):
        begun = process_time()
        took = {each: handling(10, [8.0, 12.0, 5.0, 9.0] * 5) for each in ids}
        estimate(QueuesNow(counters, took, dict.fromkeys(ids, CROWD // SERVICES)), ids[0], CROWD)
        spent.append((process_time() - begun) * 1000)
    return median(spent)
