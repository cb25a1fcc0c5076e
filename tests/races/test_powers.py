"""Who loses a role gains nothing by what a process still remembers, and somebody is always left to run things."""

import asyncio
from collections import Counter
from uuid import uuid4

import httpx

from app.domain.devices import DeviceKind
from tests.given import Agency, Asker, Given, Json, Mall, code_of
from tests.given.staff import someone
from tests.servers import Servers

GONE = (401, "token_invalid")


async def what_gives_power(mall: Mall, agency: Agency, by: Asker) -> list[httpx.Response]:
    """Everything that a manager might hurry to do."""
    staff = await mall.manager.does("/staff", someone("officer", agency))
    client = await mall.client(agency)
    at = f"/staff/{staff['id']}"
    kiosk = {"kind": DeviceKind.KIOSK, "name": {"id": "K", "en": "K"}, "location_id": mall.location_id}
    system = {"agency_id": agency.id, "name": "Mine", "scopes": ["tickets:read"]}
    acts: list[tuple[str, Json | None]] = [
        ("/staff", someone("mall_manager")),
        ("/grants", {"username": staff["username"], "role": "auditor"}),
        (f"{at}/password-reset", None),
        (f"{at}/disabling", None),
        (f"{at}/enabling", None),
        (f"{at}/grants/{staff['grants'][0]['id']}/revocation", None),
        ("/devices", kiosk),
        ("/clients", system),
        (f"/clients/{client['id']}/secret-rotation", None),
        (f"/clients/{client['id']}/revocation", None),
    ]
    return [await by.post(path, body) for path, body in acts]


async def second_manager(mall: Mall, servers: Servers) -> tuple[Json, Asker]:
    """Another manager of the mall, whom the first server remembers."""
    made: Json = await mall.manager.does("/staff", someone("mall_manager"))
    signed_in, _ = await mall.sign_in(made, made["password"])
    return made, await signed_in.known_at(servers.clients[0])


async def test_a_manager_who_was_shut_out_gains_nothing_where_they_are_still_remembered(
    given: Given, two_servers: Servers
) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    second, there = await second_manager(mall, two_servers)
    assert all(each.is_success for each in await what_gives_power(mall, agency, there))

    await mall.manager.does(f"/staff/{second['id']}/disabling")
    assert {code_of(each) for each in await what_gives_power(mall, agency, there)} == {GONE}


async def test_a_manager_who_was_demoted_gains_nothing_where_they_are_still_remembered(
    given: Given, two_servers: Servers
) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    second, there = await second_manager(mall, two_servers)
    await mall.manager.does(f"/staff/{second['id']}/grants/{second['grants'][0]['id']}/revocation")
    assert {code_of(each) for each in await what_gives_power(mall, agency, there)} == {(403, "forbidden")}


async def test_a_session_that_was_ended_gains_nothing_where_it_is_still_remembered(
    given: Given, two_servers: Servers
) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    second, there = await second_manager(mall, two_servers)
    await mall.manager.does(f"/staff/{second['id']}/password-reset")
    assert {code_of(each) for each in await what_gives_power(mall, agency, there)} == {GONE}


async def test_of_two_administrators_who_shut_each_other_out_at_once_one_is_left(
    given: Given, two_servers: Servers
) -> None:
    pair = [await given.admin() for _ in range(2)]
    here, there = [await one.known_at(http) for one, http in zip(pair, two_servers.clients, strict=True)]
    answers = await asyncio.gather(
        here.post(f"//v1/accounts/{there.id}/disabling"), there.post(f"//v1/accounts/{here.id}/disabling")
    )
    assert Counter(map(code_of, answers)) == {(200, ""): 1, GONE: 1}
    left = here if answers[0].is_success else there
    await left.does("//v1/accounts", {"username": f"a.{uuid4()}", "name": "Rina", "role": "platform_admin"})


async def test_of_two_managers_who_take_the_role_from_each_other_at_once_one_is_left(
    given: Given, two_servers: Servers
) -> None:
    mall = await given.mall()
    second = await mall.manager.does("/staff", someone("mall_manager"))
    other, _ = await mall.sign_in(second, second["password"])
    mine = await mall.manager.sees(f"/staff/{mall.manager.id}")
    here, there = await mall.manager.known_at(two_servers.clients[0]), await other.known_at(two_servers.clients[1])
    answers = await asyncio.gather(
        here.post(f"/staff/{second['id']}/grants/{second['grants'][0]['id']}/revocation"),
        there.post(f"/staff/{mine['id']}/grants/{mine['grants'][0]['id']}/revocation"),
    )
    assert Counter(map(code_of, answers)) == {(200, ""): 1, (403, "forbidden"): 1}


async def test_managers_of_two_malls_who_shut_each_other_out_at_once_never_wait_for_each_other(
    given: Given, two_servers: Servers
) -> None:
    malls = [await given.mall(), await given.mall()]
    people = []
    for home, away in (malls, malls[::-1]):
        made = await home.manager.does("/staff", someone("mall_manager"))
        await away.manager.does("/grants", {"username": made["username"], "role": "mall_manager"})
        people.append((made, home, away))
    for _ in range(8):
        acts = []
        for (made, home, away), (other, *_), http in zip(people, people[::-1], two_servers.clients, strict=False):
            password = (await home.manager.does(f"/staff/{made['id']}/password-reset"))["password"]
            person, _ = await home.sign_in(made, password)
            there = await Asker(person.http, away.path, person.credential).known_at(http)
            acts.append(there.post(f"/staff/{other['id']}/disabling"))
        assert Counter(map(code_of, await asyncio.gather(*acts))) == {(200, ""): 1, GONE: 1}
        for made, home, _ in people:
            await home.manager.post(f"/staff/{made['id']}/enabling")
