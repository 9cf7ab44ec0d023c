"""What a text says at a glance: single values and the headings of follow-ups, nothing typed.

A record has as many versions as it has commits, and reading all of each would take minutes where
this takes a second. Whatever must be right about the record of today reads it itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tracker.text import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

DATED_HEADING = re.compile(r"^#{2,3}[ \t]+[0-9]{4}[-/年.]", re.MULTILINE)
"""What front matter that is not closed ends at."""

_MATTER = re.compile(r"\s*^---[ \t]*\n(?P<matter>.*?)^---[ \t]*$", re.DOTALL | re.MULTILINE)
_LINE = re.compile(
    r"""^(?P<quote>["']?)(?P<key>[^\s#:："'-][^:："'\n]*)(?P=quote)[ \t]*"""
    r"""(?::(?=[ \t]|$)|：)[ \t]*(?P<value>.*)""",
    re.MULTILINE,
)
_QUOTED = re.compile(r"""'(?P<single>(?:[^']|'')*)'|["](?P<double>[^"\\]*)["]""")
_COMMENT = re.compile(r"(?:^|[ \t])#.*")


def halves_of(text: str) -> tuple[str, str]:
    r"""Return the front matter and the body of a record, the lines between them left out.

    Front matter that is not closed ends at the first dated heading.

    Args:
        text: The text of the file, with `\n` as the only line break.
    """
    match = _MATTER.match(text)
    if match and not DATED_HEADING.search(match["matter"]):
        return match["matter"], text[match.end() :]
    heading = DATED_HEADING.search(text)
    end = heading.start() if heading else len(text)
    return (text[:end], text[end:]) if text.lstrip().startswith("---") else ("", text)


def top_values(matter: str, keys: Mapping[str, str]) -> dict[str, str]:
    r"""Return values of front matter by key, as written, with quotes and comments undone.

    A value that goes on in further lines, or has escapes within its quotes, is not understood.

    Args:
        matter: The front matter, with `\n` as the only line break.
        keys: The keys that are wanted by their folded spellings.
    """
    found: dict[str, str] = {}
    for line in _LINE.finditer(matter):
        key = keys.get(fold(line["key"]))
        if key:
            found.setdefault(key, _unquoted(line["value"]))
    return {key: value for key, value in found.items() if value}


def _unquoted(written: str) -> str:
    quoted = _QUOTED.match(written)
    if quoted is None:
        return _COMMENT.sub("", written).strip()
    return quoted["double"] or (quoted["single"] or "").replace("''", "'")
