"""Finding a route costs the same for the first and the last: an index by the segments of the path.

It is made from the framework's own routes when the program starts, and takes the place of the framework's router, which
tries one pattern after another. A request is looked up once, by the request layer; whoever comes later (the router
itself, refusals, the log) reads what was found from the scope.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from fastapi import FastAPI
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from starlette.convertors import StringConvertor
from starlette.exceptions import HTTPException
from starlette.routing import Match, Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from app.web.bodies import FORGOTTEN, JSON, NOTHING, BodyPolicy
from app.web.markers import Markers, markers_of
from app.web.parameters import declared_in, must_be_declared
from app.web.problems import is_oauth

WITHOUT_A_BODY = {"GET", "HEAD", "OPTIONS"}
_PARAMETER = re.compile(r"\{[^}]*\}")
_FOUND = "mpp.found"


@dataclass(frozen=True)
class Operation:
    """One route, and what it carries."""

    id: str
    path: str
    methods: frozenset[str]
    route: APIRoute
    markers: Markers
    body: BodyPolicy
    query: Mapping[str, bool] | None
    """The parameters that its query may have, and whether more than once.

    Any where it is None: a page for people, or OAuth (RFC 6749 3.2).
    """
    app: ASGIApp = field(repr=False)
    pattern: re.Pattern[str] = field(repr=False)


def operations(app: FastAPI) -> Iterator[Operation]:
    """Every operation of the program (the framework keeps its routers as a tree)."""
    for context in iter_route_contexts(app.router.routes):
        if isinstance(context.original_route, APIRoute):
            yield _operation(context, context.original_route)


def _operation(context: RouteContext, route: APIRoute) -> Operation:
    if any(not isinstance(each, StringConvertor) for each in context.param_convertors.values()):
        raise TypeError(f"{context.path}: a parameter of a path is one segment of it, or a part of one")
    markers, methods = markers_of(route.dependant), frozenset(context.methods or ())
    reads_all = not route.include_in_schema or is_oauth(context.path or "")
    return Operation(
        id=route.endpoint.__name__,
        path=context.path or "",
        methods=methods,
        route=route,
        markers=markers,
        body=markers.body or (NOTHING if methods <= WITHOUT_A_BODY else JSON),
        query=None if reads_all else declared_in(route.dependant),
        app=context.app,
        pattern=context.path_regex,
    )


class Found(NamedTuple):
    """Where a request leads."""

    path: str = "-"
    """As it was declared: the path that was asked for may hold a secret."""
    operation: Operation | None = None
    parameters: dict[str, str] | None = None
    allowed: tuple[str, ...] = ()
    """Where the path is there and the method is not: the methods that are."""

    @property
    def authenticates(self) -> bool:
        """Whether somebody looks at credentials there."""
        return self.operation is not None and self.operation.markers.authenticates

    @property
    def is_stream(self) -> bool:
        """Whether a stream answers there."""
        return self.operation is not None and bool(self.operation.markers.events)

    def body(self, method: str) -> BodyPolicy:
        """How the request's body is read, also where it leads nowhere."""
        if self.operation:
            return self.operation.body
        return NOTHING if method in WITHOUT_A_BODY else FORGOTTEN


NOWHERE = Found()


def found(scope: Scope) -> Found:
    """Where the request of this scope leads, as the request layer found it."""
    there: Found = scope.get(_FOUND, NOWHERE)
    return there


class _Node:
    """What follows after some segments of a path."""

    def __init__(self) -> None:
        self.literal: dict[str, _Node] = {}
        self.parameter: _Node | None = None
        self.ends: list[_End] = []


@dataclass
class _End:
    """The operations of one path, by method."""

    path: str
    pattern: re.Pattern[str]
    operations: dict[str, Operation] = field(default_factory=dict)


def _hides_a_slash(scope: Scope) -> bool:
    """Whether a slash is written as `%2F`: whoever stands before the program may take such a path for another."""
    return b"%2f" in scope.get("raw_path", b"").lower()


class RouteIndex:
    """The routes of an application by segments; can stand in the place of its router."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self._root = _Node()
        self._mounts: list[Mount] = []

    def begin(self) -> None:
        """Read the routes, all of them: the program starts."""
        self._root, self._mounts = _Node(), []
        for context in iter_route_contexts(self._app.router.routes):
            match context.original_route:
                case APIRoute() as route:
                    self._add(_operation(context, route))
                case Mount() as mount if mount.path == context.path:
                    self._mounts.append(mount)
                case _:
                    raise TypeError(f"{context.path}: the index has no place for such a route")

    def _add(self, operation: Operation) -> None:
        node = self._root
        for segment in operation.path.split("/")[1:]:
            if "{" in segment:
                node.parameter = node.parameter or _Node()
                node = node.parameter
            else:
                node = node.literal.setdefault(segment, _Node())
        end = next((each for each in node.ends if each.path == operation.path), None)
        if end is None:
            end = _End(operation.path, operation.pattern)
            node.ends.append(end)
            node.ends.sort(key=lambda each: -len(_PARAMETER.sub("", each.path)))  # `{code}.ics` before `{code}`
        for method in operation.methods:
            end.operations.setdefault(method, operation)
        if "GET" in operation.methods:
            end.operations.setdefault("HEAD", operation)  # the request layer leaves the body out

    def look_up(self, scope: Scope) -> Found:
        """Find where a request leads, and keep it in its scope."""
        hidden = _hides_a_slash(scope)
        scope[_FOUND] = there = NOWHERE if hidden else self._find(scope["method"], scope["path"])
        return there

    def _find(self, method: str, path: str) -> Found:
        nodes = [self._root]
        for segment in path.split("/")[1:]:
            following = []
            for node in nodes:  # what is written out comes before a parameter
                if literal := node.literal.get(segment):
                    following.append(literal)
                if node.parameter:
                    following.append(node.parameter)
            nodes = following
        other: list[_End] = []
        for node in nodes:
            for end in node.ends:
                match = end.pattern.match(path)
                if match is None:
                    continue
                if operation := end.operations.get(method):
                    return Found(end.path, operation, match.groupdict())
                other.append(end)
        if not other:
            return NOWHERE
        return Found(other[0].path, allowed=tuple(sorted({method for end in other for method in end.operations})))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request to the operation that was found for it.

        Raises HTTPException where there is none, RequestValidationError where it does not read such a query.
        """
        if scope["type"] != "http":
            await self._app.router.app(scope, receive, send)
            return
        there = found(scope)
        if there.operation:
            scope["route"], scope["endpoint"] = there.operation.route, there.operation.route.endpoint
            scope["path_params"], scope["operation"] = there.parameters, there.operation
            if scope["query_string"] and there.operation.query is not None:
                must_be_declared(scope["query_string"], there.operation.query)
            await there.operation.app(scope, receive, send)
        elif there.allowed:
            raise HTTPException(405, headers={"Allow": ", ".join(there.allowed)})
        else:
            await self._mounted(scope, receive, send)

    async def _mounted(self, scope: Scope, receive: Receive, send: Send) -> None:
        for mount in () if _hides_a_slash(scope) else self._mounts:
            match, below = mount.matches(scope)
            if match is Match.FULL:
                scope.update(below)
                await mount.handle(scope, receive, send)
                return
        raise HTTPException(404)
