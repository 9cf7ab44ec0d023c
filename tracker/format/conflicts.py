"""Markers that git leaves where it could not merge."""

from __future__ import annotations

import re

from tracker.diagnostics import Problem, Span
from tracker.format.markdown_cost import fenced_code
from tracker.translation import Message

_MARKER = re.compile(r"(<{7,}|>{7,}|\|{7,}|={7,})(?: .*)?$")


def find_conflicts(text: str) -> list[Problem]:
    """Return a problem with the code `conflict-marker` for each marker line of a file.

    A line of `=` or `|` counts between `<<<<<<<` and `>>>>>>>` only: elsewhere it is Markdown.
    Markers that begin within fenced code are what somebody wrote about merges.
    """
    if "<<<<<<<" not in text and ">>>>>>>" not in text:
        return []
    problems = []
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
            problems.append(
                Problem(
                    "conflict-marker",
                    Span.of_line(number, 1, len(line)),
                    Message("a marker of an unfinished merge"),
                    Message("choose what is right, and remove the three marker lines"),
                )
            )
    return problems


def without_conflicts(text: str, conflicts: list[Problem]) -> str:
    """Empty the marker lines, so that what stands between them can be read."""
    lines = text.split("\n")
    for problem in conflicts:
        lines[problem.span.line - 1] = ""
    return "\n".join(lines)
