"""What the tests of the command line share."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest

from tracker import processes
from tracker.cli.main import run

REPOSITORY = Path(__file__).resolve().parents[2]
WORKSPACES = REPOSITORY / "tests" / "workspaces"


class Tracker(Protocol):
    """Runs a command line in a folder; keywords are variables of the environment."""

    def __call__(self, folder: Path, *arguments: str, **environment: str) -> Ended:
        """Return how it ended."""


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def _plain_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what changes the output, so that each test sets what it is about."""
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "PYTHONIOENCODING", "_TRACKER_COMPLETE"):
        monkeypatch.delenv(name, raising=False)
    # Where there is no workspace, the machine's language is spoken.
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))


def _copied(name: str, folder: Path) -> Path:
    # Outside of the repository, so that its git history plays no part; a name as people have them.
    target = folder / "客户 资料" / name
    shutil.copytree(WORKSPACES / name, target, ignore=shutil.ignore_patterns(".tracker-cache"))
    return target


@pytest.fixture
def chinese(tmp_path: Path) -> Path:
    """Return a copy of the small Chinese workspace."""
    return _copied("small-zh", tmp_path)


@pytest.fixture
def english(tmp_path: Path) -> Path:
    """Return a copy of the small English workspace."""
    return _copied("small-en", tmp_path)


@pytest.fixture
def tracker(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Tracker:
    """Return a function that runs a command line in this process, in a folder."""
    # All here: each copy of this process would compile the templates again.
    monkeypatch.setattr(processes, "_can_copy", lambda: False)

    def call(folder: Path, *arguments: str, **environment: str) -> Ended:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(folder)
        capsys.readouterr()
        code = run(arguments)
        captured = capsys.readouterr()
        return Ended(code, captured.out, captured.err)

    return call


@pytest.fixture
def process() -> Tracker:
    """Return a function that runs `python -m tracker` as a process of its own, in a folder."""

    def call(folder: Path, *arguments: str, **environment: str) -> Ended:
        done = subprocess.run(
            [sys.executable, "-m", "tracker", *arguments],
            cwd=folder,
            env={**os.environ, **environment},
            capture_output=True,
            check=False,
            timeout=60,
        )
        return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())

    return call
