"""Whether a statement stays within one mall, and could be spread over several servers, read from its SQL.

Every table that a mall owns is compared with a parameter of the statement, directly or by a join in the same FROM; all
such parameters of a statement are one mall. Not with a number that stands in the text: that is a statement of its own
for every mall. Not by a condition of an outer join for the side that it keeps: that leaves out no row there. Not with
the outer row's column in a subquery: where the tables are spread over several servers, such a statement would ask all
of them, and one that fell would be everybody's. So would one that compares something with NULL: all of its condition
is folded away, the mall with it. Parts of a statement that write are run there one after another, in the order in
which they are written, and the later ones see what the earlier have done.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlglot
from asyncpg.connection import LoggedQuery
from sqlalchemy import AdaptedConnection, event
from sqlglot import exp

from app.database import Database
from app.models import Base

OF_MALLS = {name for name, table in Base.metadata.tables.items() if "mall_id" in table.primary_key.columns}
REFERS_TO = {
    name: {key.referred_table.name for key in table.foreign_key_constraints}
    for name, table in Base.metadata.tables.items()
}
ACROSS_MALLS = {
    "grants": "account_id",  # an account's roles, wherever they are: who signs in has named no mall yet
    "journals": "mall_id",  # how far journals are, asked for many malls at once and mall by mall where that fails
    "entries": "mall_id",  # the same
    "followers": "mall_id",  # how far those who follow journals are, likewise
    "webhooks": "mall_id",  # which malls have one that is sent events, likewise
}
"""Tables that some statements read across malls on purpose, and the column by which they name what they want: one value
or a list of them. Nothing else of a mall stands in such a statement."""
LOCK = re.compile(r"BEGIN; SELECT 1 FROM journals WHERE mall_id = \d+ FOR NO KEY UPDATE")
"""The one statement whose mall stands in its text: two in one exchange take no parameters."""
READ_BEHIND_A_WRITE = {
    "tickets": "how many stand before a ticket that the same statement writes: it never stands before itself",
    "visits": "whether a visit is in order: only of tickets with a step, which no visit begins with",
}
"""Tables that a later part of a statement reads although an earlier one has written them, and why that is right."""
COMPARISONS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE)
_LIST = re.compile(r"\$\d+(::\w+)?(, \$\d+(::\w+)?)+")
_WANTED = (exp.Parameter, exp.Any, exp.Null, exp.Column)
_QUERIES = (exp.Select, exp.SetOperation, exp.With, exp.Insert, exp.Update, exp.Delete)


def faults(sql: str, values: Sequence[object] = ()) -> tuple[str, ...]:
    """What lets a statement out of its mall, or would make it answer otherwise where the tables are spread."""
    nothing = frozenset(number for number, value in enumerate(values, 1) if value is None)
    found, malls = _judged(sql, nothing)
    several = values and len({values[number - 1] for number in malls}) > 1
    return (*found, "its parameters name several malls") if several else found


@lru_cache(maxsize=8192)
def _judged(sql: str, nothing: frozenset[int]) -> tuple[tuple[str, ...], frozenset[int]]:
    """The faults of a statement, and the numbers of the parameters that are its mall.

    `nothing`: the numbers of those parameters that come as NULL.
    """
    if not any(name in sql for name in OF_MALLS) or LOCK.fullmatch(sql):
        return (), frozenset()
    statements = [each for each in sqlglot.parse(sql, dialect="postgres") if each]
    parts = [part for each in statements for part in _parts(each)]
    found = [fault for each in statements for fault in _faults(each, nothing)]
    return tuple(found), frozenset().union(*(part.malls() for part in parts))


@contextmanager
def watched(database: Database) -> Iterator[set[str]]:
    """The faults of every statement that the program runs meanwhile, each with its SQL."""
    found: set[str] = set()

    def look(sql: str, values: Sequence[object]) -> None:
        found.update(f"{each}: {_LIST.sub('…', ' '.join(sql.split()))}" for each in faults(sql, values))

    def by_the_session(_c: object, _cu: object, sql: str, values: Any, _co: object, many: bool) -> None:
        for each in values if many else [values]:
            look(sql, each)

    def by_the_driver(connection: AdaptedConnection, _: object) -> None:
        def logged(record: LoggedQuery) -> None:
            for each in record.args if isinstance(record.args, list) else [record.args]:  # a list: of many runs
                look(record.query, each or ())

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


@dataclass(frozen=True)
class Part:
    """One SELECT, UPDATE or DELETE of a statement, with what it reads and writes itself."""

    tables: dict[str, str]
    """Its tables, by the names that they have in it."""
    relations: frozenset[str]
    """These names, and those of all else in its FROM."""
    conditions: list[tuple[exp.Expr, frozenset[str]]]
    """What must hold, each with the names of those whose rows it can leave out."""

    def name(self, side: exp.Expr, column: str = "mall_id") -> str:
        """Whose column it is, by the name in this part; empty where it is another one, or an outer row's."""
        if not isinstance(side, exp.Column) or side.name != column:
            return ""
        name = side.table or (next(iter(self.tables), "") if len(self.relations) == 1 else "")
        return name if name in self.relations else ""

    def of_malls(self) -> Iterator[tuple[exp.Expr, exp.Expr, frozenset[str]]]:
        """What the malls of its tables must be equal to: each equality once from either side."""
        for each, narrowed in self.conditions:
            if isinstance(each, exp.EQ):
                one, other = _bare(each.this), _bare(each.expression)
                yield from (pair for pair in ((one, other, narrowed), (other, one, narrowed)) if self.name(pair[0]))

    def malls(self) -> frozenset[int]:
        """The numbers of the parameters with which its tables' malls are compared."""
        return frozenset(int(other.name) for _, other, _ in self.of_malls() if isinstance(other, exp.Parameter))

    def tied(self) -> set[str]:
        """The names of its tables that are tied to a parameter, themselves or by a join."""
        pairs, found = list(self.of_malls()), set[str]()
        for _ in pairs:
            for one, other, narrowed in pairs:
                if self.name(one) in narrowed and (isinstance(other, exp.Parameter) or self.name(other) in found):
                    found.add(self.name(one))
        return found

    def compared_with_an_outer_row(self) -> Iterator[str]:
        """Where a subquery takes its mall from the query around it."""
        for one, other, _ in self.of_malls():
            if self.name(one) in self.tables and isinstance(other, exp.Column) and other.table not in self.relations:
                yield f"{self.tables[self.name(one)]}.mall_id is compared with an outer row's column"

    def names_what_it_wants(self, name: str) -> bool:
        """Whether a table that is read across malls is narrowed by its column: with a value, a list, or by a join."""
        column = ACROSS_MALLS[self.tables[name]]
        for each, narrowed in self.conditions:
            if isinstance(each, (exp.EQ, exp.In)) and name in narrowed:
                sides = [_bare(side) for side in (each.this, *(each.expressions or [each.expression]))]
                beside = [side for side in sides if self.name(side, column) != name]
                if len(beside) < len(sides) and all(isinstance(side, _WANTED) for side in beside):
                    return True
        return False


def _parts(statement: exp.Expr) -> Iterator[Part]:
    for each in statement.find_all(exp.Select, exp.Update, exp.Delete):
        near = list(_near(each))
        names = _relations(near)
        where = each.args.get("where")
        conditions = [(one, frozenset(names)) for one in _all_of(where.this if where else None)]
        for join in near:
            if isinstance(join, exp.Join):
                narrowed = {"": names, "INNER": names, "LEFT": _relations(_near(join.this))}.get(join.side, {})
                conditions += [(one, frozenset(narrowed)) for one in _all_of(join.args.get("on"))]
        yield Part({name: table for name, table in names.items() if table}, frozenset(names), conditions)


def _near(whole: exp.Expr) -> Iterator[exp.Expr]:
    """What belongs to a part itself, and not to a query within it."""
    return (each for each in whole.walk(prune=lambda node: node is not whole and isinstance(node, _QUERIES)))


def _relations(near: Iterable[exp.Expr]) -> dict[str, str]:
    """What stands in a FROM, by its name there: with the table's name, where it is a table."""
    found = [each for each in near if isinstance(each, (exp.Table, exp.Subquery, exp.Lateral, exp.Unnest, exp.Values))]
    return {
        each.alias_or_name: each.name if isinstance(each, exp.Table) else "" for each in found if each.alias_or_name
    }


def _all_of(condition: exp.Expr | None) -> Iterator[exp.Expr]:
    """The conditions all of which must hold."""
    if isinstance(condition, exp.And):
        yield from (one for side in (condition.this, condition.expression) for one in _all_of(side))
    elif isinstance(condition, exp.Paren):
        yield from _all_of(condition.this)
    elif condition is not None:
        yield condition


def _bare(side: exp.Expr) -> exp.Expr:
    """The value itself, without the type and the name that are said of it."""
    return _bare(side.this) if isinstance(side, (exp.Cast, exp.Paren, exp.Alias)) else side


def _faults(statement: exp.Expr, nothing: frozenset[int]) -> Iterator[str]:
    yield from _of_the_order(statement)
    yield from _compared_with_null(statement, nothing)
    yield from _inserted_elsewhere(statement)
    named = {each.name for each in statement.find_all(exp.Table)} & OF_MALLS
    for part in _parts(statement):
        tied = part.tied()
        for name, table in part.tables.items():
            if table not in OF_MALLS or name in tied:
                continue
            if not (named <= ACROSS_MALLS.keys() and part.names_what_it_wants(name)):
                yield f"{table} is not narrowed to a mall"
        if not named <= ACROSS_MALLS.keys():
            yield from part.compared_with_an_outer_row()


def _inserted_elsewhere(statement: exp.Expr) -> Iterator[str]:
    """The tables to which rows are added whose mall is not given."""
    for each in statement.find_all(exp.Insert):
        target, columns = _target(each).name, [one.name for one in getattr(each.this, "expressions", ())]
        if target in OF_MALLS:
            place = columns.index("mall_id")
            rows = each.expression.expressions if isinstance(each.expression, exp.Values) else [each.expression]
            given = [_bare(row.expressions[place]) for row in rows]
            if not all(isinstance(one, (exp.Parameter, exp.Column)) for one in given):
                yield f"a row is added to {target} whose mall stands in the text"


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
