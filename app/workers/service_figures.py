"""The figures of days that are over, and of such days of a month: kept once for each day, for statistics.

They can be counted anew: delete a mall's rows of `service_figures` and its row of `followers` in one transaction.
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import models
from app.domain.calendar import service_day
from app.domain.events import Event
from app.domain.malls import MallRef
from app.domain.statistics import Span
from app.journal import Entry
from app.queries import malls
from app.queries.statistics import KEPT, counted
from app.workers.following import DurableFollower


async def _keep(session: AsyncSession, mall_id: int, entries: Sequence[Entry]) -> None:
    ended = [each for each in entries if each.type == Event.DAY_ENDED]
    for mall in await malls.refs(session, [mall_id]) if ended else ():
        # one that was ended by hand goes on, and is kept when it is over
        for day in sorted({each.service_day for each in ended if service_day(each.at, mall.zone) > each.service_day}):
            await _keep_day(session, mall, day)


async def _keep_day(session: AsyncSession, mall: MallRef, day: date) -> None:
    month = day.replace(day=1)
    of_day, of_month = await _rows(session, mall.id, Span.DAY, day), await _rows(session, mall.id, Span.MONTH, month)
    if of_day:
        return
    for part in KEPT:
        for (service_id, word), figures in (await counted(session, mall, [day], part)).items():
            for rows, span, starts_on in ((of_day, Span.DAY, day), (of_month, Span.MONTH, month)):
                if service_id not in rows:
                    rows[service_id] = models.ServiceFigures.none(mall.id, span, starts_on, service_id)
                    session.add(rows[service_id])
                rows[service_id].add(part, word, figures)


async def _rows(session: AsyncSession, mall_id: int, span: Span, starts_on: date) -> dict[UUID, models.ServiceFigures]:
    row = models.ServiceFigures
    found = await session.scalars(
        select(row).where(row.mall_id == mall_id, row.span == span, row.starts_on == starts_on)
    )
    return {each.service_id: each for each in found}


SERVICE_FIGURES = DurableFollower("service_figures", _keep)
