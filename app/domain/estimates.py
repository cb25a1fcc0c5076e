"""How long somebody waits (*perkiraan waktu tunggu*), as a range: a simulation of the counters, not of each person.

The counters that are open take those ahead in the order of the queue, each for as long as its service took of late,
until one of them is free for the visitor. A counter that is closed, but worked of late, is expected when the hours of
its agency begin. The order is known by how many wait for each service; where many wait, a
counter takes several at a step. Nobody knows how long the next visitor really needs: the range says how far that may
carry.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heapify, heappop, heapreplace
from math import ceil, floor, sqrt
from statistics import median
from uuid import UUID

from app.domain.calendar import Calendar
from app.domain.counters import CounterStatus

RECENT = 20
"""So many of a service's last visitors say how long one takes."""
PRIOR = 4
"""The configured minutes count as much as so many of them."""
OUTLIER = 4
"""Who took so many times the median counts as that: a ticket that was forgotten says nothing about the next."""
LEFT_OF_ONE = 0.8
"""What is left of a visitor at a counter, as a part of the usual minutes: long ones are met more often than short."""
BREAK_MINUTES = 15
"""A counter on a break is counted as back after so many, where its officer has not said when."""
LATE_MINUTES = 5
"""So long after the hours have begun a counter calls its first visitor."""
AWAITED_MINUTES = 15
"""A counter that has not opened so long after the hours have begun is not expected any more."""
SPREAD = 0.8
"""How much visitors differ: standard deviation by mean."""
DRIFT = 0.27
"""How far a whole wait may be off, as a part of it: breaks, absent visitors, who comes with priority."""
LATE_SPREAD = 8
"""By how many minutes a counter opens earlier or later than expected: a standard deviation."""
BELOW, ABOVE = 1.2, 1.6
"""How many standard deviations the range reaches down and up: waits are skewed."""
MINUTE = timedelta(minutes=1)
STEPS_A_COUNTER = 2
"""Of a long queue a counter takes a share at a step, a half of its part; near the end it goes person by person."""


@dataclass(frozen=True)
class Handling:
    """How long one visitor of a service takes a counter."""

    minutes: float
    recent_services: int
    """From how many of its last visitors."""


@dataclass(frozen=True)
class CounterNow:
    """A counter of the mall."""

    service_ids: Sequence[UUID]
    status: CounterStatus
    is_busy: bool
    due_in: float | None = None
    """In how many minutes it is expected to call: when the hours begin, or when a break ends; None: nobody knows."""


@dataclass(frozen=True)
class QueuesNow:
    """What is known of the queues that are served together with those that are asked for."""

    counters: Sequence[CounterNow]
    handling: Mapping[UUID, Handling]
    waiting: Mapping[UUID, int]
    """How many wait for each service."""


@dataclass(frozen=True)
class Estimate:
    """A range of minutes, and what it comes from."""

    from_minutes: int
    to_minutes: int
    people_ahead: int
    open_counters: int
    handling_minutes: int
    recent_services: int
    due_counters: int = 0
    due_in_minutes: int | None = None


def due_in(calendar: Calendar, at: datetime, agency_id: UUID, counter_id: UUID) -> float | None:
    """In how many minutes a closed counter that worked of late is expected to call; None: not today any more."""
    begins = calendar.begins_today(at, agency_id, AWAITED_MINUTES)
    if begins is None or not calendar.counter_opening(max(begins, at), counter_id).is_open:
        return None
    return max(0, (begins - at) / MINUTE + LATE_MINUTES)


def back_in(until: datetime | None, at: datetime) -> float | None:
    """In how many minutes a break ends; None: that was not said, or is over already and the officer is not back."""
    return (until - at) / MINUTE if until and until > at else None


def handling(configured_minutes: int, recent: Sequence[float]) -> Handling:
    """The mean of the last visitors, outliers cut, drawn towards the configured minutes while there are few."""
    most = OUTLIER * median(recent) if recent else 0
    total = PRIOR * configured_minutes + sum(min(each, most) for each in recent)
    return Handling(total / (PRIOR + len(recent)), len(recent))


def estimate(now: QueuesNow, service_id: UUID, people_ahead: int) -> Estimate | None:
    """How long somebody waits who has so many ahead; None where no counter is open or due that serves the service."""
    wait = _wait(now, service_id, people_ahead)
    if wait is None:
        return None
    took = now.handling[service_id]
    own = [each for each in _there(now) if service_id in each.service_ids]
    first = min(each.due_in or 0 for each in own)
    queueing, late = wait - first, LATE_SPREAD if first else 0
    off = sqrt(SPREAD**2 * took.minutes * queueing / len(own) + (DRIFT * queueing) ** 2 + late**2)
    due = [each.due_in for each in own if each.due_in is not None]
    return Estimate(
        from_minutes=max(0, floor(wait - BELOW * off)),
        to_minutes=ceil(wait + ABOVE * off) + 1,
        people_ahead=people_ahead,
        open_counters=sum(each.status not in (CounterStatus.ON_BREAK, CounterStatus.CLOSED) for each in own),
        handling_minutes=max(1, round(took.minutes)),
        recent_services=took.recent_services,
        due_counters=len(due),
        due_in_minutes=round(min(due)) if due else None,
    )


def _there(now: QueuesNow) -> list[CounterNow]:
    """The counters whose officer is there, on a break, or expected."""
    return [each for each in now.counters if each.status is not CounterStatus.CLOSED or each.due_in is not None]


def _wait(now: QueuesNow, service_id: UUID, people_ahead: int) -> float | None:
    """After how many minutes a counter is free for the visitor."""
    counters = _there(now)
    parts = _by_service(now, service_id, people_ahead)
    numbers = {each: number for number, each in enumerate(parts)}
    served = [[numbers[one] for one in each.service_ids if one in numbers] for each in counters]
    portions = [STEPS_A_COUNTER * sum(queue in queues for queues in served) for queue in range(len(parts))]
    ahead, left = list(parts.values()), list(parts.values())
    taken = [0.0] * len(ahead)
    """Which part of each queue; the queue with the least is served next."""
    minutes = [now.handling[each].minutes for each in parts]
    free = [(_free_in(now, each), number) for number, each in enumerate(counters)]
    heapify(free)
    while free:
        at, number = free[0]
        queue = min(served[number], key=taken.__getitem__, default=None)
        if queue is None or not left[queue]:
            if service_id in counters[number].service_ids:
                return at
            heappop(free)
            continue
        some = left[queue] // portions[queue] or 1
        left[queue] -= some
        taken[queue] = 1 - left[queue] / ahead[queue]
        heapreplace(free, (at + some * minutes[queue], number))
    return None


def _free_in(now: QueuesNow, counter: CounterNow) -> float:
    """When the counter takes its next visitor."""
    if counter.due_in is not None:
        return counter.due_in
    if counter.status is CounterStatus.ON_BREAK:
        return BREAK_MINUTES
    if not counter.is_busy:
        return 0
    return LEFT_OF_ONE * _mean(now.handling[each].minutes for each in counter.service_ids if each in now.handling)


def _mean(numbers: Iterable[float]) -> float:
    known = list(numbers)
    return sum(known) / len(known) if known else 0


def _by_service(now: QueuesNow, service_id: UUID, people_ahead: int) -> dict[UUID, int]:
    """For what those ahead wait: as all who wait for these services do, to the last person."""
    beside = {service_id}.union(*(each.service_ids for each in now.counters if service_id in each.service_ids))
    waiting = [(each, now.waiting.get(each, 0)) for each in sorted(beside)]
    total, before, given = sum(number for _, number in waiting) or 1, 0, 0
    parts: dict[UUID, int] = {}
    for each, number in waiting:
        before += number
        part = people_ahead * before // total - given
        if part:
            parts[each] = part
            given += part
    return parts if given == people_ahead else {service_id: people_ahead}
