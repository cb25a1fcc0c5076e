"""How streams are refused: one address has as many as it may have, and the program is stopping."""

from collections.abc import Awaitable, Callable

import httpx
from fastapi import FastAPI

from app.web.context import context_of
from tests.given.samarinda import served


async def streams_are_refused(
    app: FastAPI, path: str, refused: Callable[[httpx.Response, str], Awaitable[None]]
) -> None:
    """Where one is open, and where none is opened any more."""
    streams = context_of(app).streams
    async with served(app) as base, httpx.AsyncClient(base_url=base) as http:
        async with http.stream("GET", path):
            await refused(await http.get(path), "too_many_streams")
        streams.stopping = True
        await refused(await http.get(path), "stopping")
        streams.stopping = False
