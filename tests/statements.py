"""Whether a statement stays within one mall, read from its SQL.

Every table that a mall owns is compared with the statement's own parameter, directly or by a join in the same FROM; in
a subquery never with the outer row's column: where the tables are spread over several servers, such a statement would
ask all of them, and one that fell would be everybody's.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

import sqlglot
from sqlalchemy import AdaptedConnection, event
from sqlglot import exp
from sqlglot.optimizer.scope import Scope, traverse_scope

from app.database import Database
from app.models import Base

OF_MALLS = {name for name, table in Base.metadata.tables.items() if "mall_id" in table.primary_key.columns}
ACROSS_MALLS = {
    "grants": "an account's roles, wherever they are: who signs in has named no mall yet",
    "journals": "how far journals are, asked for many malls at once and mall by mall where that fails",
    "entries": "the same, and verifying every journal",
    "followers": "how far those who follow journals are, likewise",
}
"""Tables that some statements read across malls on purpose, and why. Nothing else stands in such a statement."""
_LIST = re.compile(r"\$\d+(::\w+)?(, \$\d+(::\w+)?)+")


@lru_cache(maxsize=4096)
def faults(sql: str) -> tuple[str, ...]:
    """What lets a statement out of its mall."""
    if not any(name in sql for name in OF_MALLS) or not re.match(r"\s*(SELECT|WITH|UPDATE|DELETE|INSERT)", sql):
        return ()
    return tuple(_faults(sqlglot.parse_one(sql, dialect="postgres")))


@contextmanager
def watched(database: Database) -> Iterator[set[str]]:
    """The faults of every statement that the program runs meanwhile, each with its SQL."""
    found: set[str] = set()

    def look(sql: str) -> None:
        found.update(f"{each}: {_LIST.sub('…', ' '.join(sql.split()))}" for each in faults(sql))

    def by_the_session(_c: object, _cu: object, statement: str, *_: object) -> None:
        look(statement)

    def by_the_driver(connection: AdaptedConnection, _: object) -> None:
        connection.driver_connection.add_query_logger(lambda record: look(record.query))

    engines = [engine.sync_engine for engine in database.engines]
    for engine in engines:
        event.listen(engine, "before_cursor_execute", by_the_session)
        event.listen(engine, "connect", by_the_driver)
    try:
        yield found
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", by_the_session)
            event.remove(engine, "connect", by_the_driver)


def _faults(statement: exp.Expr) -> Iterator[str]:
    if {each.name for each in statement.find_all(exp.Table)} & OF_MALLS <= set(ACROSS_MALLS):
        return
    for each in statement.find_all(exp.Update, exp.Delete):
        target = each.this
        if target.name in OF_MALLS and not _tied(each.args.get("where"), {target.alias_or_name}):
            yield f"{target.name} is not narrowed to a mall"
    for scope in traverse_scope(statement):
        yield from _of(scope)


def _of(scope: Scope) -> Iterator[str]:
    tables = {name: each for name, each in scope.sources.items() if isinstance(each, exp.Table)}
    owned = {
        name: each.name for name, each in tables.items() if each.name in OF_MALLS and name in scope.selected_sources
    }
    if not owned:
        return
    tied: set[str] = set()
    pairs: list[tuple[str, str]] = []
    for left, right in _comparisons(scope):
        names = [each.table or next(iter(owned)) for each in (left, right) if isinstance(each, exp.Column)]
        if len(names) == 2:
            pairs.append((names[0], names[1]))
            for name, other in (names, names[::-1]):
                if name in owned and other not in scope.selected_sources:
                    yield f"{owned[name]}.mall_id is compared with an outer row's column"
        elif names:
            tied.add(names[0])
    for _ in pairs:
        tied |= {name for pair in pairs if tied & set(pair) for name in pair}
    for name, table in owned.items():
        if name not in tied:
            yield f"{table} is not narrowed to a mall"


def _comparisons(scope: Scope) -> Iterator[tuple[exp.Expr, exp.Expr]]:
    """What this SELECT itself compares `mall_id` columns with."""
    for each in scope.find_all(exp.EQ):
        left, right = each.this, each.expression
        if "mall_id" in {getattr(left, "name", ""), getattr(right, "name", "")}:
            yield left, right


def _tied(where: exp.Expr | None, names: set[str]) -> bool:
    found = where.find_all(exp.EQ) if where else ()
    return any(
        isinstance(each.this, exp.Column)
        and each.this.name == "mall_id"
        and each.this.table in names | {""}
        and not isinstance(each.expression, exp.Column)
        for each in found
    )
