"""The stamp of the program changes with its code, with Python, and with its libraries."""

from __future__ import annotations

import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tracker import program_stamp as stamps
from tracker.program_stamp import LIBRARIES, program_stamp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parent.parent

SAY_NOTHING = {"click", "filelock", "prompt_toolkit", "rich", "watchdog"}
"""Libraries that talk with people, with processes and the file system: nothing of them is kept."""


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A program that uses one library, each in its folder."""
    for name in ("program/site/page.py", "installed/one_library/__init__.py"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("x = 1\n", "utf-8")
    monkeypatch.setattr(stamps, "_PACKAGE", tmp_path / "program")
    monkeypatch.setattr(stamps, "LIBRARIES", ("one_library", "not_installed"))
    monkeypatch.syspath_prepend(tmp_path / "installed")
    yield tmp_path
    program_stamp.cache_clear()


def stamp() -> str:
    program_stamp.cache_clear()
    return program_stamp()


def put(folder: Path, name: str, text: str = "x = 2\n") -> None:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_suffix(".new")
    new.write_text(text, "utf-8")
    new.replace(file)


def elsewhere(root: Path, patch: pytest.MonkeyPatch) -> None:
    put(root, "other/one_library/__init__.py", "x = 1\n")
    patch.syspath_prepend(root / "other")


OTHERS: dict[str, Callable[[Path, pytest.MonkeyPatch], object]] = {
    "a module": lambda root, _: put(root, "program/site/page.py"),
    "a new module": lambda root, _: put(root, "program/site/new.py"),
    "a lost module": lambda root, _: (root / "program/site/page.py").unlink(),
    "a translation": lambda root, _: put(root, "program/locale/zh.mo"),
    "Python": lambda _, patch: patch.setattr(sys, "version", "4.0"),
    "a library": lambda root, _: put(root, "installed/one_library/__init__.py"),
    "a file of a library": lambda root, _: put(root, "installed/one_library/extra.py"),
    "a library elsewhere": elsewhere,
}


@pytest.mark.parametrize("what", list(OTHERS))
def test_another_program_has_another_stamp(
    program: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    before = stamp()
    assert stamp() == before
    OTHERS[what](program, monkeypatch)
    assert stamp() != before


def test_what_python_compiles_and_other_libraries_do_not_count(program: Path) -> None:
    before = stamp()
    put(program, "program/site/__pycache__/page.pyc")
    put(program, "installed/one_library/__pycache__/__init__.pyc")
    put(program, "installed/another/__init__.py")
    assert stamp() == before


def test_every_library_that_is_needed_counts_or_says_nothing() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    needed = {canonicalize_name(Requirement(each).name) for each in project["dependencies"]}
    modules = {
        module
        for module, names in packages_distributions().items()
        if needed.intersection(map(canonicalize_name, names)) and not module.startswith("_")
    }
    assert modules - SAY_NOTHING <= set(LIBRARIES)
    assert not SAY_NOTHING.intersection(LIBRARIES)
