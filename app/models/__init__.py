"""The tables. `from app import models` and say `models.Ticket`."""

from app.models.accounts import Account
from app.models.agencies import Agency
from app.models.agreements import Agreement, Suspension
from app.models.base import Base, new_id
from app.models.brute_force import Attempt
from app.models.calendar import CalendarException, Schedule
from app.models.clients import Client
from app.models.closures import Closure
from app.models.counters import Counter, CounterService, CounterSession
from app.models.devices import Device
from app.models.followers import Follower, Lease
from app.models.holidays import Holiday, RemovedHoliday
from app.models.invitations import Invitation
from app.models.journals import PLATFORM, IdempotencyKey, JournalEntry, JournalLock
from app.models.locations import Location
from app.models.malls import Mall
from app.models.messages import Message
from app.models.number_blocks import BlockNumber, NumberBlock
from app.models.number_series import NumberSeries, SeriesDay
from app.models.services import Service
from app.models.sign_in import RefreshToken
from app.models.signing_keys import SigningKey
from app.models.staff import Grant
from app.models.statistics import ServiceDayCounts, ServiceFigures
from app.models.stops import ServiceStop
from app.models.tickets import Ticket, TicketInterval
from app.models.visitors import PhoneConfirmation
from app.models.visits import Visit
from app.models.webhooks import Webhook, WebhookDelivery, WebhookPlace
