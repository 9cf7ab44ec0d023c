"""How texts, lists and numbers stand in the cells of spreadsheets, and how they are read back.

Whatever is written by one function of a pair is given back unchanged by the other.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING

from tracker.text import split_list

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

# --- Formulas ---------------------------------------------------------------------------------

# Blanks, control characters and signs without a width go by programs that tidy up what they read.
_FORMULA = r"['\s\x00-\x1f\x7f\u200b\ufeff]*[-=+@\t\r\n＝＋－＠]"
_DANGEROUS = re.compile(_FORMULA)
_DEFUSED = re.compile(f"'{_FORMULA}")


def defuse(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula when it opens a file of plain text.

    What begins with a sign that begins formulas, full-width ones included, gets an apostrophe
    before it. `undo_defusing` takes it away.
    """
    return f"'{text}" if _DANGEROUS.match(text) else text


def undo_defusing(text: str) -> str:
    """Return the text that `defuse` was given."""
    return text[1:] if _DEFUSED.match(text) else text


# --- Lists ------------------------------------------------------------------------------------

_BULLET = "• "


def list_cell(items: Iterable[str], separator: str = ", ") -> str:
    """Return a list as one cell, in the plainest form that `read_list_cell` reads back.

    The items stand in a row where none holds a sign that parts them; else each in a line of its
    own behind a bullet; else, which no list of words needs, as JSON.

    Args:
        items: The items; empty ones are no items.
        separator: What stands between the items of a row.
    """
    kept = tuple(item for item in items if item)
    forms: tuple[Callable[[tuple[str, ...]], str], ...] = (separator.join, _bulleted)
    for form in forms:
        text = form(kept)
        if read_list_cell(text) == kept:
            return text
    return json.dumps(kept, ensure_ascii=False)


def read_list_cell(text: str) -> tuple[str, ...]:
    """Return the items of a cell: of a row, of lines, of lines with bullets, or of JSON."""
    text = text.strip()
    if text.startswith("["):
        try:
            items = json.loads(text)
        except ValueError:
            items = None
        if isinstance(items, list) and all(isinstance(item, str) for item in items):
            return tuple(item for item in items if item)
    if text.startswith(_BULLET):
        parts = f"\n{text}".split(f"\n{_BULLET}")
        return tuple(part for part in map(str.strip, parts) if part)
    if "\n" in text:
        return tuple(line for line in map(str.strip, text.splitlines()) if line)
    return split_list(text)


def _bulleted(items: tuple[str, ...]) -> str:
    return "\n".join(f"{_BULLET}{item}" for item in items)


# --- Long texts -------------------------------------------------------------------------------

CELL_LIMIT = 32_767
"""UTF-16 units that a cell of a workbook can hold."""

_MARK = "…⟦{number}⟧"
_CONTINUED = re.compile(r"…⟦([0-9]{1,9})⟧$")
_MARK_ROOM = 16


_ESCAPE = "_x[0-9A-Fa-f]{4}"
_OVERLAPPING = re.compile(f"(?<={_ESCAPE})(?={_ESCAPE}_)")
"""Where one escape of a workbook's XML begins within another: both cannot be read back."""


def needs_continuation(text: str) -> bool:
    """Tell whether a text cannot stand in one cell.

    It is too long, or looks as if it were continued elsewhere, or is one of the rare texts that
    programs which write workbooks take for their own markup.
    """
    too_long = len(text) * 2 > CELL_LIMIT and utf16_length(text) > CELL_LIMIT
    return (
        too_long
        or bool(_CONTINUED.search(text) or ("_x" in text and _OVERLAPPING.search(text)))
        or looks_like_markup(text)
    )


def looks_like_markup(text: str) -> bool:
    """Tell whether a text has the form of the markup of a workbook's cell with several fonts."""
    return text.startswith("<r>") and text.endswith("</r>")


def continued_text(text: str, number: int) -> tuple[str, list[str]]:
    """Cut a text into what stands in its cell and what is continued in other ones.

    Args:
        text: A text that `needs_continuation`.
        number: The number under which it is continued.

    Returns:
        The text of the cell, which ends with a mark that names the number, and the further parts.
    """
    parts: list[str] = []
    rest = _OVERLAPPING.split(text)[::-1]
    while rest:
        piece = rest.pop()
        cut = 1 if looks_like_markup(piece) else _fitting(piece)
        parts.append(piece[:cut])
        if cut < len(piece):
            rest.append(piece[cut:])
    first, *others = parts
    return first + _MARK.format(number=number), others


def _fitting(text: str) -> int:
    """Return how many characters of a text fit into a cell beside a mark."""
    room = CELL_LIMIT - _MARK_ROOM
    if utf16_length(text[:room]) <= room:
        return room
    used = 0
    for index, char in enumerate(text):
        used += utf16_length(char)
        if used > room:
            return index
    return len(text)


def continuation_of(text: str) -> tuple[str, int] | None:
    """Return the beginning of a text that is continued elsewhere, and its number there.

    The whole text is the beginning with all parts of that number behind it, in their order; there
    may be none. None for a text that is whole.
    """
    match = _CONTINUED.search(text)
    return (text[: match.start()], int(match[1])) if match else None


def utf16_length(text: str) -> int:
    """Return the length of a text as Excel counts it, in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


# --- Numbers ----------------------------------------------------------------------------------

EXACT_DIGITS = 15
"""Significant digits that every number of a spreadsheet keeps."""

_TOO_LARGE = 1e307


def is_exact_number(value: Decimal) -> bool:
    """Tell whether a spreadsheet keeps all digits of a number; others are written as text."""
    number = float(value)
    return abs(number) < _TOO_LARGE and exact_number(number) == value


def exact_number(value: float) -> Decimal:
    """Return the number that a cell shows: floating noise behind the exact digits is dropped."""
    return Decimal(f"{value:.{EXACT_DIGITS}g}")
