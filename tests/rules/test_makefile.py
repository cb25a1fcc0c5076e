"""`make` finds a Python that serves, and says so where there is none."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import ROOT

FAKE = f"""#!/bin/sh
[ "$1" = -c ] && exec {sys.executable} -c "import ensurepip, sys; sys.version_info = VERSION; $2"
echo "${{0##*/}} $*" >> said
[ -e .venv ] || {{ mkdir -p .venv/bin; cp "$0" .venv/bin/python; }}
"""
"""A Python of another version: it answers what its version is asked for, and notes what else it is told to do."""


class Machine:
    """A checkout on a machine with these Pythons and nothing else."""

    def __init__(self, folder: Path, pythons: dict[str, tuple[int, int]]) -> None:
        self._folder, self._bin = folder, folder / "bin"
        self._bin.mkdir()
        for name in ("mkdir", "cp", "touch"):
            (self._bin / name).symlink_to(str(shutil.which(name)))
        for name, version in pythons.items():
            (self._bin / name).write_text(FAKE.replace("VERSION", str(version)))
            (self._bin / name).chmod(0o755)
        for name in ("Makefile", "requirements-dev.lock"):
            shutil.copy(ROOT / name, folder)

    def make(self, *more: str) -> subprocess.CompletedProcess[str]:
        """Make the environment."""
        return subprocess.run(  # noqa: S603  # our own Makefile
            [str(shutil.which("make")), ".venv/ready", *more],
            cwd=self._folder,
            env={"PATH": str(self._bin)},
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def said(self) -> str:
        """What the Pythons were told to do."""
        return (self._folder / "said").read_text()


@pytest.mark.parametrize(
    ("pythons", "taken"),
    [
        ({"python3.11": (3, 11), "python3.13": (3, 13), "python3": (3, 11)}, "python3.13"),
        ({"python3.10": (3, 10), "python3": (3, 10), "python3.12": (3, 12)}, "python3.12"),
        ({"python3": (3, 11)}, "python3"),
        ({"python3": (3, 9), "python": (3, 15)}, "python"),
    ],
)
def test_the_newest_python_that_serves_is_taken(
    tmp_path: Path, pythons: dict[str, tuple[int, int]], taken: str
) -> None:
    machine = Machine(tmp_path, pythons)
    assert machine.make().returncode == 0
    assert machine.said.startswith(f"{taken} -m venv")


def test_another_python_can_be_named(tmp_path: Path) -> None:
    machine = Machine(tmp_path, {"python3.13": (3, 13), "mine": (3, 11)})
    assert machine.make("PYTHON=mine").returncode == 0
    assert machine.said.startswith("mine -m venv")


def test_where_no_python_serves_that_is_said(tmp_path: Path) -> None:
    done = Machine(tmp_path, {"python3": (3, 10)}).make()
    assert done.returncode != 0
    assert "No Python from 3.11 on (with its venv) was found. Tried: python3.14 python3.13" in done.stderr
    assert not (tmp_path / ".venv").exists()
