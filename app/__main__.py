"""`python -m app …`: serve, migrate, demo, openapi, end-day, verify-journal, create-admin, keys."""

import argparse
import asyncio
import contextlib
import getpass
import json
import os
import secrets
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from app import embedded
from app.actions import accounts, day_end, signing_keys
from app.database import PLATFORM_REF, Database
from app.demo import cast as cast_demo
from app.demo import story
from app.domain.accounts import PASSWORD_LENGTH
from app.domain.callers import SYSTEM
from app.domain.roles import Role
from app.domain.signing_keys import KEY_LEAD
from app.journal import Journal
from app.main import create_app
from app.migrating import begin_migration, migrate
from app.queries import journals, malls
from app.queries.accounts import account_named
from app.security.passwords import Passwords
from app.settings import Settings, SettingsError
from app.web import logs
from app.web.server import Server

OPENAPI = Path(__file__).parent.parent / "openapi" / "openapi.json"
DEMO_FILE = "demo.json"
Number = TypeVar("Number", int, float)
Result = TypeVar("Result")


def say(text: str) -> None:
    """Tell the person at the terminal what goes on."""
    print(text, file=sys.stderr, flush=True)


@contextlib.contextmanager
def database_url(settings: Settings) -> Iterator[str]:
    """The address of the database: the one that is set, or the embedded server while the block runs."""
    if settings.database_url:
        yield settings.database_url
        return
    say("Starting the embedded PostgreSQL …")
    with embedded.server(settings.data_dir) as url:
        yield url


def server_key(settings: Settings) -> bytes:
    """The key that claim codes are made with; development makes one and keeps it in its data folder."""
    if settings.secret_key:
        return settings.secret_key.get_secret_value().encode()
    path = settings.data_dir / "secret.key"
    if not path.exists():
        _write_privately(path, secrets.token_hex(32))
    return path.read_text("utf-8").encode()


def _write_privately(path: Path, text: str) -> None:
    """Write a file that only its owner reads, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    fresh.replace(path)


async def prepare(settings: Settings, url: str) -> dict[str, Any] | None:
    """Development's first steps: create, migrate, and load the demo where there is no mall yet."""
    if settings.mode == "production":
        return None
    owner = settings.owner_database_url or url
    await embedded.create_database(owner)
    await migrate(owner)
    path = settings.data_dir / DEMO_FILE
    if not settings.demo:
        return None
    kept = json.loads(path.read_text("utf-8")) if path.exists() else None
    passwords = Passwords(quick=settings.quick_passwords)
    async with _database(settings, url) as database:
        return await story.load(
            database, passwords, kept, keep=lambda cast: _write_privately(path, json.dumps(cast)), say=say
        )


@contextlib.asynccontextmanager
async def _database(settings: Settings, url: str) -> AsyncIterator[Database]:
    database = Database(
        url,
        before_write=day_end.end_overdue,
        pool_size=settings.database_pool_size,
        pooler=settings.database_pooler,
    )
    try:
        yield database
    finally:
        await database.close()


def _write_platform(settings: Settings, act: Callable[[Journal], Awaitable[Result]]) -> Result:
    """Do one act of the platform's."""

    async def write(url: str) -> Result:
        async with _database(settings, url) as database:
            return await database.write(PLATFORM_REF, SYSTEM, act)

    with database_url(settings) as url:
        return asyncio.run(write(url))


def serve(settings: Settings, arguments: argparse.Namespace) -> None:
    """Serve until Ctrl-C."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # as gently as Ctrl-C
    logs.begin(settings.log_level, as_json=settings.writes_json)
    key = server_key(settings)
    with database_url(settings) as url:
        cast = asyncio.run(prepare(settings, url))
        base = f"http://{arguments.host}:{arguments.port}"
        if cast:
            say(cast_demo.welcome(cast, base))
        app = create_app(settings, url, key)
        server = Server(app, host=arguments.host, port=arguments.port, drain_seconds=settings.drain_seconds)
        with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C is how it is told to end
            server.run()
        if not server.started:
            sys.exit(3)


def migrate_(settings: Settings, _: argparse.Namespace) -> None:
    """Bring the schema to this program's version, as the owner."""
    with database_url(settings) as url:
        owner = settings.owner_database_url or url
        if settings.mode != "production":
            asyncio.run(embedded.create_database(owner))
        asyncio.run(migrate(owner))
    say("The schema is up to date.")


def migration(_: Settings, arguments: argparse.Namespace) -> None:
    """Begin a migration from what the models say, against a database made for the purpose."""
    with tempfile.TemporaryDirectory(prefix="mpp-migration-") as folder, embedded.server(Path(folder)) as url:
        asyncio.run(embedded.create_database(url))
        asyncio.run(migrate(url))
        asyncio.run(begin_migration(url, arguments.name))
    say("Look it over in migrations/versions before you keep it.")


def _cast(settings: Settings) -> dict[str, Any]:
    path = settings.data_dir / DEMO_FILE
    if settings.mode == "production" or not path.exists():
        raise SettingsError("There is no demo here: `make run` loads it on the first run.")
    cast: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return cast


def demo_accounts(settings: Settings, arguments: argparse.Namespace) -> None:
    """Print the demo's accounts and device keys as JSON."""
    print(json.dumps({"base_url": arguments.base_url, **_cast(settings)}, indent=2))


def demo_day(settings: Settings, arguments: argparse.Namespace) -> None:
    """Play a day of Samarinda's mall on the running demo: watch GET /board meanwhile. Ctrl-C ends it gently.

    The clock is not moved: the day is the real one with shorter pauses, and no day's end. It can be played again.
    """
    from app.demo import watched  # noqa: PLC0415  # a client of the API, which no other command is

    playing = watched.play(_cast(settings), arguments.url, visitors=arguments.visitors, minutes=arguments.pace)
    try:
        whole = asyncio.run(playing)
    except watched.NotPlayed as error:
        raise SettingsError(str(error)) from error
    if not whole:
        sys.exit(130)


def openapi(settings: Settings, arguments: argparse.Namespace) -> None:
    """Write the contract, or check that the committed one is what the code says."""
    document = create_app(settings, "postgresql://", b"").openapi()
    text = json.dumps(document, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
    if not arguments.check:
        OPENAPI.parent.mkdir(exist_ok=True)
        OPENAPI.write_text(text, "utf-8")
    elif not OPENAPI.exists() or OPENAPI.read_text("utf-8") != text:
        raise SettingsError("openapi/openapi.json is stale: run `make openapi` and commit it.")


def end_day(settings: Settings, arguments: argparse.Namespace) -> None:
    """End today's queue of a mall by hand. It is no closure: numbering goes on."""

    async def end(url: str) -> int:
        async with _database(settings, url) as database:
            async with database.reading() as reading:
                mall = await malls.ref(reading.session, arguments.mall)
            if mall is None:
                raise SettingsError(f"There is no mall {arguments.mall}.")
            return await database.write(mall, SYSTEM, lambda journal: day_end.end(journal, journal.today))

    with database_url(settings) as url:
        say(f"Ended the day; {asyncio.run(end(url))} tickets were open.")


def verify_journal(settings: Settings, _: argparse.Namespace) -> None:
    """Compute every journal's chain anew: sequences without a gap, and each hash from the text it stands for."""

    async def verify(url: str) -> list[str]:
        async with _database(settings, url) as database, database.reading(snapshot=True) as reading:
            heads, faults = await journals.verify(reading.session)
        for mall_id, head in sorted(heads.items()):
            say(f"mall {mall_id}: {head.sequence} entries, head {head.hash.hex()[:16]}")
        return faults

    with database_url(settings) as url:
        faults = asyncio.run(verify(url))
    if faults:
        raise SettingsError("\n".join(["The journal is not whole:", *faults]))
    say("The journal is whole.")


def create_admin(settings: Settings, arguments: argparse.Namespace) -> None:
    """Create the first platform administrator of an empty deployment."""
    password = os.environ.get("MPP_ADMIN_PASSWORD") or getpass.getpass("Password: ")
    if not PASSWORD_LENGTH[0] <= len(password) <= PASSWORD_LENGTH[1]:
        raise SettingsError(f"A password has {PASSWORD_LENGTH[0]} to {PASSWORD_LENGTH[1]} characters.")
    password_hash = Passwords(quick=settings.quick_passwords).hash(password)

    async def create(journal: Journal) -> None:
        if await account_named(journal.session, arguments.username):
            raise SettingsError(f"There is an account {arguments.username} already.")
        await accounts.create(
            journal,
            username=arguments.username,
            name=arguments.name,
            password_hash=password_hash,
            platform_role=Role.PLATFORM_ADMIN,
        )

    _write_platform(settings, create)
    say(f"Created the platform administrator {arguments.username}.")


def rotate_keys(settings: Settings, arguments: argparse.Namespace) -> None:
    """Make a new signing key. The JWKS shows it at once; it signs after a while, and the old ones leave after that."""
    leaked, key = arguments.leaked, server_key(settings)
    after = timedelta() if leaked else timedelta(seconds=arguments.after)

    kid = _write_platform(settings, lambda journal: signing_keys.rotate(journal, key, after=after, forget=leaked))
    say(f"The key {kid} signs {f'in {after}' if after else 'from now on'}.")


def _not_negative(kind: type[Number]) -> Callable[[str], Number]:
    """What argparse makes of a number that is not below nothing."""

    def read(text: str) -> Number:
        value = kind(text)
        if not 0 <= value < float("inf"):
            raise argparse.ArgumentTypeError(f"not a number from 0 on: {text}")
        return value

    return read


def parser() -> argparse.ArgumentParser:
    """The words of the command line."""
    made = argparse.ArgumentParser(prog="python -m app", description=__doc__)
    verbs = made.add_subparsers(required=True, metavar="COMMAND")

    def verb(name: str, run: Any, among: Any = verbs) -> argparse.ArgumentParser:  # noqa: ANN401  # a function above
        each: argparse.ArgumentParser = among.add_parser(name, help=run.__doc__, description=run.__doc__)
        each.set_defaults(run=run)
        return each

    serving = verb("serve", serve)
    serving.add_argument("--host", default="127.0.0.1")
    serving.add_argument("--port", type=int, default=8000)
    verb("migrate", migrate_)
    verb("migration", migration).add_argument("name", help="what it does, in a few words")
    demos = verbs.add_parser("demo", help="What the demo has: accounts, and a whole day.")
    parts = demos.add_subparsers(required=True, metavar="WHAT")
    verb("accounts", demo_accounts, parts).add_argument("--base-url", default="http://127.0.0.1:8000")
    day = verb("day", demo_day, parts)
    day.add_argument(
        "--pace",
        type=_not_negative(float),
        default=3.0,
        metavar="MINUTES",
        help="how many minutes the whole day takes (default 3; 0: as fast as it goes)",
    )
    day.add_argument("--visitors", type=_not_negative(int), default=1000, help="how many come (default 1000)")
    day.add_argument("--url", default="http://127.0.0.1:8000", help="where the demo is served")
    verb("openapi", openapi).add_argument("--check", action="store_true", help="fail where the committed one is stale")
    verb("end-day", end_day).add_argument("mall", help="the mall's slug")
    verb("verify-journal", verify_journal)
    rotating = verb("keys", rotate_keys)
    rotating.add_argument("what", choices=["rotate"])
    rotating.add_argument(
        "--after",
        type=int,
        default=int(KEY_LEAD.total_seconds()),
        metavar="SECONDS",
        help="how long the JWKS shows it before it signs",
    )
    rotating.add_argument(
        "--leaked", action="store_true", help="others know the old keys: they and all tokens end within half a minute"
    )
    admin = verb("create-admin", create_admin)
    admin.add_argument("username")
    admin.add_argument("--name", default="Administrator")
    return made


def main() -> None:
    """Run the command; what is wrong with the settings is said in a sentence."""
    arguments = parser().parse_args()
    try:
        arguments.run(Settings().checked(), arguments)
    except SettingsError as error:
        sys.exit(str(error))
    except ValidationError as error:
        sys.exit("\n".join(f"MPP_{str(each['loc'][0]).upper()}: {each['msg']}" for each in error.errors()))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
