"""One sign-in and all that comes of it: refresh tokens that follow each other, lost answers, and the end."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import httpx

from app.database import PLATFORM_REF
from app.domain.sign_in import REFRESH_GRACE
from app.security.secrets import successor_of
from tests.given import Asker, Given, Json, Mall, code_of, forgotten, must_refuse
from tests.given.staff import PASSWORD, someone

SECOND = timedelta(seconds=1)


class Session:
    """Somebody who has signed in."""

    def __init__(self, mall: Mall, username: str) -> None:
        self.mall, self.username = mall, username

    async def begins(self) -> Json:
        return self._tokens(await self.mall.tokens(self.username, PASSWORD))

    async def shows(self, refresh_token: str) -> httpx.Response:
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        return await self.mall.public.post("//v1/oauth/token", data=form)

    async def goes_on(self, tokens: Json) -> Json:
        return self._tokens(await self.shows(tokens["refresh_token"]))

    async def is_over(self, tokens: Json) -> bool:
        """Whether neither of its tokens is good for anything any more."""
        me = await Asker(self.mall.public.http, "", tokens["access_token"]).get("//v1/me")
        refreshed = await self.shows(tokens["refresh_token"])
        assert me.is_success == refreshed.is_success
        return code_of(me) == (401, "token_invalid") and code_of(refreshed) == (400, "invalid_grant")

    async def ends(self, tokens: Json) -> None:
        out = await self.mall.public.post("//v1/oauth/revoke", data={"token": tokens["refresh_token"]})
        assert out.is_success

    def _tokens(self, answer: httpx.Response) -> Json:
        assert answer.is_success, answer.text
        tokens: Json = answer.json()
        return tokens


async def somebody(given: Given) -> Session:
    mall = await given.mall()
    staff = await mall.manager.does("/staff", someone("auditor", password=PASSWORD))
    return Session(mall, staff["username"])


@contextmanager
def later(given: Given, by: timedelta) -> Iterator[None]:
    """The platform's clock, so much further on."""
    offsets = given.context.database.clock.offsets
    offsets[PLATFORM_REF.id] = by
    try:
        yield
    finally:
        del offsets[PLATFORM_REF.id]


async def test_a_lost_answer_is_given_again_until_its_refresh_token_was_used(given: Given) -> None:
    session = await somebody(given)
    first = await session.begins()
    second = await session.goes_on(first)
    with later(given, REFRESH_GRACE - SECOND):
        again = await session.goes_on(first)
        assert again["refresh_token"] == second["refresh_token"]
        assert (await Asker(session.mall.public.http, "", again["access_token"]).get("//v1/me")).is_success
        third = await session.goes_on(again)
        assert third["refresh_token"] not in (first["refresh_token"], second["refresh_token"])
        must_refuse(await session.shows(first["refresh_token"]), 400, "invalid_grant")
        for tokens in (first, second, third):
            assert await session.is_over(tokens)


async def test_a_refresh_token_that_was_used_some_time_ago_ends_the_session(given: Given) -> None:
    session = await somebody(given)
    first = await session.begins()
    second = await session.goes_on(first)
    with later(given, REFRESH_GRACE + SECOND):
        must_refuse(await session.shows(first["refresh_token"]), 400, "invalid_grant")
        assert await session.is_over(second)


async def test_two_that_show_the_same_refresh_token_at_once_get_the_same_successor(given: Given) -> None:
    session = await somebody(given)
    first = await session.begins()
    for _ in range(3):
        found = await asyncio.gather(*(session.goes_on(first) for _ in range(6)))
        assert len({each["refresh_token"] for each in found}) == 1
        first = found[0]


async def test_a_lost_answer_is_not_given_again_after_the_session_has_ended(given: Given) -> None:
    session = await somebody(given)
    first = await session.begins()
    await session.ends(await session.goes_on(first))
    must_refuse(await session.shows(first["refresh_token"]), 400, "invalid_grant")

    first = await session.begins()
    second = await session.goes_on(first)
    change = {"current_password": PASSWORD, "new_password": f"{PASSWORD} baru"}
    await Asker(session.mall.public.http, "", second["access_token"]).does("//v1/me/password", change)
    must_refuse(await session.shows(first["refresh_token"]), 400, "invalid_grant")


async def test_who_signs_out_is_out_with_the_access_token_too_and_nobody_else(
    given: Given, forgetful: httpx.AsyncClient
) -> None:
    session = await somebody(given)
    first, other = await session.begins(), await session.begins()
    second = await session.goes_on(first)
    there = await Asker(session.mall.public.http, "", first["access_token"]).known_at(forgetful)
    await session.ends(second)
    assert await session.is_over(second)
    await forgotten()
    must_refuse(await there.get("//v1/me"), 401, "token_invalid")
    assert not await session.is_over(other)


def test_a_successor_is_known_to_who_has_the_servers_key_alone() -> None:
    assert successor_of(b"key", "token") == successor_of(b"key", "token")
    assert len({successor_of(b"key", "token"), successor_of(b"other", "token"), successor_of(b"key", "other")}) == 3
    assert len(successor_of(b"key", "token")) == 43
