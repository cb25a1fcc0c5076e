"""Streams over several processes: no call is lost or told twice, whichever of them is asked, stopped or killed."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress

import httpx

from tests.contract import Contract
from tests.given import Agency, Asker, Given, Json, Mall
from tests.given.streams import Told, after, reading
from tests.servers import SERVER_KEY, Servers

READERS = 500
CALLS = 12


async def a_call(mall: Mall, agency: Agency, officer: Asker, counter: str, at: httpx.AsyncClient) -> str:
    """Somebody is called and served at once. Returns the number."""
    await mall.kiosk.at(at).takes(agency.service)
    called = await officer.at(at).calls(counter)
    await officer.at(at).handles(called, "start", "completion")
    return str(called["number"])


class Display:
    """A screen that reads the board's stream, comes again wherever somebody answers, and sounds for each new call."""

    def __init__(self, mall: Mall, servers: Servers, contract: Contract) -> None:
        self._path, self._servers, self._contract = f"{mall.path}/board/stream", servers, contract
        self.board: Json = {}
        self.sounded: list[str] = []
        self._heard_until = ""
        self._last_id: str | None = None

    async def run(self) -> None:
        """Until it is switched off."""
        while True:
            for client in self._servers.clients:
                with suppress(httpx.TransportError):
                    async for told in self._read(client):
                        self._show(told)
            await asyncio.sleep(0.05)

    async def _read(self, client: httpx.AsyncClient) -> AsyncIterator[Told]:
        async with reading(client, self._contract, self._path, self._last_id) as stream:
            async for told in stream.all():
                yield told
                self._last_id = stream.last_id

    def _show(self, told: Told) -> None:
        if told.name == "end":
            return
        self.board = told.data if told.name == "board" else after(self.board, told.data)
        shown = {each["number"]: each for each in (*self.board["recently_called"], *self.board["now_serving"])}
        new = sorted((each["called_at"], number) for number, each in shown.items())
        self.sounded += [number for at, number in new if at > self._heard_until]
        self._heard_until = max(self._heard_until, *(at for at, _ in new), "")


async def test_a_display_hears_every_call_once_though_servers_are_killed(
    given: Given, database_url: str, contract: Contract
) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    async with Servers(database_url, SERVER_KEY, contract) as servers:
        await servers.start(2)
        display = Display(mall, servers, contract)
        running = asyncio.create_task(display.run())
        while not display.board:
            await asyncio.sleep(0.02)
        numbers = []
        for call in range(CALLS):
            numbers.append(await a_call(mall, agency, officer, counter, servers.clients[1]))
            if call == CALLS // 3:
                await servers.kill(0)  # the one that is read
        now = (await servers.clients[1].get(f"{mall.path}/board")).json()
        async with asyncio.timeout(20):
            while display.board != now:
                await asyncio.sleep(0.02)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert display.sounded == numbers


async def test_an_id_is_known_to_every_process(given: Given, two_servers: Servers, contract: Contract) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    one, other = two_servers.clients
    path = f"{mall.path}/board/stream"
    async with reading(one, contract, path) as stream:
        board = (await stream.next("board")).data
        called = await officer.at(other).calls(counter, await mall.kiosk.at(other).takes(agency.service))
        while not board["now_serving"]:
            board = after(board, (await stream.next("change")).data)
    async with reading(other, contract, path, stream.last_id) as again:
        await officer.at(one).handles(called, "start")
        told = await again.next("change")
    assert after(board, told.data) == (await other.get(f"{mall.path}/board")).json(), "it goes on where the other was"


async def test_a_process_with_many_streams_ends_at_once_and_tells_each(
    given: Given, database_url: str, contract: Contract
) -> None:
    mall = await given.mall()
    await mall.agency()
    async with Servers(database_url, SERVER_KEY, contract) as servers, AsyncExitStack() as open_:
        await servers.start(MPP_STREAMS_PER_ADDRESS=str(READERS), MPP_DRAIN_SECONDS="0.5")
        limits = httpx.Limits(max_connections=READERS)
        http = await open_.enter_async_context(httpx.AsyncClient(base_url=servers.clients[0].base_url, limits=limits))
        streams = []
        for _ in range(READERS):
            stream = await open_.enter_async_context(reading(http, contract, f"{mall.path}/board/stream"))
            await stream.next("board")
            streams.append(stream)
        began = time.monotonic()
        ending = asyncio.create_task(servers.told_to_end(0))
        lasts = await asyncio.gather(*(stream.rest() for stream in streams))
        assert await ending == 143
        seconds = time.monotonic() - began
    assert {each[-1].data["reason"] for each in lasts} == {"stopping"}
    assert seconds < 2 * 3, "2 s on a machine that has nothing else to do"
    assert len({stream.retry_ms for stream in streams}) > 1, "they do not come again all at once"
