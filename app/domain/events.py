"""The catalogue of events: everything that an entry of a journal can say has happened.

A name is `<subject>.<past verb>`. The subject is the row that the entry is about. Records are `created`, `changed` and
`deleted`; an act has the verb that it has in its path, operation, action, lifecycle and row, which a test compares.
Names are only ever added: a published one keeps its meaning and the members of its data.
"""

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple, Self
from uuid import UUID

from app.domain import event_data as data
from app.domain import event_data_calendar as hours
from app.domain import event_data_joining as joining
from app.domain import event_data_people as people
from app.domain.callers import Caller, CallerKind
from app.domain.errors import InvalidCursor
from app.domain.malls import MallRef
from app.domain.roles import Permission
from app.errors import Conflict, domain_error


class Audience(StrEnum):
    """Who is told of an event. Whoever stands further down is told as well."""

    BOARD = "board"
    """Whoever looks at the public board, or at what can be issued now: it changes. The entry is for the agency."""
    AGENCY = "agency"
    """The people of the entry's agency; of every agency of the mall where the entry names none."""
    OWNER = "owner"
    """The people of the entry's agency; of the mall alone where the entry names none."""
    MALL = "mall"
    """The people of the mall whose journal it is; in the platform's journal, those of the platform."""
    PLATFORM = "platform"
    """The people who run the deployment."""


class Subject(StrEnum):
    """What an entry can be about."""

    ACCOUNT = "account"
    AGENCY = "agency"
    AGREEMENT = "agreement"
    CALENDAR = "calendar"
    CALENDAR_EXCEPTION = "calendar_exception"
    CALENDAR_PERIOD = "calendar_period"
    CLIENT = "client"
    CLOSURE = "closure"
    COUNTER = "counter"
    DAY = "day"
    """A service day of the mall: it has no row, and the entry itself names it."""
    DEVICE = "device"
    HOLIDAY = "holiday"
    INVITATION = "invitation"
    LOCATION = "location"
    MALL = "mall"
    NUMBER_BLOCK = "number_block"
    NUMBER_SERIES = "number_series"
    ROLE = "role"
    SERVICE = "service"
    SIGNING_KEY = "signing_key"
    TICKET = "ticket"
    VISIT = "visit"
    WEBHOOK = "webhook"


class Event(StrEnum):
    """Everything that can happen, with its audience and the type of its data."""

    audience: Audience
    data: type[Any]
    members: frozenset[str]
    """The members of its data: an entry has all of them and no other."""
    subject: Subject
    wire: str
    """Its type as others are told of it: a CloudEvents type, with a version."""

    def __new__(cls, name: str, audience: Audience, shape: type[Any]) -> Self:
        """Make a member that is its name."""
        made = str.__new__(cls, name)
        made._value_ = name
        made.audience, made.data, made.members = audience, shape, frozenset(shape.__annotations__)
        made.subject = Subject(name.partition(".")[0])
        made.wire = f"id.mpp.{name}.v1"
        return made

    TICKET_ISSUED = "ticket.issued", Audience.BOARD, data.TicketIssued
    TICKET_CALLED = "ticket.called", Audience.BOARD, data.TicketCalled
    TICKET_RECALLED = "ticket.recalled", Audience.BOARD, data.TicketData
    TICKET_STARTED = "ticket.started", Audience.BOARD, data.TicketData
    TICKET_HELD = "ticket.held", Audience.BOARD, data.TicketData
    TICKET_RETURNED = "ticket.returned", Audience.BOARD, data.TicketReturned
    TICKET_POSTPONED = "ticket.postponed", Audience.BOARD, data.TicketPostponed
    """Its visitor lets others go first."""
    TICKET_TRANSFERRED = "ticket.transferred", Audience.BOARD, data.TicketTransferred
    """It waits for another service, perhaps another agency's."""
    TICKET_COMPLETED = "ticket.completed", Audience.BOARD, data.TicketData
    TICKET_MARKED_NO_SHOW = "ticket.marked_no_show", Audience.BOARD, data.TicketData
    TICKET_CANCELLED = "ticket.cancelled", Audience.BOARD, data.TicketCancelled
    TICKET_NEARED = "ticket.neared", Audience.AGENCY, data.TicketNeared
    """Its turn is near: its place has fallen to the service's `near_places`, once a stay in the queue."""
    TICKET_PRINT_REPORTED = "ticket.print_reported", Audience.AGENCY, data.TicketPrintReported
    """Its paper has come out, or has not."""
    TICKET_REOPENED = "ticket.reopened", Audience.BOARD, data.TicketData
    """An officer or a manager has taken back that it was completed, cancelled or marked absent."""
    TICKET_EXPIRED = "ticket.expired", Audience.BOARD, data.TicketData
    VISIT_PLANNED = "visit.planned", Audience.MALL, data.VisitPlanned
    """Beside it, each of its tickets is issued; no agency is told of the others' tickets."""

    COUNTER_CREATED = "counter.created", Audience.BOARD, data.CounterServed
    COUNTER_CHANGED = "counter.changed", Audience.BOARD, data.CounterChanged
    COUNTER_RETIRED = "counter.retired", Audience.BOARD, data.CounterRetired
    COUNTER_OPENED = "counter.opened", Audience.BOARD, data.SessionData
    COUNTER_PAUSED = "counter.paused", Audience.BOARD, data.SessionPaused
    COUNTER_RESUMED = "counter.resumed", Audience.BOARD, data.SessionData
    COUNTER_TAKEN_OVER = "counter.taken_over", Audience.BOARD, data.SessionData
    """A colleague goes on in the officer's place, with the tickets that are there."""
    COUNTER_STARTED_CLOSING = "counter.started_closing", Audience.BOARD, data.SessionData
    """It serves the visitors who are waiting, then closes by itself."""
    COUNTER_CLOSED = "counter.closed", Audience.BOARD, data.SessionData

    SERVICE_CREATED = "service.created", Audience.BOARD, data.ServiceData
    SERVICE_CHANGED = "service.changed", Audience.BOARD, data.ServiceChanged
    SERVICE_RETIRED = "service.retired", Audience.BOARD, data.ServiceRetired
    SERVICE_ABSENCES_PARDONED = "service.absences_pardoned", Audience.AGENCY, data.ServiceAbsencesPardoned
    NUMBER_SERIES_CREATED = "number_series.created", Audience.AGENCY, data.NumberSeriesData
    NUMBER_SERIES_CHANGED = "number_series.changed", Audience.AGENCY, data.NumberSeriesChanged
    NUMBER_BLOCK_RESERVED = "number_block.reserved", Audience.MALL, data.NumberBlockData
    NUMBER_BLOCK_REPORTED = "number_block.reported", Audience.MALL, data.NumberBlockReported
    """Beside it, each of its tickets is issued."""
    NUMBER_BLOCK_EXPIRED = "number_block.expired", Audience.MALL, data.NumberBlockData
    """Its day ended before the kiosk reported: its numbers stay unused."""

    AGENCY_CREATED = "agency.created", Audience.AGENCY, joining.AgencyData
    AGENCY_CHANGED = "agency.changed", Audience.BOARD, joining.AgencyChanged
    AGENCY_RETIRED = "agency.retired", Audience.BOARD, joining.AgencyRetired
    INVITATION_CREATED = "invitation.created", Audience.AGENCY, joining.InvitationData
    INVITATION_ANSWERED = "invitation.answered", Audience.AGENCY, joining.InvitationData
    """The agency has committed, declined, or withdrawn its commitment: its status says which."""
    AGREEMENT_DRAFTED = "agreement.drafted", Audience.AGENCY, joining.AgreementData
    AGREEMENT_REVIEWED = "agreement.reviewed", Audience.AGENCY, joining.AgreementData
    """It was handed to the parties, for their review."""
    AGREEMENT_REJECTED = "agreement.rejected", Audience.AGENCY, joining.AgreementData
    AGREEMENT_SIGNED = "agreement.signed", Audience.BOARD, joining.AgreementData
    AGREEMENT_CORRECTED = "agreement.corrected", Audience.BOARD, joining.AgreementCorrected
    AGREEMENT_SUSPENDED = "agreement.suspended", Audience.BOARD, joining.AgreementSuspended
    AGREEMENT_REINSTATED = "agreement.reinstated", Audience.BOARD, joining.AgreementReinstated
    AGREEMENT_TERMINATED = "agreement.terminated", Audience.BOARD, joining.AgreementTerminated

    CALENDAR_CHANGED = "calendar.changed", Audience.BOARD, hours.CalendarChanged
    CALENDAR_DELETED = "calendar.deleted", Audience.BOARD, hours.CalendarData
    CALENDAR_PERIOD_CREATED = "calendar_period.created", Audience.BOARD, hours.CalendarPeriodData
    CALENDAR_PERIOD_CHANGED = "calendar_period.changed", Audience.BOARD, hours.CalendarPeriodChanged
    CALENDAR_PERIOD_DELETED = "calendar_period.deleted", Audience.BOARD, hours.CalendarPeriodData
    CALENDAR_EXCEPTION_CREATED = "calendar_exception.created", Audience.BOARD, hours.CalendarExceptionData
    CALENDAR_EXCEPTION_CHANGED = "calendar_exception.changed", Audience.BOARD, hours.CalendarExceptionChanged
    CALENDAR_EXCEPTION_DELETED = "calendar_exception.deleted", Audience.BOARD, hours.CalendarExceptionData
    CLOSURE_CREATED = "closure.created", Audience.BOARD, hours.ClosureData
    """From now on; what becomes of who waits is said in entries of their own."""
    CLOSURE_ENDED = "closure.ended", Audience.BOARD, hours.ClosureData
    HOLIDAY_CREATED = "holiday.created", Audience.BOARD, hours.HolidayData
    HOLIDAY_CHANGED = "holiday.changed", Audience.BOARD, hours.HolidayChanged
    HOLIDAY_DELETED = "holiday.deleted", Audience.BOARD, hours.HolidayData
    DAY_ENDED = "day.ended", Audience.BOARD, hours.DayEnded
    """The service day is over, or was ended by hand: its open tickets and counters were settled."""

    MALL_CREATED = "mall.created", Audience.PLATFORM, data.MallData
    """In the platform's journal; all else about a mall is in its own."""
    MALL_CHANGED = "mall.changed", Audience.AGENCY, data.MallChanged
    LOCATION_CREATED = "location.created", Audience.AGENCY, data.LocationData
    LOCATION_CHANGED = "location.changed", Audience.AGENCY, data.LocationChanged
    DEVICE_REGISTERED = "device.registered", Audience.MALL, people.DeviceData
    DEVICE_CHANGED = "device.changed", Audience.MALL, people.DeviceChanged
    DEVICE_REVOKED = "device.revoked", Audience.MALL, people.DeviceData
    CLIENT_REGISTERED = "client.registered", Audience.AGENCY, people.ClientData
    CLIENT_CHANGED = "client.changed", Audience.AGENCY, people.ClientChanged
    CLIENT_SECRET_ROTATED = "client.secret_rotated", Audience.AGENCY, people.ClientSecretRotated
    CLIENT_REVOKED = "client.revoked", Audience.AGENCY, people.ClientData
    WEBHOOK_REGISTERED = "webhook.registered", Audience.OWNER, people.WebhookData
    WEBHOOK_CHANGED = "webhook.changed", Audience.OWNER, people.WebhookChanged
    WEBHOOK_SECRET_ROTATED = "webhook.secret_rotated", Audience.OWNER, people.WebhookSecretRotated
    WEBHOOK_DISABLED = "webhook.disabled", Audience.OWNER, people.WebhookDisabled
    """By somebody who manages it, or by the program: its receiver wants nothing more, or has failed for days."""
    WEBHOOK_ENABLED = "webhook.enabled", Audience.OWNER, people.WebhookEnabled
    WEBHOOK_RETIRED = "webhook.retired", Audience.OWNER, people.WebhookData
    WEBHOOK_REPLAYED = "webhook.replayed", Audience.OWNER, people.WebhookReplayed
    WEBHOOK_PINGED = "webhook.pinged", Audience.OWNER, people.WebhookData
    """A test, which is sent to this webhook whatever types it has chosen."""

    ACCOUNT_CREATED = "account.created", Audience.MALL, people.AccountData
    """In the mall's journal with its first role there, or in the platform's."""
    ACCOUNT_CHANGED = "account.changed", Audience.MALL, people.AccountChanged
    ACCOUNT_DISABLED = "account.disabled", Audience.MALL, people.AccountData
    ACCOUNT_ENABLED = "account.enabled", Audience.MALL, people.AccountData
    ACCOUNT_PASSWORD_RESET = "account.password_reset", Audience.MALL, people.AccountData
    """Somebody who manages the account has given it another password."""
    ACCOUNT_PASSWORD_CHANGED = "account.password_changed", Audience.PLATFORM, people.AccountData
    """Its person has, whose account is no single mall's."""
    ROLE_GRANTED = "role.granted", Audience.MALL, people.RoleData
    ROLE_REVOKED = "role.revoked", Audience.MALL, people.RoleData
    SIGNING_KEY_ROTATED = "signing_key.rotated", Audience.PLATFORM, people.SigningKeyRotated


BY_NAME = {event.value: event for event in Event}
TOLD = {event.wire: event for event in Event if event.audience is not Audience.PLATFORM}
"""The events that others are told of, by their types. The platform's own are told to nobody yet."""


class EventCursor(NamedTuple):
    """A place in a journal: behind the entry of this sequence. It is the id of the event as well."""

    sequence: int
    mark: str
    """The first eight digits of the entry's hash: a journal that was restored to an earlier state has another entry."""

    def __str__(self) -> str:
        return f"{self.sequence}-{self.mark}"

    @classmethod
    def of(cls, sequence: int, hash_: bytes) -> Self:
        """The place behind an entry."""
        return cls(sequence, hash_.hex()[:8])

    @classmethod
    def read(cls, text: str, member: str) -> Self:
        """What `member` says. Raises InvalidCursor."""
        if not (found := _CURSOR.fullmatch(text)):
            raise InvalidCursor(member=member)
        return cls(int(found[1]), found[2])


_CURSOR = re.compile(r"(0|[1-9][0-9]{0,17})-([0-9a-f]{8})")
BEGINNING = EventCursor(0, "00000000")
"""The place before the first entry."""


@domain_error
class CursorUnknown(Conflict):
    """The journal has no such place: it is another mall's, or the journal was restored to an earlier state."""

    member: str


@dataclass(frozen=True)
class Recipient:
    """Who is told: a caller, or whatever a mall or an agency has registered to be told."""

    agencies: frozenset[UUID] | None
    """Whose events; None: those of the whole mall."""
    board_only: bool = False
    """Told only that the board changes, and not what is recorded: that is for the agency."""

    @property
    def events(self) -> list[Event]:
        """The kinds of events of which it may be told, of the right agency."""
        return [event for event in TOLD.values() if event.audience in self._audiences]

    def may_be_told(self, event: Event, agency_ids: Collection[UUID]) -> bool:
        """Whether it may be told of an event that concerns these agencies; none: all of the mall."""
        of_all = not agency_ids and event.audience is not Audience.OWNER
        near = self.agencies is None or of_all or not self.agencies.isdisjoint(agency_ids)
        return near and event.audience in self._audiences

    @property
    def _audiences(self) -> tuple[Audience, ...]:
        if self.board_only:
            return (Audience.BOARD,)
        of_the_mall = (Audience.MALL,) if self.agencies is None else ()
        return (Audience.BOARD, Audience.AGENCY, Audience.OWNER, *of_the_mall)


def recipient(caller: Caller, mall_id: int) -> Recipient:
    """What a caller may be told of in a mall. Raises Unauthenticated, Forbidden or NotThere."""
    agencies = caller.agencies(Permission.READ_EVENTS, mall_id)
    return Recipient(agencies, board_only=caller.kind is CallerKind.DEVICE)


@dataclass(frozen=True)
class Happened:
    """What an entry of a mall's journal tells others."""

    mall: MallRef
    event: Event
    cursor: EventCursor
    content: dict[str, Any]

    @classmethod
    def of(cls, mall: MallRef, content: str, hash_: bytes) -> Self | None:
        """An entry by its text and its hash; None for a kind that a newer version of the program has written."""
        entry = json.loads(content)
        event = BY_NAME.get(entry["type"])
        return cls(mall, event, EventCursor.of(entry["sequence"], hash_), entry) if event else None

    @property
    def agency_ids(self) -> frozenset[UUID]:
        """The agencies that it concerns: the entry's own, and the one that a ticket comes from. None: all."""
        named = (self.content["agency_id"], self.content["data"].get(FROM_AGENCY))
        return frozenset(UUID(each) for each in named if each)

    def is_for(self, recipient: Recipient) -> bool:
        """Whether it may be told to them."""
        return recipient.may_be_told(self.event, self.agency_ids)

    def envelope(self, *, board_only: bool = False) -> dict[str, Any]:
        """The CloudEvents 1.0 envelope: the same by whatever way it is told. Names of its own have no `_`.

        `board_only`: without who did it, and what is recorded of it.
        """
        entry = self.content
        by: dict[str, str | None] = {"kind": None, "id": None} if board_only else entry["by"]
        return {
            "specversion": "1.0",
            "id": str(self.cursor),
            "source": f"/v1/malls/{self.mall.slug}",
            "type": self.event.wire,
            "subject": str(entry["subject"]["id"]),
            "time": entry["at"],
            "datacontenttype": "application/json",
            "serviceday": entry["service_day"],
            "journalsequence": self.cursor.sequence,
            "agencyid": entry["agency_id"],
            "actorkind": by["kind"],
            "actorid": by["id"],
            "data": {} if board_only else entry["data"],
        }


FROM_AGENCY = "from_agency_id"
"""The member of a transfer that names the agency which the ticket leaves: it is told as well."""
