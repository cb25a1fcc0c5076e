"""A day that is over is ended and counted once, however many processes find it so."""

import asyncio
from contextlib import AsyncExitStack

from sqlalchemy import select

from app import models
from app.database import Clock
from app.domain.statistics import Durations, Figures, Span
from app.main import create_app
from app.settings import Settings
from tests.contract import Contract
from tests.databases import own_database
from tests.given import Agency, Given, Mall
from tests.races.books import journal, tickets
from tests.races.lone_worker import line, lone_worker
from tests.servers import SERVER_KEY

LONG_AGO, WAITING = "2026-03-02T09:00", 40


async def left_open(mall: Mall, agency: Agency) -> None:
    """One is served and some wait, and nobody comes any more."""
    officer, counter = await mall.open_counter(agency)
    for _ in range(WAITING + 1):
        await mall.kiosk.takes(agency.service)
    await officer.handles(await officer.calls(counter), "start")


async def kept(mall: Mall) -> list[tuple[Span, Figures]]:
    """The figures that are kept."""
    row = models.ServiceFigures
    async with mall.database.reading(mall.ref) as reading:
        found = await reading.session.scalars(select(row).where(row.mall_id == mall.ref.id).order_by(row.span))
        return [(each.span, Figures.read(each.service[""])) for each in found]


async def test_of_many_processes_that_find_a_day_over_one_ends_it_and_one_counts_it(
    server_url: str, template: str, settings: Settings, contract: Contract
) -> None:
    async with own_database(server_url, template) as url, AsyncExitStack() as stack:
        app = create_app(settings, url, SERVER_KEY.encode(), clock=Clock())
        await stack.enter_async_context(app.router.lifespan_context(app))
        mall = await Given(app, await stack.enter_async_context(contract.client(app))).mall(at=LONG_AGO)
        await left_open(mall, await mall.agency())
        others = [await stack.enter_async_context(lone_worker(url, "ending_days")) for _ in range(4)]
        assert {await line(each) for each in others} == {"ready"}
        for _ in range(2):
            await asyncio.gather(*map(line, others))
        [ended] = await journal(mall, "day.ended")
        assert ended["data"] == {"tickets": WAITING + 1}
        assert len(await journal(mall, "counter.closed")) == 1
        assert sorted(each.status for each in await tickets(mall)) == ["completed", *["expired"] * WAITING]
        of_day, of_month = await kept(mall)
        assert of_day[0] is Span.DAY
        assert of_month == (Span.MONTH, of_day[1])
        assert of_day[1] == Figures(
            arrivals=WAITING + 1, completed=1, expired=WAITING, waiting=of_day[1].waiting, handling=Durations()
        )
        assert of_day[1].waiting.count == 1
