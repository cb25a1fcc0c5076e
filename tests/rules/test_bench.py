"""What the bench writes beside the program: it names every column that a row must have."""

import re
from pathlib import Path

import pytest

from app import models

BENCH = Path(__file__).parents[2] / "bench"
INSERTS = [
    pytest.param(table, columns, id=f"{path.name}: {table}")
    for path in sorted([*BENCH.glob("*.sql"), *BENCH.glob("*.py")])
    for table, columns in re.findall(r"INSERT INTO (\w+)\s*\(([^)]*)\)", path.read_text())
]


@pytest.mark.parametrize(("table", "columns"), INSERTS)
def test_a_row_of_the_bench_has_what_a_row_must_have(table: str, columns: str) -> None:
    named = {each.strip() for each in columns.split(",")}
    there = models.Base.metadata.tables[table].columns
    assert named <= set(there.keys())
    assert {each.name for each in there if not each.nullable and each.server_default is None} <= named
