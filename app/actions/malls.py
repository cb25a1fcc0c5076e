"""Malls."""

from collections.abc import Container, Mapping, Sequence
from typing import Any

from app import access, models
from app.domain.calendar import TimeZone
from app.domain.events import Event
from app.domain.hours import DayHours, Weekly
from app.domain.malls import SlugTaken
from app.domain.names import LocalizedText
from app.domain.reopening import REOPENING_MINUTES
from app.domain.roles import Permission
from app.journal import Journal
from app.queries import malls as queries


async def create(
    journal: Journal,
    *,
    slug: str,
    name: LocalizedText,
    region: str,
    operator: str,
    time_zone: TimeZone,
    hours: Sequence[DayHours],
    transfers_between_agencies: bool = False,
    reopening_minutes: int = REOPENING_MINUTES,
) -> models.Mall:
    """Found a mall: its number, its own journal, its weekly hours. Takes the platform's journal."""
    journal.caller.must(Permission.CREATE_MALLS, None)
    Weekly.of(hours)
    if await queries.slug_is_taken(journal.session, slug):
        raise SlugTaken(value=slug)
    mall_id = await queries.last_mall_id(journal.session) + 1
    mall = models.Mall(
        id=mall_id,
        slug=slug,
        name=name,
        region=region,
        operator=operator,
        time_zone=time_zone,
        created_at=journal.at,
        transfers_between_agencies=transfers_between_agencies,
        reopening_minutes=reopening_minutes,
    )
    for row in (models.JournalLock(mall_id=mall_id), mall, models.Schedule(mall_id=mall_id, hours=list(hours))):
        journal.session.add(row)
        await journal.session.flush()
    journal.record(Event.MALL_CREATED, mall)
    return mall


async def change(journal: Journal, versions: Container[int], changes: Mapping[str, Any]) -> models.Mall:
    """Change what a mall is called, who runs it, and how it is run."""
    journal.caller.must(Permission.CHANGE_MALL, journal.mall_id)
    mall = await queries.mall(journal)
    access.must_match_version(mall, versions)
    journal.record_edit(Event.MALL_CHANGED, mall, mall.change(changes))
    return mall
