"""Diagnostics for people: the place, what is wrong, the line itself, and how to mend it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tracker.diagnostics import Severity
from tracker.text import display_width
from tracker.translation import Message

if TYPE_CHECKING:
    import gettext
    from collections.abc import Iterator, Sequence

    from tracker.diagnostics import Diagnostic, Span
    from tracker.reporters.report import Report

DEFAULT_WIDTH = 100
"""Cells of a line where no terminal says how many it has."""

_INDENT = "    "
_CUT = "..."
_TAB = 4
_LONGEST_MESSAGE = 400
_NARROWEST = 20

_COMMANDING = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""Characters that would move a terminal's cursor or turn the direction of its text."""

_BREAKS = re.compile(r"\s*[\n\t\r]\s*")

_BOLD, _DIM, _RED, _YELLOW, _CYAN, _RESET = (f"\x1b[{code}m" for code in (1, 2, 31, 33, 36, 0))
_COLOURS = {Severity.ERROR: _RED, Severity.WARNING: _YELLOW, Severity.INFO: _CYAN}


def render(
    report: Report,
    translations: gettext.NullTranslations,
    *,
    colour: bool = False,
    width: int = DEFAULT_WIDTH,
) -> Iterator[str]:
    """Yield each diagnostic as a few lines, and a line that counts them.

    Args:
        report: What is reported; its folder is that of the workspace, seen from the reader's.
        translations: The language of messages and hints.
        colour: Whether to colour for a terminal.
        width: Cells that a line of a file may take; a longer one is cut around the place.
    """
    printer = _Printer(report, translations, colour, width)
    for found in report.diagnostics:
        yield "".join(printer.lines(found))
    yield _summary(report, translations)


class _Printer:
    """Puts diagnostics into lines."""

    def __init__(
        self,
        report: Report,
        translations: gettext.NullTranslations,
        colour: bool,  # noqa: FBT001  # as `render` has it
        width: int,
    ) -> None:
        self._report = report
        self._translate = translations.gettext
        self._colour = colour
        self._width = width - len(_INDENT)

    def lines(self, found: Diagnostic) -> Iterator[str]:
        paint = _COLOURS[found.severity]
        span, problem = found.span, found.problem
        place = f"{_tame(self._report.shown_path(found))}:{span.line}:{span.column}:"
        kind = self._painted(f"{found.severity}[{found.code}]", paint)
        message = _one_line(problem.message.render(self._translate))
        yield f"{self._painted(place, _BOLD)} {kind} {message}\n"
        line = self._report.line_of(found.path, span.line)
        if line.strip():
            text, before, length = excerpt(line, span, self._width)
            yield f"{_INDENT}{text}\n"
            yield f"{_INDENT}{' ' * before}{self._painted('^' * length, paint)}\n"
        if problem.hint:
            hint = Message("hint: {hint}", {"hint": problem.hint}).render(self._translate)
            yield f"{_INDENT}{self._painted(_one_line(hint), _DIM)}\n"

    def _painted(self, text: str, paint: str) -> str:
        return f"{paint}{text}{_RESET}" if self._colour else text


def excerpt(line: str, span: Span, width: int) -> tuple[str, int, int]:
    """Return a line as it is shown, cut to a width around a place that begins in it.

    Args:
        line: The line.
        span: The place; where it goes on in further lines, the rest of this one is meant.
        width: Cells that may be taken.

    Returns:
        The text without tabs, the number of cells before the place, and that of the place.
    """
    width = max(width, _NARROWEST)
    start = min(span.column - 1, len(line))
    end = span.end_column - 1 if span.end_line == span.line else len(line.rstrip())
    end = max(end, start + 1)
    is_plain = len(line) <= width and "\t" not in line and not _COMMANDING.search(line)
    if is_plain and display_width(line) <= width:
        # As below, and quicker: most lines are shown as they are.
        length = max(display_width(line[start:end]), 1)
        return line.rstrip(), display_width(line[:start]), length
    # What lies farther away than a whole width cannot be shown, so it need not be measured.
    first = max(start - width, 0)
    cells = _cells(line[first : start + width])
    start, end = start - first, end - first
    total = sum(map(display_width, cells))
    is_cut_behind = first + len(cells) < len(line.rstrip())
    if first == 0 and not is_cut_behind and total <= width:
        return "".join(cells).rstrip(), _width(cells[:start]), max(_width(cells[start:end]), 1)
    skipped = 0
    if first or _width(cells[:end]) + len(_CUT) > width:
        while skipped < start and _width(cells[skipped:start]) > width // 3:
            skipped += 1
    lead = _CUT if first or skipped else ""
    room = width - len(lead) - len(_CUT)
    kept = 0
    used = 0
    for cell in cells[skipped:]:
        used += display_width(cell)
        if used > room:
            break
        kept += 1
    shown = cells[skipped : skipped + kept]
    is_cut_behind = is_cut_behind or skipped + kept < len(cells)
    text = lead + "".join(shown) + (_CUT if is_cut_behind else "")
    place = shown[start - skipped : end - skipped]
    before = len(lead) + _width(shown[: start - skipped])
    return text.rstrip(), before, max(_width(place), 1)


def _cells(text: str) -> list[str]:
    """Return what stands for each character: blanks for a tab, a sign for what must not act."""
    cells: list[str] = []
    column = 0
    for char in text:
        cell = " " * (_TAB - column % _TAB) if char == "\t" else _tame(char)
        cells.append(cell)
        column += display_width(cell)
    return cells


def _width(cells: Sequence[str]) -> int:
    return sum(map(display_width, cells))


def _tame(text: str) -> str:
    return _COMMANDING.sub("\N{REPLACEMENT CHARACTER}", text)


def _one_line(text: str) -> str:
    """Return a message, which may quote a record, as one line of bearable length."""
    line = _tame(_BREAKS.sub(" ", text))
    return line if len(line) <= _LONGEST_MESSAGE else line[:_LONGEST_MESSAGE] + _CUT


def _summary(report: Report, translations: gettext.NullTranslations) -> str:
    errors, warnings = report.errors, report.warnings
    notes = report.count(Severity.INFO)
    counts = [
        translations.ngettext("{count} record", "{count} records", report.records).format(
            count=report.records
        ),
        translations.ngettext("{count} error", "{count} errors", errors).format(count=errors),
        translations.ngettext("{count} warning", "{count} warnings", warnings).format(
            count=warnings
        ),
    ]
    if notes:
        counts.append(
            translations.ngettext("{count} note", "{count} notes", notes).format(count=notes)
        )
    return translations.gettext(", ").join(counts) + "\n"
