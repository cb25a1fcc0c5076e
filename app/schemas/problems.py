"""Problems on the wire."""

from typing import Annotated

from pydantic import Field

from app.schemas.base import LocalizedText, Output, ProblemCode


class ProblemError(Output):
    """One thing that is wrong with the request."""

    pointer: str | None
    """JSON Pointer into the body (`/starts_on`), or `#query/limit`-like for a parameter; null for the whole."""
    code: str
    """Stable, never translated."""
    detail: str
    """For people, in the language asked for."""


class ProblemMembers(Output):
    """What every refusal has."""

    type: Annotated[str, Field(json_schema_extra={"format": "uri-reference"})]
    """A page of this API that explains the code, in both languages."""
    title: str
    """What happened, in a few words, in the language asked for."""
    status: int
    """The HTTP status of the answer."""
    detail: str
    """What happened, in a sentence, in the language asked for."""
    instance: str
    """The path that was asked for."""
    request_id: str
    """The request's id, as in `X-Request-Id`: name it when you ask for help."""
    errors: list[ProblemError]
    """What is wrong with the request, one by one; empty where it is no single member or parameter."""


class Problem(ProblemMembers):
    """A refusal of any code. A client that meets a code it does not know shows `title` and `detail`."""

    code: ProblemCode
    """Stable, never translated. Later versions may have more codes."""


class Explanation(Output):
    """What a problem's code means."""

    code: ProblemCode
    """The code that is explained."""
    status: int
    """The HTTP status that it comes with."""
    title: LocalizedText
    """What happened, in a few words."""
    detail: LocalizedText
    """What happened, in a sentence; a member in braces stands for a fact of the problem."""


class OAuthProblem(Output):
    """A refusal of the OAuth endpoints (RFC 6749 section 5.2)."""

    error: str
    """The word that OAuth clients know, such as `invalid_grant`."""
    error_description: str
    """What happened, in a sentence, in the language asked for."""
    code: ProblemCode
    """The same as in other refusals, finer than `error`."""
    request_id: str
    """The request's id, as in `X-Request-Id`: name it when you ask for help."""
