"""A hook of Schemathesis: nobody shuts out, or gives another password to, the account that asks.

The dictionaries leave it out already; but what one answer shows, the stateful phase asks about next.
"""

import os
from typing import Any

import schemathesis

OWN = os.environ.get("MPP_FUZZ_OWN_ACCOUNT")
NOBODY = "00000000-0000-7000-8000-000000000000"


@schemathesis.hook
def before_call(context: schemathesis.HookContext, case: schemathesis.Case[Any], kwargs: dict[str, Any]) -> None:
    """Ask about an account that is not there instead."""
    if OWN and case.path_parameters and case.path_parameters.get("account_id") == OWN:
        case.path_parameters["account_id"] = NOBODY
