"""Days in words within a follow-up that is being written, turned into the days they mean.

Only what cannot be read as it stands is touched: the heading, the day of `next`, and the `@day` of
a promise. `@李雷` stays, and so does every day that is written out, unless a time in words follows.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.dates import DATE_PATTERN, format_time, read_time
from tracker.day_words.reading import impossible_moment, leading_when, mistyped_moment
from tracker.format.followup import DUE, NEXT
from tracker.format.sections import Piece, read_content, split_body
from tracker.format.splice import Places, Splice, splice_text
from tracker.schema import Kind, by_spelling
from tracker.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from tracker.config import Config
    from tracker.day_words.when import When
    from tracker.translation import Message

_WRITTEN_OUT = re.compile(DATE_PATTERN)
_AT = re.compile(r"[@＠](?!(?<=[A-Za-z0-9_.+-]@)[A-Za-z0-9-]+\.[A-Za-z])\s?(?=\S)")
"""The sign before a day; that of `mail Li@monday.com` is none."""

_NAME_END = re.compile(r"[\s,，;；、。()（）@＠]")
_HEADING = re.compile(r"\A(#{2,3})[ \t]*(?=\S)")


class Understood(Struct, frozen=True):
    """One moment in words, and what it was taken for.

    Attributes:
        words: As written.
        when: The moment.
    """

    words: str
    when: When


def written(when: When) -> str:
    """Write a moment as a record has it: `2026-11-20 14:30`."""
    clock = f" {format_time(when.time)}" if when.time else ""
    return f"{when.date.isoformat()}{clock}"


def resolve_days(section: str, config: Config, now: datetime) -> tuple[str, list[Understood]]:
    """Write out the days that a section names in words.

    Args:
        section: The section's Markdown; it begins with its heading.
        config: The workspace's settings.
        now: The team's local time.

    Returns:
        The section with days written out, and what was understood, in its order.
    """
    understood: list[Understood] = []
    if found := _heading(section, now):
        splice, moment = found
        understood.append(moment)
        section = splice_text(section, [splice])
    splices = []
    for splice, moment in sorted(_moments(section, config, now)):
        splices.append(splice)
        understood.append(moment)
    return splice_text(section, splices), understood


def wrong_due(promise: str, people: Iterable[str], now: datetime) -> Message | None:
    """Return what is wrong with a day that a promise names behind `@`; None where nothing is.

    Args:
        promise: Its text, such as `send the quote @2/30` or `send the quote @firday`.
        people: Names of who may promise: `@Mona Lee` is no mistyped Monday, nor is `@Mona`.
        now: The team's local time; only its wall clock counts.
    """
    texts = [promise[sign.end() :] for sign in _AT.finditer(promise)]
    unread = [text for text in texts if leading_when(text, now) is None]
    impossible = (impossible_moment(text, now) for text in unread)
    if reason := next(filter(None, impossible), None):
        return reason
    if len(unread) < len(texts) or DUE.search(promise):
        return None  # It has its day, so whatever else stands behind an `@` is none.
    first_names = {fold(name).split(" ")[0] for name in people}
    mistyped = (
        mistyped_moment(text)
        for text in unread
        if fold(_NAME_END.split(text)[0]) not in first_names
    )
    return next(filter(None, mistyped), None)


def _heading(section: str, now: datetime) -> tuple[Splice, Understood] | None:
    """Return the moment that the heading begins with in words, and what takes its place."""
    signs = _HEADING.match(section)
    if not signs:
        return None
    line = section[signs.end() :].partition("\n")[0]
    return _taken(line, signs.end(), now, past=True)


def _moments(section: str, config: Config, now: datetime) -> Iterator[tuple[Splice, Understood]]:
    fields = by_spelling(config.all_followup_fields)
    places = Places(section)
    for raw in split_body(section, 1).sections:
        content = read_content(raw, lambda key: fold(key) in fields)
        for piece in content.fields:
            if fields[fold(piece.key)].kind is Kind.NEXT:
                start = places.stretch(piece.span)[0]
                if found := _taken(_first_line(piece), start, now, past=False):
                    yield found
        for piece in content.tasks:
            start = places.stretch(piece.span)[0]
            for at in _AT.finditer(_first_line(piece)):
                line = _first_line(piece)[at.end() :]
                if _WRITTEN_OUT.match(line):
                    continue
                if found := _taken(line, start + at.end(), now, past=False):
                    yield found


def _stands_written(text: str, when: When) -> bool:
    """Tell whether a text begins with a moment that is read as it stands, time of day and all."""
    match = NEXT.match(text)
    if match is None:
        return False
    return when.time is None or (
        match["time"] is not None and read_time(match["time"]) == when.time
    )


def _first_line(piece: Piece) -> str:
    return piece.text.partition("\n")[0]


def _taken(text: str, start: int, now: datetime, *, past: bool) -> tuple[Splice, Understood] | None:
    """Return the moment in words that a text begins with, and what takes its place.

    Args:
        text: The text.
        start: Its offset in the section.
        now: The team's local time.
        past: Whether it tells of what has happened.
    """
    found = leading_when(text, now, past=past)
    if found is None:
        return None
    when, rest = found
    if _stands_written(text, when):
        return None
    words = text[: len(text) - len(rest)].rstrip() if rest else text.rstrip()
    gap = " " if rest else ""
    return Splice(start, start + len(text) - len(rest), written(when) + gap), Understood(
        words, when
    )
