"""What development keeps in its data folder beside the embedded server: its key, and the demo's secrets."""

import json
import os
import secrets
from pathlib import Path
from typing import Any

from app.settings import Settings

DEMO_FILE = "demo.json"


def server_key(settings: Settings) -> bytes:
    """The key that claim codes are made with; development makes one and keeps it."""
    if settings.secret_key:
        return settings.secret_key.get_secret_value().encode()
    path = settings.data_dir / "secret.key"
    if not path.exists():
        _write_privately(path, secrets.token_hex(32))
    return path.read_text("utf-8").encode()


def kept_cast(settings: Settings) -> dict[str, Any] | None:
    """The demo's accounts and device keys, once there are any."""
    path = settings.data_dir / DEMO_FILE
    cast: dict[str, Any] | None = json.loads(path.read_text("utf-8")) if path.exists() else None
    return cast


def keep_cast(settings: Settings, cast: dict[str, Any]) -> None:
    """Keep them for the next start."""
    _write_privately(settings.data_dir / DEMO_FILE, json.dumps(cast))


def _write_privately(path: Path, text: str) -> None:
    """Write a file that only its owner reads, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    fresh.replace(path)
