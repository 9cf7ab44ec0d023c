"""The follow-ups of one cell: a history that people keep there, each entry behind its day."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, time
from typing import TYPE_CHECKING, NamedTuple

from tracker.dates import read_time
from tracker.exchange.intake.cell_days import leading_day, tells_day_first
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.exchange.intake.notation import Notation

_BEFORE_DAY = re.compile(
    r"\s*(?:(?:[0-9]{1,2}[.)）、]\s*(?=(?:19|20)[0-9]{2}|[01]?[0-9]\s*月)"
    r"|[①-⑳]|[-*•·●◆■【\[])\s*)?"
)
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_WITHOUT_YEAR = re.compile(r"(1[0-2]|0?[1-9])\s*月\s*([12][0-9]|3[01]|0?[1-9])\s*[日号]")
_NO_ENTRY = re.compile(r"[0-9前后起止截的之以万]")
"""What, without a blank, makes a day part of what is said: `2026年3月5日前付款`."""

_TO = r"(?:[-–—~]|至|到|(?:to|till|until)\b)\s*"
_STRETCH = re.compile(rf"{_TO}[0-9]{{1,4}}(?:[-./月日号\s]|\Z)", re.IGNORECASE)
"""What, without a blank, makes it the first of several days, or a number: `2026.3.5-3.9 参展`."""

_TO_DAY = re.compile(rf"\s*{_TO}", re.IGNORECASE)
"""What makes it so before a whole day; the three of `2026-03-05 - 3 units` is none."""

_AFTER_DAY = re.compile(
    r"\s*[】\]]?\s*(?:[(（]?(?:周|星期|礼拜)[一二三四五六日天][)）]?)?[\s:：,，、.。—–-]*"
)
_CLOCK = re.compile(
    rf"T?([01]?[0-9]|2[0-3])[:：]([0-5][0-9])(?![0-9:：]|\s*{_TO}[0-9])[\s:：,，、]*", re.IGNORECASE
)
"""A time; `10:00-11:00` is how long it took, and stays in the text."""

_METHODS = (
    re.compile(r"([^:：,，;；。\n]{1,40}?)(?:\s*[:：]\s*|\s+[-–—]\s+|\s*(?:\n|\Z))"),
    re.compile(r"([^\s\x00-\x7f:：,，;；。]{1,40})\s+"),
)
"""A word for the method, with its sign or alone on its line; a Chinese one needs no sign.

`Teams will be merged` and `Call them back` are sentences.
"""


class DatedText(NamedTuple):
    """One entry of a history.

    Attributes:
        day: Its day.
        clock: Its time, where it names one.
        method: How it was done, where it begins with a word for that; else empty.
        text: What was said.
    """

    day: date
    clock: time | None
    method: str
    text: str


def days_first(text: str) -> Iterator[bool]:
    """Yield what the days at the beginnings of lines tell of whether days come before months."""
    for line in text.split("\n"):
        told = tells_day_first(_without_mark(line))
        if told is not None:
            yield told


def dated_texts(
    text: str, notation: Notation, today: date
) -> tuple[str, list[DatedText]] | Message:
    """Take the history apart that a cell holds.

    An entry begins with a line that begins with a day: `2026.3.5 电话：询价`. A day without a year,
    such as `5月8日`, is of that of the entry before, unless another year would bring the two nearer
    to each other. What is still to come is no entry, but belongs to what was said before it.

    Args:
        text: The text of the cell.
        notation: How the file's cells are to be understood.
        today: The day of the import.

    Returns:
        What stands above the first entry, and the entries in their order; a message where a line
        begins with what can be two days, since what follows it would be of another entry.
    """
    parts: list[tuple[date | None, list[str]]] = [(None, [])]
    for line in text.split("\n"):
        found = _beginning(line, parts[-1][0], notation)
        if isinstance(found, Message):
            return found
        if found is None or found[0] > today:
            parts[-1][1].append(line)
        else:
            parts.append((found[0], [found[1]]))
    (_, lead), *rest = parts
    entries = [_entry(day, "\n".join(lines), notation) for day, lines in rest if day]
    return "\n".join(lead).strip(), entries


def _without_mark(line: str) -> str:
    """Return a line without the mark of an entry, sign for sign with half-width ones."""
    plain = line.translate(_HALF_WIDTH)
    start = _BEFORE_DAY.match(plain)
    return plain[start.end() if start else 0 :]


def _beginning(
    line: str, before: date | None, notation: Notation
) -> tuple[date, str] | Message | None:
    """Return the day that a line begins with, and what follows it in the line as it is written."""
    plain = _without_mark(line)
    day: date | None
    found = leading_day(plain, notation)
    if isinstance(found, Message):
        return found
    if found:
        day, rest = found
    elif before and (match := _WITHOUT_YEAR.match(plain)):
        day, rest = _of_year(before, int(match[1]), int(match[2])), plain[match.end() :]
    else:
        return None
    if day is None or _is_part_of_text(plain, rest, notation):
        return None
    rest = line[len(line) - len(rest) :]
    after = _AFTER_DAY.match(rest)
    return day, rest[after.end() if after else 0 :]


def _is_part_of_text(line: str, rest: str, notation: Notation) -> bool:
    """Tell whether the day that a line begins with is part of what the rest of the line says."""
    if match := _TO_DAY.match(rest):
        until = rest[match.end() :]
        if _WITHOUT_YEAR.match(until) or leading_day(until, notation):
            return True
    if line.removesuffix(rest)[-1:].isspace():
        return False
    return bool(_NO_ENTRY.match(rest) or _STRETCH.match(rest))


def _of_year(before: date, month: int, number: int) -> date | None:
    """Return a day of the year of another one; None where the one of another year is nearer."""
    days = []
    for year in (before.year, before.year - 1, before.year + 1):
        with suppress(ValueError):
            days.append(date(year, month, number))
    near = min(days, key=lambda day: abs(day - before), default=None)
    return near if near and near.year == before.year else None


def _entry(day: date, text: str, notation: Notation) -> DatedText:
    clock: time | None = None
    if match := _CLOCK.match(text):
        read = read_time(f"{match[1]}:{match[2]}")
        if isinstance(read, time):
            clock, text = read, text[match.end() :]
    method = ""
    for match in filter(None, (pattern.match(text) for pattern in _METHODS)):
        if term := notation.config.methods.find(match[1]):
            # An entry of nothing but this word keeps it.
            method, text = term.label, text[match.end() :] or text
            break
    return DatedText(day, clock, method, text.strip())
