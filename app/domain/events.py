"""The catalogue of events: everything that an entry of a journal can say has happened.

A name is `<subject>.<past verb>`. The subject is the row that the entry is about. Records are `created`, `changed` and
`deleted`; an act has the verb that it has in its path, operation, action, lifecycle and row, which a test compares.
Names are only ever added: a published one keeps its meaning and the members of its data.
"""

from enum import StrEnum
from typing import Any, Self

from app.domain import event_data as data
from app.domain import event_data_joining as joining
from app.domain import event_data_people as people


class Audience(StrEnum):
    """Who is told of an event. Whoever stands further down is told as well."""

    BOARD = "board"
    """Whoever looks at the public board, or at what can be issued now: it changes. The entry is for the agency."""
    AGENCY = "agency"
    """The people of the entry's agency; of every agency of the mall where the entry names none."""
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


class Event(StrEnum):
    """Everything that can happen, with its audience and the type of its data."""

    audience: Audience
    data: type[Any]
    members: frozenset[str]
    """The members of its data: an entry has all of them and no other."""
    subject: Subject

    def __new__(cls, name: str, audience: Audience, shape: type[Any]) -> Self:
        """Make a member that is its name."""
        made = str.__new__(cls, name)
        made._value_ = name
        made.audience, made.data, made.members = audience, shape, frozenset(shape.__annotations__)
        made.subject = Subject(name.partition(".")[0])
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
    TICKET_CANCELLED = "ticket.cancelled", Audience.BOARD, data.TicketData
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

    CALENDAR_CHANGED = "calendar.changed", Audience.BOARD, data.CalendarChanged
    CALENDAR_DELETED = "calendar.deleted", Audience.BOARD, data.CalendarData
    CALENDAR_PERIOD_CREATED = "calendar_period.created", Audience.BOARD, data.CalendarPeriodData
    CALENDAR_PERIOD_CHANGED = "calendar_period.changed", Audience.BOARD, data.CalendarPeriodChanged
    CALENDAR_PERIOD_DELETED = "calendar_period.deleted", Audience.BOARD, data.CalendarPeriodData
    CALENDAR_EXCEPTION_CREATED = "calendar_exception.created", Audience.BOARD, data.CalendarExceptionData
    CALENDAR_EXCEPTION_CHANGED = "calendar_exception.changed", Audience.BOARD, data.CalendarExceptionChanged
    CALENDAR_EXCEPTION_DELETED = "calendar_exception.deleted", Audience.BOARD, data.CalendarExceptionData
    CLOSURE_CREATED = "closure.created", Audience.BOARD, data.ClosureData
    """From now on; what becomes of who waits is said in entries of their own."""
    CLOSURE_ENDED = "closure.ended", Audience.BOARD, data.ClosureData
    HOLIDAY_CREATED = "holiday.created", Audience.BOARD, data.HolidayData
    HOLIDAY_CHANGED = "holiday.changed", Audience.BOARD, data.HolidayChanged
    HOLIDAY_DELETED = "holiday.deleted", Audience.BOARD, data.HolidayData
    DAY_ENDED = "day.ended", Audience.BOARD, data.DayEnded
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

    ACCOUNT_CREATED = "account.created", Audience.MALL, people.AccountData
    """In the mall's journal with its first role there, or in the platform's."""
    ACCOUNT_CHANGED = "account.changed", Audience.MALL, people.AccountChanged
    ACCOUNT_DISABLED = "account.disabled", Audience.MALL, people.AccountData
    ACCOUNT_ENABLED = "account.enabled", Audience.MALL, people.AccountData
    ACCOUNT_PASSWORD_RESET = "account.password_reset", Audience.MALL, people.AccountData
    """Somebody who manages the account has given it another password."""
    ACCOUNT_PASSWORD_CHANGED = "account.password_changed", Audience.MALL, people.AccountData
    """Its person has."""
    ROLE_GRANTED = "role.granted", Audience.MALL, people.RoleData
    ROLE_REVOKED = "role.revoked", Audience.MALL, people.RoleData
    SIGNING_KEY_ROTATED = "signing_key.rotated", Audience.PLATFORM, people.SigningKeyRotated
