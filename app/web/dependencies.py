"""What handlers ask for: the running program, the mall of the path, and the caller, if it may do what it wants."""

from collections.abc import Mapping
from dataclasses import dataclass
from hmac import compare_digest
from typing import Annotated, Any, ClassVar

from fastapi import Depends, Path, Request
from pydantic import BaseModel

from app.auth.oidc import IssuerUnavailable
from app.database import Busy, OutcomeUnknown
from app.domain.callers import Caller
from app.domain.errors import Forbidden, NotThere, TokenExpired, TokenInvalid, Unauthenticated
from app.domain.malls import MallRef
from app.domain.names import Language
from app.domain.roles import Permission, Role
from app.domain.streams import Stopping, TooManyStreams
from app.schemas.base import SLUG
from app.web.bodies import form_of
from app.web.context import AppContext, context_of
from app.web.markers import Markers, Security
from app.web.problems import language_of
from app.web.proxies import client_of, is_local

SIGNED_IN: Security = [{"account": []}, {"bearer": []}]
_CALLER = Markers(
    authenticates=True, refuses=(Unauthenticated, TokenExpired, TokenInvalid, Forbidden, IssuerUnavailable, Busy)
)


async def caller_of(request: Request, mall_id: int | None = None) -> Caller:
    """Whoever sent the request, counted, and remembered for its log line. Raises Unauthenticated or RateLimited.

    A known caller is counted by itself, wherever it stands; everything else by its address (`request_layer.py`).
    Each request is looked at once: where its answer may be kept, before the handler is asked.
    """
    known: Caller | None = request.scope.get("caller")
    if known:
        return known
    context, authorization = context_of(request.app), request.headers.get("authorization", "")
    caller = await context.authentication.caller(authorization, mall_id)
    request.scope["caller"] = caller
    if caller.id:
        request.scope["counted"] = True
        context.limits.pace(caller)
    return caller


def address(request: Request) -> str:
    """The address of who is asking, as limits count it."""
    return client_of(request, context_of(request.app).trusted_proxies)


def is_operator(request: Request) -> bool:
    """Whether it is the machine itself that asks, or who shows the token for metrics."""
    token = context_of(request.app).metrics_token
    scheme, _, shown = request.headers.get("authorization", "").partition(" ")
    right = token is not None and scheme.lower() == "bearer" and compare_digest(shown.strip().encode(), token.encode())
    return right or is_local(request)


class _Context:
    markers: ClassVar = Markers(refuses=(Busy,))

    async def __call__(self, request: Request) -> AppContext:
        return context_of(request.app)


class _ReadersLanguage:
    markers: ClassVar = Markers(computes_texts=True)

    async def __call__(self, request: Request) -> Language:
        return language_of(request)


class _Mall:
    markers: ClassVar = Markers(refuses=(NotThere, Busy))

    async def __call__(
        self,
        request: Request,
        mall: Annotated[str, Path(pattern=SLUG, description="The mall's slug", examples=["samarinda"])],
    ) -> MallRef:
        return await context_of(request.app).malls.named(mall)


Context = Annotated[AppContext, Depends(_Context())]
CurrentMall = Annotated[MallRef, Depends(_Mall())]
ReadersLanguage = Annotated[Language, Depends(_ReadersLanguage())]
"""For an answer with texts that are computed for its reader."""


@dataclass(frozen=True)
class Guard:
    """Lets in a caller who may do this."""

    permission: Permission

    @property
    def markers(self) -> Markers:
        """What it asks, and how it refuses."""
        return _CALLER | Markers(permission=self.permission)

    async def let_in(self, request: Request, mall_id: int | None) -> Caller:
        """The caller. Raises Unauthenticated, RateLimited, Forbidden or NotThere."""
        caller = await caller_of(request, mall_id)
        caller.must(self.permission, mall_id)
        return caller


class InMall(Guard):
    """Lets in a caller who may do this in the mall of the path."""

    async def __call__(self, request: Request, mall: CurrentMall) -> Caller:
        """The caller."""
        return await self.let_in(request, mall.id)


class OnPlatform(Guard):
    """Lets in a caller who may do this on the platform."""

    async def __call__(self, request: Request) -> Caller:
        """The caller."""
        return await self.let_in(request, None)


class _SignedIn:
    """Lets in a caller who has credentials, whatever the roles."""

    markers: ClassVar = _CALLER | Markers(security=SIGNED_IN)

    async def __call__(self, request: Request) -> Caller:
        caller = await caller_of(request)
        if caller.id is None:
            raise Unauthenticated
        self.must_fit(caller)
        return caller

    def must_fit(self, caller: Caller) -> None:
        """Raise Forbidden for a caller of another kind."""


class _Person(_SignedIn):
    def must_fit(self, caller: Caller) -> None:
        if caller.kind != "account":
            raise Forbidden(required=tuple(Role))


class _OAuthClient:
    """Reads a form of this shape."""

    def __init__(self, form: type[BaseModel]) -> None:
        self.markers = Markers(body=form_of(form.model_fields), refuses=(Busy, OutcomeUnknown))

    async def __call__(self) -> None:
        """Nobody is known yet."""


class _Operator:
    """Lets in the machine itself, and who shows the token for metrics."""

    markers: ClassVar = Markers(security=[{}, {"operator": []}], refuses=(Unauthenticated, TokenInvalid))

    async def __call__(self, request: Request) -> None:
        if not is_operator(request):
            raise TokenInvalid if "authorization" in request.headers else Unauthenticated


class _Streams:
    """Answers with a stream of these events."""

    def __init__(self, events: Mapping[str, type[BaseModel]]) -> None:
        self.markers = Markers(events=events, refuses=(TooManyStreams, Stopping))

    async def __call__(self) -> None:
        """The handler does it."""


SignedIn = Annotated[Caller, Depends(_SignedIn())]
Person = Annotated[Caller, Depends(_Person())]
"""Whoever is signed in with an account, whatever the roles."""
OPERATOR = Depends(_Operator())


def reads(form: type[BaseModel]) -> Any:  # noqa: ANN401  # what Depends returns
    """A form of this shape, from somebody who is not known yet."""
    return Depends(_OAuthClient(form))


def streams_of(**events: type[BaseModel]) -> Any:  # noqa: ANN401  # what Depends returns
    """A stream of these events, each with the shape of its data, as `Streams.answer` makes it."""
    return Depends(_Streams(events))


def needs(permission: Permission) -> Any:  # noqa: ANN401  # what Depends returns
    """The caller, if it may do this in the mall of the path."""
    return Depends(InMall(permission))


def needs_on_platform(permission: Permission) -> Any:  # noqa: ANN401  # what Depends returns
    """The caller, if it may do this on the platform."""
    return Depends(OnPlatform(permission))
