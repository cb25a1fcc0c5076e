"""Locations: the buildings of a mall."""

from collections.abc import Container, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from app import access, models
from app.domain.errors import must_be_in_order
from app.domain.events import Event
from app.domain.locations import FloorInUse, LocationInUse, in_use
from app.domain.names import LocalizedText
from app.domain.roles import Permission
from app.journal import Journal
from app.queries import locations as location_queries


async def create_location(
    journal: Journal,
    *,
    name: LocalizedText,
    address: str,
    floors: Sequence[Mapping[str, Any]],
    starts_on: date,
    ends_on: date | None,
) -> models.Location:
    """Add a building of the mall."""
    journal.caller.must(Permission.CHANGE_MALL, journal.mall_id)
    must_be_in_order(starts_on, ends_on, "ends_on")
    location = models.Location(
        mall_id=journal.mall_id, name=name, address=address, floors=list(floors), starts_on=starts_on, ends_on=ends_on
    )
    journal.session.add(location)
    journal.record(Event.LOCATION_CREATED, location)
    return location


async def change_location(
    journal: Journal, location_id: UUID, versions: Container[int], changes: Mapping[str, Any]
) -> models.Location:
    """Change how a building is described, and until when it is one of the mall."""
    journal.caller.must(Permission.CHANGE_MALL, journal.mall_id)
    location = await access.row(journal, models.Location, location_id, "location")
    access.must_match_version(location, versions)
    starts_on, ends_on = (changes.get(each, getattr(location, each)) for each in ("starts_on", "ends_on"))
    must_be_in_order(starts_on, ends_on, "ends_on")
    stays = in_use(journal.today, starts_on, ends_on) or not in_use(journal.today, location.starts_on, location.ends_on)
    if not stays and (standing := await location_queries.counter_in(journal, location.id)):
        raise LocationInUse(counter_id=standing)
    if "floors" in changes:
        kept = {each["code"] for each in changes["floors"]}
        for floor in await location_queries.floors_in_use(journal, location.id):
            if floor not in kept:
                raise FloorInUse(floor=floor)
    journal.record_edit(Event.LOCATION_CHANGED, location, location.change(changes))
    return location
