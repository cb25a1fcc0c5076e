"""Finding an operation: the last one of the document beside the first with as many segments and parameters.

Only the look-up is timed, in this process: beside a whole request nobody would see it.
"""

import re
import time
from statistics import median
from uuid import uuid4

from app.main import create_app
from app.settings import Settings
from app.web.routing import RouteIndex, operations
from bench.stage import KEY

HEAD = ("| finding an operation | last, µs | first, µs | ratio | goal ≤ | reached |", "|---|---|---|---|---|---|")
TIMES = 20_000
GOAL = 1.05
_PARAMETER = re.compile(r"\{\w+\}")


def line(rounds: int) -> str:
    """As the table shows it: medians of interleaved rounds."""
    app = create_app(Settings(demo=False), "postgresql://nobody@127.0.0.1/nothing", KEY.encode())
    index = RouteIndex(app)
    index.begin()
    asked = [(min(each.methods), each.path) for each in operations(app) if each.route.include_in_schema]
    like_the_last = [each for each in asked if _shape(each[1]) == _shape(asked[-1][1])]
    seen = [(_seconds(index, *asked[-1]), _seconds(index, *like_the_last[0])) for _ in range(rounds)]
    last, first = (median(each) * 1e6 / TIMES for each in zip(*seen, strict=True))
    ratio = median(one / other for one, other in seen)
    name, reached = f"the last of {len(asked)} beside the first like it", "yes" if ratio <= GOAL else "no"
    return f"| {name} | {last:.2f} | {first:.2f} | {ratio:.2f} | {GOAL} | {reached} |"


def _shape(path: str) -> list[bool]:
    return [bool(_PARAMETER.fullmatch(each)) for each in path.split("/")]


def _seconds(index: RouteIndex, method: str, path: str) -> float:
    scope = {"type": "http", "method": method, "path": _PARAMETER.sub(str(uuid4()), path)}
    began = time.perf_counter()
    for _ in range(TIMES):
        index.look_up(scope)
    return time.perf_counter() - began
