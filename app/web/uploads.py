"""A body that is too large to be held in memory: its handler reads it chunk by chunk."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from fastapi import Depends, Request

from app.web.bodies import RequestTooSlow, StreamedBody
from app.web.context import context_of
from app.web.markers import Markers

SLOWEST = 16 << 10
"""How many bytes a second come at the least, beside the time that any body has."""


class Upload:
    """What is being sent."""

    def __init__(self, request: Request) -> None:
        self._request = request

    @property
    def media(self) -> str:
        """Its media type."""
        return self._request.headers["content-type"].partition(";")[0].strip().lower()

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body as it comes, once.

        Raises PayloadTooLarge, RequestTooSlow, and ClientDisconnect where the sender leaves. The time that the handler
        takes between two chunks is not the sender's.
        """
        left, clock = context_of(self._request.app).body_seconds, asyncio.get_running_loop().time
        stream = self._request.stream()
        while True:
            asked = clock()
            try:
                async with asyncio.timeout(left):
                    chunk = await anext(stream, None)
            except TimeoutError:
                raise RequestTooSlow from None
            if chunk is None:
                return
            left += len(chunk) / SLOWEST - (clock() - asked)
            if chunk:
                yield chunk


class _Upload:
    def __init__(self, body: StreamedBody) -> None:
        self.markers = Markers(body=body)

    async def __call__(self, request: Request) -> Upload:
        return Upload(request)


def uploaded(*media: str, limit: int) -> Any:  # noqa: ANN401  # what Depends returns
    """A body of one of these media types and of at most so many bytes."""
    return Depends(_Upload(StreamedBody(media, limit)))
