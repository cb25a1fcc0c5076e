"""Mall days, made up: whoever comes asks how long it takes, and the day tells who was right. No server, no database.

Visitors come most in the morning; handling times are skewed and are not what the office wrote down; officers differ,
open late and take breaks; some visitors do not come when called, some have priority; counters serve several services.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from heapq import heappop, heappush
from itertools import count
from random import Random
from statistics import fmean
from uuid import UUID

from app.domain.counters import CounterStatus
from app.domain.estimates import (
    AWAITED_MINUTES,
    LATE_MINUTES,
    RECENT,
    CounterNow,
    Estimate,
    QueuesNow,
    estimate,
    handling,
)

OPENS, CLOSES = 8 * 60, 15 * 60
"""Minutes of the day."""
HEAD_START, PRIORITY, PRIORITY_CALLS = 15, 0.08, 3
NO_SHOW, NO_SHOW_MINUTES = 0.08, 3
WALK = 0.7
"""Minutes from the call to the counter."""


@dataclass
class Service:
    """What is true of a service, and what is known of it."""

    id: UUID
    minutes: float
    configured: int
    spread: float
    waiting: list["Visitor"] = field(default_factory=list)
    took: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)


@dataclass
class Counter:
    """A counter with its officer."""

    services: list[Service]
    pace: float
    breaks: list[tuple[float, float]]
    opens: float
    status: CounterStatus = CounterStatus.CLOSED
    is_busy: bool = False
    run: int = 0
    """Calls with priority, one after another."""


@dataclass
class Visitor:
    """Who came, and what was said then."""

    came: float
    arrival: float
    """Effective: less the head start."""
    service: Service
    said: tuple[Estimate | None, float | None, float | None]


@dataclass(frozen=True)
class Told:
    """A true wait beside what ours, the rule of thumb and the last ten said."""

    wait: float
    ours: Estimate
    rule: float
    last_ten: float


class Day:
    """One agency's queue on one day. Its services keep what was known the day before."""

    def __init__(self, chance: Random, services: list[Service], counters: list[Counter]) -> None:
        self.chance, self.services, self.counters = chance, services, counters
        self.told: list[Told] = []
        self.line: list[tuple[float, int, Callable[[float], None]]] = []
        self.order = count()

    def at(self, minute: float, what: Callable[[float], None]) -> None:
        """Let it happen then."""
        heappush(self.line, (minute, next(self.order), what))

    def play(self, load: float) -> list[Told]:
        """From opening until nobody is left."""
        for counter in self.counters:
            self.at(counter.opens, partial(self.open, counter))
        speed = sum(each.pace for each in self.counters) / fmean(each.minutes for each in self.services)
        for minute in self.arrivals(load * speed):
            self.at(minute, self.come)
        while self.line:
            now, _, what = heappop(self.line)
            what(now)
        return self.told

    def arrivals(self, rate: float) -> Iterator[float]:
        """Half as many again in the first two hours, half of the usual in the last two."""
        now: float = OPENS
        while (now := now + self.chance.expovariate(rate * 1.5)) < CLOSES - 30:
            share = 1.0 if now < OPENS + 120 else 0.6 if now < CLOSES - 120 else 0.35
            if self.chance.random() < share:
                yield now

    def open(self, counter: Counter, now: float) -> None:
        """The officer is there, or back."""
        counter.status = CounterStatus.OPEN
        self.next(counter, now)

    def come(self, now: float) -> None:
        """Somebody takes a number."""
        service = self.chance.choice(self.services)
        arrival = now - (HEAD_START if self.chance.random() < PRIORITY else 0)
        visitor = Visitor(now, arrival, service, self.say(service, arrival, now))
        service.waiting.append(visitor)
        service.waiting.sort(key=lambda each: each.arrival)
        for counter in self.counters:
            if counter.status is CounterStatus.OPEN and not counter.is_busy and service in counter.services:
                self.next(counter, now)
                break

    def next(self, counter: Counter, now: float) -> None:
        """Take a break that is due, or call the first in line; after three with priority another, where one waits."""
        if counter.breaks and counter.breaks[0][0] <= now:
            counter.status = CounterStatus.ON_BREAK
            self.at(now + counter.breaks.pop(0)[1], partial(self.open, counter))
            return
        queue = sorted((who for each in counter.services for who in each.waiting), key=lambda who: who.arrival)
        if not queue:
            return
        others = [each for each in queue if each.arrival == each.came]
        visitor = others[0] if counter.run >= PRIORITY_CALLS and others else queue[0]
        counter.run = 0 if visitor.arrival == visitor.came else counter.run + 1
        service, counter.is_busy = visitor.service, True
        service.waiting.remove(visitor)
        self.tell(visitor, now)
        needs = service.minutes * self.chance.lognormvariate(-(service.spread**2) / 2, service.spread)
        took = NO_SHOW_MINUTES if self.chance.random() < NO_SHOW else WALK + needs / counter.pace
        self.at(now + took, partial(self.done, counter, service, took))

    def done(self, counter: Counter, service: Service, took: float, now: float) -> None:
        """The counter is free."""
        counter.is_busy = False
        service.took.append(took if self.chance.random() > 0.01 else took + 60)  # now and then one is forgotten
        self.next(counter, now)

    def say(self, service: Service, arrival: float, now: float) -> tuple[Estimate | None, float | None, float | None]:
        """What ours, the rule of thumb and the last ten say to who comes now."""
        serving = [each for each in self.counters if service in each.services]
        together = {each.id: each for counter in serving for each in counter.services}
        ahead = sum(who.arrival < arrival for each in together.values() for who in each.waiting)
        queues = QueuesNow(
            [
                CounterNow([one.id for one in each.services], each.status, each.is_busy, _due_in(each, now))
                for each in self.counters
            ],
            {each.id: handling(each.configured, each.took[-RECENT:]) for each in self.services},
            {each.id: len(each.waiting) for each in self.services},
        )
        calling = sum(each.status is CounterStatus.OPEN for each in serving)
        rule = ahead * service.configured / calling if calling else None
        last_ten = fmean(service.waits[-10:]) if service.waits else None
        return estimate(queues, service.id, ahead), rule, last_ten

    def tell(self, visitor: Visitor, now: float) -> None:
        """The wait is known now; only where all three had said something can they be compared."""
        wait = now - visitor.came
        visitor.service.waits.append(wait)
        ours, rule, last_ten = visitor.said
        if ours is not None and rule is not None and last_ten is not None:
            self.told.append(Told(wait, ours, rule, last_ten))


def days(seed: int, agencies: int) -> Iterator[Told]:
    """Two days of each agency: what the first has shown is known on the second, which counts."""
    chance = Random(seed)  # noqa: S311  # a game of chance that is the same every time
    for _ in range(agencies):
        services = [_service(chance, UUID(int=number)) for number in range(chance.randint(1, 4))]
        load, desks = chance.uniform(0.7, 1.1), chance.randint(1, 6)
        served = [services, *(chance.sample(services, chance.randint(1, len(services))) for _ in range(desks - 1))]
        for _ in range(2):
            told = Day(chance, services, [_counter(chance, each) for each in served]).play(load)
        yield from told


def _due_in(counter: Counter, now: float) -> float | None:
    """Every officer is expected when the hours begin."""
    expected = counter.status is CounterStatus.CLOSED and now < OPENS + AWAITED_MINUTES
    return max(0, OPENS + LATE_MINUTES - now) if expected else None


def _service(chance: Random, service_id: UUID) -> Service:
    minutes = chance.uniform(4, 20)
    configured = max(1, round(minutes * chance.lognormvariate(0, 0.3)))
    return Service(service_id, minutes, configured, chance.uniform(0.5, 0.9))


def _counter(chance: Random, served: list[Service]) -> Counter:
    morning = (chance.uniform(9 * 60, 11 * 60), chance.uniform(5, 15))
    noon = (chance.uniform(11.5 * 60, 12.5 * 60), chance.uniform(20, 50))
    afternoon = (chance.uniform(13.5 * 60, 15 * 60), chance.uniform(5, 15))
    return Counter(served, chance.uniform(0.8, 1.2), [morning, noon, afternoon], OPENS + chance.uniform(-5, 15))
