"""Malls."""

from collections.abc import Collection, Sequence
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import models
from app.domain.malls import MallRef
from app.journal import Reading
from app.queries.paging import Page, PageRequest, page

SORTS = {"slug": models.Mall.slug}


async def ref(session: AsyncSession, slug: str) -> MallRef | None:
    """What of a mall never changes, by its slug."""
    found = (
        await session.execute(select(models.Mall.id, models.Mall.time_zone).where(models.Mall.slug == slug))
    ).one_or_none()
    return found and MallRef(found.id, slug, ZoneInfo(found.time_zone))


async def refs(session: AsyncSession, mall_ids: Collection[int] | None = None) -> Sequence[MallRef]:
    """These malls, or every mall of the platform."""
    statement = select(models.Mall.id, models.Mall.slug, models.Mall.time_zone)
    rows = await session.execute(statement if mall_ids is None else statement.where(models.Mall.id.in_(mall_ids)))
    return [MallRef(row.id, row.slug, ZoneInfo(row.time_zone)) for row in rows]


async def malls(session: AsyncSession, asked: PageRequest) -> Page[models.Mall]:
    """The malls of the platform."""
    return await page(session, select(models.Mall), SORTS, asked)


async def mall(reading: Reading) -> models.Mall:
    """The mall looked at."""
    return (await reading.session.scalars(select(models.Mall).where(models.Mall.id == reading.mall_id))).one()


async def last_mall_id(session: AsyncSession) -> int:
    """The highest number given to a mall so far."""
    return await session.scalar(select(func.coalesce(func.max(models.Mall.id), 0))) or 0


async def slug_is_taken(session: AsyncSession, slug: str) -> bool:
    """Whether some mall has the slug."""
    return await session.scalar(select(models.Mall.id).where(models.Mall.slug == slug)) is not None
