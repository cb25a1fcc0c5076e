"""Health on the wire."""

from app.schemas.base import Output


class Liveness(Output):
    """The process runs."""

    status: str
    """`pass`: it answers."""


class Readiness(Output):
    """Whether requests can be served."""

    status: str
    """`pass`, or `fail` with a 503."""
    checks: dict[str, str] | None
    """What was checked; null for callers who may not read `/metrics`."""
