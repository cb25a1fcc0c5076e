"""Which version of the schema this program expects, and whether a database has it.

Read from the migrations' files: a program that serves does not need Alembic, nor the time that importing it takes.
"""

import re
from functools import cache
from pathlib import Path

import asyncpg

MIGRATIONS = Path(__file__).parent.parent / "migrations"
_LINK = re.compile(r"^(?:revision|down_revision)\b.*?= ?(.+)$", re.MULTILINE)


@cache
def code_head() -> str:
    """The version that this program's code expects: the one that no other migration follows."""
    links = [_LINK.findall(each.read_text("utf-8")) for each in (MIGRATIONS / "versions").glob("*.py")]
    [head] = {own for own, _ in links} - {before for _, before in links}
    return str(head).strip("'\"")


async def is_current(url: str) -> bool:
    """Whether the database has the schema of this program."""
    connection = await asyncpg.connect(url)
    try:
        version: str | None = await connection.fetchval("SELECT version_num FROM alembic_version")
    except asyncpg.UndefinedTableError:
        return False
    finally:
        await connection.close()
    return version == code_head()
