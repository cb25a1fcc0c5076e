"""A journal that somebody else holds for long, and a database that is gone."""

import asyncio
import os
import signal
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import httpx

from app import embedded
from app.database import Clock
from app.main import create_app
from app.migrating import migrate
from app.settings import Settings
from tests.contract import Contract
from tests.databases import connected
from tests.given import Asker, Given, Json, code_of
from tests.races.books import journal, spread, tickets
from tests.servers import SERVER_KEY, Servers


async def test_writers_who_wait_for_one_mall_hold_up_no_reader_and_no_other_mall(
    given: Given, two_servers: Servers, direct_url: str
) -> None:
    stuck, free = await given.mall(), await given.mall()
    agency, other = await stuck.agency(), await free.agency()
    kiosks, free_kiosks = spread(stuck.kiosk, two_servers), spread(free.kiosk, two_servers)
    answers: list[httpx.Response] = []
    seen_enough = asyncio.Event()

    async def insist(kiosk: Asker) -> None:
        """There is always somebody who waits, however long the others take."""
        while not seen_enough.is_set():
            async with asyncio.timeout(15):  # each waits five seconds, however many wait before it
                answers.append(await kiosk.issue(agency.service))

    async with connected(direct_url) as outside:
        async with outside.transaction(), asyncio.TaskGroup() as waiting:
            await outside.execute("SELECT 1 FROM journals WHERE mall_id = $1 FOR NO KEY UPDATE", stuck.ref.id)
            for kiosk in kiosks * 16:
                waiting.create_task(insist(kiosk))
            for _ in range(3):
                for asker in spread(stuck.public, two_servers):
                    await asker.sees("/board")
                for asker in free_kiosks:
                    await asker.takes(other.service)
            seen_enough.set()
        assert {code_of(each) for each in answers} == {(503, "busy")}
        assert all(int(each.headers["Retry-After"]) >= 1 for each in answers)
        assert [(await each.takes(agency.service))["position"] for each in kiosks] == [1, 2]


async def eventually(look: Callable[[], Awaitable[bool]]) -> None:
    """Look again and again until it is so."""
    for _ in range(400):
        if await look():
            return
        await asyncio.sleep(0.05)
    message = "it never came"
    raise AssertionError(message)


async def stop(folder: Path, how: signal.Signals) -> None:
    """Stop the embedded server under everybody who uses it."""
    file = folder / "postgres" / "postmaster.pid"

    async def is_gone() -> bool:
        return not file.exists()

    os.kill(int(file.read_text().split()[0]), how)
    await eventually(is_gone)


async def becomes(asker: Asker, status: int) -> None:
    """Wait until the program says that of its readiness."""

    async def says_so() -> bool:
        return (await asker.get("//health/ready")).status_code == status

    await eventually(says_so)


async def test_a_database_that_is_gone_is_busy_and_heals_when_it_is_back(
    anyio_backend: object, settings: Settings, contract: Contract, shared_dir: Path
) -> None:
    folder = Path(tempfile.mkdtemp(prefix="gone-", dir=shared_dir))
    async with AsyncExitStack() as stack:
        url = stack.enter_context(embedded.server(folder))
        await embedded.create_database(url)
        await migrate(url)
        app = create_app(settings, url, SERVER_KEY.encode(), clock=Clock())
        await stack.enter_async_context(app.router.lifespan_context(app))
        http = await stack.enter_async_context(contract.client(app))
        servers = await stack.enter_async_context(Servers(url, SERVER_KEY, contract))
        await servers.start()
        mall = await Given(app, http).mall()
        agency = await mall.agency()
        places = [http, *servers.clients]
        taken: list[Json] = []

        async def back(folder: Path) -> str:
            """Start it again beside the event loop, which hears meanwhile which connections are gone."""
            return await asyncio.to_thread(stack.enter_context, embedded.server(folder))

        for how in (signal.SIGINT, signal.SIGQUIT):  # asked to end, and torn down
            taken += await asyncio.gather(*(mall.kiosk.at(each).takes(agency.service) for each in places * 8))
            await stop(folder, how)
            for place in places:
                async with asyncio.timeout(10):
                    answers = await asyncio.gather(
                        *(mall.kiosk.at(place).issue(agency.service) for _ in range(12)),
                        *(mall.public.at(place).get("/board") for _ in range(12)),
                        mall.manager.at(place).get("//v1/me"),
                        mall.manager.at(place).get("/tickets"),
                    )
                assert {code_of(each) for each in answers} == {(503, "busy")}
                assert all("Retry-After" in each.headers for each in answers)
                await becomes(mall.public.at(place), 503)
                assert (await mall.public.at(place).get("//health/live")).status_code == 200
            assert await back(folder) == url
            for place in places:
                await becomes(mall.public.at(place), 200)
                await mall.public.at(place).sees("/board")
                taken.append(await mall.kiosk.at(place).takes(agency.service))
        await stop(folder, signal.SIGINT)  # and back before anybody asked: nobody notices
        assert await back(folder) == url
        taken += await asyncio.gather(*(mall.kiosk.at(each).takes(agency.service) for each in places * 8))
        assert {each["number"] for each in taken} == {each.number for each in await tickets(mall)}
        assert [each["data"]["ordinal"] for each in await journal(mall, "ticket.issued")] == list(
            range(1, len(taken) + 1)
        )
