"""A client of the mall's API: `connect` makes it, the rest makes long lists, lost answers and streams easy.

The operations are in `mpp_client.generated.api`, one module each, what they take and answer in
`mpp_client.generated.models`.
"""

from typing import Any, cast

from mpp_client.answers import Refused, every, must
from mpp_client.generated import AuthenticatedClient, Client
from mpp_client.retries import Retrying
from mpp_client.streams import StreamEvent, follow

__all__ = ["AuthenticatedClient", "Client", "Refused", "Retrying", "StreamEvent", "connect", "every", "follow", "must"]


def connect(base_url: str, token: str | None = None, *, language: str = "id", **more: Any) -> AuthenticatedClient:
    """A client with a key or access token, or without; what else `httpx.Client` takes may be given, too.

    Generated operations ask for an `AuthenticatedClient` also where anybody may come, so that is what it is called.
    """
    given = {"transport": Retrying(), **more}
    headers = {"Accept-Language": language}
    if token is None:
        return cast("AuthenticatedClient", Client(base_url=base_url, headers=headers, httpx_args=given))
    return AuthenticatedClient(base_url=base_url, token=token, headers=headers, httpx_args=given)
