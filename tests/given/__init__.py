"""A mall for a test, and the cast that plays in it.

Everything is built as life builds it: through the HTTP API, or through the actions where there is no operation yet
(accounts that sign in with no password). No test begins in a state that the program cannot reach.

Each area has a file here, named as everywhere, with what can be done there in a test's mall; `malls.py` puts them
together.
"""

from tests.given.agreements import signature
from tests.given.asking import ANY, Asker, Json, code_of, forgotten, must_refuse, must_show
from tests.given.base import Agency, names
from tests.given.clients import ALL_SCOPES, showing
from tests.given.counting import counted
from tests.given.journals import held
from tests.given.malls import ALWAYS, Given, Mall
from tests.given.webhooks import CALLED, ISSUED, PINGED, hook

__all__ = [
    "ALL_SCOPES",
    "ALWAYS",
    "ANY",
    "CALLED",
    "ISSUED",
    "PINGED",
    "Agency",
    "Asker",
    "Given",
    "Json",
    "Mall",
    "code_of",
    "counted",
    "forgotten",
    "held",
    "hook",
    "must_refuse",
    "must_show",
    "names",
    "showing",
    "signature",
]
