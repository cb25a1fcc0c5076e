"""What is known of Samarinda's mall, with its sources: `samarinda.json`."""

import json
from functools import cache
from pathlib import Path
from typing import Any


@cache
def samarinda() -> dict[str, Any]:
    """The mall, its agencies, their services and counters. Read when it is first needed."""
    data: dict[str, Any] = json.loads((Path(__file__).parent / "samarinda.json").read_text("utf-8"))
    return data
