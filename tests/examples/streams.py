"""How streams are refused: one address has as many as it may have, and the program is stopping."""

from collections.abc import Awaitable, Callable

import httpx
from fastapi import FastAPI

from app.web.context import context_of
from tests.given.samarinda import served


async def streams_are_refused(
    app: FastAPI, path: str, seen_by: httpx.AsyncClient, refused: Callable[[httpx.Response, str], Awaitable[None]]
) -> None:
    """Where one is open, and where none is opened any more. What is answered is seen as `seen_by`'s answers are."""
    streams = context_of(app).streams
    async with (
        served(app) as base,
        httpx.AsyncClient(base_url=base) as reader,
        httpx.AsyncClient(base_url=base, event_hooks=seen_by.event_hooks) as http,
    ):
        async with reader.stream("GET", path):
            await refused(await http.get(path), "too_many_streams")
        streams.stopping = True
        await refused(await http.get(path), "stopping")
        streams.stopping = False
