"""The OpenAPI document, as it is committed."""

import argparse
import json
from pathlib import Path

from app.main import create_app
from app.settings import Settings, SettingsError

OPENAPI = Path(__file__).parents[2] / "openapi" / "openapi.json"


def write(settings: Settings, arguments: argparse.Namespace) -> None:
    """Write the contract, or check that the committed one is what the code says."""
    document = create_app(settings, "postgresql://", b"").openapi()
    text = json.dumps(document, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
    if not arguments.check:
        OPENAPI.parent.mkdir(exist_ok=True)
        OPENAPI.write_text(text, "utf-8")
    elif not OPENAPI.exists() or OPENAPI.read_text("utf-8") != text:
        raise SettingsError("openapi/openapi.json is stale: run `make openapi` and commit it.")
