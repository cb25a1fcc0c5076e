"""Agencies."""

from collections.abc import Container, Mapping
from typing import Any
from uuid import UUID

from app import access, models
from app.domain.agencies import AgencyCategory
from app.domain.errors import CodeTaken
from app.domain.events import Event
from app.domain.hours import Weekly
from app.domain.names import LocalizedText
from app.domain.roles import Permission
from app.journal import Journal
from app.queries import agencies as queries
from app.queries.agencies import AgencyView


async def create(
    journal: Journal,
    *,
    code: str,
    name: LocalizedText,
    category: AgencyCategory,
    office_address: str | None = None,
    office_hours: list[Any] | None = None,
    website: str | None = None,
    contact: dict[str, Any] | None = None,
) -> AgencyView:
    """Put an agency into the catalogue; it is no member yet."""
    journal.caller.must(Permission.CHANGE_AGENCIES, journal.mall_id)
    Weekly.of(office_hours or [], "office_hours")
    if await access.is_taken(journal, models.Agency, code=code):
        raise CodeTaken(value=code)
    agency = models.Agency(
        mall_id=journal.mall_id,
        code=code,
        name=name,
        category=category,
        office_address=office_address,
        office_hours=office_hours,
        website=website,
        contact=contact,
    )
    journal.session.add(agency)
    journal.record(Event.AGENCY_CREATED, agency)
    return (await queries.views(journal, journal.caller, [agency]))[0]


async def change(journal: Journal, agency_id: UUID, versions: Container[int], changes: Mapping[str, Any]) -> AgencyView:
    """Change how an agency is described."""
    agency = await access.own(journal, journal.caller, Permission.CHANGE_AGENCIES, models.Agency, agency_id, "agency")
    access.must_match_version(agency, versions)
    Weekly.of(changes.get("office_hours") or [], "office_hours")
    journal.record_edit(Event.AGENCY_CHANGED, agency, agency.change(changes))
    return (await queries.views(journal, journal.caller, [agency]))[0]
