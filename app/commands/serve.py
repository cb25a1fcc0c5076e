"""The program, served; in development also what must be there first: the database, the schema, the demo."""

import argparse
import asyncio
import contextlib
import signal
import sys
from functools import partial
from typing import Any

from app import embedded
from app.commands.data_folder import keep_cast, kept_cast, server_key
from app.commands.deployment import database, database_url, say
from app.demo import cast as cast_demo
from app.main import create_app
from app.schema_version import is_current
from app.security.passwords import Passwords
from app.settings import Settings
from app.web import logs
from app.web.server import Server


def serve(settings: Settings, arguments: argparse.Namespace) -> None:
    """Serve until Ctrl-C."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # as gently as Ctrl-C
    logs.begin(settings.log_level, as_json=settings.writes_json)
    key = server_key(settings)
    with database_url(settings) as url:
        cast = asyncio.run(_prepare(settings, url))
        base = address(arguments.host, arguments.port)
        if cast:
            keep_cast(settings, {**cast, "base_url": base})
            say(cast_demo.welcome(cast, base))
            if settings.examples is None:
                settings = settings.model_copy(update={"examples": True})
        app = create_app(settings.served_at(base), url, key)
        server = Server(app, host=arguments.host, port=arguments.port, drain_seconds=settings.drain_seconds)
        with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C is how it is told to end
            server.run()
        if not server.started:
            sys.exit(3)


def address(host: str, port: int) -> str:
    """Where somebody on this machine finds what listens there: on all addresses means on the loopback, too."""
    here = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # nothing is bound here
    return f"http://[{here}]:{port}" if ":" in here else f"http://{here}:{port}"


async def _prepare(settings: Settings, url: str) -> dict[str, Any] | None:
    """Development's first steps: create, migrate, and load the demo where there is no mall yet."""
    if settings.mode == "production":
        return None
    owner = settings.owner_database_url or url
    await embedded.create_database(owner)
    if not await is_current(owner):
        from app.migrating import migrate  # noqa: PLC0415  # Alembic, which a schema of today does not need

        await migrate(owner)
    return await _demo(settings, url) if settings.demo else None


async def _demo(settings: Settings, url: str) -> dict[str, Any] | None:
    """The demo's cast; None where the malls here are not the demo's."""
    kept = kept_cast(settings)
    async with database(settings, url) as made:
        if await cast_demo.needs_no_loading(made, kept):
            return kept
        from app.demo import story  # noqa: PLC0415  # nor does a demo that is there need to be told again

        passwords = Passwords(quick=settings.quick_passwords)
        return await story.load(made, passwords, kept, keep=partial(keep_cast, settings), say=say)
