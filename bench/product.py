"""The commands of `tracker` that are measured, and the workspaces that they find."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

from bench.aside import put_aside
from bench.generate import TODAY, generate
from bench.interleaving import Case
from tracker.config import OUTPUT_DIR
from tracker.library.cache_files import CACHE_DIR

ROOT = Path(__file__).resolve().parent.parent

SEED = 1
FOLLOWUPS = 10

TRACKER = "tracker build"
ONE_PROCESS = "tracker build --jobs 1"
IN_GIT = "tracker build, records in git"
PYTHON = "python -c pass"

_TRACKER = [sys.executable, "-m", "tracker"]
_TODAY = ["--today", TODAY.isoformat()]
_WITH_PROBLEMS = frozenset({0, 1})
"""Records may have problems; that is a result too."""

_AT_REST_SECONDS = 2.1
"""A build of files that were changed less than this before it does not count for the next one."""

_ENVIRONMENT = {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": ""}
"""Modules are kept compiled, as for anybody who has installed the program."""


@dataclass(frozen=True)
class Workspaces:
    """Three copies of the same records, each for what would disturb the others.

    Attributes:
        cold: Has neither site nor cache.
        kept: Has both, and nothing changes.
        edited: Has both; records are edited.
    """

    cold: Path
    kept: Path
    edited: Path


def make_records(folder: Path, customers: int) -> Workspaces:
    """Write the workspaces of a size; the cold one only, the others are made when needed."""
    places = Workspaces(folder / "cold", folder / "kept", folder / "edited")
    generate(places.cold, customers, FOLLOWUPS, SEED)
    return places


def average_bytes(workspace: Path) -> int:
    """Return the size of a record on average."""
    sizes = [file.stat().st_size for file in (workspace / "records").rglob("*.md")]
    return round(sum(sizes) / len(sizes))


def make_cold(workspace: Path) -> None:
    """Take the site away and all that is kept between runs; what has to be written to disk, is."""
    for name in (OUTPUT_DIR, CACHE_DIR):
        put_aside(workspace / name)
    os.sync()


def cold_cases(places: Workspaces, *, variants: bool) -> list[Case]:
    """Return the builds from nothing.

    Args:
        places: The workspaces; the one in git is made beside them.
        variants: Whether to build in one process too, and from a git repository with the records
            in one commit.
    """
    cases = [_cold_build(TRACKER, places.cold, is_main=True)]
    if variants:
        repository = places.cold.parent / "repository"
        _copy(places.cold, repository)
        _commit(repository)
        cases += [
            _cold_build(ONE_PROCESS, places.cold, "--jobs", "1"),
            _cold_build(IN_GIT, repository),
        ]
    return cases


def _cold_build(name: str, workspace: Path, *options: str, is_main: bool = False) -> Case:
    return Case(
        name,
        [*_TRACKER, "-C", str(workspace), "build", *_TODAY, *options],
        workspace,
        lambda: make_cold(workspace),
        _ENVIRONMENT,
        _WITH_PROBLEMS,
        workspace / OUTPUT_DIR,
        is_main=is_main,
    )


def command_cases(places: Workspaces) -> list[Case]:
    """Return what people run all day, with sites and caches made for it.

    Raises:
        subprocess.CalledProcessError: They cannot be made.
    """
    warm = (places.kept, places.edited)
    for workspace in warm:
        _copy(places.cold, workspace)
    time.sleep(_AT_REST_SECONDS)
    for workspace in warm:
        _build(workspace)
    records = sorted((places.edited / "records").rglob("*.md"))
    values = itertools.count(1)

    def edit() -> None:
        number = next(values)
        record = records[number * 7919 % len(records)]
        text = record.read_text("utf-8")
        record.write_text(
            re.sub(r"^value: .*", f"value: {number}1111 CNY", text, flags=re.MULTILINE), "utf-8"
        )

    record = next((places.kept / "records").rglob("*.md"))

    def command(name: str, workspace: Path, *words: str) -> Case:
        line = [*_TRACKER, "-C", str(workspace), *words]
        return Case(name, line, workspace, environment=_ENVIRONMENT, codes=_WITH_PROBLEMS)

    def start(name: str, *words: str) -> Case:
        return Case(name, [sys.executable, *words], places.kept, environment=_ENVIRONMENT)

    edited = command("build, one record edited", places.edited, "build", *_TODAY)
    unknown = command("check, nothing kept", places.cold, "check", *_TODAY)
    return [
        start(PYTHON, "-c", "pass"),
        start("python -c 'import click'", "-c", "import click"),
        start("tracker --help", "-m", "tracker", "--help"),
        command("build, nothing changed", places.kept, "build", *_TODAY),
        replace(edited, prepare=edit),
        replace(unknown, prepare=lambda: make_cold(places.cold)),
        command("check", places.kept, "check", *_TODAY),
        command("check of one file", places.kept, "check", str(record), *_TODAY),
        command("agenda", places.kept, "agenda", *_TODAY),
    ]


def _build(workspace: Path) -> None:
    line = [*_TRACKER, "-C", str(workspace), "build", *_TODAY]
    done = subprocess.run(  # noqa: S603  # a command of our own making
        line, env={**os.environ, **_ENVIRONMENT}, capture_output=True, check=False
    )
    if done.returncode not in _WITH_PROBLEMS:
        done.check_returncode()


def _copy(workspace: Path, target: Path) -> None:
    shutil.copytree(workspace, target, ignore=shutil.ignore_patterns(OUTPUT_DIR, CACHE_DIR))


def _commit(repository: Path) -> None:
    """Put the records into git, in one commit."""
    day = f"{TODAY.isoformat()}T08:00:00+08:00"
    person = {"GIT_AUTHOR_DATE": day, "GIT_COMMITTER_DATE": day}
    (repository / ".gitignore").write_text(f"/{OUTPUT_DIR}/\n{CACHE_DIR}/\n", "utf-8")
    settings = ["-c", "user.name=李雷", "-c", "user.email=lilei@example.com"]
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "Add the records"]):
        subprocess.run(  # noqa: S603  # a command of our own making
            ["git", *settings, *words],  # noqa: S607  # git is wherever the person's PATH has it
            cwd=repository,
            env={**os.environ, **person},
            check=True,
        )
