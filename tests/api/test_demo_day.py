"""`python -m app demo day` as a newcomer uses it, beside a server that serves the demo."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.contract import Contract
from tests.journeys.test_samarinda_day import own_database
from tests.servers import ROOT, Servers, free_port

SECRET_KEY = "a key for tests: 0123456789abcdefghijkl"


@pytest.fixture
async def servers(server_url: str, template: str, contract: Contract) -> AsyncIterator[Servers]:
    """One server with the demo, on a database of its own."""
    async with own_database(server_url, template, f"mpp_demo_day_{os.getpid()}") as url:
        made = Servers(url, SECRET_KEY, contract)
        try:
            await past_midnight()
            await made.start(MPP_DEMO="true")
            yield made
        finally:
            await made.stop()


async def start(folder: Path, *words: str) -> asyncio.subprocess.Process:
    """Play the day with so many words more."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MPP_")}
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "app", "demo", "day", *words),
        env={**kept, "MPP_DATA_DIR": str(folder)},
        cwd=ROOT,
        stderr=asyncio.subprocess.PIPE,
    )


async def past_midnight() -> None:
    """Let Samarinda's midnight pass where it is near: the day's end would settle what the killed day left."""
    now = datetime.now(tz=ZoneInfo("Asia/Makassar"))  # noqa: TID251  # the demo's clock is never moved
    midnight = (now + timedelta(minutes=5)).replace(hour=0, minute=0, second=1)
    if midnight > now:
        await asyncio.sleep((midnight - now).total_seconds())


async def told(process: asyncio.subprocess.Process) -> tuple[int | None, str]:
    """Its exit code, and what it has said."""
    _, said = await process.communicate()
    return process.returncode, said.decode()


async def test_the_day_is_played_again_and_again_and_leaves_the_mall_as_it_was(servers: Servers) -> None:
    [http] = servers.clients
    mall, url = "/v1/malls/samarinda", str(http.base_url)
    cast = json.loads((servers.folder / "demo.json").read_text())
    manager = next(each for each in cast["accounts"] if each["username"] == "manajer.mal")
    form = {"grant_type": "password", "username": manager["username"], "password": manager["password"]}
    token = (await http.post("/v1/oauth/token", data=form)).json()["access_token"]

    async def everything(path: str) -> list[dict[str, object]]:
        answer = await http.get(mall + path, params={"limit": 100}, headers={"Authorization": f"Bearer {token}"})
        rows: list[dict[str, object]] = answer.json()["data"]
        return rows

    async def settled() -> None:
        assert {each["status"] for each in await everything("/counters")} == {"closed"}
        assert {each["status"] for each in await everything("/agreements")} == {"signed"}
        assert not {each["status"] for each in await everything("/tickets")} & {"called", "serving", "on_hold"}

    async def noon(process: asyncio.subprocess.Process) -> None:
        async with asyncio.timeout(300):
            while {each["status"] for each in await everything("/agreements")} == {"signed"}:
                assert process.returncode is None
                await asyncio.sleep(0.1)

    code, said = await told(await start(servers.folder, "--url", url, "--pace", "0", "--visitors", "60"))
    assert code == 0, said
    assert "42 counters are open" in said
    assert "2 stay closed: membership_not_in_force" in said
    assert "100%" in said
    assert "manajer" not in said
    tickets = await everything("/tickets")
    assert len(tickets) > 50
    assert {"completed", "cancelled"} <= {each["status"] for each in tickets}
    await settled()

    # one that is killed at noon leaves counters open and an agency suspended
    process = await start(servers.folder, "--url", url, "--pace", "0.2", "--visitors", "40")
    await noon(process)
    process.kill()
    await process.wait()
    mine = next(each for each in await everything("/counters") if each["status"] == "open")
    headers = {"Authorization": f"Bearer {token}"}
    counter = f"{mall}/counters/{mine['id']}"
    assert (await http.post(f"{counter}/closing", json={"force": True}, headers=headers)).is_success
    assert (await http.post(f"{counter}/opening", headers=headers)).is_success

    # the next one clears that away, lets a counter alone that a person has open, and is ended by Ctrl-C
    process = await start(servers.folder, "--url", url, "--pace", "0.2", "--visitors", "40")
    async with asyncio.timeout(300):
        while {each["status"] for each in await everything("/agreements")} != {"signed"}:
            await asyncio.sleep(0.05)
    await noon(process)
    process.send_signal(signal.SIGINT)
    code, said = await told(process)
    assert code == 130, said
    assert "1 stay closed: somebody_else_has_it" in said
    assert "the counters close first" in said
    assert [each["code"] for each in await everything("/counters") if each["status"] == "open"] == [mine["code"]]
    assert (await http.post(f"{counter}/closing", headers=headers)).is_success
    await settled()


async def test_it_says_in_a_sentence_what_is_missing(anyio_backend: object, tmp_path: Path) -> None:
    code, said = await told(await start(tmp_path))
    assert (code, said) == (1, "There is no demo here: `make run` loads it on the first run.\n")
    account = {"username": "manajer.mal", "password": "-", "role": "mall_manager"}
    cast = {"mall": "samarinda", "accounts": [account], "devices": [{"kind": "kiosk", "key": "-"}]}
    (tmp_path / "demo.json").write_text(json.dumps(cast))
    url = f"http://127.0.0.1:{free_port()}"
    code, said = await told(await start(tmp_path, "--url", url))
    assert code == 1
    assert said.splitlines()[-1] == f"Nothing answers at {url}: start the demo with `make run`, or name it with --url."
