"""Whoever is not known is told why: no credentials, some that are not ours (any more), or a token that ran out."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from app.domain.names import Language
from app.security.tokens import Bearer, Keyring, RingKey, new_signing_key
from app.web.problems import all_facts, in_words, status_of
from tests.given import Asker, Given, Mall, must_refuse

ANSWERS = ("//v1/me", "/board", "/tickets")
"""For whom it may be, for everybody, and for few."""


async def signed(mall: Mall, given: Given, ring: Keyring | None = None) -> str:
    """A manager's token that has run out, by the key of now: an older one may have left the ring."""
    assert mall.manager.id
    async with given.context.database.reading() as reading:
        now: datetime = reading.at
    return (ring or given.context.signing_keys.ring).sign(
        Bearer(mall.manager.id, 1, uuid4()), at=now, until=now - timedelta(minutes=1)
    )


@pytest.mark.parametrize("path", ANSWERS)
async def test_a_token_that_ran_out_says_so_and_another_that_it_is_none(given: Given, path: str) -> None:
    mall = await given.mall()
    ours = given.context.signing_keys.ring
    strange = Keyring([RingKey(new_signing_key())], issuer=ours.issuer, audience=ours.audience)
    elsewhere = Keyring(ours.keys, issuer=ours.issuer, audience="another")
    for token, code in (
        (await signed(mall, given), "token_expired"),
        (await signed(mall, given, elsewhere), "token_invalid"),
        (await signed(mall, given, strange), "token_invalid"),
        (f"{await signed(mall, given)}AA", "token_invalid"),
        ("mpk_1_unknown", "token_invalid"),
        ("", "token_invalid"),
        ("é", "token_invalid"),
    ):
        shown = {"Authorization": f"Bearer {token}".encode(), "Accept-Language": "id"}
        answer = await Asker(mall.public.http, mall.path).ask("GET", path, headers=shown)
        must_refuse(answer, 401, code)
        challenge = answer.headers["WWW-Authenticate"]
        assert challenge.startswith('Bearer realm="mpp", error="invalid_token", error_description="')
        assert challenge.count('"') == 6
        assert challenge.isascii()


async def test_who_shows_nothing_that_counts_here_meets_no_error_of_a_token(given: Given) -> None:
    mall = await given.mall()
    for headers in ({}, {"Authorization": "Basic b3Jhbmc6c2FuZGk="}):
        answer = await mall.public.ask("GET", "/tickets", headers=headers)
        must_refuse(answer, 401, "unauthenticated")
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="mpp"'


def test_what_a_header_says_of_a_refusal_can_stand_in_one() -> None:
    for kind in all_facts():
        if status_of(kind) == 401 and kind.code.startswith("token_"):
            said = in_words(kind(), Language.EN)
            assert said.isascii()
            assert not {'"', "\\"} & set(said)


async def test_a_403_says_who_may_for_programs_and_for_people(given: Given) -> None:
    mall = await given.mall()
    may = ["officer", "agency_manager", "mall_manager", "auditor", "tickets:read"]
    said = {
        "id": "Yang boleh: petugas; manajer instansi; manajer mal; auditor; mitra.",
        "en": "Who may: officer; agency manager; mall manager; auditor; partner.",
    }
    for language, sentence in said.items():
        answer = await mall.kiosk.ask("GET", "/tickets", headers={"Accept-Language": language})
        must_refuse(answer, 403, "forbidden", required=may)
        assert answer.json()["detail"].endswith(sentence)
