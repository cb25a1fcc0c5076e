"""What a route declares of its refusals, so that the document and the tests know them."""

from typing import Any

from app.errors import MallError
from app.web.problems import status_of


def refuses(*facts: type[MallError]) -> dict[int | str, dict[str, Any]]:
    """The refusals that are this operation's own; what all share is added in `web/openapi.py`."""
    by_status: dict[int | str, dict[str, Any]] = {}
    for each in facts:
        by_status.setdefault(status_of(each), {"x-codes": []})["x-codes"].append(each.code)
    return by_status
