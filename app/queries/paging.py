"""Pages of a list, and what lists are narrowed to."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ScalarSelect, Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql import ColumnElement

from app import models
from app.domain.errors import InvalidCursor

Item = TypeVar("Item")
Other = TypeVar("Other")
CURSOR = "#query/cursor"


@dataclass(frozen=True)
class PageRequest:
    """Which page: after which key, in which order, how many at the most."""

    limit: int
    sort: str
    after: str | None = None


@dataclass(frozen=True)
class Page(Generic[Item]):
    """Some rows, and the key after which the next page begins, if there is one."""

    data: Sequence[Item]
    next_after: str | None

    def showing(self, data: Sequence[Other]) -> "Page[Other]":
        """The same page, with what is shown of its rows."""
        return Page(data, self.next_after)


@dataclass(frozen=True)
class AgencyFilter:
    """Whose rows: an agency's by its id, its code, or both; with neither, every agency's."""

    id: UUID | None = None
    code: str | None = None

    def conditions(self, mall_id: int, owner: InstrumentedAttribute[Any]) -> list[ColumnElement[bool]]:
        """The conditions on the column that holds the agency. A code that nobody has lets no row through."""
        conditions: list[ColumnElement[bool]] = [owner == self.id] if self.id else []
        if self.code:
            conditions.append(owner == id_of_code(models.Agency, mall_id, self.code))
        return conditions


ALL_AGENCIES = AgencyFilter()


def kept_as(shown: Collection[Item], open_ones: Collection[Item], expired: Item, *, over: bool) -> set[Item]:
    """What the rows say of what is shown so: a day that is over shows what is still open in it as expired."""
    if not over:
        return set(shown)
    return set(shown) - set(open_ones) | (set(open_ones) if expired in shown else set())


def id_of_code(kind: type[models.Agency | models.Service], mall_id: int, code: str) -> ScalarSelect[UUID]:
    """The id of the mall's one with this code."""
    return select(kind.id).where(kind.mall_id == mall_id, kind.code == code).correlate(None).scalar_subquery()


async def page(
    session: AsyncSession,
    statement: Select[Item],
    keys: Mapping[str, InstrumentedAttribute[Any]],
    asked: PageRequest,
) -> Page[Item]:
    """A keyset page, ordered by one unique column from the allow-list, `-` before its name for the other way round."""
    descending, name = asked.sort.startswith("-"), asked.sort.removeprefix("-")
    key = keys[name]
    if asked.after is not None:
        after = _read(asked.after, key.type.python_type)
        statement = statement.where(key < after if descending else key > after)
    statement = statement.order_by(key.desc() if descending else key).limit(asked.limit + 1)
    rows: Sequence[Item] = (await session.scalars(statement)).all()
    data = rows[: asked.limit]
    more = len(rows) > asked.limit
    return Page(data, str(getattr(data[-1], key.key)) if more else None)


def _read(after: str, kind: type[Any]) -> object:
    """A cursor's key as the column holds it."""
    read: Mapping[type[Any], Callable[[str], object]] = {UUID: UUID, date: date.fromisoformat}
    try:
        return read.get(kind, str)(after)
    except ValueError:
        raise InvalidCursor(member=CURSOR) from None
