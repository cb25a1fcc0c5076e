"""`python -m app …`: serve, migrate, distribute, demo, openapi, end-day, verify-journal, create-admin, keys."""

import argparse
import importlib
import sys
from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import ValidationError

from app.settings import Settings, SettingsError

Number = TypeVar("Number", int, float)


def _not_negative(kind: type[Number]) -> Callable[[str], Number]:
    """What argparse makes of a number that is not below nothing."""

    def read(text: str) -> Number:
        value = kind(text)
        if not 0 <= value < float("inf"):
            raise argparse.ArgumentTypeError(f"not a number from 0 on: {text}")
        return value

    return read


def _port(text: str) -> int:
    """A port that a client can be told."""
    if not text.isdecimal() or not 1 <= int(text) <= 65_535:  # noqa: PLR2004
        raise argparse.ArgumentTypeError(f"not a port from 1 to 65535: {text}")
    return int(text)


def parser() -> argparse.ArgumentParser:
    """The words of the command line. Each command names its function, whose module is imported when it is given."""
    made = argparse.ArgumentParser(prog="python -m app", description=__doc__)
    verbs = made.add_subparsers(required=True, metavar="COMMAND")
    parts = verbs.add_parser("demo", help="What the demo has: accounts, and a whole day.")
    demo = parts.add_subparsers(required=True, metavar="WHAT")

    def verb(name: str, function: str, what: str, among: Any = verbs) -> argparse.ArgumentParser:  # noqa: ANN401  # argparse has no name for it
        each: argparse.ArgumentParser = among.add_parser(name, help=what, description=what)
        each.set_defaults(function=function)
        return each

    serving = verb("serve", "serve.serve", "Serve until Ctrl-C.")
    serving.add_argument("--host", default="127.0.0.1")
    serving.add_argument("--port", type=_port, default=8000)
    verb("migrate", "schema.bring_up_to_date", "Bring the schema to this program's version, as the owner.")
    spreading = verb(
        "distribute",
        "schema.spread",
        "Spread the tables by mall over a distributed PostgreSQL (Citus), as the owner. It can be done again.",
    )
    spreading.add_argument("--plan", action="store_true", help="only print the statements, for an empty database")
    beginning = verb("migration", "schema.begin", "Begin a migration from what the models say.")
    beginning.add_argument("name", help="what it does, in a few words")
    served = "where the demo is served (default: where it was served last)"
    shown = verb("accounts", "demo.show_accounts", "Print the demo's accounts and device keys as JSON.", demo)
    shown.add_argument("--base-url", metavar="URL", help=served)
    day = verb(
        "day",
        "demo.play_day",
        "Play a day of Samarinda's mall on the running demo: watch GET /board meanwhile. Ctrl-C ends it gently."
        " The clock is not moved: the day is the real one with shorter pauses, and can be played again.",
        demo,
    )
    day.add_argument(
        "--pace",
        type=_not_negative(float),
        default=3.0,
        metavar="MINUTES",
        help="how many minutes the whole day takes (default 3; 0: as fast as it goes)",
    )
    day.add_argument("--visitors", type=_not_negative(int), default=1000, help="how many come (default 1000)")
    day.add_argument("--url", help=served)
    document = verb("openapi", "contract.write", "Write the contract.")
    document.add_argument("--check", action="store_true", help="fail where the committed one is stale")
    ending = verb("end-day", "journals.end_day", "End today's queue of a mall by hand. Numbering goes on.")
    ending.add_argument("mall", help="the mall's slug")
    verb(
        "verify-journal",
        "journals.verify",
        "Compute every journal's chain anew: sequences without a gap, and each hash from the text it stands for.",
    )
    rotating = verb(
        "keys",
        "platform.rotate_keys",
        "Make a new signing key. The JWKS shows it at once; it signs after a while, and the old ones leave after that.",
    )
    rotating.add_argument("what", choices=["rotate"])
    rotating.add_argument(
        "--after", type=int, metavar="SECONDS", help="how long the JWKS shows it before it signs (default: ten minutes)"
    )
    rotating.add_argument(
        "--leaked", action="store_true", help="others know the old keys: they and all tokens end within half a minute"
    )
    admin = verb("create-admin", "platform.create_admin", "Create the first administrator of the platform.")
    admin.add_argument("username")
    admin.add_argument("--name", default="Administrator")
    return made


def main() -> None:
    """Run the command; what is wrong with the settings is said in a sentence."""
    arguments = parser().parse_args()
    module, _, function = arguments.function.partition(".")
    try:
        settings = Settings().checked()
        getattr(importlib.import_module(f"app.commands.{module}"), function)(settings, arguments)
    except SettingsError as error:
        sys.exit(str(error))
    except ValidationError as error:
        sys.exit("\n".join(f"MPP_{str(each['loc'][0]).upper()}: {each['msg']}" for each in error.errors()))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
