"""A ticket as a printer needs it."""

from uuid import UUID

from app import access, models
from app.domain.callers import Caller
from app.domain.devices import DeviceKind
from app.domain.errors import NotThere
from app.domain.lifecycle import IllegalTransition
from app.domain.printing import must_be_in_print_time
from app.domain.roles import Permission
from app.domain.tickets import TICKET_LIFE, UNFINISHED
from app.journal import Reading
from app.queries import malls, services, tickets
from app.texts.printing import Floor, Printed


async def printable(reading: Reading, caller: Caller, ticket_id: UUID) -> Printed:
    """What is printed of a ticket: for ten minutes, and while it is not over.

    Raises NotThere, PrintTimeOver or IllegalTransition.
    """
    ticket = await theirs(reading, caller, ticket_id)
    must_be_in_print_time(ticket.issued_at, reading.at)
    view = await tickets.own_view(reading, caller, ticket)
    if view.status not in UNFINISHED:
        raise IllegalTransition(thing=TICKET_LIFE.thing, state=view.status, verb="print")
    floors = []
    for each in (await services.served_floors(reading, [ticket.service_id])).get(ticket.service_id, []):
        building = await access.row(reading, models.Location, each.location_id, "location")
        floors += [Floor(one["name"], building.name) for one in building.floors if one["code"] == each.floor]
    return Printed(
        mall=(await malls.mall(reading)).name,
        agency=view.agency.name,
        service=view.service.name,
        number=ticket.number,
        issued_at=ticket.issued_at.astimezone(reading.mall.zone),
        floors=floors,
        people_ahead=view.position and view.position - 1,
        after_step=view.after_step,
        estimate=view.estimate,
    )


async def theirs(reading: Reading, caller: Caller, ticket_id: UUID) -> models.Ticket:
    """A ticket that the caller has issued, or one of its own agency. Raises NotThere."""
    agencies = caller.agencies(Permission.PRINT_TICKETS, reading.mall_id)
    ticket = await access.row(reading, models.Ticket, ticket_id, "ticket")
    of_agency = not caller.plays(DeviceKind.KIOSK, reading.mall_id) and (
        agencies is None or ticket.agency_id in agencies
    )
    if ticket.issued_by != caller.id and not of_agency:
        raise NotThere(thing="ticket")
    return ticket
