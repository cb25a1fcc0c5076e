"""The end of a service, a counter or an agency in the catalogue, and what becomes of who waits, in the same act.

It counts from the act on: nothing new is issued, nothing opens again. Rows and codes stay, and so does the past.
"""

from dataclasses import replace
from uuid import UUID

from app import access, models
from app.actions import stops
from app.domain.events import Event
from app.domain.roles import Permission
from app.domain.stops import Cause, OneCounter, OneService, Stop, WaitingTickets, WholeAgency
from app.journal import Journal
from app.models.base import Retirable
from app.queries import agencies as agency_queries
from app.queries import counters as counter_queries
from app.queries import retirements as queries
from app.queries import services as service_queries
from app.queries.agencies import AgencyView
from app.queries.counters import CounterView
from app.queries.services import ServiceView


async def retire_service(journal: Journal, service_id: UUID, *, waiting_tickets: WaitingTickets) -> ServiceView:
    """Retire a service. Counters that serve nothing else close behind its last visitor; the others go on."""
    found = await access.own(journal, journal.caller, Permission.CHANGE_SERVICES, models.Service, service_id, "service")
    _retire(journal, Event.SERVICE_RETIRED, found, waiting_tickets)
    what = OneService(found.agency_id, found.id)
    aftermath = await stops.stop(journal, Stop(what, Cause.RETIREMENT, "service_retired", waiting_tickets))
    return replace((await service_queries.views(journal, [found]))[0], aftermath=aftermath)


async def retire_counter(journal: Journal, counter_id: UUID, *, waiting_tickets: WaitingTickets) -> CounterView:
    """Retire a counter: it serves who waits and closes; or it closes, and whom no other counter serves is cancelled."""
    found = await access.own(journal, journal.caller, Permission.MANAGE_COUNTERS, models.Counter, counter_id, "counter")
    _retire(journal, Event.COUNTER_RETIRED, found, waiting_tickets)
    what = OneCounter(found.agency_id, found.id)
    aftermath = await stops.stop(journal, Stop(what, Cause.RETIREMENT, "counter_retired", waiting_tickets))
    await journal.session.flush()
    return replace((await counter_queries.views(journal, journal.caller, [found]))[0], aftermath=aftermath)


async def retire_agency(journal: Journal, agency_id: UUID, *, waiting_tickets: WaitingTickets) -> AgencyView:
    """Retire an agency with all its services and counters; it is no member from this act on."""
    found = await access.own(journal, journal.caller, Permission.CHANGE_AGENCIES, models.Agency, agency_id, "agency")
    _retire(journal, Event.AGENCY_RETIRED, found, waiting_tickets)
    for each in await queries.active(journal, models.Service, found.id):
        _retire(journal, Event.SERVICE_RETIRED, each, waiting_tickets)
    for one in await queries.active(journal, models.Counter, found.id):
        _retire(journal, Event.COUNTER_RETIRED, one, waiting_tickets)
    stop = Stop(WholeAgency(found.id), Cause.RETIREMENT, "agency_retired", waiting_tickets)
    aftermath = await stops.stop(journal, stop)
    await journal.session.flush()
    return replace((await agency_queries.views(journal, journal.caller, [found]))[0], aftermath=aftermath)


def _retire(journal: Journal, event: Event, found: Retirable, waiting: WaitingTickets) -> None:
    found.retire(journal.today)
    journal.record(event, found, waiting_tickets=waiting)
