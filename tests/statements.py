"""Whether a statement stays within one mall, and could be spread over several servers, read from its SQL.

Every table that a mall owns is compared with the statement's own parameter, directly or by a join in the same FROM; in
a subquery never with the outer row's column: where the tables are spread over several servers, such a statement would
ask all of them, and one that fell would be everybody's. So would one that compares something with NULL: all of its
condition is folded away, the mall with it. Parts of a statement that write are run there one after another, in the
order in which they are written, and the later ones see what the earlier have done.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache

import sqlglot
from asyncpg.connection import LoggedQuery
from sqlalchemy import AdaptedConnection, event
from sqlglot import exp
from sqlglot.optimizer.scope import traverse_scope

from app.database import Database
from app.models import Base

OF_MALLS = {name for name, table in Base.metadata.tables.items() if "mall_id" in table.primary_key.columns}
REFERS_TO = {
    name: {key.referred_table.name for key in table.foreign_key_constraints}
    for name, table in Base.metadata.tables.items()
}
ACROSS_MALLS = {
    "grants": "an account's roles, wherever they are: who signs in has named no mall yet",
    "journals": "how far journals are, asked for many malls at once and mall by mall where that fails",
    "entries": "the same, and verifying every journal",
    "followers": "how far those who follow journals are, likewise",
}
"""Tables that some statements read across malls on purpose, and why. Nothing else stands in such a statement."""
READ_BEHIND_A_WRITE = {
    "tickets": "how many stand before a ticket that the same statement writes: it never stands before itself",
}
"""Tables that a later part of a statement reads although an earlier one has written them, and why that is right."""
COMPARISONS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE)
_LIST = re.compile(r"\$\d+(::\w+)?(, \$\d+(::\w+)?)+")


@lru_cache(maxsize=8192)
def faults(sql: str, nothing: frozenset[int] = frozenset()) -> tuple[str, ...]:
    """What lets a statement out of its mall, or would make it answer otherwise where the tables are spread.

    `nothing`: the numbers of those parameters that come as NULL.
    """
    if not any(name in sql for name in OF_MALLS) or not re.match(r"\s*(SELECT|WITH|UPDATE|DELETE|INSERT)", sql):
        return ()
    return tuple(_faults(sqlglot.parse_one(sql, dialect="postgres"), nothing))


@contextmanager
def watched(database: Database) -> Iterator[set[str]]:
    """The faults of every statement that the program runs meanwhile, each with its SQL."""
    found: set[str] = set()

    def look(sql: str, values: Sequence[object]) -> None:
        nothing = frozenset(number for number, value in enumerate(values, 1) if value is None)
        found.update(f"{each}: {_LIST.sub('…', ' '.join(sql.split()))}" for each in faults(sql, nothing))

    def by_the_session(_c: object, _cu: object, statement: str, values: Sequence[object], *_: object) -> None:
        look(statement, values)

    def by_the_driver(connection: AdaptedConnection, _: object) -> None:
        def logged(record: LoggedQuery) -> None:
            look(record.query, record.args or ())

        connection.driver_connection.add_query_logger(logged)

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


def _faults(statement: exp.Expr, nothing: frozenset[int]) -> Iterator[str]:
    yield from _of_the_order(statement)
    yield from _compared_with_null(statement, nothing)
    if {each.name for each in statement.find_all(exp.Table)} & OF_MALLS <= set(ACROSS_MALLS):
        return
    for each in statement.find_all(exp.Update, exp.Delete):
        where = each.args.get("where")
        beside = [each.args.get("from_"), *(each.args.get("using") or ())]
        tables = [each.this, *(table for one in beside if one for table in one.find_all(exp.Table))]
        here = {table.alias_or_name: table.name for table in tables}
        yield from _not_narrowed(here, _comparisons(where.find_all(exp.EQ) if where else ()))
    for scope in traverse_scope(statement):
        sources = {name: each for name, each in scope.sources.items() if name in scope.selected_sources}
        here = {name: each.name for name, each in sources.items() if isinstance(each, exp.Table)}
        if not OF_MALLS & set(here.values()):
            continue
        compared = _comparisons(scope.find_all(exp.EQ))
        for name, other in _pairs(compared, here):
            for one, outer in ((name, other), (other, name)):
                if here.get(one) in OF_MALLS and outer not in scope.selected_sources:
                    yield f"{here[one]}.mall_id is compared with an outer row's column"
        yield from _not_narrowed(here, compared)


def _of_the_order(statement: exp.Expr) -> Iterator[str]:
    """What is wrong where the parts of a statement run one after another, as they are written."""
    parts = [each.this for each in statement.find_all(exp.CTE)] + [statement]
    written: list[str] = []
    for part in parts:
        own = list(_own(part))
        target = next((_target(each) for each in own if isinstance(each, (exp.Insert, exp.Update, exp.Delete))), None)
        read = {each.name for each in own if isinstance(each, exp.Table) and each is not target}
        for table in read & set(written) - set(READ_BEHIND_A_WRITE):
            yield f"{table} is read behind a part that writes it"
        if target is not None:
            if isinstance(part, exp.Insert):
                referring = [each for each in written if target.name in REFERS_TO.get(each, ())]
                yield from (f"{each} is written before {target.name}, to which it refers" for each in referring)
            written.append(target.name)


def _own(part: exp.Expr) -> Iterator[exp.Expr]:
    """What belongs to a part itself, and not to one that stands in its WITH."""
    return (each for each in part.walk(prune=lambda node: isinstance(node, exp.With)))


def _target(each: exp.Expr) -> exp.Table:
    """The table that is written."""
    found = each.this.find(exp.Table)
    assert isinstance(found, exp.Table)
    return found


def _compared_with_null(statement: exp.Expr, nothing: frozenset[int]) -> Iterator[str]:
    for each in statement.find_all(*COMPARISONS):
        if isinstance(each.parent, (exp.Update, exp.OnConflict)):
            continue  # it is set, not compared
        for side in (each.this.unnest(), each.expression.unnest()):
            value = side.this if isinstance(side, exp.Cast) else side
            if isinstance(value, exp.Null) or (isinstance(value, exp.Parameter) and int(value.name) in nothing):
                yield f"something is compared with NULL: {each.sql(dialect='postgres')}"


Compared = tuple[exp.Expr, exp.Expr]


def _comparisons(equalities: Iterable[exp.Expr]) -> list[Compared]:
    """What `mall_id` columns must be equal to."""
    return [
        (each.this, each.expression)
        for each in equalities
        if "mall_id" in {getattr(each.this, "name", ""), getattr(each.expression, "name", "")} and _must_hold(each)
    ]


def _must_hold(condition: exp.Expr) -> bool:
    """Whether nothing passes for which the condition is not true."""
    above = condition.parent
    while isinstance(above, (exp.And, exp.Paren)):
        above = above.parent
    return isinstance(above, (exp.Where, exp.Join))


def _names(pair: Compared, here: dict[str, str]) -> list[str]:
    return [each.table or next(iter(here)) for each in pair if isinstance(each, exp.Column)]


def _pairs(compared: list[Compared], here: dict[str, str]) -> list[tuple[str, str]]:
    found = (_names(each, here) for each in compared)
    return [(names[0], names[1]) for names in found if len(names) == 2]


def _not_narrowed(here: dict[str, str], compared: list[Compared]) -> Iterator[str]:
    """The tables of a mall that are tied to no parameter, neither themselves nor by a join."""
    tied = {
        _names(each, here)[0]
        for each in compared
        if len(_names(each, here)) == 1 and not any(isinstance(side, (exp.Any, exp.Query)) for side in each)
    }
    pairs = _pairs(compared, here)
    for _ in pairs:
        tied |= {name for pair in pairs if tied & set(pair) for name in pair}
    for name, table in here.items():
        if table in OF_MALLS and name not in tied:
            yield f"{table} is not narrowed to a mall"
