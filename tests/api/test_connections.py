"""What comes over a connection is bounded in size and time: raw sockets against a server of this process."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI

from app.web.connections import HEAD_LIMIT, MOST_QUEUED
from app.web.context import context_of
from tests.given import Given, Json, must_show
from tests.given.samarinda import served

HEALTH = b"GET /health/live HTTP/1.1\r\nHost: mall\r\n"
POST = b"POST /v1/oauth/token HTTP/1.1\r\nHost: mall\r\nContent-Type: application/x-www-form-urlencoded\r\n"
SOON = 0.05
MANY = 60
"""So many documents fill the memory that the system keeps for a connection."""
READ_AHEAD = 1 << 10
"""How much of an answer this end takes before anybody reads it here."""
DOCUMENT = b"GET /openapi.json HTTP/1.1\r\nHost: mall\r\n"
PATIENT = 20
"""Longer than any of these may take; nothing waits for it but what hangs."""


class Line:
    """A connection, byte by byte."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    def says(self, *parts: bytes) -> None:
        """Send."""
        self._writer.writelines(parts)

    async def hears(self) -> tuple[int, dict[str, str], Json]:
        """An answer."""
        async with asyncio.timeout(PATIENT):
            head = (await self._reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = dict(each.lower().split(": ", 1) for each in head[1:] if each)
            body = await self._reader.readexactly(int(headers["content-length"]))
        return int(head[0].split()[1]), headers, json.loads(body)

    async def is_closed(self) -> bytes:
        """Wait until the server has closed it. Returns what it said before."""
        async with asyncio.timeout(PATIENT):
            return await self._reader.read()

    async def takes(self, size: int) -> bytes:
        """So much of what is answered, or as much as comes."""
        async with asyncio.timeout(PATIENT):
            return await self._reader.read(size)

    def close(self) -> None:
        """Leave."""
        self._writer.close()


@asynccontextmanager
async def line_to(app: FastAPI, *, head: float = 10, body: float = 30, send: float = 30) -> AsyncIterator[Line]:
    """A connection to a server that waits so long for heads and bodies, and for who takes its answers."""
    context = context_of(app)
    usual = context.head_seconds, context.body_seconds, context.send_seconds
    context.head_seconds, context.body_seconds, context.send_seconds = head, body, send
    try:
        async with served(app) as base:
            line = Line(*await asyncio.open_connection("127.0.0.1", urlsplit(base).port, limit=READ_AHEAD))
            try:
                yield line
            finally:
                line.close()
    finally:
        context.head_seconds, context.body_seconds, context.send_seconds = usual


@pytest.mark.parametrize("begun", [b"", b"\r\n", b"GET", HEALTH, HEALTH + b"X: 1"])
async def test_who_does_not_ask_in_time_is_let_go(app: FastAPI, begun: bytes) -> None:
    async with line_to(app, head=SOON) as line:
        line.says(begun)
        assert await line.is_closed() == b""


@pytest.mark.parametrize("begun", [b"\r\n", b"GET", HEALTH])
async def test_between_two_requests_a_byte_does_not_make_the_wait_longer(app: FastAPI, begun: bytes) -> None:
    async with line_to(app, head=SOON) as line:
        line.says(HEALTH, b"\r\n")
        assert (await line.hears())[0] == 200
        line.says(begun)
        assert await line.is_closed() == b""


async def test_a_body_that_nobody_reads_holds_no_connection(app: FastAPI) -> None:
    async with line_to(app, head=SOON) as line:
        line.says(HEALTH, b"Content-Length: 100\r\n\r\n")
        assert (await line.hears())[0] == 200
        line.says(b"x")
        assert await line.is_closed() == b""


@pytest.mark.parametrize("begun", [b"", b"grant_type=pass"])
async def test_a_body_that_does_not_come_in_time_is_refused(app: FastAPI, begun: bytes) -> None:
    async with line_to(app, body=SOON) as line:
        line.says(POST, b"Content-Length: 100\r\n\r\n", begun)
        status, headers, body = await line.hears()
        assert (status, body["error"], body["code"]) == (408, "invalid_request", "request_too_slow")
        assert headers["connection"] == "close"
        assert await line.is_closed() == b""


@pytest.mark.parametrize("leaves", [False, True])
async def test_a_body_that_never_was_whole_stores_nothing(given: Given, app: FastAPI, leaves: bool) -> None:
    mall = await given.mall()
    before = len(await mall.entries())
    begun = f"POST {mall.path}/agencies HTTP/1.1\r\nHost: mall\r\nAuthorization: Bearer {mall.manager.credential}\r\n"
    body = b'{"code": "NEW", "category": "private", "name": {"id": "Baru", "en": "New"}}'
    async with line_to(app, body=10 if leaves else SOON) as line:
        line.says(begun.encode(), b"Content-Type: application/json\r\nContent-Length: 100\r\n\r\n", body)
        if not leaves:
            assert (await line.hears())[0] == 408
    assert len(await mall.entries()) == before


@pytest.mark.parametrize("pieces", [1, 40])
async def test_a_head_that_is_too_large_is_refused_however_it_comes(app: FastAPI, pieces: int) -> None:
    header = b"X-A: " + b"a" * (HEAD_LIMIT // pieces) + b"\r\n"
    whole, endless = [HEALTH, header * pieces, b"\r\n"], [HEALTH, header * pieces * 30]
    for content in (whole, endless, [b"GET /", b"x" * HEAD_LIMIT * 9]):
        async with line_to(app) as line:
            line.says(*content)
            status, headers, body = await line.hears()
            must_show(body, code="headers_too_large", status=431, limit_bytes=HEAD_LIMIT, instance="")
            assert status == 431
            assert headers["content-type"] == "application/problem+json"
            assert headers["x-request-id"] == body["request_id"]
            assert headers["x-content-type-options"] == "nosniff"
            assert await line.is_closed() == b""


@pytest.mark.parametrize(
    "nonsense",
    [
        b"GET /health/live\r\n\r\n",
        b"BREW /health/live HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        HEALTH + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
        HEALTH + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
    ],
)
async def test_what_is_no_request_is_refused(app: FastAPI, nonsense: bytes) -> None:
    async with line_to(app) as line:
        line.says(nonsense)
        status, _, body = await line.hears()
        assert (status, body["code"]) == (400, "request_unreadable")
        assert await line.is_closed() == b""


async def test_requests_that_follow_each_other_on_one_connection_are_answered(app: FastAPI) -> None:
    large = b"X-A: " + b"a" * (HEAD_LIMIT // 2) + b"\r\n\r\n"
    async with line_to(app) as line:
        line.says(*[HEALTH + large] * 5)
        for _ in range(5):
            assert (await line.hears())[0] == 200


@pytest.mark.parametrize("last", [b"\r\n", b"Connection: close\r\n\r\n"])
async def test_who_does_not_take_the_answers_is_let_go(app: FastAPI, last: bytes) -> None:
    async with line_to(app, send=SOON) as line:
        context_of(app).document()  # made once, so that it does not keep the first answer waiting
        line.says(*[DOCUMENT + b"\r\n"] * MANY, DOCUMENT, last)
        await asyncio.sleep(SOON * 40)
        assert len(await line.is_closed()) < MANY * 300_000


async def test_who_takes_the_answers_slowly_gets_all_of_them(app: FastAPI) -> None:
    async with line_to(app, send=0.3) as line:
        line.says(*[DOCUMENT + b"\r\n"] * MANY, DOCUMENT, b"Connection: close\r\n\r\n")
        came = 0
        while some := await line.takes(1 << 18):
            came += len(some)
            await asyncio.sleep(0.01)
        assert came > MANY * 300_000


@pytest.mark.parametrize("wrong", [b"no number\r\n", b"F" * 20 + b"\r\n"])
async def test_a_body_that_is_none_is_refused_too(app: FastAPI, wrong: bytes) -> None:
    async with line_to(app) as line:
        line.says(POST, b"Transfer-Encoding: chunked\r\n\r\n5\r\ngrant\r\n", wrong)
        status, _, body = await line.hears()
        assert (status, body["code"]) == (400, "request_unreadable")
        assert await line.is_closed() == b""


CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize("begun", [b"2\r\na=\r\n0\r\n", b"2\r\na=\r\n0\r\nX: ", b"2;"])
async def test_what_stands_beside_a_body_is_bounded_like_a_head(app: FastAPI, begun: bytes) -> None:
    async with line_to(app) as line:
        line.says(POST, CHUNKED, begun)
        for _ in range(40):
            line.says((b"X-A: " + b"a" * 1000 + b"\r\n" if begun.endswith(b"\n") else b"a" * 1000) * 20)
            await asyncio.sleep(0)
        status, _, body = await line.hears()
        assert (status, body["code"]) == (431, "headers_too_large")
        assert await line.is_closed() == b""


async def test_a_trailer_is_no_header(given: Given, app: FastAPI) -> None:
    mall = await given.mall()
    asked = f"POST {mall.path}/locations HTTP/1.1\r\nHost: mall\r\nContent-Type: application/json\r\n".encode()
    trailer = f"Authorization: Bearer {mall.manager.credential}\r\n\r\n".encode()
    async with line_to(app) as line:
        line.says(asked, CHUNKED, b"2\r\n{}\r\n0\r\n", trailer)
        assert (await line.hears())[0] == 401
        line.says(HEALTH, b"\r\n")
        assert (await line.hears())[0] == 200


async def test_requests_that_are_sent_ahead_are_few(app: FastAPI) -> None:
    async with line_to(app) as line:
        line.says((HEALTH + b"\r\n") * (MOST_QUEUED * 3))
        assert (await line.is_closed()).count(b"HTTP/1.1 200") <= MOST_QUEUED
    async with line_to(app) as line:
        line.says((HEALTH + b"\r\n") * (MOST_QUEUED // 2))
        for _ in range(MOST_QUEUED // 2):
            assert (await line.hears())[0] == 200
