"""Problems on the wire."""

from typing import Annotated

from pydantic import ConfigDict, Field

from app.schemas.base import LocalizedText, Output


class ProblemError(Output):
    """One thing that is wrong with the request."""

    pointer: str | None
    """JSON Pointer into the body (`/starts_on`), or `#query/limit`-like for a parameter; null for the whole."""
    code: str
    """Stable, never translated."""
    detail: str
    """For people, in the language asked for."""


class Problem(Output):
    """Every refusal. The facts of its error are further members."""

    model_config = ConfigDict(extra="allow", use_attribute_docstrings=True)

    type: Annotated[str, Field(json_schema_extra={"format": "uri-reference"})]
    """A page of this API that explains the code."""
    title: str
    status: int
    detail: str
    instance: str
    """The path that was asked for."""
    code: str
    """Stable, snake_case, never translated."""
    request_id: str
    errors: list[ProblemError]


class Explanation(Output):
    """What a problem's code means."""

    code: str
    status: int
    title: LocalizedText
    detail: LocalizedText


class OAuthProblem(Output):
    """A refusal of the OAuth endpoints (RFC 6749 section 5.2)."""

    error: str
    error_description: str
    code: str
    request_id: str
