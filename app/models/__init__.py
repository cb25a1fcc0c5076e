"""The tables. `from app import models` and say `models.Ticket`."""

from app.models.accounts import Account, Attempt, Device, Grant, RefreshToken, SigningKey
from app.models.agencies import Agency, Agreement, Invitation, Suspension
from app.models.base import Base, new_id
from app.models.clients import Client
from app.models.journals import PLATFORM, Entry, IdempotencyKey, Journal
from app.models.malls import CalendarException, Holiday, Location, Mall, Schedule
from app.models.services import Counter, CounterService, CounterSession, NumberDay, NumberSeries, Service
from app.models.tickets import Ticket, TicketInterval, Visit

__all__ = [
    "PLATFORM",
    "Account",
    "Agency",
    "Agreement",
    "Attempt",
    "Base",
    "CalendarException",
    "Client",
    "Counter",
    "CounterService",
    "CounterSession",
    "Device",
    "Entry",
    "Grant",
    "Holiday",
    "IdempotencyKey",
    "Invitation",
    "Journal",
    "Location",
    "Mall",
    "NumberDay",
    "NumberSeries",
    "RefreshToken",
    "Schedule",
    "Service",
    "SigningKey",
    "Suspension",
    "Ticket",
    "TicketInterval",
    "Visit",
    "new_id",
]
