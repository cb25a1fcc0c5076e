"""Counts per service and day, for statistics: taken from the journal's entries and nothing else.

They can be counted anew: delete a mall's rows of `service_day_counts` and its row of `followers` in one transaction.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import models
from app.domain.events import Event
from app.domain.statistics import Count, counted
from app.journal import Entry
from app.workers.following import DurableFollower


async def _count(session: AsyncSession, mall_id: int, entries: Sequence[Entry]) -> None:
    added: dict[tuple[date, UUID], Counter[Count]] = defaultdict(Counter)
    for entry in entries:
        content = json.loads(entry.content)
        if counts := counted(entry.type, (content["before"] or {}).get("status")):
            added[entry.service_day, UUID(content["data"]["service_id"])].update(counts)
        if entry.type == Event.TICKET_TRANSFERRED:
            added[entry.service_day, UUID(content["data"]["from_service_id"])][Count.TRANSFERRED_OUT] += 1
    row = models.ServiceDayCounts
    days = {day for day, _ in added}
    found = await session.scalars(select(row).where(row.mall_id == mall_id, row.service_day.in_(days)))
    rows = {(each.service_day, each.service_id): each for each in found}
    for (day, service_id), counts in added.items():
        if (day, service_id) not in rows:
            rows[day, service_id] = row(mall_id=mall_id, service_day=day, service_id=service_id)
            session.add(rows[day, service_id])
        rows[day, service_id].add(counts)


SERVICE_DAY_COUNTS = DurableFollower("service_day_counts", _count)
