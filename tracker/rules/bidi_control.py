"""An invisible character turns the direction of text.

Why: U+202E and its like make `fdp.exe` look like `exe.pdf`, or an amount like another one, and let
a diff show something else than what is stored. Pages keep what it does within its own field, but a
reader of the file cannot see it. Arabic and Hebrew need none of these characters.

Bad: a quote number with U+202E after its dash, stored as Q-exe.jpg and read as Q-gpj.exe.

Good: the text without it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tracker.diagnostics import FILE_START, Problem, Severity, Span
from tracker.rules.rule import Origin, RecordCase
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

SEVERITY = Severity.WARNING
ORIGIN = Origin.RECORD

_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def check(case: RecordCase) -> Iterator[Problem]:
    """Yield a problem at the first such character of each line, and one for the file's name."""
    if found := _CONTROLS.search(case.entry.path):
        yield _problem(found[0], FILE_START, Message("rename the file"))
    if not _CONTROLS.search(case.entry.text):
        return
    for number, line in enumerate(case.lines, 1):
        if found := _CONTROLS.search(line):
            place = Span.of_line(number, found.start() + 1, 1)
            yield _problem(found[0], place, Message("delete it, or type the line anew"))


def _problem(sign: str, place: Span, hint: Message) -> Problem:
    return Problem(
        "bidi-control",
        place,
        Message(
            "the invisible character U+{code} turns the direction of text",
            {"code": f"{ord(sign):04X}"},
        ),
        hint,
    )
