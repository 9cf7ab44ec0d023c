"""What the tests of the reporters share: the broken workspaces, and single problems."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.rules.conftest import diagnose_workspace
from tracker.diagnostics import Diagnostic, Problem, Severity, Span
from tracker.library.loader import load_library
from tracker.reporters.report import Report, lines_of
from tracker.translation import Message, translations

if TYPE_CHECKING:
    import gettext

BROKEN = Path(__file__).resolve().parent.parent / "workspaces" / "broken"
ENGLISH = translations("en")


def broken_report(language: str) -> tuple[Report, gettext.NullTranslations]:
    """Return the report of a broken workspace, and its language."""
    root = BROKEN / language
    library = load_library(root)
    records = [entry for entry in library.entries if entry.path.startswith("records/")]

    def line_of(path: str, number: int) -> str:
        return lines_of(library.by_path[path].text)(path, number)

    return Report(diagnose_workspace(root), len(records), line_of), translations(language)


def one_problem(  # noqa: PLR0913  # each has a default
    span: Span = Span(1, 1, 1, 2),  # noqa: B008  # a tuple
    message: str = "this is wrong",
    hint: str | None = None,
    *,
    path: str = "records/a.md",
    text: str = "",
    severity: Severity = Severity.ERROR,
    folder: str = "",
) -> Report:
    """Return a report of one problem."""
    problem = Problem(
        "unknown-key",
        span,
        Message("{text}", {"text": message}),
        Message("{text}", {"text": hint}) if hint else None,
    )
    return Report(
        [Diagnostic(path, severity, problem)], 1, lambda _, number: _line(text, number), folder
    )


def _line(text: str, number: int) -> str:
    lines = text.split("\n")
    return lines[number - 1] if number <= len(lines) else ""


def no_line(_path: str, _number: int) -> str:
    """Return a line of a file where there is none."""
    return ""


@pytest.fixture(params=["zh", "en"])
def broken(request: pytest.FixtureRequest) -> tuple[Report, gettext.NullTranslations]:
    """Return the report of each broken workspace, and its language."""
    return broken_report(request.param)
