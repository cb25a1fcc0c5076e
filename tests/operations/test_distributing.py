"""The tables spread over a distributed PostgreSQL: what would be done, and what a plain server is told.

A real one is no part of the suite: no registry offers it. The plan was tried on one.
"""

import re
from pathlib import Path

import pytest

from app.distributing import plan
from app.models import Base
from tests.command_line import Line
from tests.databases import own_database

PLAN = list(plan())
SPREAD = [name for each in PLAN for name in re.findall(r"create_distributed_table\('(\w+)'", each)]
EVERYWHERE = [name for each in PLAN for name in re.findall(r"create_reference_table\('(\w+)'", each)]
EMPTIED = [name for each in PLAN for name in re.findall(r"truncate_local_data_after_distributing_table\('(\w+)'", each)]


def test_every_table_of_a_mall_is_spread_and_what_it_refers_to_is_there_before_it() -> None:
    assert set(SPREAD) == {name for name, table in Base.metadata.tables.items() if "mall_id" in table.primary_key}
    assert EVERYWHERE == ["malls", "accounts"]
    known = [*EVERYWHERE, *SPREAD]
    for place, name in enumerate(known):
        referred = {key.referred_table.name for key in Base.metadata.tables[name].foreign_key_constraints}
        assert referred <= {*known[:place], name}, name


def test_the_parts_of_one_mall_lie_together() -> None:
    assert SPREAD[0] == "journals"
    beside = [name for each in PLAN for name in re.findall(r"'mall_id', colocate_with => '(\w+)'", each)]
    assert beside == ["none", *["journals"] * (len(SPREAD) - 1)]


def test_what_stays_on_the_first_server_and_refers_to_what_is_everywhere_is_made_known() -> None:
    known = [each for each in PLAN if "citus_add_local_table_to_metadata" in each]
    assert known == ["SELECT citus_add_local_table_to_metadata('refresh_tokens', cascade_via_foreign_keys => true)"]


def test_what_tables_held_before_goes_children_first() -> None:
    assert [*reversed(SPREAD), *reversed(EVERYWHERE)] == EMPTIED


def test_what_is_spread_already_is_left_as_it_is() -> None:
    again = list(plan(frozenset({*EVERYWHERE, *SPREAD, "refresh_tokens"})))
    assert not [each for each in again if "create_" in each or "add_local" in each]
    assert [each for each in plan(frozenset(SPREAD[:-1])) if "create_distributed" in each] == [
        f"SELECT create_distributed_table('{SPREAD[-1]}', 'mall_id', colocate_with => 'journals')"
    ]


@pytest.mark.parametrize("there", [False, True], ids=["no schema", "no Citus"])
async def test_a_plain_server_is_told_what_is_missing(
    anyio_backend: object, server_url: str, template: str, tmp_path: Path, *, there: bool
) -> None:
    async with own_database(server_url, template if there else "template0") as url:
        refused = await Line(url, tmp_path).run("distribute")
    assert refused.code == 1
    assert refused.out == ""
    [sentence] = refused.err.splitlines()
    assert ("docs/operations.md" if there else "python -m app migrate") in sentence


async def test_the_plan_is_printed_without_a_database(anyio_backend: object, tmp_path: Path) -> None:
    shown = await Line("postgresql://nobody@127.0.0.1:1/none", tmp_path).run("distribute", "--plan")
    assert shown.out == ";\n".join(PLAN) + ";\n"
