"""Number series."""

from app import models
from app.journal import Reading
from app.queries.paging import ALL_AGENCIES, AgencyFilter, Page, PageRequest, page


async def number_series(
    reading: Reading, asked: PageRequest, of: AgencyFilter = ALL_AGENCIES
) -> Page[models.NumberSeries]:
    """The mall's number series."""
    series = models.NumberSeries
    statement = reading.select(series).where(*of.conditions(reading.mall_id, series.agency_id))
    return await page(reading.session, statement, {"prefix": series.prefix}, asked)
