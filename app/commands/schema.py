"""The schema: brought to this program's version, and begun anew for a developer."""

import argparse
import asyncio
import tempfile
from pathlib import Path

from app import embedded
from app.commands.deployment import database_url, say
from app.migrating import begin_migration, migrate
from app.settings import Settings


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
