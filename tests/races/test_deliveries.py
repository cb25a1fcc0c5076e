"""Several processes send to one mall's webhooks: each event once where nobody dies, and none lost where one does."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from app.database import Clock
from app.main import create_app
from app.settings import Settings
from tests.contract import Contract
from tests.databases import own_database
from tests.given import ISSUED, Agency, Given, Mall
from tests.receiver import Receiver
from tests.servers import SERVER_KEY, Servers

MANY = 120


@dataclass
class Scene:
    """A mall with two webhooks; nobody serves it now."""

    url: str
    mall: Mall
    agency: Agency
    paths: list[str]


@pytest.fixture
async def scene(
    anyio_backend: object, server_url: str, template: str, settings: Settings, contract: Contract, partner: Receiver
) -> AsyncIterator[Scene]:
    async with own_database(server_url, template) as url:
        app = create_app(settings, url, SERVER_KEY.encode(), clock=Clock())
        async with app.router.lifespan_context(app), contract.client(app) as http:
            mall = await Given(app, http).mall()
            agency = await mall.agency()
            paths = [f"/ok/{mall.slug}-{number}" for number in (1, 2)]
            for path in paths:
                await mall.webhook(partner.url(path), ISSUED, agency=agency)
        yield Scene(url, mall, agency, paths)


async def test_two_processes_send_each_event_once_and_in_order(
    scene: Scene, partner: Receiver, contract: Contract
) -> None:
    async with Servers(scene.url, SERVER_KEY, contract) as servers:
        await servers.start(2)
        one, two = (scene.mall.kiosk.at(each) for each in servers.clients)
        for _ in range(MANY // 2):
            await asyncio.gather(*(each.takes(scene.agency.service) for each in (one, two)))
        for path in scene.paths:
            told = [each["journalsequence"] for each in await partner.got(path, MANY)]
            assert told == sorted(set(told))
        await asyncio.sleep(1)
        assert [len(partner.sent(path)) for path in scene.paths] == [MANY, MANY]


async def test_what_a_killed_process_was_sending_another_sends(
    scene: Scene, partner: Receiver, contract: Contract
) -> None:
    async with Servers(scene.url, SERVER_KEY, contract) as servers:
        await servers.start()
        first = scene.mall.kiosk.at(servers.clients[0])
        await first.takes(scene.agency.service)
        await partner.got(scene.paths[0])  # it sends, and nobody else is there
        await servers.start()
        second = scene.mall.kiosk.at(servers.clients[1])

        async def goes_on() -> None:
            for _ in range(MANY - 1):
                await second.takes(scene.agency.service)

        going = asyncio.create_task(goes_on())
        await partner.got(scene.paths[0], MANY // 3)
        await servers.kill(0)
        await going
        for path in scene.paths:

            def all_came(path: str = path) -> bool:
                return len({each["headers"]["webhook-id"] for each in partner.sent(path)}) == MANY

            told = [each["journalsequence"] for each in await partner.got(path, all_came, seconds=60)]
            once = list(dict.fromkeys(told))
            assert once == sorted(once)
            assert len(told) - len(once) < MANY // 3, "what was not written yet is sent again, and no more"
