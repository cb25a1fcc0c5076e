"""The board on the wire."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.domain.names import Language
from app.domain.tickets import TicketStatus
from app.schemas.base import Instant, LocalizedText, MaybeProblemCode, Output
from app.schemas.calendar import Reasons


class CallText(Output):
    """A call in one language."""

    sentence: str
    """The whole call, to show or to speak."""
    tokens: list[str]
    """What to speak, one recording each: a word in small letters or one capital letter, never a digit or a mark.
    `get_board_words` lists all that can come."""


class CallTexts(Output):
    """A call in both languages."""

    id: CallText
    """The call in Indonesian."""
    en: CallText
    """The call in English."""


class CalledTicket(Output):
    """A number on the board."""

    number: str
    status: TicketStatus
    """Whether it is called or served now, or what it is since."""
    counter_id: UUID
    counter_code: str
    counter_name: LocalizedText
    location_id: UUID
    """The building that the counter stands in."""
    floor: str
    """The code of the counter's floor."""
    service_id: UUID
    language: Language
    """The visitor's language: the one to speak first, or alone."""
    called_at: Instant
    """Changes with every call and recall: a display sounds when it does."""
    call_count: int
    """Calls and recalls at its service so far, those before a return included."""
    text: CallTexts
    """The call in words, in both languages."""


class BoardWords(Output):
    """All tokens of the calls of a mall, by language, in alphabetical order."""

    id: Annotated[list[str], Field(examples=[["A", "B", "C", "antrean", "loket", "menuju", "nol", "satu", "silakan"]])]
    """The tokens of calls in Indonesian."""
    en: Annotated[list[str], Field(examples=[["A", "B", "C", "counter", "go", "one", "please", "to", "zero"]])]
    """The tokens of calls in English."""


class BoardService(Output):
    """A service's queue on the board."""

    service_id: UUID
    code: str
    name: LocalizedText
    agency_id: UUID
    waiting: int
    """How many wait and may be called; who is elsewhere (`waiting_elsewhere`) is not counted."""
    closed_code: MaybeProblemCode
    """Why nothing is issued, as a problem's code; null: it is open."""
    closed_reason: str | None
    """The same for people, in the language asked for; null: it is open."""
    reasons: Reasons
    next_opening_at: Instant | None
    """When it opens next; null: it is open, or it is not known when."""


class Board(Output):
    """What displays show. Numbers only, never names."""

    service_day: date
    """The mall's local date that the board shows."""
    sequence: int
    """The sequence of the last journal entry that this board shows."""
    changes_at: Instant | None
    """When it next changes by the clock alone, if nothing else happens before; null: it is not known."""
    now_serving: list[CalledTicket]
    """Tickets that are called or served, by the code of their counter."""
    recently_called: list[CalledTicket]
    """The last tickets that were called, also those at a counter now, the latest first; at most ten."""
    services: list[BoardService]
    """Every service that kiosks draw, with its queue."""


class BoardChange(Output):
    """What has changed on a board: what it does not show is as before.

    The new board is the old one with these members; both lists are made of the tickets that are known by then, and each
    service takes the place of the one with its `service_id`.
    """

    service_day: date
    """The mall's local date that the board shows."""
    sequence: int
    """The sequence of the last journal entry that the board shows now."""
    changes_at: Instant | None
    """When it next changes by the clock alone, if nothing else happens before; null: it is not known."""
    tickets: list[CalledTicket]
    """The tickets of both lists that are new on the board or not as before, whole. One that was called has a new
    `called_at`."""
    now_serving: list[str]
    """The numbers that are called or served now, by the code of their counter."""
    recently_called: list[str]
    """The numbers that were called last, the latest first."""
    services: list[BoardService]
    """The services that are not as before."""
