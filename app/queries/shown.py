"""What a reader is shown: rows with what is known beside them, and pages of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from app.errors import Invalid, fact

Item = TypeVar("Item")


@fact
class InvalidCursor(Invalid):
    """Not a cursor of this list."""

    pointer = "#query/cursor"


class With:
    """A row, with more attributes beside its own; what is beside comes first."""

    def __init__(self, row: object, **beside: object) -> None:
        self._row = row
        self.__dict__.update(beside)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # whatever the row has
        return getattr(self._row, name)


@dataclass(frozen=True)
class Asked:
    """Which page: after which key, in which order, how many at the most."""

    limit: int
    sort: str
    after: str | None = None


@dataclass(frozen=True)
class Page(Generic[Item]):
    """Some rows, and the key after which the next page begins, if there is one."""

    data: Sequence[Item]
    next_after: str | None

    def showing(self, data: Sequence[object]) -> "Page[object]":
        """The same page with other clothes on its rows."""
        return Page(data, self.next_after)


async def page(
    session: AsyncSession,
    statement: Select[Item],
    keys: Mapping[str, InstrumentedAttribute[Any]],
    asked: Asked,
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
        raise InvalidCursor from None
