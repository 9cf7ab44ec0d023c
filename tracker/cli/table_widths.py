"""How wide the columns of a printed table are where a terminal has less room than they want."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.text import display_width

if TYPE_CHECKING:
    from collections.abc import Sequence

GAP = 2
"""Cells between two columns."""

_NARROWEST = 10
"""Cells below which a column of texts cannot be read; a day fits into them."""


def fitted_widths(
    titles: Sequence[str],
    numeric: Sequence[bool],
    rows: Sequence[Sequence[str]],
    room: int,
) -> list[int] | None:
    """Return the cells of each column of a table, so that all of it can be read.

    Texts and titles may fold onto further lines. Numbers do not: part of a number is another
    number.

    Args:
        titles: What the columns are called.
        numeric: Whether each column holds numbers.
        rows: Their cells.
        room: Cells of the terminal.

    Returns:
        None where the room is not enough for that.
    """
    least, wanted = [], []
    for index, title in enumerate(titles):
        widest = max((display_width(row[index]) for row in rows), default=0)
        natural = max(widest, display_width(title), 1)
        words = max(map(display_width, title.split()), default=1)
        smallest = max(widest, min(words, _NARROWEST)) if numeric[index] else _NARROWEST
        least.append(min(smallest, natural))
        wanted.append(natural)
    room -= GAP * (len(titles) - 1)
    if sum(wanted) <= room:
        return wanted
    if sum(least) > room:
        return None
    # The widest columns give way first, down to one common width.
    level = min(max(wanted), room)
    while sum(_at(level, least, wanted)) > room:
        level -= 1
    widths = _at(level, least, wanted)
    for index, width in enumerate(wanted):
        if widths[index] < width and sum(widths) < room:
            widths[index] += 1
    return widths


def padded(titles: Sequence[str]) -> list[str]:
    """Return titles made equally wide, with a gap behind them."""
    width = max(map(display_width, titles), default=0) + GAP
    return [title + " " * (width - display_width(title)) for title in titles]


def _at(level: int, least: Sequence[int], wanted: Sequence[int]) -> list[int]:
    return [max(low, min(high, level)) for low, high in zip(least, wanted, strict=True)]
