"""The pages that people read: the front page, who may do what, every problem. Made from the program's own data."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from xml.etree.ElementTree import Element, tostring

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import Response

from app.domain.names import LocalizedText
from app.domain.roles import TABLE
from app.texts import pages as words
from app.texts.problems import DETAILS, TITLES
from app.web.context import context_of
from app.web.dependencies import SIGNED_IN, Context
from app.web.etags import Encoded, encoded, etag
from app.web.problems import all_facts, status_of
from app.web.routing import Operation, operations

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
NAME = "Mal Pelayanan Publik API"

router = APIRouter(include_in_schema=False)


def _el(tag: str, *inside: Element | str, **attributes: str) -> Element:
    """An element; what is text in it is escaped when it is written."""
    made = Element(tag, {name.rstrip("_"): value for name, value in attributes.items()})
    for each in inside:
        if isinstance(each, Element):
            made.append(each)
        elif len(made):
            made[-1].tail = (made[-1].tail or "") + each
        else:
            made.text = (made.text or "") + each
    return made


def _both(text: LocalizedText, tag: str = "span") -> tuple[Element, Element]:
    """A text in both languages."""
    return _el(tag, text["id"], lang="id"), _el(tag, text["en"], lang="en")


def _page(title: str, *body: Element, up: str = "") -> Encoded:
    """A whole page; `up` leads from it to the front page, whatever stands before this program's paths."""
    head = _el(
        "head",
        _el("meta", charset="utf-8"),
        _el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        _el("title", title),
        _el("link", rel="stylesheet", href=f"{up}docs/assets/pages.css"),
        _el("link", rel="icon", href=f"{up}docs/assets/favicon-32x32.png"),
    )
    whole = _el("html", head, _el("body", *body), lang="id")
    text = "<!doctype html>\n" + tostring(whole, encoding="unicode", method="html")
    return Encoded(text.encode(), etag(text.encode()))


def _shown(request: Request, made: Callable[[], Encoded]) -> Response:
    """A page, made when it is first asked for: it follows from the program alone."""
    path, pages = request.scope["operation"].path, context_of(request.app).pages
    if path not in pages:
        pages[path] = made()
    return encoded(request, pages[path], media_type="text/html", headers={"Content-Security-Policy": POLICY})


def _up(to: str) -> Element:
    return _el("nav", _el("a", NAME, href=to or "."), " · ", _el("a", "/docs", href=f"{to}docs"))


@router.get("/")
async def show_front(request: Request, context: Context) -> Response:
    """What this is, and where to go."""
    return _shown(request, partial(_front, development=context.development, examples=context.examples))


def _front(*, development: bool, examples: bool) -> Encoded:
    where = words.WHERE_TO_GO | (words.SCREENS if examples else {})
    links = [_el("li", _el("a", f"/{path}", href=path), *_both(text, "p")) for path, text in where.items()]
    body = [
        _el("h1", NAME),
        _el("div", *_both(words.WHAT_THIS_IS, "p"), class_="two"),
        _el("div", *_both(words.NO_FRONTEND, "p"), class_="two"),
        _el("ul", *links, class_="links"),
    ]
    if development:
        commands = [_el("li", _el("code", command), *_both(text, "p")) for command, text in words.COMMANDS.items()]
        body.append(_el("h2", *_both(words.TRY_IT)))
        body.append(_el("ul", *commands, class_="links"))
    return _page(NAME, _el("main", *body))


def _guarded(app: FastAPI) -> dict[object, list[Operation]]:
    """The published operations by what they ask of the role table; those that ask nothing by whether they ask who."""
    found: dict[object, list[Operation]] = defaultdict(list)
    for each in sorted(operations(app), key=lambda operation: operation.id):
        if each.route.include_in_schema:
            asks = "credentials" if each.markers.security == SIGNED_IN else "nothing"
            found[each.markers.permission or asks].append(each)
    return found


def _list(operations: list[Operation]) -> Iterator[Element]:
    """Operation ids, each leading to its place on the docs page."""
    for each in operations:
        tag = str(each.route.tags[0]).replace(" ", "%20")
        yield _el("a", each.id, href=f"../docs#/{tag}/{each.id}")


@router.get("/docs/roles")
async def show_roles(request: Request) -> Response:
    """Who may do what: the table that the doors read."""
    return _shown(request, partial(_roles, request.app))


def _roles(app: FastAPI) -> Encoded:
    guarded = _guarded(app)
    columns = [_el("th", *_both(text), _el("code", part), scope="col") for part, text in words.PARTS.items()]
    rows = []
    for permission, text in words.PERMISSIONS.items():
        about = _el("th", *_both(text), _el("code", permission), _el("small", *_list(guarded[permission])), scope="row")
        reaches = [TABLE[permission].get(part) for part in words.PARTS]
        cells = [_el("td", *_both(words.REACHES[reach]), class_=reach or "none") for reach in reaches]
        rows.append(_el("tr", about, *cells))
    table = _el("table", _el("thead", _el("tr", _el("th", scope="col"), *columns)), _el("tbody", *rows))
    return _page(
        f"{words.WHO_MAY['en']} · {NAME}",
        _up("../"),
        _el("h1", *_both(words.WHO_MAY)),
        _el("div", *_both(words.HOW_TO_READ, "p"), class_="two"),
        table,
        *(
            _el("section", _el("h2", *_both(text)), _el("small", *_list(guarded[key])))
            for key, text in (("credentials", words.WITH_ANY_ROLE), ("nothing", words.WITHOUT_A_ROLE))
        ),
        up="../",
    )


@router.get("/problems")
async def show_problems(request: Request) -> Response:
    """Every code that a refusal can carry."""
    return _shown(request, _problems)


def _problems() -> Encoded:
    kinds = sorted(all_facts(), key=lambda kind: kind.code)
    head = _el("tr", *(_el("th", *_both(text), scope="col") for text in words.OF_A_PROBLEM))
    rows = [
        _el(
            "tr",
            _el("th", _el("a", kind.code, href=f"problems/{kind.code}"), scope="row"),
            _el("td", str(status_of(kind))),
            _el("td", _el("b", *_both(TITLES[kind.code])), *_both(DETAILS[kind.code], "p")),
            id=kind.code,
        )
        for kind in kinds
    ]
    return _page(
        f"{words.PROBLEMS['en']} · {NAME}",
        _up(""),
        _el("h1", *_both(words.PROBLEMS)),
        _el("table", _el("thead", head), _el("tbody", *rows), class_="texts"),
    )
