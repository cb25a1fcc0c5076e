"""The embedded server on a machine that is set up for something else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app import embedded
from tests.servers import ROOT

BEGIN = """
import asyncio, os, pathlib, sys
from app import embedded
os.umask(0o077)
with embedded.server(pathlib.Path(sys.argv[1])) as url:
    asyncio.run(embedded.create_database(url))
"""
"""Another program that uses the embedded server."""


@pytest.fixture
def surroundings(tmp_path: Path) -> dict[str, str]:
    """No home, somebody else's runtime folder, a language that is not there, another server's address, an odd zone."""
    runtime = tmp_path / "runtime"
    runtime.mkdir(mode=0o755)
    kept = {name: value for name, value in os.environ.items() if name != "HOME"}
    return {
        **kept,
        "XDG_RUNTIME_DIR": str(runtime),
        "LC_ALL": "tlh_QO.UTF-8",
        "PGHOST": "elsewhere.example",
        "PGPORT": "1",
        "PGUSER": "nobody",
        "PGPASSWORD": "x",
        "PGSSLMODE": "require",
        "TZ": "Australia/Lord_Howe",
    }


def begin(data_dir: Path, surroundings: dict[str, str]) -> None:
    """Run the other program there, with every warning an error."""
    done = subprocess.run(  # noqa: S603  # our own program
        [sys.executable, "-W", "error", "-c", BEGIN, data_dir],
        env=surroundings,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_foreign_surroundings_do_not_keep_the_server_from_starting(
    shared_dir: Path, surroundings: dict[str, str]
) -> None:
    begin(shared_dir / "foreign", surroundings)


def test_a_program_in_other_surroundings_finds_the_server_that_runs(
    shared_dir: Path, surroundings: dict[str, str]
) -> None:
    with embedded.server(shared_dir / "data"):
        begin(shared_dir / "data", surroundings)
