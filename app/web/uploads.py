"""A body that is too large to be held in memory: its handler reads it chunk by chunk."""

from collections.abc import AsyncIterator
from typing import Any

from fastapi import Depends, Request

from app.web.bodies import StreamedBody
from app.web.markers import Markers


class Upload:
    """What is being sent."""

    def __init__(self, request: Request) -> None:
        self._request = request

    @property
    def media(self) -> str:
        """Its media type."""
        return self._request.headers["content-type"].partition(";")[0].strip().lower()

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body as it comes, once. Raises PayloadTooLarge, and ClientDisconnect where the sender leaves."""
        async for chunk in self._request.stream():
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
