"""Locations and their floors."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import or_, select

from app import models
from app.journal import Reading
from app.queries.paging import Page, PageRequest, page


async def locations(reading: Reading, asked: PageRequest) -> Page[models.Location]:
    """The mall's buildings, past ones included."""
    statement = reading.select(models.Location)
    return await page(reading.session, statement, {"id": models.Location.id}, asked)


async def floors_in_use(reading: Reading, location_id: UUID) -> Sequence[str]:
    """The floors of a location on which living counters stand."""
    counter = models.Counter
    return (
        await reading.session.scalars(
            select(counter.floor)
            .where(
                counter.mall_id == reading.mall_id,
                counter.location_id == location_id,
                counter.retired_on.is_(None),
            )
            .distinct()
            .order_by(counter.floor)
        )
    ).all()


async def counter_in(reading: Reading, location_id: UUID) -> UUID | None:
    """A counter that stands in a building and serves today, if there is one."""
    counter = models.Counter
    found: UUID | None = await reading.session.scalar(
        select(counter.id)
        .where(
            counter.mall_id == reading.mall_id,
            counter.location_id == location_id,
            or_(counter.retired_on.is_(None), counter.retired_on == reading.today),
        )
        .limit(1)
    )
    return found


async def floor_exists(reading: Reading, floor: str, location_id: UUID | None) -> bool:
    """Whether the building has a floor with this code; without a building, whether any has."""
    location = models.Location
    statement = reading.select(location).where(location.floors.contains([{"code": floor}])).limit(1)
    if location_id:
        statement = statement.where(location.id == location_id)
    return await reading.session.scalar(statement) is not None
