"""Facts become problems (RFC 9457): the only place that knows which kind is which status."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app import errors
from app.domain.clients import InvalidClient, InvalidScope
from app.domain.devices import DeviceKind
from app.domain.errors import NotThere, TokenExpired, TokenInvalid
from app.domain.names import Language
from app.domain.roles import Anyone, Role, Scope
from app.domain.sign_in import InvalidGrant, UnsupportedGrantType
from app.errors import MallError, domain_error
from app.schemas.base import in_utc
from app.texts.pages import PARTS
from app.texts.problems import DETAILS, TITLES
from app.texts.validation import complaint
from app.texts.words import NOTHING, SAID, UNKNOWN
from app.web.frames import reads_events, refused

log = logging.getLogger("mpp.web")
MEDIA = "application/problem+json"
RETRY_AFTER = "retry_after_seconds"
"""The fact that is a header too."""
IS_STREAM = "mpp.is_stream"
"""In a request's scope: whether a stream is what answers there."""
MENDED_BY_WAITING = (errors.TooMany, errors.Unavailable, errors.Defect)

STATUS: Mapping[type[MallError], int] = {
    errors.Malformed: 400,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.WrongMethod: 405,
    errors.TooSlow: 408,
    errors.Conflict: 409,
    errors.PreconditionLost: 412,
    errors.TooLarge: 413,
    errors.WrongMedia: 415,
    errors.Invalid: 422,
    errors.PreconditionMissing: 428,
    errors.TooMany: 429,
    errors.HeadTooLarge: 431,
    errors.Defect: 500,
    errors.Unavailable: 503,
}


@domain_error
class InvalidRequest(errors.Invalid):
    """The shape of the request is not what the contract says."""


@domain_error
class AuthorizationRepeated(errors.Malformed):
    """A request says once who asks: it has one Authorization header, or none."""


@domain_error
class HeadersTooLarge(errors.HeadTooLarge):
    """The request's address and headers together are larger than the limit."""

    limit_bytes: int
    """The most bytes that are read."""


@domain_error
class RequestUnreadable(errors.Malformed):
    """What was sent is no request of HTTP/1.1."""


@domain_error
class MethodNotAllowed(errors.WrongMethod):
    """The path exists, but not with this method."""


@domain_error
class InternalError(errors.Defect):
    """A defect of the program."""


_OAUTH_WORDS: Mapping[type[MallError], str] = {
    InvalidClient: "invalid_client",
    InvalidGrant: "invalid_grant",
    InvalidScope: "invalid_scope",
    UnsupportedGrantType: "unsupported_grant_type",
    errors.TooMany: "slow_down",
    errors.Unavailable: "temporarily_unavailable",
    errors.Defect: "server_error",
}


class NotModified(Exception):
    """The reader has the newest version."""

    def __init__(self, headers: dict[str, str]) -> None:
        self.headers = headers


def is_oauth(path: str) -> bool:
    """Whether refusals at a path leave as OAuth clients expect them (RFC 6749), also where nothing is there."""
    return path.startswith("/v1/oauth/")


def status_of(kind: type[MallError]) -> int:
    """The HTTP status of a fact."""
    return next(status for base, status in STATUS.items() if issubclass(kind, base))


def refuses(*kinds: type[MallError]) -> dict[int | str, dict[str, Any]]:
    """The refusals that are a route's own, as it takes them; what it shares with others comes from its dependencies."""
    by_status: dict[int | str, dict[str, Any]] = {}
    for each in kinds:
        by_status.setdefault(status_of(each), {"x-codes": []})["x-codes"].append(each.code)
    return by_status


def all_facts(base: type[MallError] = MallError) -> Iterator[type[MallError]]:
    """Every named fact of the program."""
    for each in base.__subclasses__():
        if each.code:
            yield each
        yield from all_facts(each)


def in_words(error: MallError, language: Language) -> str:
    """What happened, for people."""
    facts = {name: _said(value, language, name) for name, value in error.facts().items()}
    return DETAILS[error.code][language.value].format(**facts)


def _said(value: object, language: Language, name: str = "") -> object:  # noqa: PLR0911  # one a kind
    """A fact within a sentence: a text in the reader's language, an instant by the mall's clock."""
    match value:
        case None | []:
            return (UNKNOWN if name.endswith("_at") else NOTHING)[language.value]
        case datetime():
            return f"{value:%Y-%m-%d %H:%M}"
        case {"text": text, "starts_on": first, "ends_on": last}:
            days = f"{first}" if first == last else f"{first} / {last or '..'}"
            return f"{text[language.value]} ({days})"
        case Mapping():
            return value[language.value]
        case Role() | DeviceKind() | Scope() | Anyone() if value in PARTS:
            return PARTS[value][language.value]
        case str() if value in SAID:
            return SAID[value][0 if language is Language.ID else 1]
        case list() | tuple():
            return "; ".join(dict.fromkeys(str(_said(each, language)) for each in value))
        case _:
            return value


def language_of(request: Request) -> Language:
    """The language asked for: Indonesian unless English is preferred."""
    wanted: list[tuple[float, str]] = []
    for part in request.headers.get("accept-language", "").split(","):
        tag, _, rest = part.strip().partition(";")
        try:
            weight = float(rest.partition("=")[2]) if rest else 1.0
        except ValueError:
            weight = 0.0
        primary = tag.split("-")[0].lower()
        if primary in ("id", "en") and weight > 0:
            wanted.append((weight, primary))
    return Language(max(wanted, key=lambda each: each[0])[1]) if wanted else Language.ID


def problem_of(request: Request, error: MallError, parts: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """What a fact is on the wire."""
    language, where = language_of(request), error.where()
    detail = in_words(error, language)
    if parts is None:
        parts = [{"pointer": where, "code": error.code, "detail": detail}] if where is not None else []
    return {
        "type": f"/problems/{error.code}",
        "title": TITLES[error.code][language.value],
        "status": status_of(type(error)),
        "detail": detail,
        "instance": request.url.path,
        "code": error.code,
        "request_id": request.scope.get("request_id", ""),
        "errors": parts,
        **jsonable_encoder(error.facts(), custom_encoder={datetime: in_utc}),
    }


def problem(request: Request, error: MallError, parts: list[dict[str, Any]] | None = None) -> JSONResponse:
    """The answer that a fact becomes."""
    body, language = problem_of(request, error, parts), language_of(request)
    return JSONResponse(body, body["status"], _headers(error, language, "Bearer"), media_type=MEDIA)


def _headers(error: MallError, language: Language, scheme: str) -> dict[str, str]:
    """The headers of a refusal; `scheme` is how one shows here who one is."""
    headers, facts = {"Content-Language": language.value, "Vary": "Accept-Language"}, error.facts()
    if RETRY_AFTER in facts:
        headers["Retry-After"] = str(facts[RETRY_AFTER])
    if isinstance(error, errors.Unauthenticated):
        headers["WWW-Authenticate"] = _challenge(error, scheme)
    if isinstance(error, errors.TooSlow):
        headers["Connection"] = "close"  # what still comes is no request
    return headers


def _challenge(error: MallError, scheme: str) -> str:
    """How to show who one is. Where no credentials were shown, no error is named (RFC 6750 section 3.1)."""
    plain = f'{scheme} realm="mpp"'
    if isinstance(error, TokenExpired | TokenInvalid):
        return f'{plain}, error="invalid_token", error_description="{in_words(error, Language.EN)}"'
    return plain


def oauth_word(kind: type[MallError]) -> str:
    """The word that OAuth clients know (RFC 6749 section 5.2), or the nearest to it."""
    return next((word for base, word in _OAUTH_WORDS.items() if issubclass(kind, base)), "invalid_request")


def oauth_problem(request: Request, error: MallError, parts: Sequence[Mapping[str, Any]] = ()) -> JSONResponse:
    """A refusal as OAuth clients expect it (RFC 6749 section 5.2): 400, or the kind's status where it has no word."""
    language, status = language_of(request), status_of(type(error))
    body = {
        "error": oauth_word(type(error)),
        "error_description": " ".join(f"{each['pointer'][1:]}: {each['detail']}" for each in parts)
        or in_words(error, language),
        "code": error.code,
        "request_id": request.scope.get("request_id", ""),
    }
    return JSONResponse(body, 400 if status == STATUS[errors.Invalid] else status, _headers(error, language, "Basic"))


def answer_to(request: Request, error: MallError, parts: list[dict[str, Any]] | None = None) -> Response:
    """The answer that a fact becomes, in the shape that the path's clients expect.

    Who asks for a stream is told in one what waiting mends.
    """
    if is_oauth(request.scope["path"]):
        return oauth_problem(request, error, parts or ())
    answer = problem(request, error, parts)
    if isinstance(error, MENDED_BY_WAITING) and request.scope.get(IS_STREAM) and reads_events(request):
        return refused(answer, error.facts().get(RETRY_AFTER, 1))
    return answer


def misshapen(request: Request, error: RequestValidationError) -> Response:
    """The answer to a request that is not of the shape that the contract says."""
    return answer_to(request, InvalidRequest(), [_part(each, language_of(request)) for each in error.errors()])


def install(app: FastAPI) -> None:
    """Let every refusal of the program leave as a problem."""

    @app.exception_handler(MallError)
    async def named(request: Request, error: MallError) -> Response:
        if isinstance(error, errors.Unavailable):
            log.warning("%s: %s", error.code, error.__cause__ or error.__context__)
        return answer_to(request, error)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        return misshapen(request, error)

    @app.exception_handler(HTTPException)
    async def unrouted(request: Request, error: HTTPException) -> Response:
        if error.status_code == STATUS[errors.WrongMethod]:
            answer = answer_to(request, MethodNotAllowed())
            answer.headers["Allow"] = (error.headers or {}).get("Allow", "GET, HEAD")  # files do not say it themselves
            return answer
        if error.status_code == STATUS[errors.NotFound]:
            return answer_to(request, NotThere(thing="path"))
        if error.status_code == STATUS[errors.Malformed]:  # a body that is no JSON, or a form of too many members
            return answer_to(request, InvalidRequest())
        return answer_to(request, InternalError())

    @app.exception_handler(NotModified)
    async def known(_: Request, fresh: NotModified) -> Response:
        return Response(status_code=304, headers=fresh.headers)


def _part(error: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """One complaint of the validation, with a pointer into the body or the name of the parameter."""
    where, *path = error["loc"]
    if where == "body":
        at = [str(each).replace("~", "~0").replace("/", "~1") for each in path]
        pointer = "" if error["type"] == "json_invalid" else "".join(f"/{each}" for each in at)
    else:
        pointer = f"#{where}/{'/'.join(str(each) for each in path)}"
    return {"pointer": pointer, "code": error["type"], "detail": complaint(error, language)}
