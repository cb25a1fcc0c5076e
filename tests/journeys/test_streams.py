"""Streams: a display and a visitor's phone are told what changes, when it changes, and ask for nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from fastapi import FastAPI

from app.database import Clock
from app.main import create_app
from app.settings import Settings
from app.web.context import AppContext, context_of
from tests.contract import Contract
from tests.given import Agency, Asker, Given, Mall, must_refuse, must_show
from tests.given.asking import REMEMBERED_SECONDS
from tests.given.samarinda import served
from tests.given.streams import Stream, after, reading
from tests.servers import SERVER_KEY

OFFICE = [{"weekday": day, "opens": "08:00", "closes": "15:00"} for day in range(1, 8)]


class Watched:
    """A mall with a counter, and a way to read its streams from the program in this process."""

    def __init__(self, mall: Mall, agency: Agency, http: httpx.AsyncClient, contract: Contract) -> None:
        self.mall, self.agency, self._http, self._contract = mall, agency, http, contract

    @asynccontextmanager
    async def reads(
        self, path: str, last_id: str | None = None, who: Asker | None = None, http: httpx.AsyncClient | None = None
    ) -> AsyncIterator[Stream]:
        credential = who.credential if who else None
        at = http or self._http
        async with reading(at, self._contract, self.mall.path + path, last_id, credential) as stream:
            yield stream

    def of(self, mall: Mall) -> "Watched":
        """Another mall there."""
        return Watched(mall, self.agency, self._http, self._contract)

    async def ask(self, path: str, **headers: str) -> httpx.Response:
        """Ask for what is no stream, or ends at once."""
        return await self._http.get(self.mall.path + path, headers=headers)


@pytest.fixture
async def watched(given: Given, app: FastAPI, contract: Contract) -> AsyncIterator[Watched]:
    mall = await given.mall()
    agency = await mall.agency()
    async with served(app) as base, httpx.AsyncClient(base_url=base) as http:
        yield Watched(mall, agency, http, contract)


@asynccontextmanager
async def another(
    app: FastAPI, settings: Settings, url: str, **how: int
) -> AsyncIterator[tuple[httpx.AsyncClient, AppContext]]:
    """Another program on the same data, at an address, which forgets callers quickly."""
    clock: Clock = context_of(app).database.clock
    told = settings.model_copy(update=how)
    made = create_app(told, url, SERVER_KEY.encode(), clock=clock, remembered_seconds=REMEMBERED_SECONDS)
    async with (
        made.router.lifespan_context(made),
        served(made) as base,
        httpx.AsyncClient(base_url=base) as http,
    ):
        yield http, context_of(made)


async def test_a_display_that_reads_the_stream_has_the_board(watched: Watched) -> None:
    mall, agency = watched.mall, watched.agency
    officer, counter = await mall.open_counter(agency)
    async with watched.reads("/board/stream", who=mall.display) as stream:
        board = (await stream.next("board")).data
        assert board == await mall.display.sees("/board")
        tickets = [await mall.kiosk.takes(agency.service) for _ in range(2)]
        called = await officer.calls(counter)
        while board["sequence"] < (now := await mall.display.sees("/board"))["sequence"]:
            change = (await stream.next("change")).data
            board = after(board, change)
        assert board == now
        assert [each["number"] for each in change["tickets"]] == [tickets[0]["number"]]
        assert change["tickets"][0]["called_at"] == called["called_at"]
        await officer.handles(called, "recall")
        again = (await stream.next("change")).data
        assert again["tickets"][0]["called_at"] > called["called_at"], "a display sounds"
        await officer.handles(called, "start", "completion")
        while board["now_serving"]:
            board = after(board, again)
            again = (await stream.next("change")).data if board["now_serving"] else again
        assert [each["number"] for each in board["recently_called"]] == [called["number"]]


async def test_a_display_of_a_floor_is_not_told_of_calls_on_another(watched: Watched) -> None:
    mall, agency = watched.mall, watched.agency
    officer, counter = await mall.open_counter(agency)
    tax = await mall.agency("TAX")
    async with watched.reads("/board/stream?floor=2") as upstairs, watched.reads("/board/stream?floor=1") as here:
        assert (await upstairs.next("board")).data["services"] == []
        await here.next("board")
        await mall.kiosk.takes(agency.service)
        await officer.calls(counter)
        while not (await here.next("change")).data["now_serving"]:
            pass
        await mall.manager.edits(f"/counters/{tax.counter}", {"floor": "2"})
        shown = (await upstairs.next("board")).data
        assert [each["agency_id"] for each in shown["services"]] == [tax.id], "services have come: the whole board"


async def test_the_stream_sends_what_the_clock_changes(given: Given, watched: Watched) -> None:
    mall = await given.mall(at="2027-03-05T14:50", hours=OFFICE)
    await mall.agency()
    async with watched.of(mall).reads("/board/stream") as stream:
        board = (await stream.next("board")).data
        assert board["services"][0]["closed_code"] is None
        assert board["changes_at"] == mall.instant("2027-03-05T15:00")
        mall.set_time("2027-03-05T15:01")
        change = (await stream.next("change")).data
        assert change["services"][0]["closed_code"] == "service_closed"
        assert change["sequence"] == board["sequence"], "nobody has written anything"
        mall.set_time("2027-03-06T07:00")
        turned = (await stream.next("board")).data
        assert turned["service_day"] == "2027-03-06"


async def test_who_comes_again_is_sent_what_has_come_since_and_nothing_twice(watched: Watched) -> None:
    mall, agency = watched.mall, watched.agency
    officer, counter = await mall.open_counter(agency)
    async with watched.reads("/board/stream") as stays, watched.reads("/board/stream") as leaves:
        board = (await leaves.next("board")).data
        await stays.next("board")
        await mall.kiosk.takes(agency.service)
        board = after(board, (await leaves.next("change")).data)
        await stays.next("change")
    async with watched.reads("/board/stream") as stays:
        await stays.next("board")
        async with watched.reads("/board/stream", leaves.last_id) as again:
            called = await officer.calls(counter)
            change = (await again.next("change")).data
            assert [each["number"] for each in change["tickets"]] == [called["number"]], "the board did not come again"
            assert after(board, change) == await mall.public.sees("/board")
        async with watched.reads("/board/stream", leaves.last_id) as behind:
            assert (await behind.next("change")).data == change, "what came meanwhile, and no more"
        for nonsense in ("0", "x" * 5_000, "99999999-aaaaaaaa"):
            async with watched.reads("/board/stream", nonsense) as anew:
                assert (await anew.next("board")).data == await mall.public.sees("/board")


async def test_a_visitor_is_told_of_their_own_ticket_until_it_is_over(watched: Watched) -> None:
    mall, agency = watched.mall, watched.agency
    officer, counter = await mall.open_counter(agency)
    first, second = [await mall.kiosk.takes(agency.service) for _ in range(2)]
    path = f"/claims/{second['claim_code']}"
    async with watched.reads(f"{path}/stream") as stream:
        own = (await stream.next("ticket")).data
        must_show(own, status="waiting", position=2)
        assert own == await mall.public.sees(path)
        await officer.calls(counter)
        must_show((await stream.next("ticket")).data, status="waiting", position=1)
        await officer.handles(first, "start", "completion")
        await officer.calls(counter)
        told = [await stream.next("ticket")]
        while told[-1].data["status"] != "called":
            told.append(await stream.next("ticket"))
        assert told[-1].data["counter"]["id"] == counter
        await officer.handles(second, "start", "completion")
        *_, last, end = await stream.rest()
        must_show(last.data, status="completed")
        must_show(end.data, reason="over", retry_after_seconds=None, problem=None)
    assert (await watched.ask(f"{path}/stream", **{"Last-Event-ID": str(last.id)})).status_code == 204
    async with watched.reads(f"{path}/stream") as anew:
        assert [each.name for each in await anew.rest()] == ["ticket", "end"]


async def test_a_wrong_code_is_refused_as_when_it_is_read_and_guesses_are_slowed(watched: Watched) -> None:
    path, as_a_browser = f"/claims/{'0' * 16}/stream", {"Accept": "text/event-stream"}
    must_refuse(await watched.ask(path, **as_a_browser), 404, "not_found")
    asked = [watched.ask(path, **how) for how in [{}, as_a_browser] * 20]  # at once: the pace lets one through in time
    *guesses, _ = await asyncio.gather(*asked)
    must_refuse(next(each for each in guesses if each.status_code == 429), 429, "rate_limited")
    told = next(each for each in guesses if each.status_code == 200)
    assert told.headers["Content-Type"].startswith("text/event-stream")
    assert told.text.startswith("retry: "), "a browser comes again by itself"
    assert '"code":"rate_limited"' in told.text


async def test_so_many_streams_of_one_address_and_of_one_caller(
    watched: Watched, app: FastAPI, settings: Settings, database_url: str
) -> None:
    few = {"streams_per_address": 2, "streams_per_caller": 1}
    async with another(app, settings, database_url, **few) as (http, _):
        async with watched.reads("/board/stream", http=http), watched.reads("/board/stream", http=http):
            refused = await http.get(f"{watched.mall.path}/board/stream")
            must_refuse(refused, 429, "too_many_streams", most=2)
            assert refused.headers["Retry-After"] == str(refused.json()["retry_after_seconds"])
            async with watched.reads("/board/stream", http=http) as third:
                [end] = await third.rest()
            must_show(end.data["problem"], code="too_many_streams", most=2)
            async with watched.reads("/board/stream", who=watched.mall.display, http=http) as known:
                await known.next("board")
                async with watched.reads("/board/stream", who=watched.mall.display, http=http) as twice:
                    assert (await twice.next()).name == "end"
        async with watched.reads("/board/stream", http=http) as later:
            await later.next("board")


async def test_a_stream_ends_when_its_device_is_revoked_or_its_role_taken(
    watched: Watched, app: FastAPI, settings: Settings, database_url: str
) -> None:
    mall, boss = watched.mall, await watched.mall.agency_manager(watched.agency)
    async with another(app, settings, database_url) as (http, _):
        async with (
            watched.reads("/board/stream", who=mall.display, http=http) as of_display,
            watched.reads("/board/stream", who=boss, http=http) as of_boss,
            watched.reads("/board/stream", http=http) as of_all,
        ):
            for each in (of_display, of_boss, of_all):
                await each.next("board")
            await mall.manager.does(f"/devices/{mall.display.id}/revocation")
            [end] = await of_display.rest()
            must_show(end.data, reason="refused", retry_after_seconds=None)
            must_show(end.data["problem"], code="token_invalid")
            await mall.manager.does(f"/staff/{boss.id}/disabling")
            assert (await of_boss.rest())[-1].data["problem"]["code"] == "token_invalid"
            await mall.kiosk.takes(watched.agency.service)
            await of_all.next("change")
        shown = {"Authorization": f"Bearer {mall.display.credential}", "Accept": "text/event-stream"}
        must_refuse(await http.get(f"{mall.path}/board/stream", headers=shown), 401, "token_invalid")


async def test_each_reader_is_told_that_the_program_stops_and_comes_again(
    watched: Watched, app: FastAPI, settings: Settings, database_url: str
) -> None:
    ticket = await watched.mall.kiosk.takes(watched.agency.service)
    async with another(app, settings, database_url) as (http, context):
        paths = ("/board/stream", f"/claims/{ticket['claim_code']}/stream")
        async with watched.reads(paths[0], http=http) as board, watched.reads(paths[1], http=http) as own:
            await board.next("board")
            await own.next("ticket")
            context.streams.end_all()
            for stream in (board, own):
                [end] = await stream.rest()
                must_show(end.data, reason="stopping", retry_after_seconds=1)
        must_refuse(await http.get(watched.mall.path + paths[0]), 503, "stopping")
        async with watched.reads(paths[0], http=http) as late:
            must_show((await late.next("end")).data, reason="refused", retry_after_seconds=1)


async def test_who_does_not_read_is_told_to_come_again_and_holds_up_nobody(watched: Watched, app: FastAPI) -> None:
    context = context_of(app)
    async with watched.reads("/board/stream") as slow, watched.reads("/board/stream?floor=1") as quick:
        await quick.next("board")
        reader = next(iter(context.streams))
        for _ in range(2_000):  # more than all buffers between here and there hold
            reader.push(b":%s\n\n" % (b"x" * 8_192))
            await asyncio.sleep(0)
            if reader.has_ended:
                break
        assert reader.has_ended
        await watched.mall.kiosk.takes(watched.agency.service)
        await quick.next("change")
        *_, end = await slow.rest()
        must_show(end.data, reason="too_slow")
