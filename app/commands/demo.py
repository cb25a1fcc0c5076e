"""What the demo has: accounts, and a whole day."""

import argparse
import asyncio
import json
import sys
from typing import Any

from app.commands.data_folder import kept_cast
from app.demo import watched
from app.settings import Settings, SettingsError


def show_accounts(settings: Settings, arguments: argparse.Namespace) -> None:
    """Print the demo's accounts and device keys as JSON."""
    cast = _cast(settings)
    print(json.dumps({**cast, "base_url": arguments.base_url or cast["base_url"]}, indent=2))


def play_day(settings: Settings, arguments: argparse.Namespace) -> None:
    """Play a day of Samarinda's mall on the running demo."""
    cast = _cast(settings)
    playing = watched.play(cast, arguments.url or cast["base_url"], visitors=arguments.visitors, minutes=arguments.pace)
    try:
        whole = asyncio.run(playing)
    except watched.NotPlayed as error:
        raise SettingsError(str(error)) from error
    if not whole:
        sys.exit(130)


def _cast(settings: Settings) -> dict[str, Any]:
    """Who plays in the demo, and where it was served last."""
    cast = None if settings.mode == "production" else kept_cast(settings)
    if cast is None:
        raise SettingsError("There is no demo here: `make run` loads it on the first run.")
    return {"base_url": settings.issuer, **cast}
