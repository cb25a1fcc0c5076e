"""Agencies, invitations and agreements."""

from collections.abc import Sequence

from sqlalchemy import select

from app import models
from app.domain.agencies import AgencyCategory
from app.domain.callers import Caller
from app.domain.roles import Permission
from app.journal import Reading
from app.queries import members
from app.queries.calendar import base_schedules
from app.queries.paging import Page, PageRequest, With, page

SORTS = {"code": models.Agency.code, "id": models.Agency.id}


async def code_is_taken(reading: Reading, code: str) -> bool:
    """Whether an agency of the mall has the code."""
    statement = select(models.Agency.id).where(models.Agency.mall_id == reading.mall_id, models.Agency.code == code)
    return await reading.session.scalar(statement) is not None


async def agencies(
    reading: Reading,
    by: Caller,
    asked: PageRequest,
    *,
    category: AgencyCategory | None,
    code: str | None,
    retired: bool,
) -> Page[object]:
    """The catalogue's agencies: the living, or the retired."""
    agency = models.Agency
    statement = select(agency).where(agency.mall_id == reading.mall_id, agency.retired_on.is_not(None) == retired)
    if category:
        statement = statement.where(agency.category == category)
    if code:
        statement = statement.where(agency.code == code)
    found = await page(reading.session, statement, SORTS, asked)
    return found.showing(await views(reading, by, found.data))


async def views(reading: Reading, by: Caller, rows: Sequence[models.Agency]) -> list[With]:
    """Agencies with their standing and hours at the mall; contacts for who may read them."""
    ids = [each.id for each in rows]
    standings = await members.memberships(reading, ids)
    schedules = await base_schedules(reading, ids)
    return [
        With(
            each,
            membership=standings[each.id].membership,
            in_force=standings[each.id].in_force,
            hours=schedules[each.id].hours if each.id in schedules else None,
            contact=each.contact if by.may(Permission.READ_JOINING, reading.mall_id, each.id) else None,
        )
        for each in rows
    ]
