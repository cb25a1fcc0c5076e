"""Signing keys follow each other, and no valid token is refused meanwhile, in any process."""

import asyncio
import os
import sys
from datetime import timedelta
from uuid import UUID, uuid4

import httpx
from joserfc import jwt
from joserfc.jwk import KeySet

from app.actions import signing_keys
from app.database import PLATFORM_REF
from app.domain.callers import SYSTEM
from app.domain.roles import USABLE_SCOPES
from app.domain.sign_in import ACCESS_TOKEN_LIFE
from app.domain.signing_keys import KEY_LEAD, KEY_RELOAD
from app.security.tokens import Bearer, Keyring, RingKey, header_of, new_signing_key
from tests.given import Asker, Given, Json, Mall, must_show, showing
from tests.servers import ROOT, SERVER_KEY, Servers

TOKEN = "//v1/oauth/token"
BASE = "http://127.0.0.1:8000"


async def rotated(given: Given, after: timedelta = KEY_LEAD, *, forget: bool = False) -> str:
    return await given.context.database.write(
        PLATFORM_REF,
        SYSTEM,
        lambda journal: signing_keys.rotate(journal, SERVER_KEY.encode(), after=after, forget=forget),
    )


async def shown(by: Asker) -> set[str]:
    return {each["kid"] for each in (await by.sees("//.well-known/jwks.json"))["keys"]}


def signer(token: str) -> str:
    return str(header_of(token)["kid"])


async def token_of(mall: Mall, client: Json, http: httpx.AsyncClient | None = None) -> str:
    public = mall.public.at(http) if http else mall.public
    return str((await public.does(TOKEN, data=showing(client)))["access_token"])


async def knows(mall: Mall, token: str, http: httpx.AsyncClient | None = None) -> bool:
    return (await Asker(http or mall.public.http, mall.path, token).get("//v1/me")).is_success


async def test_a_new_key_is_shown_before_it_signs_and_the_old_one_leaves_after_its_last_token(given: Given) -> None:
    mall = await given.mall()
    client = await mall.client(await mall.agency())
    first = signer(await token_of(mall, client))
    second = await rotated(given)
    assert {first, second} <= await shown(given.public)
    assert signer(await token_of(mall, client)) == first
    offsets, signing_keys = mall.database.clock.offsets, given.context.signing_keys
    try:
        await signing_keys.begin()
        offsets[PLATFORM_REF.id] = KEY_LEAD - timedelta(minutes=1)
        last = await token_of(mall, client)
        assert signer(last) != second, "a key that an earlier test has made may sign by now"
        offsets[PLATFORM_REF.id] = KEY_LEAD + timedelta(seconds=1)
        assert signer(await token_of(mall, client)) == second
        assert await knows(mall, last)
        assert first in await shown(given.public)
        offsets[PLATFORM_REF.id] = KEY_LEAD + KEY_RELOAD + ACCESS_TOKEN_LIFE + timedelta(seconds=1)
        assert first not in await shown(given.public)
        assert second in await shown(given.public)
        assert signer(await token_of(mall, client)) == second
    finally:
        del offsets[PLATFORM_REF.id]


async def test_whoever_reads_the_jwks_can_check_a_token_and_the_metadata_says_where(given: Given) -> None:
    mall = await given.mall()
    token = await token_of(mall, await mall.client(await mall.agency(), "tickets:read"))
    answer = await given.public.get("//.well-known/jwks.json")
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert all("d" not in each for each in answer.json()["keys"])
    claims = jwt.decode(token, KeySet.import_key_set(answer.json()), algorithms=["Ed25519"]).claims
    must_show(claims, scope="tickets:read", iss=BASE, aud="mpp")
    assert claims["sub"] == claims["client_id"]
    assert await given.public.sees("//.well-known/oauth-authorization-server") == {
        "issuer": BASE,
        "token_endpoint": f"{BASE}/v1/oauth/token",
        "revocation_endpoint": f"{BASE}/v1/oauth/revoke",
        "jwks_uri": f"{BASE}/.well-known/jwks.json",
        "scopes_supported": list(USABLE_SCOPES),
        "response_types_supported": [],
        "grant_types_supported": ["client_credentials", "refresh_token", "password"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "revocation_endpoint_auth_methods_supported": ["none"],
        "service_documentation": f"{BASE}/docs",
        "ui_locales_supported": ["id", "en"],
    }


async def rotate_by_hand(url: str, *words: str) -> str:
    """`python -m app keys rotate …`, and the new key's name."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "app", "keys", "rotate", *words),
        env={**os.environ, "MPP_DATABASE_URL": url, "MPP_SECRET_KEY": SERVER_KEY},
        cwd=ROOT,
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await process.communicate()
    assert process.returncode == 0, said
    return said.decode().split("The key ")[1].split()[0]


async def test_no_process_refuses_a_valid_token_while_keys_rotate(
    given: Given, two_servers: Servers, database_url: str
) -> None:
    mall = await given.mall()
    client = await mall.client(await mall.agency())
    over = asyncio.Event()
    tokens: list[str] = []

    async def use(giver: httpx.AsyncClient, reader: httpx.AsyncClient) -> None:
        """Get tokens from one process and show each to the other at once."""
        while not over.is_set():
            tokens.append(await token_of(mall, client, giver))
            assert await knows(mall, tokens[-1], reader)
            await asyncio.sleep(0.2)

    async def nonsense(reader: httpx.AsyncClient) -> None:
        """Tokens of keys that nobody made hold nothing up."""
        while not over.is_set():
            ring = Keyring([RingKey(new_signing_key())], issuer=BASE, audience="mpp")
            async with mall.database.reading() as reading:
                bearer = Bearer(UUID(client["id"]), 1, uuid4())
                forged = ring.sign(bearer, at=reading.at, until=reading.at + ACCESS_TOKEN_LIFE)
            assert not await knows(mall, forged, reader)
            await asyncio.sleep(0.2)

    async def rotate() -> str:
        try:
            kid = await rotate_by_hand(database_url, "--after", "0")
            await two_servers.start()  # a process that begins now signs with the new key
            token = await token_of(mall, client, two_servers.clients[-1])
            assert signer(token) == kid
            assert all([await knows(mall, token, each) for each in two_servers.clients])
        finally:
            over.set()
        return kid

    one, two = two_servers.clients[:2]
    kid, *_ = await asyncio.gather(rotate(), use(one, two), use(two, one), nonsense(one))
    some = tokens[:: max(1, len(tokens) // 20)]
    for reader in two_servers.clients:
        assert all([await knows(mall, token, reader) for token in some])
    assert kid in await shown(given.public)


async def test_a_leaked_key_leaves_at_once_with_its_tokens(given: Given) -> None:
    mall = await given.mall()
    client = await mall.client(await mall.agency())
    before = await token_of(mall, client)
    kid = await rotated(given, timedelta(), forget=True)
    await given.context.signing_keys.begin()  # what a process does by itself after KEY_RELOAD
    assert not await knows(mall, before)
    assert await shown(given.public) == {kid}
    after = await token_of(mall, client)
    assert signer(after) == kid
    assert await knows(mall, after)
