"""What the tests of the rules share: small workspaces, and what is wrong in them."""

from __future__ import annotations

import shutil
from datetime import date
from typing import TYPE_CHECKING, Protocol

import pytest

from tracker.library.comparison import compare
from tracker.library.loader import load_library
from tracker.rules.checking import check_workspace
from tracker.rules.diagnose import diagnose_changes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tracker.diagnostics import Diagnostic

TODAY = date(2026, 11, 24)


class Check(Protocol):
    """Writes files into an empty workspace, and returns what is wrong there on a day."""

    def __call__(
        self, files: Mapping[str, str | bytes], today: date = TODAY
    ) -> tuple[Diagnostic, ...]:
        """Return the diagnostics."""


class CheckChange(Protocol):
    """Writes two states of a workspace, and returns what is wrong in the change."""

    def __call__(
        self, before: Mapping[str, str], after: Mapping[str, str]
    ) -> tuple[Diagnostic, ...]:
        """Return the diagnostics."""


@pytest.fixture
def check_change(tmp_path: Path) -> CheckChange:
    """Return a function that checks the change between two workspaces made of files."""

    def checked(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Diagnostic, ...]:
        libraries = []
        for name, files in (("before", before), ("after", after)):
            root = tmp_path / name
            shutil.rmtree(root, ignore_errors=True)
            for path, content in {"tracker.yaml": "", **files}.items():
                file = root / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(content, "utf-8")
            libraries.append(load_library(root))
        older, newer = libraries
        return diagnose_changes(compare(older, newer, {}))

    return checked


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """Return a function that checks a workspace made of files, given by their paths."""

    def checked(files: Mapping[str, str | bytes], today: date = TODAY) -> tuple[Diagnostic, ...]:
        for path, content in {"tracker.yaml": "", **files}.items():
            file = tmp_path / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.encode() if isinstance(content, str) else content)
        return diagnose_workspace(tmp_path, today)

    return checked


def diagnose_workspace(root: Path, today: date = TODAY) -> tuple[Diagnostic, ...]:
    """Return what is wrong in a workspace, in whatever way it is found."""
    plain = check_workspace(root, today, cached=False).diagnostics()
    for _run in ("the first keeps what it finds", "the second takes that"):
        assert check_workspace(root, today, cached=True).diagnostics() == plain
    return tuple(plain)
