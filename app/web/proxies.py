"""Whose request it is when proxies stand between: only those that the settings name are believed."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from fastapi import Request

Network = IPv4Network | IPv6Network
_FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip", "via")
_SUBSCRIBER = 64
"""An IPv6 subscriber has all addresses below such a prefix, and could take a new one for each request."""


def client_of(request: Request, trusted: tuple[Network, ...]) -> str:
    """The peer's address, or the one that a named proxy reports; of an IPv6 address its network."""
    peer = request.client.host if request.client else ""
    if not trusted:
        return _counted(peer)
    # several header lines are one list: a proxy may add its own line below the client's
    return _behind(peer, ",".join(request.headers.getlist("x-forwarded-for")), trusted)


def is_local(request: Request) -> bool:
    """Whether the machine itself asks: a loopback peer that passes nobody's request on."""
    peer = _read(request.client.host) if request.client else None
    return peer is not None and peer.is_loopback and not any(name in request.headers for name in _FORWARDED)


@lru_cache(maxsize=4096)
def _behind(peer: str, hops: str, trusted: tuple[Network, ...]) -> str:
    """Walk from the peer outwards, as long as each is a named proxy that says who came before it."""
    client = peer
    for hop in (each.strip() for each in reversed(hops.split(","))):
        at = _read(client)
        if at is None or not any(at in network for network in trusted) or _read(hop) is None:
            break
        client = hop
    return _counted(client)


@lru_cache(maxsize=4096)
def _counted(address: str) -> str:
    read = _read(address)
    if isinstance(read, IPv6Address):
        return str(IPv6Network((read, _SUBSCRIBER), strict=False))
    return str(read) if read else address


def _read(hop: str) -> IPv4Address | IPv6Address | None:
    """An address as proxies write it: bare, `[…]:port` or `1.2.3.4:port`."""
    bare = hop[1:].partition("]")[0] if hop.startswith("[") else hop.partition(":")[0] if "." in hop else hop
    if hop.lower().startswith("::ffff:"):
        bare = hop
    try:
        read = ip_address(bare)
    except ValueError:
        return None
    return (isinstance(read, IPv6Address) and read.ipv4_mapped) or read
