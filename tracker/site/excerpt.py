"""The beginning of a text, without its Markdown, for lists."""

from __future__ import annotations

import re

from tracker.text import char_width

_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*\)")
_SIGNS = re.compile(
    r"[*_`~]{1,3}(?=\S)|(?<=\S)[*_`~]{1,3}|^\s*(?:[-+*>]|#{1,6}|[0-9]+[.)])\s+", re.MULTILINE
)
_TABLE = re.compile(r"^\s*\|.*$", re.MULTILINE)
_BLANKS = re.compile(r"\s+")
MAX_WIDTH = 110
"""Cells of a terminal, two for a Chinese character; about two lines of a list on a phone."""


def excerpt(markdown: str, width: int = MAX_WIDTH) -> str:
    """Return the beginning of a text on one line, cut at `width` cells with an ellipsis."""
    plain = _TABLE.sub("", markdown[: width * 4])
    plain = _BLANKS.sub(" ", _SIGNS.sub("", _LINK.sub(r"\1", plain))).strip()
    used, end = 0, len(plain)
    for index, char in enumerate(plain):
        used += char_width(char)
        if used >= width:
            end = min(end, index)
        if used > width:
            return plain[:end].rstrip(" ,，、;；:：") + "…"
    return plain
