"""Services."""

from collections.abc import Container, Mapping
from typing import Any
from uuid import UUID

from app import access, models
from app.domain.errors import CodeTaken, UnknownReference
from app.domain.events import Event
from app.domain.names import LocalizedText
from app.domain.roles import Permission
from app.domain.services import GovernmentLevel, ServiceKind, ServiceScope
from app.domain.windows import Window, must_be_windows
from app.journal import Journal
from app.queries import services as queries
from app.queries.services import ServiceView


async def create(
    journal: Journal,
    *,
    agency_id: UUID,
    number_series_id: UUID,
    code: str,
    name: LocalizedText,
    kind: ServiceKind,
    level: GovernmentLevel,
    scope: ServiceScope,
    scope_note: LocalizedText | None,
    channels: list[str],
    daily_quota: int | None,
    channel_quotas: dict[str, int],
    channel_windows: dict[str, list[Window]],
    handling_minutes: int,
    no_show_calls: int,
    return_places: int,
    priority_calls_in_a_row: int | None,
    near_places: int | None,
    no_shows_before_block: int | None,
    no_show_block_days: int,
    web_needs_phone: bool,
    head_start_minutes: dict[str, int],
) -> ServiceView:
    """Put a service of an agency into the catalogue."""
    own = journal.caller.agencies(Permission.CHANGE_SERVICES, journal.mall_id)
    if own is not None and agency_id not in own:
        raise UnknownReference(thing="agency", member="agency_id")
    must_be_windows(channel_windows)
    await access.agency_named(journal, agency_id)
    await _must_be_a_series_for(journal, number_series_id, agency_id)
    if await access.is_taken(journal, models.Service, code=code):
        raise CodeTaken(value=code)
    service = models.Service(
        mall_id=journal.mall_id,
        agency_id=agency_id,
        number_series_id=number_series_id,
        code=code,
        name=name,
        kind=kind,
        level=level,
        scope=scope,
        scope_note=scope_note,
        channels=channels,
        daily_quota=daily_quota,
        channel_quotas=channel_quotas,
        channel_windows=channel_windows,
        handling_minutes=handling_minutes,
        no_show_calls=no_show_calls,
        return_places=return_places,
        priority_calls_in_a_row=priority_calls_in_a_row,
        near_places=near_places,
        no_shows_before_block=no_shows_before_block,
        no_show_block_days=no_show_block_days,
        web_needs_phone=web_needs_phone,
        head_start_minutes=head_start_minutes,
    )
    journal.session.add(service)
    journal.record(Event.SERVICE_CREATED, service)
    return (await queries.views(journal, [service]))[0]


async def change(
    journal: Journal, service_id: UUID, versions: Container[int], changes: Mapping[str, Any]
) -> ServiceView:
    """Change how a service is described and what it gives a day. Tickets already given stay as they are."""
    service = await access.own(
        journal, journal.caller, Permission.CHANGE_SERVICES, models.Service, service_id, "service"
    )
    access.must_match_version(service, versions)
    must_be_windows(changes.get("channel_windows", {}))
    if "number_series_id" in changes:
        await _must_be_a_series_for(journal, changes["number_series_id"], service.agency_id)
    journal.record_edit(Event.SERVICE_CHANGED, service, service.change(changes))
    return (await queries.views(journal, [service]))[0]


async def _must_be_a_series_for(journal: Journal, series_id: UUID, agency_id: UUID) -> None:
    """A service uses its own agency's series or a shared one."""
    series = await journal.session.get(models.NumberSeries, (journal.mall_id, series_id))
    if series is None or series.agency_id not in (None, agency_id):
        raise UnknownReference(thing="number_series", member="number_series_id")
