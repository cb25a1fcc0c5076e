"""Receivers that harm nobody: slow, endless, lying, leading elsewhere, or with a name that leads inside."""

import asyncio
import time
from datetime import timedelta

import pytest

from app.workers.receivers import Names
from tests.given import ISSUED, Given, Json, Mall, must_show
from tests.journeys.test_deliveries import attempts, until
from tests.receiver import Receiver


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a receiver as long as in life."""
    monkeypatch.setattr("app.workers.receivers.ATTEMPT_SECONDS", 2)


async def first_attempt(mall: Mall, url: str) -> Json:
    """What became of the first attempt to send to a receiver."""
    webhook = await mall.webhook(url)
    await mall.manager.does(f"/webhooks/{webhook['id']}/ping")
    found = await attempts(mall, webhook, 1)
    return found[-1]


@pytest.mark.parametrize(
    ("how", "status", "fault"),
    [
        ("elsewhere", 302, "refused"),
        ("megabytes", 500, "refused"),
        ("drip", None, "too_slow"),
        ("silent", None, "too_slow"),
        ("heads", None, "unreadable"),
        ("garbage", None, "unreadable"),
        ("liar", 200, None),
    ],
)
async def test_an_odd_receiver_costs_little_and_is_told_apart(
    given: Given, partner: Receiver, how: str, status: int | None, fault: str | None
) -> None:
    mall = await given.mall()
    began = time.monotonic()
    delivery = await first_attempt(mall, partner.url(f"/{how}/{mall.slug}"))
    must_show(delivery, status_code=status, fault=fault)
    assert len(delivery["answer"] or "") <= 300
    assert delivery["duration_ms"] < 2500
    assert time.monotonic() - began < 30
    assert partner.sent("/ok/elsewhere") == [], "nobody was followed"


async def test_a_slow_receiver_delays_nobody_elses_events(given: Given, partner: Receiver) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    slow, quick = (f"/{how}/{mall.slug}" for how in ("silent", "ok"))
    for path in (slow, quick):
        await mall.webhook(partner.url(path), ISSUED, agency=agency)
    await mall.kiosk.takes(agency.service)
    await partner.got(slow)
    began = time.monotonic()
    for _ in range(3):
        await mall.kiosk.takes(agency.service)
    await partner.got(quick, 4)
    assert time.monotonic() - began < 10
    assert len(partner.sent(slow)) == 1


@pytest.mark.parametrize(
    "number",
    ["127.0.0.1", "10.0.0.1", "169.254.169.254", "100.64.0.1", "::1", "fe80::1", "fd00::1", "::ffff:127.0.0.1"],
)
async def test_a_name_that_leads_inside_is_not_connected_to(
    given: Given, partner: Receiver, named: Names, number: str
) -> None:
    mall = await given.mall()
    host = f"{mall.slug}.example"
    named.told[host] = ["203.0.114.7", number]  # one good number does not help
    must_show(await first_attempt(mall, f"https://{host}:{partner.port}/ok"), fault="address_not_allowed", answer=None)
    assert partner.sent("/ok") == []


async def test_a_name_is_asked_anew_at_each_attempt(given: Given, partner: Receiver, named: Names) -> None:
    mall = await given.mall()
    host = f"{mall.slug}.example"
    named.told[host] = []
    webhook = await mall.webhook(f"https://{host}:{partner.port}/ok")
    await mall.manager.does(f"/webhooks/{webhook['id']}/ping")
    [delivery] = await attempts(mall, webhook, 1)
    must_show(delivery, fault="name_unknown")
    named.told[host] = ["127.0.0.1"]
    mall.pass_time(timedelta(minutes=10))
    must_show((await attempts(mall, webhook, 2))[0], fault="address_not_allowed")
    await until(mall, webhook, attempts=2)


async def test_a_certificate_that_is_not_the_names_is_not_trusted(given: Given) -> None:
    mall = await given.mall()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"no TLS here")
        writer.close()

    async with await asyncio.start_server(talk, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        must_show(await first_attempt(mall, f"https://localhost:{port}/"), fault="not_trusted")
