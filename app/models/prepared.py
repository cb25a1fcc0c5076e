"""Statements of the hot paths: written with the tables, compiled once, run by the driver itself.

Making a statement and taking it through the session costs more than running it. These say the same things in the same
transaction, without that cost; JSON is sent as text and comes as objects, enums go and come as their values.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Any, TypeVar

import asyncpg
from sqlalchemy import BindParameter, bindparam
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.dialects.postgresql import asyncpg as dialect
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ClauseElement
from sqlalchemy.types import JSON, TypeEngine

from app.models.base import Base

T = TypeVar("T")
_NOT_GIVEN: Any = object()
"""Stands for a parameter until it is given: none is forgotten without an error."""
DRIVER = "driver"
"""Under which name a session may hold the driver's connection."""
WRITTEN = "written"
"""Under which name a session and a connection may hold what notes that they have written."""
_WRITES = re.compile(r"\b(INSERT|UPDATE|DELETE|MERGE|TRUNCATE|CREATE|ALTER|DROP)\b", re.IGNORECASE)
_DIALECT = dialect.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy says no types for it


@dataclass
class Written:
    """Whether an act has sent a statement that may have changed something. When in doubt, it has."""

    anything: bool = False

    def note(self, sql: str) -> None:
        """This statement is sent."""
        self.anything = self.anything or may_write(sql)


@lru_cache(maxsize=4096)
def may_write(sql: str) -> bool:
    """Whether a statement may change something; one that only locks rows may count, too."""
    return _WRITES.search(sql) is not None


class Prepared:
    """One statement with named parameters."""

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement

    @cached_property
    def _compiled(self) -> tuple[str, list[str], dict[str, Any]]:
        compiled = self._statement.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
        if not isinstance(compiled, SQLCompiler):
            raise TypeError
        return str(compiled), list(compiled.positiontup or ()), dict(compiled.params)

    async def rows(self, session: AsyncSession, parameters: Mapping[str, Any]) -> list[asyncpg.Record]:
        """Run it in the session's transaction, which has begun, after what the session still has to write."""
        if session.new or session.dirty or session.deleted:
            await session.flush()
        sql, names, constants = self._compiled
        values = [parameters[name] if name in parameters else constants[name] for name in names]
        if _NOT_GIVEN in values:
            missing = ", ".join(name for name, value in zip(names, values, strict=True) if value is _NOT_GIVEN)
            raise TypeError(f"not given: {missing}")
        if written := session.info.get(WRITTEN):
            written.note(sql)
        found: list[asyncpg.Record] = await (await driver(session)).fetch(sql, *values)
        return found

    async def row(self, session: AsyncSession, parameters: Mapping[str, Any]) -> asyncpg.Record | None:
        """The first row, if there is one."""
        return next(iter(await self.rows(session, parameters)), None)


async def driver(session: AsyncSession) -> asyncpg.Connection:
    """The driver's connection under the session's; a session that writes a mall knows it from its beginning."""
    known = session.info.get(DRIVER)
    return known if isinstance(known, asyncpg.Connection) else await driver_of(await session.connection())


async def driver_of(connection: AsyncConnection) -> asyncpg.Connection:
    """The driver's connection under an engine's."""
    found = (await connection.get_raw_connection()).driver_connection
    if not isinstance(found, asyncpg.Connection):
        raise TypeError
    return found


def parameter(name: str, type_: TypeEngine[T]) -> BindParameter[T]:
    """A parameter of a prepared statement; its value comes when it runs."""
    return bindparam(name, value=_NOT_GIVEN, type_=type_)


def inserting(table: type[Base], prefix: str) -> Insert:
    """An INSERT of one row whose parameters are the columns' names behind a prefix."""
    named = {each.name: parameter(f"{prefix}_{each.name}", each.type) for each in table.__table__.columns}
    return insert(table).values(named)


def values_of(row: Base, prefix: str) -> dict[str, Any]:
    """What `inserting` needs of a row that no session holds: every column, defaults included."""
    names, in_json = _names(type(row), prefix)
    held = vars(row)  # what was set; asking the row for each costs ten times as much
    values = {name: held[key] if key in held else getattr(row, key) for name, key in names}
    return values | {name: json.dumps(values[name]) for name in in_json if values[name] is not None}


@cache
def _names(kind: type[Base], prefix: str) -> tuple[list[tuple[str, str]], list[str]]:
    """The parameter and the attribute of each column; and which parameters are sent as JSON."""
    columns = {f"{prefix}_{each.name}": each for each in kind.__table__.columns}
    in_json = [name for name, each in columns.items() if isinstance(each.type, JSON)]
    return [(name, each.key) for name, each in columns.items()], in_json
