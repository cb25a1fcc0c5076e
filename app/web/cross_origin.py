"""CORS: which pages of other origins may read the answers. Who comes from none (machines, apps) does not pay for it."""

from starlette.middleware.cors import CORSMiddleware
from starlette.types import Receive, Scope, Send

_ORIGIN = b"origin"
_DIFFERS = "mpp.differs_by_origin"


class CrossOrigin(CORSMiddleware):
    """Starlette's, for requests that name an origin; the others' answers say only that they would differ by it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and any(name == _ORIGIN for name, _ in scope["headers"]):
            await super().__call__(scope, receive, send)
            return
        scope[_DIFFERS] = True
        await self.app(scope, receive, send)


def differs_by_origin(scope: Scope) -> bool:
    """Whether the answer must name `Origin` in `Vary`, and nobody else does it (Fetch, 3.3.5)."""
    return _DIFFERS in scope
