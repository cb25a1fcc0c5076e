"""`python -m app demo day` as a newcomer uses it, beside a program that serves the demo."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.settings import Settings
from tests.contract import Contract
from tests.databases import own_database
from tests.given import Asker
from tests.given.samarinda import samarinda, served, till_ten_in_the_morning
from tests.servers import ROOT, free_port


@dataclass
class Town:
    """The demo at an address, with the folder in which `demo day` finds who plays, and its manager."""

    folder: Path
    base: str
    manager: Asker

    async def start(self, *words: str) -> asyncio.subprocess.Process:
        """Play the day with so many words more."""
        return await start(self.folder, "--url", self.base, *words)

    async def statuses(self, path: str) -> set[str]:
        """Those of all in a list."""
        return {each["status"] for each in await self.manager.all(path)}

    async def open_counters(self) -> list[str]:
        return [each["code"] for each in await self.manager.all("/counters") if each["status"] == "open"]

    async def until_suspended(self, process: asyncio.subprocess.Process) -> None:
        """Wait for noon, when the day suspends an agency."""
        async with asyncio.timeout(300):
            while "suspended" not in await self.statuses("/agreements"):
                assert process.returncode is None
                await asyncio.sleep(0.05)


@pytest.fixture
async def town(
    server_url: str, template: str, settings: Settings, contract: Contract, tmp_path: Path
) -> AsyncIterator[Town]:
    """The demo on a morning, served."""
    async with (
        own_database(server_url, template) as url,
        samarinda(url, settings, contract, till_ten_in_the_morning()) as made,
        served(made.app) as base,
    ):
        (tmp_path / "demo.json").write_text(json.dumps(made.cast))
        staff = {"username": "manajer.mal", "id": "0198c1de-5e3a-7c40-9f3e-2f6c9d0b7a11"}
        manager, _ = await made.mall.sign_in(staff, made.passwords["manajer.mal"])
        yield Town(tmp_path, base, manager)


async def start(folder: Path, *words: str) -> asyncio.subprocess.Process:
    """Play the day with so many words more."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "app", "demo", "day", *words),
        env={**os.environ, "MPP_DATA_DIR": str(folder), "HTTP_PROXY": "http://127.0.0.1:9"},
        cwd=ROOT,
        stderr=asyncio.subprocess.PIPE,
    )


async def told(process: asyncio.subprocess.Process) -> tuple[int | None, str]:
    """Its exit code, and what it has said."""
    _, said = await process.communicate()
    return process.returncode, said.decode()


async def test_the_day_is_played_beside_a_person_at_a_counter_and_leaves_the_mall_as_it_was(town: Town) -> None:
    mine = (await town.manager.all("/counters"))[0]
    await town.manager.does(f"/counters/{mine['id']}/opening")
    code, said = await told(await town.start("--pace", "0", "--visitors", "60"))
    assert code == 0, said
    assert "41 counters are open" in said
    assert "1 stay closed: somebody_else_has_it" in said
    assert "2 stay closed: membership_not_in_force" in said
    assert "100%" in said
    assert "manajer" not in said

    tickets = await town.manager.all("/tickets")
    assert len(tickets) > 50
    statuses = {each["status"] for each in tickets}
    assert {"completed", "cancelled"} <= statuses
    assert not {"called", "serving", "on_hold"} & statuses
    assert await town.open_counters() == [mine["code"]]
    assert await town.statuses("/agreements") == {"signed"}


async def test_what_a_killed_day_has_left_is_cleared_away_by_the_next_which_ctrl_c_ends_gently(town: Town) -> None:
    killed = await town.start("--pace", "0.1", "--visitors", "40")
    await town.until_suspended(killed)
    killed.kill()
    await killed.wait()
    assert await town.open_counters()

    process = await town.start("--pace", "0.1", "--visitors", "40")
    async with asyncio.timeout(300):
        while "suspended" in await town.statuses("/agreements"):
            await asyncio.sleep(0.05)
    await town.until_suspended(process)
    process.send_signal(signal.SIGINT)
    code, said = await told(process)
    assert code == 130, said
    assert "the counters close first" in said
    assert await town.statuses("/counters") == {"closed"}
    assert await town.statuses("/agreements") == {"signed"}
    assert not {"called", "serving", "on_hold"} & await town.statuses("/tickets")


async def test_without_a_demo_it_says_where_one_comes_from(anyio_backend: object, tmp_path: Path) -> None:
    code, said = await told(await start(tmp_path))
    assert code == 1
    assert said == "There is no demo here: `make run` loads it on the first run.\n"


async def test_where_nothing_answers_it_says_so_in_a_sentence(anyio_backend: object, tmp_path: Path) -> None:
    account = {"username": "manajer.mal", "password": "-", "role": "mall_manager"}
    cast = {"mall": "samarinda", "accounts": [account], "devices": [{"kind": "kiosk", "key": "-"}]}
    (tmp_path / "demo.json").write_text(json.dumps(cast))
    url = f"http://127.0.0.1:{free_port()}"
    code, said = await told(await start(tmp_path, "--url", url))
    assert code == 1
    assert said.splitlines()[-1] == f"Nothing answers at {url}: start the demo with `make run`, or name it with --url."
