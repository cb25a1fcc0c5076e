"""What was done is counted per service and day, from the journal alone."""

import asyncio

import pytest
from sqlalchemy import delete

from app import models
from app.database import Database
from app.domain.statistics import Count
from app.queries import followers
from app.workers.following import follow
from app.workers.service_day_counts import SERVICE_DAY_COUNTS
from tests.given import Given, Mall
from tests.lively_day import Counts, LivelyDays, by_follower, by_tickets


async def counted_up(database: Database, mall_id: int) -> Counts:
    """The counts when the follower has come to the journal's end. The running program follows, too."""
    async with asyncio.timeout(60):
        while True:
            await follow(database, SERVICE_DAY_COUNTS, lambda *_: None)
            async with database.reading() as reading:
                behind = await followers.behind(reading.session, [mall_id], name=SERVICE_DAY_COUNTS.name)
                if behind[mall_id] == 0:
                    return await by_follower(reading.session, mall_id)
            await asyncio.sleep(0.1)


async def of_today(mall: Mall, service_id: str) -> dict[str, int]:
    """What is counted of a service today, without what is not there."""
    counts = await counted_up(mall.database, mall.ref.id)
    today = await mall.today()
    return next(
        {name: count for name, count in found.items() if count}
        for (day, service), found in counts.items()
        if (day, str(service)) == (today, service_id)
    )


async def test_each_ticket_is_counted_once_by_what_became_of_it(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=0, counters=0)
    service = await mall.service(agency, "KTP", no_show_calls=1)
    officer, counter = await mall.open_counter(agency, await mall.counter(agency))
    tickets = [await mall.kiosk.takes(service) for _ in range(4)]
    assert await of_today(mall, service) == {"issued": 4}

    await officer.handles(await officer.calls(counter), "start", "completion")
    await officer.handles(await officer.calls(counter), "recall", "no-show")
    await mall.public.does(f"/claims/{tickets[3]['claim_code']}/cancellation")
    assert await of_today(mall, service) == {"issued": 4, "called": 2, "completed": 1, "no_show": 1, "cancelled": 1}


async def test_a_no_show_who_comes_back_is_none_any_more(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=0, counters=0)
    service = await mall.service(agency, "KTP", no_show_calls=1)
    officer, counter = await mall.open_counter(agency, await mall.counter(agency))
    ticket = await mall.kiosk.takes(service)
    await officer.handles(await officer.calls(counter), "no-show")
    assert await of_today(mall, service) == {"issued": 1, "called": 1, "no_show": 1}
    await officer.handles(ticket, "return")
    await officer.handles(await officer.calls(counter), "start", "completion")
    assert await of_today(mall, service) == {"issued": 1, "called": 2, "completed": 1}


@pytest.mark.parametrize("seed", range(3))
async def test_the_counts_of_lively_days_are_what_tickets_and_intervals_say_also_when_counted_anew(
    given: Given, seed: int
) -> None:
    mall = await given.mall(at="2027-03-01T09:00")
    days = LivelyDays(mall, seed)
    await days.prepare()
    for _ in range(2):
        await days.pass_one()
    verbs = ("tickets", "calls", "completion", "no-show", "return", "transfer", "reopening", "cancellation")
    assert [verb for verb in verbs if not days.done[verb]] == []

    database, mall_id = mall.database, mall.ref.id
    counts = await counted_up(database, mall_id)
    async with database.reading() as reading:
        assert counts == await by_tickets(reading.session, mall_id)
    for each in counts.values():  # each day is over
        came = each[Count.ISSUED] + each[Count.TRANSFERRED_IN] - each[Count.TRANSFERRED_OUT]
        assert came == sum(each[end] for end in (Count.COMPLETED, Count.NO_SHOW, Count.CANCELLED, Count.EXPIRED))

    async with database.without_journal() as unit:
        for table in (models.ServiceDayCounts, models.Follower):
            await unit.session.execute(delete(table).where(table.mall_id == mall_id))
    assert await counted_up(database, mall_id) == counts
