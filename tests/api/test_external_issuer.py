"""People who sign in elsewhere: access tokens of an OpenID Connect issuer, a real one on loopback."""

import asyncio
import base64
import hmac
import itertools
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import RSAKey

from app.auth.oidc import OidcIssuer
from app.domain.roles import Role
from app.settings import Settings, SettingsError
from app.web.context import context_of
from tests.contract import Contract
from tests.given import Asker, Given, code_of, must_refuse
from tests.issuer import key_of
from tests.servers import ROOT, SERVER_KEY, Servers, free_port

AUDIENCE = "mpp-api"
_numbers = itertools.count(1)


class Elsewhere:
    """The issuer's process."""

    def __init__(self, folder: Path) -> None:
        self.port, self.folder, self.file = free_port(), folder, folder / "key.json"
        self.issuer = f"http://127.0.0.1:{self.port}"
        self._process: asyncio.subprocess.Process | None = None

    async def begin(self) -> None:
        words = ("-m", "tests.issuer", str(self.port), str(self.file))
        with (self.folder / "said").open("w") as said:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, *words, cwd=ROOT, stdout=said, stderr=said
            )
        async with httpx.AsyncClient() as client:
            for _ in range(300):
                try:
                    await client.get(f"{self.issuer}/jwks")
                except httpx.TransportError:
                    await asyncio.sleep(0.1)
                else:
                    return
        raise AssertionError((self.folder / "said").read_text("utf-8"))

    async def end(self) -> None:
        if self._process and self._process.returncode is None:
            self._process.terminate()
            await self._process.wait()

    async def token(self, username: str, audience: str = AUDIENCE) -> str:
        form = {"grant_type": "password", "username": username, "password": "x", "scope": "openid"}
        async with httpx.AsyncClient() as client:
            answer = await client.post(f"{self.issuer}/token", data=form, auth=(audience, "x"))
        assert answer.is_success, answer.text
        return str(answer.json()["access_token"])


@pytest.fixture
async def there(anyio_backend: object, tmp_path: Path) -> AsyncIterator[Elsewhere]:
    """The issuer, of whom nobody here has heard yet."""
    made = Elsewhere(tmp_path)
    await made.begin()
    yield made
    await made.end()


@pytest.fixture
async def elsewhere(app: FastAPI, there: Elsewhere) -> AsyncIterator[Elsewhere]:
    context = context_of(app)
    context.authentication.issuer = OidcIssuer(context.database, issuer=there.issuer, audience=AUDIENCE, claim="sub")
    yield there
    context.authentication.issuer = None


async def officer(given: Given) -> tuple[Asker, str]:
    """Somebody with an account here, and its user name."""
    mall = await given.mall()
    person = await mall.person(Role.AUDITOR)
    return person, (await person.sees("//v1/me"))["username"]


def encoded(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


async def is_known(given: Given, token: str) -> bool:
    answer = await Asker(given.public.http, "", token).get("//v1/me")
    assert answer.is_success or code_of(answer) == (401, "token_invalid"), answer.text
    return answer.is_success


async def test_whoever_signs_in_elsewhere_is_the_account_that_the_token_names(
    given: Given, elsewhere: Elsewhere
) -> None:
    person, username = await officer(given)
    token = await elsewhere.token(username)
    me = await Asker(given.public.http, "", token).sees("//v1/me")
    assert me == await person.sees("//v1/me")
    assert not await is_known(given, await elsewhere.token("nobody.here"))
    assert not await is_known(given, await elsewhere.token(username.upper()))
    assert not await is_known(given, await elsewhere.token(username, "another-api"))


async def test_what_the_issuer_did_not_sign_for_us_now_is_nobodys(given: Given, elsewhere: Elsewhere) -> None:
    _, username = await officer(given)
    assert await is_known(given, await elsewhere.token(username))
    async with given.context.database.reading() as reading:
        now = int(reading.at.timestamp())
    key, stranger = key_of(str(elsewhere.file)), RSAKey.generate_key(2048, private=True)
    good: dict[str, Any] = {"iss": elsewhere.issuer, "aud": AUDIENCE, "sub": username, "exp": now + 300}

    def signed(alg: str = "RS256", by: Any = key, typ: str = "at+jwt", **claims: Any) -> str:
        header = {"alg": alg, "typ": typ, "kid": key.kid}
        kept = {name: value for name, value in {**good, **claims}.items() if value is not None}
        return jwt.encode(header, kept, by, algorithms=[alg])

    assert await is_known(given, signed())
    body = f"{encoded({'alg': 'HS256', 'typ': 'at+jwt', 'kid': key.kid})}.{encoded(good)}"
    sealed = hmac.digest(key.as_pem(private=False), body.encode(), "sha256")  # the public key, taken for a secret
    for token in (
        signed(exp=None),
        signed(nbf=now + 60),
        signed(aud="another"),
        signed(aud=None),
        signed(sub=None),
        signed(sub=["x"]),
        signed(typ="JWT"),
        signed(by=stranger),
        f"{body}.{base64.urlsafe_b64encode(sealed).decode().rstrip('=')}",
        f"{encoded({'alg': 'none', 'typ': 'at+jwt', 'kid': key.kid})}.{encoded(good)}.",
        signed(iss="https://elsewhere.example"),
        signed(iss=given.context.signing_keys.ring.issuer),
    ):
        assert not await is_known(given, token), token
    for claims, code in (
        ({}, "token_expired"),
        ({"aud": "another"}, "token_invalid"),
        ({"typ": "JWT"}, "token_invalid"),
        ({"by": stranger}, "token_invalid"),
    ):
        late = Asker(given.public.http, "", signed(exp=now - 1, **claims))
        must_refuse(await late.get("//v1/me"), 401, code)


async def test_keys_that_are_known_go_on_working_while_the_issuer_is_down(given: Given, elsewhere: Elsewhere) -> None:
    _, username = await officer(given)
    first, second = await elsewhere.token(username), await elsewhere.token(username)
    await elsewhere.end()
    down = await Asker(given.public.http, "", first).get("//v1/me")
    must_refuse(down, 503, "issuer_unavailable")
    assert down.headers["Retry-After"] == "60"
    await elsewhere.begin()
    context = given.context
    context.authentication.issuer = OidcIssuer(
        context.database, issuer=elsewhere.issuer, audience=AUDIENCE, claim="sub"
    )
    assert await is_known(given, first)
    await elsewhere.end()
    assert await is_known(given, second)


async def test_a_new_key_of_the_issuer_is_looked_for_once_a_minute(given: Given, elsewhere: Elsewhere) -> None:
    _, username = await officer(given)
    assert await is_known(given, await elsewhere.token(username))
    await elsewhere.end()
    elsewhere.file.unlink()
    await elsewhere.begin()
    new = await elsewhere.token(username)
    assert not await is_known(given, new), "it asked a moment ago"
    issuer = given.context.authentication.issuer
    assert issuer
    issuer._asked_at -= 60  # noqa: SLF001  # a minute passes
    assert await is_known(given, new)


async def test_a_server_told_of_an_issuer_takes_its_tokens_and_no_passwords(
    given: Given, there: Elsewhere, database_url: str, contract: Contract
) -> None:
    person, username = await officer(given)
    async with Servers(database_url, SERVER_KEY, contract) as servers:
        await servers.start(
            MPP_OIDC_ISSUER=there.issuer,
            MPP_OIDC_AUDIENCE=AUDIENCE,
            MPP_OIDC_ACCOUNT_CLAIM="employee",
            MPP_PASSWORD_GRANT="false",
        )
        [client] = servers.clients
        # the subject is nobody's user name here: the claim that was set is
        foreign = Asker(client, "", await there.token(f"{username}@elsewhere"))
        assert await foreign.sees("//v1/me") == await person.sees("//v1/me")
        stranger = Asker(client, "", await there.token("nobody.here"))
        must_refuse(await stranger.get("//v1/me"), 401, "token_invalid")
        form = {"grant_type": "password", "username": username, "password": "any"}
        refused = await client.post("/v1/oauth/token", data=form)
        assert refused.status_code == 400
        assert refused.json()["error"] == "unsupported_grant_type"
        offered = (await client.get("/.well-known/oauth-authorization-server")).json()["grant_types_supported"]
        assert offered == ["client_credentials", "refresh_token"]


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"oidc_issuer": "https://sso.example"}, "MPP_OIDC_AUDIENCE"),
        ({"oidc_issuer": "https://x.example", "issuer": "https://x.example", "oidc_audience": "a"}, "two issuers"),
    ],
)
def test_half_an_issuer_is_refused_at_the_start(more: dict[str, Any], word: str) -> None:
    with pytest.raises(SettingsError, match=word):
        Settings(**more).checked()
