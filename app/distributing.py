"""How the tables are spread over a distributed PostgreSQL (Citus), by mall. The list comes from the tables themselves.

Nothing of the program changes: its statements stay within one mall, and so on one server.
"""

from collections.abc import Iterator

import asyncpg
from sqlalchemy import Table

from app.models import Base

SETTINGS = (
    "SET citus.enable_local_reference_table_foreign_keys TO off",
    "SET citus.multi_shard_modify_mode TO 'sequential'",
)
"""Tables are spread in the order of their foreign keys; without the first setting those not spread yet are refused."""
FIRST = "journals"
"""The table beside whose parts lie those of all others of the same mall."""


def of_malls() -> list[Table]:
    """The tables that a mall owns, what is referred to first."""
    found = [each for each in Base.metadata.sorted_tables if "mall_id" in each.primary_key.columns]
    return sorted(found, key=lambda each: each.name != FIRST)


def on_every_server() -> list[Table]:
    """The platform's tables that others refer to: small, and kept whole on each server."""
    found: set[Table] = set()
    asked = of_malls()
    while asked:
        referred = {key.referred_table for table in asked for key in table.foreign_key_constraints}
        asked = list(referred - found - set(of_malls()))
        found |= set(asked)
    return [each for each in Base.metadata.sorted_tables if each in found]


def made_known() -> list[Table]:
    """Tables that stay on the first server and refer to one that is on all: the distributed server must know them."""
    spread, everywhere = of_malls(), on_every_server()
    return [
        each
        for each in Base.metadata.sorted_tables
        if each not in spread
        and each not in everywhere
        and any(key.referred_table in everywhere for key in each.foreign_key_constraints)
    ]


def plan(known: frozenset[str] = frozenset()) -> Iterator[str]:
    """The statements, in order, for the tables that the server does not know yet."""
    yield from SETTINGS
    for each in on_every_server():
        if each.name not in known:
            yield f"SELECT create_reference_table('{each.name}')"
    for each in of_malls():
        if each.name not in known:
            beside = "none" if each.name == FIRST else FIRST
            yield f"SELECT create_distributed_table('{each.name}', 'mall_id', colocate_with => '{beside}')"
    yield "RESET citus.enable_local_reference_table_foreign_keys"
    for each in made_known():
        if each.name not in known:
            yield f"SELECT citus_add_local_table_to_metadata('{each.name}', cascade_via_foreign_keys => true)"
    for each in reversed([*on_every_server(), *of_malls()]):  # what they held before; children first
        yield f"SELECT truncate_local_data_after_distributing_table('{each.name}')"


class NotDistributed(Exception):
    """The server is not one that spreads tables, or its schema is not there; the message says what to do."""


async def distribute(url: str) -> int:
    """Spread what is not spread yet, and return how many tables that were. Raises NotDistributed."""
    connection = await asyncpg.connect(url)
    try:
        if not await connection.fetchval("SELECT 1 FROM pg_extension WHERE extname = 'citus'"):
            raise NotDistributed("This database has no Citus: docs/operations.md says how it gets there.")
        rows = await connection.fetch("SELECT logicalrelid::regclass::text AS name FROM pg_dist_partition")
        known = frozenset(row["name"] for row in rows)
        statements = list(plan(known))
        for each in statements:
            await connection.execute(each)
        return sum("create_" in each for each in statements)
    finally:
        await connection.close()
