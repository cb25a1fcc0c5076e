"""What belongs to one running program, in one place; requests reach it through their application."""

from collections.abc import Callable
from dataclasses import dataclass, field

from fastapi import FastAPI

from app.auth.authentication import Authentication
from app.auth.issuing import WebVisitors
from app.auth.sign_in import SignIn
from app.auth.signing_keys import SigningKeys
from app.auth.visitors import PhoneCodes
from app.database import Database
from app.domain.statistics import LiveDays
from app.feed import Feed
from app.security.passwords import Passwords
from app.web.board_streams import BoardStreams
from app.web.boards import Boards
from app.web.etags import Encoded
from app.web.kept_pages import KeptPages
from app.web.limits import Limits
from app.web.malls import Malls
from app.web.metrics import Metrics
from app.web.proxies import Network
from app.web.streams import Streams
from app.web.ticket_streams import TicketStreams


@dataclass(kw_only=True)
class AppContext:
    """One running program."""

    database: Database
    feed: Feed
    authentication: Authentication
    sign_in: SignIn
    web_visitors: WebVisitors
    phone_codes: PhoneCodes
    signing_keys: SigningKeys
    passwords: Passwords
    malls: Malls
    boards: Boards
    kept_pages: KeptPages
    streams: Streams
    board_streams: BoardStreams
    ticket_streams: TicketStreams
    limits: Limits
    metrics: Metrics
    server_key: bytes
    """What claim codes and fingerprints are made with."""
    trusted_proxies: tuple[Network, ...]
    metrics_token: str | None
    migration_head: str
    """The schema that this program is written for."""
    document: Callable[[], Encoded]
    """The contract, as it is published."""
    development: bool
    webhooks_to_loopback: bool
    """Whether a webhook may go to this machine itself."""
    examples: bool
    """Whether the screens to copy are served, too."""
    live_days: LiveDays = field(default_factory=LiveDays)
    """The statistics of days that go on."""
    pages: dict[str, Encoded] = field(default_factory=dict)
    """Pages for people that were asked for, by path: they follow from the program alone."""
    head_seconds: float = 10
    """How long a connection may take to ask for something: a request's address and headers."""
    body_seconds: float = 30
    """How long the body of a request may take; one that is read as a stream, longer by its size."""
    send_seconds: float = 30
    """After so long whoever does not take an answer is let go."""
    stopping: bool = False
    """Somebody has told the process to end."""


def context_of(app: FastAPI) -> AppContext:
    """The running program's context: all that `app.state` holds."""
    context: AppContext = app.state.context
    return context
