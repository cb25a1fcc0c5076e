"""The end of a service, a counter or an agency in the catalogue, and what becomes of who waits, in the same act.

It counts from the act on: nothing new is issued, nothing opens again. Rows and codes stay, and so does the past.
"""

from uuid import UUID

from sqlalchemy import delete

from app import access, models
from app.access import Caller
from app.actions import counters, tickets
from app.domain.counters import SessionEnd
from app.domain.roles import Permission
from app.domain.stops import WaitingTickets
from app.domain.tickets import ClosedBy, ReturnPlace
from app.journal import Journal
from app.queries import agencies as agency_queries
from app.queries import counters as counter_queries
from app.queries import retirements as queries
from app.queries import services as service_queries
from app.queries.paging import With


async def service(journal: Journal, by: Caller, service_id: UUID, *, waiting_tickets: WaitingTickets) -> With:
    """Retire a service. Counters that serve nothing else wind down; the others go on."""
    found = await access.own(journal, by, Permission.CHANGE_SERVICES, models.Service, service_id, "service")
    _retire(journal, "service", found, waiting_tickets)
    if waiting_tickets is WaitingTickets.CANCEL:
        await _cancel(journal, found.agency_id, "service_retired", {found.id})
    idle = await queries.left_without_service(journal, found.id)
    await _wind_down(journal, found.agency_id, waiting_tickets, idle)
    return (await service_queries.views(journal, [found]))[0]


async def counter(journal: Journal, by: Caller, counter_id: UUID, *, waiting_tickets: WaitingTickets) -> With:
    """Retire a counter: it serves who waits and closes; or it closes, and whom no other counter serves is cancelled."""
    found = await access.own(journal, by, Permission.MANAGE_COUNTERS, models.Counter, counter_id, "counter")
    _retire(journal, "counter", found, waiting_tickets)
    if waiting_tickets is WaitingTickets.CANCEL:
        await _cancel(
            journal, found.agency_id, "counter_retired", await queries.left_without_counter(journal, found.id)
        )
        for ticket in await counter_queries.held_at(journal, found.id):
            await tickets.put_back(journal, ticket, ReturnPlace.FIRST, reason="counter_retired")
        link = models.CounterService
        await journal.session.execute(delete(link).where(link.mall_id == journal.mall_id, link.counter_id == found.id))
    await _wind_down(journal, found.agency_id, waiting_tickets, {found.id})
    await journal.session.flush()
    return (await counter_queries.views(journal, by, [found]))[0]


async def agency(journal: Journal, by: Caller, agency_id: UUID, *, waiting_tickets: WaitingTickets) -> With:
    """Retire an agency with all its services and counters; it is no member from this act on."""
    found = await access.own(journal, by, Permission.CHANGE_AGENCIES, models.Agency, agency_id, "agency")
    _retire(journal, "agency", found, waiting_tickets)
    for each in await queries.active(journal, models.Service, found.id):
        _retire(journal, "service", each, waiting_tickets)
    for one in await queries.active(journal, models.Counter, found.id):
        _retire(journal, "counter", one, waiting_tickets)
    if waiting_tickets is WaitingTickets.CANCEL:
        await _cancel(journal, found.id, "agency_retired", None)
    await _wind_down(journal, found.id, waiting_tickets, None)
    await journal.session.flush()
    return (await agency_queries.views(journal, by, [found]))[0]


def _retire(
    journal: Journal, thing: str, found: models.Service | models.Counter | models.Agency, waiting: WaitingTickets
) -> None:
    found.retire(journal.today)
    journal.record(
        f"{thing}.retired",
        (thing, found.id),
        agency_id=access.agency_of(found),
        after={"code": found.code, "retired_on": found.retired_on, "waiting_tickets": waiting},
    )


async def _cancel(journal: Journal, agency_id: UUID, reason: str, service_ids: set[UUID] | None) -> None:
    await tickets.cancel_waiting(journal, agency_id, ClosedBy.RETIREMENT, reason=reason, service_ids=service_ids)


async def _wind_down(journal: Journal, agency_id: UUID, waiting: WaitingTickets, counter_ids: set[UUID] | None) -> None:
    await counters.wind_down(
        journal,
        agency_id,
        SessionEnd.RETIREMENT,
        at_once=waiting is WaitingTickets.CANCEL,
        counter_ids=counter_ids,
    )
