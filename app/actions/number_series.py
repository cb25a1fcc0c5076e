"""Number series."""

from collections.abc import Container, Mapping
from typing import Any
from uuid import UUID

from app import access, models
from app.domain.errors import NotThere, UnknownReference
from app.domain.events import Event
from app.domain.names import LocalizedText
from app.domain.number_series import PrefixTaken
from app.domain.roles import Permission
from app.journal import Journal


async def create_series(
    journal: Journal, *, prefix: str, name: LocalizedText, agency_id: UUID | None
) -> models.NumberSeries:
    """Begin a line of numbers. An agency's manager begins one for their own agency; the mall's, a shared one too."""
    own = journal.caller.agencies(Permission.CHANGE_SERVICES, journal.mall_id)
    if own is not None and agency_id not in own:
        raise UnknownReference(thing="agency", member="agency_id")
    if agency_id:
        await access.agency_named(journal, agency_id)
    if await access.is_taken(journal, models.NumberSeries, prefix=prefix):
        raise PrefixTaken(value=prefix)
    series = models.NumberSeries(mall_id=journal.mall_id, prefix=prefix, name=name, agency_id=agency_id)
    journal.session.add(series)
    journal.record(Event.NUMBER_SERIES_CREATED, series)
    return series


async def change_series(
    journal: Journal, series_id: UUID, versions: Container[int], changes: Mapping[str, Any]
) -> models.NumberSeries:
    """Change what a line of numbers is called. A shared one is the mall's."""
    own = journal.caller.agencies(Permission.CHANGE_SERVICES, journal.mall_id)
    series = await access.row(journal, models.NumberSeries, series_id, "number_series")
    if own is not None and series.agency_id not in own:
        raise NotThere(thing="number_series")
    access.must_match_version(series, versions)
    journal.record_edit(Event.NUMBER_SERIES_CHANGED, series, series.change(changes))
    return series
