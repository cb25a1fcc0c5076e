"""Webhooks: the events of a mall, sent to a system's address one after another until it has taken them.

An address is a name or a number on the public internet, reached by https. It is judged twice: by its words when it is
registered, and by the number that it leads to each time that a connection is made.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from app.errors import Conflict, Invalid, domain_error

MOST_WEBHOOKS = 20
"""How many of an agency, or of the mall itself, may be there at once; retired ones do not count."""
OVERLAP_HOURS, LONGEST_OVERLAP_HOURS = 24, 7 * 24
"""How long an old secret signs beside the new one: by default, and at most."""
LOOPBACK_NAMES = ("localhost", "127.0.0.1")
_PRIVATE_NAMES = ("localhost", "local", "internal", "intranet", "private", "corp", "home", "lan", "home.arpa", "arpa")
"""Names, and what ends in them, that lead to something else on each network."""
_LONGEST_NAME = 253
_OTHERS_IN_IT = tuple(map(ip_network, ("::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))
"""IPv6 addresses that stand for one of IPv4: the compatible, NAT64, 6to4 and Teredo. Nobody's receiver has one."""
_NOT_PUBLIC = tuple(
    map(ip_network, ("100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32", "fec0::/10"))
)
"""Shared by carriers (some clouds' metadata among it), reserved, and one cloud's own server under a public number."""


class WebhookStatus(StrEnum):
    """Whether a webhook is sent events."""

    ACTIVE = "active"
    DISABLED = "disabled"
    """Nothing is sent; what happens meanwhile waits in the journal."""
    RETIRED = "retired"


class DisabledBecause(StrEnum):
    """Why a webhook was disabled."""

    ASKED = "asked"
    """Somebody who manages it wanted so."""
    GONE = "gone"
    """Its receiver has answered 410."""
    FAILING = "failing"
    """Its receiver has taken nothing for days."""


class Backlog(StrEnum):
    """What becomes of the events that a disabled webhook was not sent."""

    SEND = "send"
    SKIP = "skip"


class AddressFault(StrEnum):
    """Why a webhook cannot have an address."""

    MALFORMED = "malformed"
    NOT_HTTPS = "not_https"
    CREDENTIALS = "credentials"
    PRIVATE = "private"


@domain_error
class WebhookAddressNotAllowed(Invalid):
    """A webhook goes to a public https address without a user name in it."""

    pointer = "/url"
    fault: AddressFault
    """What is wrong: `malformed`, `not_https`, `credentials` (a user name in it), `private` (no public name)."""


@domain_error
class TooManyWebhooks(Conflict):
    """An agency, or the mall itself, has so many webhooks that are not retired already."""

    most: int
    """How many there may be."""


@dataclass(frozen=True)
class Address:
    """Where a webhook goes, taken apart."""

    secure: bool
    host: str
    port: int
    target: str
    """What stands in the request: path and query."""

    @property
    def authority(self) -> str:
        """The host as the request names it."""
        return self.host if self.port == (443 if self.secure else 80) else f"{self.host}:{self.port}"


def address_of(url: str, *, loopback: bool) -> Address:
    """The address, judged by its words. `loopback`: a receiver on this machine, without https, is one too.

    Raises WebhookAddressNotAllowed.
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        raise WebhookAddressNotAllowed(fault=AddressFault.MALFORMED) from None
    if not url.isascii() or not url.isprintable() or " " in url or parts.fragment or port == 0 or "\\" in url:
        raise WebhookAddressNotAllowed(fault=AddressFault.MALFORMED)
    if "@" in parts.netloc:
        raise WebhookAddressNotAllowed(fault=AddressFault.CREDENTIALS)
    here = loopback and host in LOOPBACK_NAMES
    if parts.scheme != "https" and not (parts.scheme == "http" and here):
        raise WebhookAddressNotAllowed(fault=AddressFault.NOT_HTTPS)
    if not here:
        _must_be_public_name(host)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    secure = parts.scheme == "https"
    return Address(secure, host, port or (443 if secure else 80), target)


def _must_be_public_name(host: str) -> None:
    try:
        named = ip_address(host)
    except ValueError:
        labels = host.split(".")
        sound = all(each and each.replace("-", "").replace("_", "").isalnum() and len(each) < 64 for each in labels)  # noqa: PLR2004  # a label is that short
        if not sound or len(host) > _LONGEST_NAME or labels[-1][0].isdigit():  # 127.1 and 0x7f.1 are numbers
            raise WebhookAddressNotAllowed(fault=AddressFault.MALFORMED) from None
        if len(labels) == 1 or any(host == each or host.endswith(f".{each}") for each in _PRIVATE_NAMES):
            raise WebhookAddressNotAllowed(fault=AddressFault.PRIVATE) from None
        return
    if not is_public(named):
        raise WebhookAddressNotAllowed(fault=AddressFault.PRIVATE)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether a number is somebody's on the public internet: not this machine's, this network's, or nobody's."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return is_public(address.ipv4_mapped)
    if isinstance(address, IPv6Address) and address.scope_id:
        return False
    reserved = address.is_multicast or address.is_reserved or address.is_loopback or address.is_link_local
    apart = any(address in network for network in (*_OTHERS_IN_IT, *_NOT_PUBLIC) if network.version == address.version)
    return address.is_global and not reserved and not apart


def must_be_public(numbers: Sequence[str], *, loopback: bool) -> None:
    """Of the numbers that a name leads to, each one. Raises WebhookAddressNotAllowed."""
    for each in map(ip_address, numbers):
        if not is_public(each) and not (loopback and each.is_loopback):
            raise WebhookAddressNotAllowed(fault=AddressFault.PRIVATE)


def must_be_few(known: int) -> None:
    """Raise TooManyWebhooks."""
    if known >= MOST_WEBHOOKS:
        raise TooManyWebhooks(most=MOST_WEBHOOKS)
