"""Many who guess at once, on two servers."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.contract import Contract
from tests.given import Given
from tests.servers import SERVER_KEY, Servers

PASSWORD = "a password, long enough"
AT_ONCE, LET_THROUGH = 40, 10


@pytest.fixture(scope="module")
async def behind_a_proxy(database_url: str, contract: Contract) -> AsyncIterator[Servers]:
    """Two servers that believe us whose request it is, so that each test guesses from an address of its own."""
    async with Servers(database_url, SERVER_KEY, contract) as servers:
        await servers.start(2, MPP_TRUSTED_PROXIES="127.0.0.1")
        yield servers


async def at_once(servers: Servers, method: str, path: str, address: str, **how: object) -> list[httpx.Response]:
    """The same request many times at once, on both servers in turn."""
    clients = servers.clients * (AT_ONCE // 2)
    headers = {"X-Forwarded-For": address}
    return await asyncio.gather(*(each.request(method, path, headers=headers, **how) for each in clients))  # type: ignore[arg-type]  # any form or body


def more_since(began: float) -> int:
    """How many guesses more are due by now, one every three seconds: on a slow machine there is time for some."""
    return int((time.monotonic() - began) / 3) + 1


async def officer(given: Given, username: str) -> str:
    """A person who signs in with `PASSWORD`."""
    mall = await given.mall()
    agency = await mall.agency()
    username = f"{username}.{mall.slug}"
    person = {"username": username, "name": "Dewi", "role": "officer", "agency_id": agency.id}
    await mall.manager.does("/staff", {**person, "password": PASSWORD})
    return username


async def signs_in(servers: Servers, username: str, password: str, address: str) -> Counter[int]:
    form = {"grant_type": "password", "username": username, "password": password}
    return Counter(each.status_code for each in await at_once(servers, "POST", "/v1/oauth/token", address, data=form))


async def test_of_forty_wrong_passwords_at_once_ten_are_tried(given: Given, behind_a_proxy: Servers) -> None:
    guessed = await officer(given, "guessed")
    began = time.monotonic()
    said = await signs_in(behind_a_proxy, guessed, "a guess", "10.1.1.1")
    assert LET_THROUGH <= said[400] <= LET_THROUGH + more_since(began)
    assert said[400] + said[429] == AT_ONCE


async def test_an_office_that_signs_in_at_eight_behind_one_address_gets_in(
    given: Given, behind_a_proxy: Servers
) -> None:
    username = await officer(given, "early")
    assert await signs_in(behind_a_proxy, username, PASSWORD, "10.1.1.2") == Counter({200: AT_ONCE})


async def test_of_forty_claim_codes_at_once_ten_are_said_to_be_wrong(given: Given, behind_a_proxy: Servers) -> None:
    mall = await given.mall()
    path = f"{mall.path}/claims/0000000000000000"
    began = time.monotonic()
    said = Counter(each.status_code for each in await at_once(behind_a_proxy, "GET", path, "10.1.1.3"))
    assert LET_THROUGH <= said[404] <= LET_THROUGH + more_since(began)
    assert said[404] + said[429] == AT_ONCE


async def test_who_guesses_from_many_addresses_never_keeps_the_right_person_out(
    given: Given, behind_a_proxy: Servers
) -> None:
    username = await officer(given, "besieged")
    guesses = Counter[int]()
    for network in range(12):
        guesses += await signs_in(behind_a_proxy, username, "a guess", f"10.2.{network}.1")
    assert guesses[400] >= 100  # from here on each new address has three tries
    late = await signs_in(behind_a_proxy, username, "a guess", "10.2.99.1")
    assert late[429] > AT_ONCE - LET_THROUGH
    form = {"grant_type": "password", "username": username, "password": PASSWORD}
    for client in behind_a_proxy.clients:
        answer = await client.post("/v1/oauth/token", data=form, headers={"X-Forwarded-For": "10.3.1.1"})
        assert answer.status_code == 200, answer.text
