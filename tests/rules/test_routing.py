"""Routes are found by the segments of the path, the last as fast as the first, and say themselves what they carry."""

import re
import sys
from typing import Annotated, Any
from uuid import UUID, uuid4

import pytest
from fastapi import APIRouter, FastAPI, WebSocket
from fastapi.responses import PlainTextResponse

from app.access import ANY_VERSION
from app.actions import agencies as actions
from app.contract.document import document as document_of
from app.domain.callers import Caller
from app.domain.roles import Permission
from app.main import USUAL
from app.queries import agencies as queries
from app.schemas.agencies import Agency, AgencyChanges, AgencyRequest
from app.schemas.base import Page
from app.schemas.sign_in import TokenRequest
from app.web.context import AppContext, context_of
from app.web.dependencies import OPERATOR, Context, CurrentMall, Person, needs, reads
from app.web.etags import ConditionalGet
from app.web.idempotency import Command, IfMatch, Write, creates, creates_once
from app.web.paging import ListPage, OfAgency, paged_by
from app.web.routing import Found, RouteIndex, operations
from tests.given import Json


async def answer() -> PlainTextResponse:
    """Answer."""
    return PlainTextResponse("")


def index_of(*routes: str) -> RouteIndex:
    """An index of routes that are written like `GET /things/{id}`."""
    app = FastAPI(openapi_url=None)
    router = APIRouter()
    for each in routes:
        method, path = each.split()
        router.add_api_route(path, answer, methods=[method], name=each)
    app.include_router(router)
    index = RouteIndex(app)
    index.begin()
    return index


def look_up(index: RouteIndex, asked: str) -> Found:
    method, path = asked.split()
    return index.look_up({"type": "http", "method": method, "path": path})


def test_every_operation_is_found_where_it_is_and_by_nothing_else(app: FastAPI) -> None:
    index = RouteIndex(app)
    index.begin()
    for each in operations(app):
        values = {name: str(uuid4()) for name in re.findall(r"\{(\w+)\}", each.path)}
        for method in each.methods:
            there = look_up(index, f"{method} {each.path.format(**values)}")
            assert there.operation, each.id
            assert (there.operation.id, there.path, there.parameters) == (each.id, each.path, values)
            assert look_up(index, f"{method} {each.path.format(**values).rstrip('/')}/x/y/z").operation is None


def test_what_is_written_out_comes_before_a_parameter() -> None:
    index = index_of(
        "GET /things/{id}",
        "GET /things/summary",
        "PATCH /things/{id}",
        "GET /things/{id}.ics",
        "GET /things/{id}/parts/{part}",
        "GET /{kind}/all/parts/{part}",
    )

    def at(asked: str) -> tuple[str, dict[str, str] | None, tuple[str, ...]]:
        there = look_up(index, asked)
        return there.path, there.parameters, there.allowed

    assert at("GET /things/7") == ("/things/{id}", {"id": "7"}, ())
    assert at("GET /things/summary") == ("/things/summary", {}, ())
    assert at("PATCH /things/summary") == ("/things/{id}", {"id": "summary"}, ())
    assert at("GET /things/7.ics") == ("/things/{id}.ics", {"id": "7"}, ())
    assert at("GET /things/all/parts/2") == ("/things/{id}/parts/{part}", {"id": "all", "part": "2"}, ())
    assert at("GET /others/all/parts/2") == ("/{kind}/all/parts/{part}", {"kind": "others", "part": "2"}, ())
    assert at("DELETE /things/summary") == ("/things/summary", None, ("GET", "HEAD", "PATCH"))
    for lost in (
        "/",
        "/things",
        "/things/",
        "/things//parts/2",
        "/things/7/",
        "/things/7/parts",
        "/THINGS/7",
        "things/7",
    ):
        assert at(f"GET {lost}") == ("-", None, ()), lost


def test_the_last_of_three_hundred_operations_is_found_as_fast_as_the_first() -> None:
    index = index_of(*(f"GET /v1/malls/{{mall}}/things-{number}/{{id}}" for number in range(300)))

    def steps(asked: str) -> int:
        """How many lines of Python it takes; a clock would measure the machine, too."""
        count, before = 0, sys.gettrace()

        def note(*_: object) -> Any:
            nonlocal count
            count += 1
            return note

        sys.settrace(note)
        try:
            there = look_up(index, asked)
        finally:
            sys.settrace(before)
        assert there.operation
        return count

    first, last = steps("GET /v1/malls/m/things-0/7"), steps("GET /v1/malls/m/things-299/7")
    assert 0 < last == first


def test_a_route_that_the_index_could_not_find_is_refused_at_the_start() -> None:
    with pytest.raises(TypeError, match="one segment"):
        index_of("GET /files/{path:path}")
    app = FastAPI(openapi_url=None)

    @app.websocket("/stream")
    async def stream(socket: WebSocket) -> None:
        await socket.close()

    with pytest.raises(TypeError, match="no place"):
        RouteIndex(app).begin()


def test_one_context_is_all_that_the_application_holds(app: FastAPI) -> None:
    assert isinstance(context_of(app), AppContext)
    assert list(app.state._state) == ["context"]  # noqa: SLF001  # Starlette has no other way to see them


LOCATION = "/v1/malls/{mall}/agencies/{id}"
Reader = Annotated[Caller, needs(Permission.READ_CATALOGUE)]
Manager = Annotated[Caller, needs(Permission.CHANGE_AGENCIES)]
Paged = Annotated[ListPage, paged_by("code")]


def described(router: APIRouter) -> Json:
    app = FastAPI(generate_unique_id_function=lambda route: route.name)
    app.include_router(router)
    return document_of(app, USUAL)


def named_as_usual() -> APIRouter:
    """Handlers whose arguments are named as everywhere."""
    router = APIRouter(prefix="/v1/malls/{mall}", tags=["agencies"])

    @router.get("/agencies")
    async def list_all(mall: CurrentMall, caller: Reader, context: Context, page: Paged, of: OfAgency) -> Page[Agency]:
        """List."""
        async with context.database.reading(mall) as reading:
            found = await queries.agencies(reading, caller, page.asked, category=None, code=of.code, retired=False)
            return page.of(Agency, found)

    @router.post("/agencies", status_code=201)
    async def create(
        mall: CurrentMall, body: AgencyRequest, caller: Manager, command: Annotated[Write, creates(LOCATION)]
    ) -> Agency:
        """Create."""
        return await command(mall, caller, Agency, actions.create, **body.model_dump())

    @router.post("/agencies/machines", status_code=201)
    async def create_once(
        mall: CurrentMall, body: AgencyRequest, caller: Manager, command: Annotated[Write, creates_once(LOCATION)]
    ) -> Agency:
        """Create once."""
        return await command(mall, caller, Agency, actions.create, **body.model_dump())

    @router.get("/agencies/{agency_id}")
    async def get_one(
        mall: CurrentMall, agency_id: UUID, caller: Reader, context: Context, conditional: ConditionalGet
    ) -> Agency:
        """Read."""
        return conditional(Agency.model_validate((context, mall, agency_id, caller)))

    @router.patch("/agencies/{agency_id}")
    async def change(mall: CurrentMall, agency_id: UUID, body: AgencyChanges, caller: Manager, edit: IfMatch) -> Agency:
        """Change."""
        return await edit(mall, caller, Agency, actions.change, agency_id, edit.versions, body.given())

    @router.post("/agencies/{agency_id}/greeting")
    async def greet(mall: CurrentMall, agency_id: UUID, caller: Person, command: Command) -> Agency:
        """Greet."""
        return await command(mall, caller, Agency, actions.change, agency_id, ANY_VERSION, {})

    @router.delete("/agencies/{agency_id}", status_code=204)
    async def remove(mall: CurrentMall, agency_id: UUID, caller: Manager, edit: IfMatch) -> None:
        """Remove."""
        await edit.without_body(mall, caller, actions.change, agency_id, edit.versions, {})

    @router.get("/watching", dependencies=[OPERATOR])
    async def watch(context: Context) -> None:
        """Watch."""
        context.metrics.page()

    @router.post("/elsewhere", dependencies=[reads(TokenRequest)])
    async def sign_in(context: Context) -> None:
        """Sign in."""
        context.metrics.page()

    return router


def named_otherwise() -> APIRouter:
    """The same with no argument named as before, in another order."""
    router = APIRouter(prefix="/v1/malls/{mall}", tags=["agencies"])

    @router.get("/agencies")
    async def list_all(a: OfAgency, b: Paged, c: Context, d: Reader, e: CurrentMall) -> Page[Agency]:
        """List."""
        async with c.database.reading(e) as reading:
            found = await queries.agencies(reading, d, b.asked, category=None, code=a.code, retired=False)
            return b.of(Agency, found)

    @router.post("/agencies", status_code=201)
    async def create(a: AgencyRequest, b: Annotated[Write, creates(LOCATION)], c: Manager, d: CurrentMall) -> Agency:
        """Create."""
        return await b(d, c, Agency, actions.create, **a.model_dump())

    @router.post("/agencies/machines", status_code=201)
    async def create_once(
        a: AgencyRequest, b: Annotated[Write, creates_once(LOCATION)], c: Manager, d: CurrentMall
    ) -> Agency:
        """Create once."""
        return await b(d, c, Agency, actions.create, **a.model_dump())

    @router.get("/agencies/{agency_id}")
    async def get_one(a: CurrentMall, agency_id: UUID, b: ConditionalGet, c: Context, d: Reader) -> Agency:
        """Read."""
        return b(Agency.model_validate((c, a, agency_id, d)))

    @router.patch("/agencies/{agency_id}")
    async def change(a: IfMatch, agency_id: UUID, b: AgencyChanges, c: Manager, d: CurrentMall) -> Agency:
        """Change."""
        return await a(d, c, Agency, actions.change, agency_id, a.versions, b.given())

    @router.post("/agencies/{agency_id}/greeting")
    async def greet(a: Command, agency_id: UUID, b: Person, c: CurrentMall) -> Agency:
        """Greet."""
        return await a(c, b, Agency, actions.change, agency_id, ANY_VERSION, {})

    @router.delete("/agencies/{agency_id}", status_code=204)
    async def remove(a: IfMatch, agency_id: UUID, b: Manager, c: CurrentMall) -> None:
        """Remove."""
        await a.without_body(c, b, actions.change, agency_id, a.versions, {})

    @router.get("/watching", dependencies=[OPERATOR])
    async def watch(a: Context) -> None:
        """Watch."""
        a.metrics.page()

    @router.post("/elsewhere", dependencies=[reads(TokenRequest)])
    async def sign_in(a: Context) -> None:
        """Sign in."""
        a.metrics.page()

    return router


def unordered(document: Json) -> Json:
    """A document whose parameters stand in no order: that of the arguments."""
    for methods in document["paths"].values():
        for each in methods.values():
            each.get("parameters", []).sort(key=str)
    return document


def test_what_a_handlers_arguments_are_called_changes_nothing_in_the_document() -> None:
    usual = described(named_as_usual())
    paths = usual["paths"]

    def headers(method: str, path: str, status: str) -> set[str]:
        return set(paths[f"/v1/malls/{{mall}}/agencies{path}"][method]["responses"][status]["headers"]) - {
            "X-Request-Id"
        }

    assert headers("get", "", "200") == {"Link"}
    assert headers("post", "", "201") == {"Location", "ETag", "Idempotency-Replayed"}
    assert headers("get", "/{agency_id}", "200") == {"ETag"}
    assert headers("patch", "/{agency_id}", "200") == {"ETag"}
    assert headers("post", "/{agency_id}/greeting", "200") == {"ETag", "Idempotency-Replayed"}
    assert unordered(described(named_otherwise())) == unordered(usual)


def test_a_created_things_location_is_an_operation_that_reads_it(app: FastAPI) -> None:
    readable = {re.sub(r"\{\w+\}", "{}", each.path) for each in operations(app) if "GET" in each.methods}
    creating = [each for each in operations(app) if each.route.status_code == 201]
    assert len(creating) > 15
    for each in creating:
        location = re.sub(r"\{\w+\}", "{}", each.markers.location)
        assert location in readable, each.id
        assert location.endswith("{}"), each.id
