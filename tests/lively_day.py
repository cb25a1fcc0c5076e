"""Days of a mall on which everything happens to tickets, in an order of chance; and what is to be counted of them."""

import random
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import models
from app.domain.callers import Caller, CallerKind
from app.domain.roles import Role, RoleBinding
from app.domain.statistics import By, Count, LiveDays, Period, Span
from app.domain.tickets import IntervalKind, TicketStatus
from app.journal import Journal
from app.queries.issuing import issuing_inputs
from app.queries.statistics import StatisticsFilter, all_statistics
from app.workers.day_end import end_overdue
from tests.given import Agency, Asker, Json, Mall

ACTS = 200
"""In one day. Some are refused: chance does not ask first."""
OF_A_TICKET = (
    "recall",
    "start",
    "start",
    "hold",
    "completion",
    "completion",
    "no-show",
    "return",
    "cancellation",
)
Counts = dict[tuple[Any, ...], dict[str, int]]


class LivelyDays:
    """A mall with two agencies, three services and two officers who do whatever comes to mind."""

    def __init__(self, mall: Mall, seed: int) -> None:
        self.mall, self.chance = mall, random.Random(seed)  # noqa: S311  # a seed makes the days again
        self.done: Counter[str] = Counter()
        self.agencies: list[Agency] = []
        self.tickets: list[Json] = []
        self.in_hand: dict[str, Json] = {}

    async def prepare(self) -> None:
        """Furnish it: who did not come the first time is a no-show."""
        for code, services in (("CIVIL", 2), ("TAX", 1)):
            agency = await self.mall.agency(code, services=0, counters=0)
            for number in range(services):
                await self.mall.service(agency, f"{code}-{number + 1}", no_show_calls=1)
            await self.mall.counter(agency)
            self.agencies.append(agency)
        await self.mall.manager.edits("", {"transfers_between_agencies": True})

    async def pass_one(self, look: Callable[[], Awaitable[None]] | None = None) -> None:
        """A day, from the first ticket to its end; somebody may look after every fifth act."""
        self.tickets, self.in_hand = [], {}
        officers = [(*await self.mall.open_counter(each), each) for each in self.agencies]
        await self._each_once(*officers[0])
        for act in range(ACTS):
            officer, counter, agency = self.chance.choice(officers)
            self._count(await self._act(officer, counter, agency))
            if look and act % 5 == 0:
                await look()
        self.mall.pass_time(timedelta(days=1))
        await end_overdue(self.mall.database)

    def _count(self, answer: httpx.Response) -> None:
        if answer.is_success:
            self.done[answer.request.url.path.rsplit("/", 1)[1]] += 1
        else:
            assert answer.status_code in (404, 409), answer.text

    async def _each_once(self, officer: Asker, counter: str, agency: Agency) -> None:
        """What chance may leave out: every verb of an officer, once."""
        one, other = agency.services.values()
        call = f"/counters/{counter}/calls"
        for verbs in (("start", "hold"), ("no-show", "return", "cancellation"), ("recall", "start", "completion")):
            self.tickets.append((await self.mall.kiosk.issue(one)).json())
            at = f"/tickets/{self.tickets[-1]['id']}"
            self._count(await officer.post(call, {"ticket_id": self.tickets[-1]["id"]}))
            for verb in verbs:
                self._count(await officer.post(f"{at}/{verb}"))
        for verb in ("reopening", "completion"):
            self._count(await officer.post(f"{at}/{verb}"))
        self.tickets.append((await self.mall.kiosk.issue(one)).json())
        moved = {"service_id": other}
        self._count(await officer.post(f"/tickets/{self.tickets[-1]['id']}/transfer", moved))

    async def _act(self, officer: Asker, counter: str, agency: Agency) -> httpx.Response:
        what = self.chance.random()
        if what < 0.25 or not self.tickets:
            answer = await self.mall.kiosk.issue(self.chance.choice(list(agency.services.values())))
            self.tickets += [answer.json()]
            return answer
        ticket = self.chance.choice([*self.tickets, *[self.in_hand.get(counter, self.tickets[0])] * 20])
        if what < 0.3:
            return await self.mall.public.post(f"/claims/{ticket['claim_code']}/cancellation")
        if what < 0.33:
            services = [each for one in self.agencies for each in one.services.values()]
            return await officer.post(f"/tickets/{ticket['id']}/transfer", {"service_id": self.chance.choice(services)})
        if what < 0.38:
            return await officer.post(f"/tickets/{ticket['id']}/reopening")
        if what < 0.63:
            chosen = self.chance.choice([None, None, None, {"ticket_id": ticket["id"]}])
            answer = await officer.post(f"/counters/{counter}/calls", chosen)
            if answer.is_success:
                self.in_hand[counter] = next(each for each in self.tickets if each["id"] == answer.json()["id"])
            return answer
        return await officer.post(f"/tickets/{ticket['id']}/{self.chance.choice(OF_A_TICKET)}")


async def by_tickets(session: AsyncSession, mall_id: int) -> Counts:
    """What the tickets and their intervals say of each service's day."""
    ticket, interval = models.Ticket, models.TicketInterval
    found: Counts = defaultdict(lambda: dict.fromkeys(Count, 0))
    issued = select(ticket.service_day, ticket.issued_service_id, func.count()).group_by(
        ticket.service_day, ticket.issued_service_id
    )
    for day, service_id, count in await session.execute(issued.where(ticket.mall_id == mall_id)):
        found[day, service_id][Count.ISSUED] = count
    called = (
        select(ticket.service_day, interval.service_id, func.count())
        .join(interval, (interval.mall_id == ticket.mall_id) & (interval.ticket_id == ticket.id))
        .where(ticket.mall_id == mall_id, interval.kind == IntervalKind.CALLED)
        .group_by(ticket.service_day, interval.service_id)
    )
    for day, service_id, count in await session.execute(called):
        found[day, service_id][Count.CALLED] = count
    for way, stretch in await _transfers(session, mall_id):
        found[stretch.service_day, stretch.service_id][way] += 1
    ended = {TicketStatus(each) for each in {each.value for each in Count} & set(TicketStatus)} - {TicketStatus.CALLED}
    by_status = (
        select(ticket.service_day, ticket.service_id, ticket.status, func.count())
        .where(ticket.mall_id == mall_id, ticket.status.in_(ended))
        .group_by(ticket.service_day, ticket.service_id, ticket.status)
    )
    for day, service_id, status, count in await session.execute(by_status):
        found[day, service_id][Count(status.value)] = count
    return dict(found)


async def _transfers(session: AsyncSession, mall_id: int) -> list[tuple[Count, Any]]:
    """The stretches of tickets that a transfer ended, and those that it began."""
    ticket, interval = models.Ticket, models.TicketInterval
    rows = await session.execute(
        select(ticket.service_day, interval.ticket_id, interval.service_id, interval.outcome)
        .join(interval, (interval.mall_id == ticket.mall_id) & (interval.ticket_id == ticket.id))
        .where(ticket.mall_id == mall_id)
        .order_by(interval.ticket_id, interval.id)
    )
    moves = [(one, other) for one, other in pairwise(rows.all()) if one.outcome == "transfer"]
    return [
        *((Count.TRANSFERRED_OUT, one) for one, _ in moves),
        *((Count.TRANSFERRED_IN, other) for _, other in moves),
    ]


async def by_follower(session: AsyncSession, mall_id: int) -> Counts:
    """What the follower has counted."""
    row = models.ServiceDayCounts
    rows = await session.scalars(select(row).where(row.mall_id == mall_id))
    return {(each.service_day, each.service_id): _of(each) for each in rows}


def _of(row: models.ServiceDayCounts) -> dict[str, int]:
    columns: Mapping[str, int] = {name: vars(row)[name] for name in Count}
    return dict(columns)


async def must_say_the_same(mall: Mall, live: LiveDays) -> None:
    """Insist that of the present day, followed so far, is told what is told where it is counted anew."""
    manager = Caller(CallerKind.ACCOUNT, UUID(int=1), (RoleBinding(Role.MALL_MANAGER, mall.ref.id),))
    for by in By:
        async with mall.database.reading(mall.ref, snapshot=True) as reading:
            wanted = StatisticsFilter(Period(Span.DAY, reading.today), by)
            followed = await all_statistics(reading, manager, wanted, live)
            assert followed == await all_statistics(reading, manager, wanted, LiveDays())


async def what_is_known_must_be_what_is_read(journal: Journal) -> None:
    """Insist on it, of all that a process has kept to issue tickets by."""
    for service_id, known in journal.what_is_known().items():
        assert known == await issuing_inputs(journal, service_id, None, None)
