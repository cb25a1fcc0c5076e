"""A route may read its body itself, chunk by chunk, within its own bounds; no operation that is published does yet."""

import asyncio
import hashlib
import tracemalloc
from collections.abc import AsyncIterator
from typing import Annotated

import httpx
import pytest
from fastapi import APIRouter, FastAPI

from app.main import create_app
from app.settings import Settings
from app.web.bodies import DRAIN_LIMIT
from app.web.context import context_of
from app.web.uploads import Upload, uploaded
from tests.given import Json
from tests.servers import SERVER_KEY

LIMIT = 20_000_000
CHUNK = bytes(range(250)) * 250
PDF = {"Content-Type": "application/pdf"}

router = APIRouter()


@router.post("/documents", tags=["uploads"])
async def keep_document(
    upload: Annotated[Upload, uploaded("application/pdf", "image/png", limit=LIMIT)],
) -> dict[str, int | str]:
    """Say what came."""
    size, digest = 0, hashlib.sha256()
    async for chunk in upload.chunks():
        size += len(chunk)
        digest.update(chunk)
    return {"media": upload.media, "size": size, "sha256": digest.hexdigest()}


@pytest.fixture
async def documents(app: FastAPI, settings: Settings, database_url: str) -> AsyncIterator[FastAPI]:
    """The program with a route that takes documents."""
    made = create_app(settings, database_url, SERVER_KEY.encode(), clock=context_of(app).database.clock)
    made.include_router(router)
    async with made.router.lifespan_context(made):
        yield made


@pytest.fixture
async def sender(documents: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(documents)
    async with httpx.AsyncClient(transport=transport, base_url="http://mall.test") as client:
        yield client


async def sent(size: int) -> AsyncIterator[bytes]:
    for at in range(0, size, len(CHUNK)):
        yield CHUNK[: size - at]


def code_and_limit(answer: httpx.Response) -> tuple[int, str, int]:
    problem: Json = answer.json()
    return answer.status_code, problem["code"], problem["limit_bytes"]


async def test_twenty_megabytes_pass_through_little_memory(sender: httpx.AsyncClient) -> None:
    await sender.post("/documents", content=sent(len(CHUNK)), headers=PDF)  # what is loaded once is loaded now
    tracemalloc.start()
    try:
        answer = await sender.post("/documents", content=sent(LIMIT), headers=PDF)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    digest = hashlib.sha256()
    async for chunk in sent(LIMIT):
        digest.update(chunk)
    assert answer.json() == {"media": "application/pdf", "size": LIMIT, "sha256": digest.hexdigest()}
    assert peak < 2_000_000


async def test_what_is_larger_is_refused_whether_or_not_it_says_so_ahead(sender: httpx.AsyncClient) -> None:
    refused = (413, "payload_too_large", LIMIT)
    for size in (LIMIT + 1, LIMIT + 3 * DRAIN_LIMIT):
        assert code_and_limit(await sender.post("/documents", content=sent(size), headers=PDF)) == refused
        said = {**PDF, "Content-Length": str(size)}
        assert code_and_limit(await sender.post("/documents", content=sent(size), headers=said)) == refused


async def test_what_is_of_another_type_is_refused_before_the_route_sees_it(sender: httpx.AsyncClient) -> None:
    for headers in ({"Content-Type": "application/json"}, {"Content-Type": "text/html"}, {}):
        answer = await sender.post("/documents", content=sent(3 * len(CHUNK)), headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")
        assert answer.json()["expected"] == "application/pdf, image/png"
    answer = await sender.post("/documents", content=CHUNK, headers={"Content-Type": "Image/PNG; q=1"})
    assert (answer.status_code, answer.json()["media"]) == (200, "image/png")


async def test_the_document_says_what_the_route_takes(documents: FastAPI) -> None:
    operation = documents.openapi()["paths"]["/documents"]["post"]
    assert set(operation["requestBody"]["content"]) == {"application/pdf", "image/png"}
    assert {"413", "415"} <= set(operation["responses"])


@pytest.mark.parametrize(("gap", "status"), [(0, 200), (0.02, 408)])
async def test_who_sends_too_slowly_is_refused_in_the_midst_of_it(
    documents: FastAPI, sender: httpx.AsyncClient, gap: float, status: int
) -> None:
    async def slowly() -> AsyncIterator[bytes]:
        for _ in range(100):
            await asyncio.sleep(gap)
            yield b"x"

    context_of(documents).body_seconds = 0.5
    answer = await sender.post("/documents", content=slowly(), headers=PDF)
    assert answer.status_code == status
    if status == httpx.codes.REQUEST_TIMEOUT:
        assert (answer.json()["code"], answer.headers["connection"]) == ("request_too_slow", "close")
