"""Events on the wire: CloudEvents 1.0, the same envelope in the log, on streams and in webhooks."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from app.domain.callers import CallerKind
from app.domain.events import TOLD
from app.schemas.base import Instant, Output


class EventType(StrEnum):
    """The types of all events that are told. Later versions may have more."""

    vars().update({event.name: event.wire for event in TOLD.values()})


class EventMembers(Output):
    """What every event says."""

    specversion: Literal["1.0"]
    """The version of CloudEvents."""
    id: str
    """Its place in the mall's journal, which is the cursor behind it; the same event always has the same."""
    source: Annotated[str, Field(json_schema_extra={"format": "uri-reference"})]
    """The mall in which it happened, by its path. An id is unique within it."""
    type: str
    """What has happened: its subject and a past verb, with the version of its data."""
    subject: str
    """The id of the thing that it is about; of a day its date, of a mall its slug."""
    time: Instant
    """When it happened."""
    datacontenttype: Literal["application/json"]
    """The media type of `data`."""
    serviceday: date
    """The service day to which it belongs, local to the mall."""
    journalsequence: int
    """Which entry of the mall's journal it is. The board's `sequence` says how far it is."""
    agencyid: UUID | None
    """The agency that it belongs to; null: the mall."""
    actorkind: CallerKind | None
    """What sort of caller did it; null: you are told only that the board changes."""
    actorid: UUID | None
    """The account, device or client that did it; null: the public or the program did, or you are not told."""


class Event(EventMembers):
    """Something that has happened in a mall (CloudEvents 1.0).

    Its type says which schema of this document it has: `id.mpp.ticket.called.v1` is a `TicketCalledEvent`.
    """

    type: Annotated[EventType | str, Field(union_mode="left_to_right")]
    """What has happened. A client passes over types that it does not know."""
    data: dict[str, Any]
    """What is recorded of it; a display, which is told only that the board changes, finds nothing in it."""


class EventPage(Output):
    """Events in the order of the journal, and the place up to which it was looked through."""

    data: list[Event]
    """The events of this page, in the order in which they happened."""
    next_cursor: str
    """The `after` to go on with, now or whenever there is more; never null."""
    has_more: bool
    """Whether the journal goes on behind this place by now: then ask again at once, even where `data` is empty."""
