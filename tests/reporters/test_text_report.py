"""The report for people: aligned, in one piece, and unable to command the terminal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.reporters.conftest import ENGLISH, no_line, one_problem
from tracker.diagnostics import Severity, Span
from tracker.reporters.report import Report
from tracker.reporters.text import excerpt, render
from tracker.text import display_width

if TYPE_CHECKING:
    import gettext

    from syrupy.assertion import SnapshotAssertion

FEWEST_CODES = 25


def test_the_report_of_a_broken_workspace(
    broken: tuple[Report, gettext.NullTranslations], snapshot: SnapshotAssertion
) -> None:
    report, language = broken
    assert len({found.code for found in report.diagnostics}) >= FEWEST_CODES
    assert "".join(render(report, language)) == snapshot


@pytest.mark.parametrize(
    ("line", "columns", "shown", "underline"),
    [
        ("stage: propsal", (8, 15), "stage: propsal", "       ^^^^^^^"),
        ("客户阶段: 谈判中", (7, 10), "客户阶段: 谈判中", "          ^^^^^^"),
        ("a\tb: c", (3, 4), "a   b: c", "    ^"),
        ("\t\tb", (3, 4), "        b", "        ^"),
        ("客\tb", (3, 4), "客  b", "    ^"),
        ("e\u0301te\u0301: x", (8, 9), "e\u0301te\u0301: x", "     ^"),
        ("🙂 📅\ufe0f x", (6, 7), "🙂 📅\ufe0f x", "      ^"),
        ("name:", (6, 6), "name:", "     ^"),
        ("name:", (40, 44), "name:", "     ^"),
        ("a\x1b[31mb", (7, 8), "a\N{REPLACEMENT CHARACTER}[31mb", "      ^"),
        ("a\u202eb", (3, 4), "a\N{REPLACEMENT CHARACTER}b", "  ^"),
    ],
)
def test_a_line_with_its_underline(
    line: str, columns: tuple[int, int], shown: str, underline: str
) -> None:
    text, before, length = excerpt(line, Span(1, columns[0], 1, columns[1]), 80)
    assert (text, " " * before + "^" * length) == (shown, underline)


@pytest.mark.parametrize(
    ("line", "columns", "shown", "marked"),
    [
        ("x" * 30 + "BAD" + "y" * 100, (31, 34), "x" * 30 + "BAD" + "y" * 4 + "...", "BAD"),
        (
            "x" * 100 + "BAD" + "y" * 100,
            (101, 104),
            "..." + "x" * 13 + "BAD" + "y" * 18 + "...",
            "BAD",
        ),
        ("x" * 100 + "BAD", (101, 104), "..." + "x" * 13 + "BAD", "BAD"),
        (
            "甲" * 100 + "乙" + "丙" * 100,
            (101, 102),
            "..." + "甲" * 6 + "乙" + "丙" * 10 + "...",
            "乙",
        ),
        ("B" * 200, (1, 201), "B" * 37 + "...", "B" * 37),
        ("x" * 100 + "B" * 200, (101, 301), "..." + "x" * 13 + "B" * 21 + "...", "B" * 21),
    ],
)
def test_a_long_line_is_cut_around_the_place(
    line: str, columns: tuple[int, int], shown: str, marked: str
) -> None:
    text, before, length = excerpt(line, Span(1, columns[0], 1, columns[1]), 40)
    assert text == shown
    assert before == display_width(text[: text.index(marked)])
    assert length == display_width(marked)


@given(st.text(), st.integers(1, 300), st.integers(0, 300), st.integers(0, 120))
def test_an_underline_never_leaves_its_line(
    line: str, column: int, length: int, width: int
) -> None:
    line = "".join(line.split("\n"))
    text, before, marks = excerpt(line, Span(1, column, 1, column + length), width)
    assert marks >= 1
    assert before <= max(width, 20)
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    assert display_width(text) <= max(width, 20)


def test_a_place_of_several_lines_is_underlined_in_the_first() -> None:
    report = one_problem(Span(2, 3, 4, 1), text="a\n  deal:  \n    b\n")
    assert "".join(render(report, ENGLISH)).split("\n")[1:3] == ["      deal:", "      ^^^^^"]


def test_a_file_without_text_shows_no_line() -> None:
    lines = "".join(render(one_problem(Span(7, 3, 7, 4), hint="do this"), ENGLISH)).split("\n")
    assert lines == [
        "records/a.md:7:3: error[unknown-key] this is wrong",
        "    hint: do this",
        "1 record, 1 error, 0 warnings",
        "",
    ]


def test_a_message_stays_one_line_of_bearable_length() -> None:
    report = one_problem(message="a\n b\x1b[2J" + "长" * 5000, path="records/\x1b[2J.md")
    first, summary = "".join(render(report, ENGLISH)).splitlines()
    assert len(first) < 500
    assert "\x1b" not in first
    assert first.endswith("...")
    assert summary == "1 record, 1 error, 0 warnings"


def test_paths_begin_where_the_reader_is() -> None:
    report = one_problem(folder="../sales")
    assert next(render(report, ENGLISH)).startswith("../sales/records/a.md:1:1: ")


@pytest.mark.parametrize(
    ("severity", "colour", "summary"),
    [
        (Severity.ERROR, "\x1b[31m", "1 record, 1 error, 0 warnings\n"),
        (Severity.WARNING, "\x1b[33m", "1 record, 0 errors, 1 warning\n"),
        (Severity.INFO, "\x1b[36m", "1 record, 0 errors, 0 warnings, 1 note\n"),
    ],
)
def test_colour_only_when_asked(severity: Severity, colour: str, summary: str) -> None:
    report = one_problem(text="leval: A", severity=severity)
    plain = list(render(report, ENGLISH))
    coloured = list(render(report, ENGLISH, colour=True))
    assert "\x1b" not in "".join(plain)
    assert colour in coloured[0]
    assert re.sub(r"\x1b\[\d+m", "", "".join(coloured)) == "".join(plain)
    assert plain[-1] == coloured[-1] == summary


def test_nothing_wrong() -> None:
    assert list(render(Report([], 60, no_line), ENGLISH)) == ["60 records, 0 errors, 0 warnings\n"]
