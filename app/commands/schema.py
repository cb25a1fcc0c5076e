"""The schema: brought to this program's version, spread over several servers, and begun anew for a developer."""

import argparse
import asyncio
import tempfile
from pathlib import Path

from app import embedded
from app.commands.deployment import database_url, say
from app.distributing import NotDistributed, distribute, plan
from app.migrating import begin_migration, migrate
from app.schema_version import is_current
from app.settings import Settings, SettingsError


def bring_up_to_date(settings: Settings, _: argparse.Namespace) -> None:
    """Bring the schema to this program's version, as the owner."""
    with database_url(settings) as url:
        owner = settings.owner_database_url or url
        if settings.mode != "production":
            asyncio.run(embedded.create_database(owner))
        asyncio.run(migrate(owner))
    say("The schema is up to date.")


def begin(_: Settings, arguments: argparse.Namespace) -> None:
    """Begin a migration from what the models say, against a database made for the purpose."""
    with tempfile.TemporaryDirectory(prefix="mpp-migration-") as folder, embedded.server(Path(folder)) as url:
        asyncio.run(embedded.create_database(url))
        asyncio.run(migrate(url))
        asyncio.run(begin_migration(url, arguments.name))
    say("Look it over in migrations/versions before you keep it.")


def spread(settings: Settings, arguments: argparse.Namespace) -> None:
    """Spread the tables by mall over a distributed PostgreSQL, or show the statements that do it."""
    if arguments.plan:
        print(";\n".join(plan()) + ";")
        return
    with database_url(settings) as url:
        owner = settings.owner_database_url or url
        if not asyncio.run(is_current(owner)):
            raise SettingsError("The schema is not this program's: run `python -m app migrate` first.")
        try:
            count = asyncio.run(distribute(owner))
        except NotDistributed as error:
            raise SettingsError(str(error)) from error
    say(f"{count} tables were spread; all are now.")
