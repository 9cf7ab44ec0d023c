"""Workflow commands survive what stands in paths and messages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.reporters.conftest import ENGLISH, one_problem
from tracker.diagnostics import Severity, Span
from tracker.reporters.github import render

if TYPE_CHECKING:
    import gettext

    from tracker.reporters.report import Report

COMMAND = re.compile(
    r"::(?:error|warning|notice) file=[^:,\n]+,line=\d+,endLine=\d+(?:,col=\d+,endColumn=\d+)?,"
    r"title=[a-z-]+::[^\r\n]+\n"
)


@pytest.mark.parametrize(
    ("severity", "command"),
    [(Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.INFO, "notice")],
)
def test_a_command(severity: Severity, command: str) -> None:
    report = one_problem(Span(3, 1, 3, 6), severity=severity)
    (text,) = render(report, ENGLISH)
    assert text == (
        f"::{command} file=records/a.md,line=3,endLine=3,col=1,endColumn=6,"
        "title=unknown-key::this is wrong\n"
    )


def test_signs_that_would_end_a_command_are_escaped() -> None:
    report = one_problem(
        Span(3, 1, 3, 6), "50% :: a,b\r\n::error::x", "try\nthis", path="records/50%, a:b.md"
    )
    (text,) = render(report, ENGLISH)
    assert text == (
        "::error file=records/50%25%2C a%3Ab.md,line=3,endLine=3,col=1,endColumn=6,"
        "title=unknown-key::50%25 :: a,b%0D%0A::error::x%0Atry%0Athis\n"
    )


def test_a_place_of_several_lines_has_no_columns() -> None:
    (text,) = render(one_problem(Span(3, 5, 7, 2), folder="sales"), ENGLISH)
    assert text.startswith("::error file=sales/records/a.md,line=3,endLine=7,title=")


def test_every_problem_is_a_line(broken: tuple[Report, gettext.NullTranslations]) -> None:
    report, language = broken
    lines = list(render(report, language))
    assert len(lines) == len(report.diagnostics)
    assert all(COMMAND.fullmatch(line) for line in lines)
