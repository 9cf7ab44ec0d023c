"""Markers that git leaves where it could not merge."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tracker.diagnostics import Problem, Span
from tracker.format.markdown_cost import fenced_code
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

_MARKER = re.compile(r"(<{7,}|>{7,}|\|{7,}|={7,})(?: .*)?$")
_LEFT = Message("a marker of an unfinished merge")
_REMOVE = Message("choose what is right, and remove the three marker lines")


def find_conflicts(text: str) -> Iterator[Problem]:
    """Yield a problem with the code `conflict-marker` for each marker line of a file.

    A line of `=` or `|` counts between `<<<<<<<` and `>>>>>>>` only: elsewhere it is Markdown.
    Markers that begin within fenced code are what somebody wrote about merges.
    """
    if "<<<<<<<" not in text and ">>>>>>>" not in text:
        return
    inside = False
    lines = text.split("\n")
    code = {number for fence in fenced_code(lines) for number in range(fence.first, fence.end)}
    for number, line in enumerate(lines, 1):
        match = _MARKER.match(line)
        if not match or (number - 1 in code and not inside):
            continue
        sign = match[1][0]
        if sign in "<>" or inside:
            inside = sign != ">"
            yield Problem("conflict-marker", Span.of_line(number, 1, len(line)), _LEFT, _REMOVE)


def without_conflicts(text: str) -> str:
    """Empty the marker lines, so that what stands between them can be read."""
    lines = text.split("\n")
    for problem in find_conflicts(text):
        lines[problem.span.line - 1] = ""
    return "\n".join(lines)
