"""Codes of a phone that are typed at once, on two servers."""

import asyncio
from collections import Counter

from sqlalchemy import select

from app import models
from app.domain.visitors import MOST_TRIES
from tests.given import Given
from tests.given.visitors import PHONE
from tests.races.books import journal
from tests.servers import Servers

AT_ONCE = 12


async def test_the_same_code_many_times_at_once_gives_one_number(given: Given, two_servers: Servers) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    code = await mall.code(agency)
    askers = [mall.public.at(each) for each in two_servers.clients * (AT_ONCE // 2)]
    answers = await asyncio.gather(*(each.issue(agency.service, phone=PHONE, phone_code=code) for each in askers))
    assert Counter(each.status_code for each in answers) == {201: 1, 200: AT_ONCE - 1}
    assert len({(each.json()["id"], each.json()["claim_code"]) for each in answers}) == 1
    assert len(await journal(mall, "ticket.issued")) == 1


async def test_a_phone_at_the_kiosk_and_on_the_web_at_once_gets_one_number(given: Given, two_servers: Servers) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    code = await mall.code(agency)
    kiosk, public = mall.kiosk.at(two_servers.clients[0]), mall.public.at(two_servers.clients[1])
    for taken in range(1, 7):
        here, there = await asyncio.gather(
            kiosk.issue(agency.service, phone=PHONE), public.issue(agency.service, phone=PHONE, phone_code=code)
        )
        assert {here.status_code, there.status_code} == {201, 409}
        assert len(await journal(mall, "ticket.issued")) == taken
        first = here if here.is_success else there
        await mall.public.does(f"/claims/{first.json()['claim_code']}/cancellation")


async def test_wrong_codes_at_once_are_five_tries_and_no_more(given: Given, two_servers: Servers) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    code = await mall.code(agency)
    wrong = f"{(int(code) + 1) % 10**6:06}"
    askers = [mall.public.at(each) for each in two_servers.clients * (AT_ONCE // 2)]
    answers = await asyncio.gather(*(each.issue(agency.service, phone=PHONE, phone_code=wrong) for each in askers))
    assert {each.json()["code"] for each in answers} == {"phone_code_invalid"}
    kept = models.PhoneConfirmation
    async with mall.database.reading(mall.ref) as reading:
        assert await reading.session.scalar(select(kept.tries).where(kept.mall_id == mall.ref.id)) == MOST_TRIES
    assert (await mall.public.issue(agency.service, phone=PHONE, phone_code=code)).status_code == 422
