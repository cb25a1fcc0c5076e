"""Number series."""

from sqlalchemy import select

from app import models
from app.journal import Reading
from app.queries.paging import ALL_AGENCIES, AgencyFilter, Page, PageRequest, page


async def number_series(
    reading: Reading, asked: PageRequest, of: AgencyFilter = ALL_AGENCIES
) -> Page[models.NumberSeries]:
    """The mall's number series."""
    series = models.NumberSeries
    statement = select(series).where(series.mall_id == reading.mall_id, *of.among(reading.mall_id, series.agency_id))
    return await page(reading.session, statement, {"prefix": series.prefix}, asked)


async def prefix_is_taken(reading: Reading, prefix: str) -> bool:
    """Whether a number series of the mall has the prefix."""
    series = models.NumberSeries
    statement = select(series.id).where(series.mall_id == reading.mall_id, series.prefix == prefix)
    return await reading.session.scalar(statement) is not None
