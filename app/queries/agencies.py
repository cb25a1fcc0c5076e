"""Agencies."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app import models
from app.domain.agencies import AgencyCategory
from app.domain.callers import Caller
from app.domain.members import Membership
from app.domain.roles import Permission
from app.domain.stops import Aftermath
from app.journal import Reading
from app.queries import members
from app.queries.calendar import base_schedules
from app.queries.paging import Page, PageRequest, page

SORTS = {"code": models.Agency.code, "id": models.Agency.id}


@dataclass(frozen=True)
class AgencyView:
    """An agency as a caller may see it."""

    row: models.Agency
    membership: Membership
    in_force: bool
    hours: list[Any] | None
    """Its weekly hours at the mall; null: the mall's."""
    contact: dict[str, Any] | None
    """Null also for who may not know."""
    aftermath: Aftermath | None = None
    """What its retirement left to handle, in that act's answer only."""


async def agencies(
    reading: Reading,
    caller: Caller,
    asked: PageRequest,
    *,
    category: AgencyCategory | None,
    code: str | None,
    retired: bool,
) -> Page[AgencyView]:
    """The catalogue's agencies: the living, or the retired."""
    agency = models.Agency
    statement = reading.select(agency).where(agency.retired_on.is_not(None) == retired)
    if category:
        statement = statement.where(agency.category == category)
    if code:
        statement = statement.where(agency.code == code)
    found = await page(reading.session, statement, SORTS, asked)
    return found.showing(await views(reading, caller, found.data))


async def views(reading: Reading, caller: Caller, rows: Sequence[models.Agency]) -> list[AgencyView]:
    """Agencies with their membership and hours at the mall; contacts for who may read them."""
    ids = [each.id for each in rows]
    memberships = await members.memberships(reading, ids)
    schedules = await base_schedules(reading, ids)
    return [
        AgencyView(
            each,
            membership=memberships[each.id].membership,
            in_force=memberships[each.id].in_force,
            hours=schedules[each.id].hours if each.id in schedules else None,
            contact=each.contact if caller.may(Permission.READ_JOINING, reading.mall_id, each.id) else None,
        )
        for each in rows
    ]
