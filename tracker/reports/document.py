"""A report as a document: chapters, sections and lines, whatever form they get."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

Told = TypeVar("Told")


class Line(Struct, frozen=True):
    """A line of a section.

    Attributes:
        name: The customer.
        text: What is told of it.
        id: The customer's id.
        path: The record.
        line: Where in it; None for the record as a whole.
        day: When it was or will be; None for risks.
        who: Whose it is; empty where nobody is named.
    """

    name: str
    text: str
    id: str
    path: str
    line: int | None
    day: date | None
    who: str


class Lines:
    """Lines that belong together: those of one person, of one day, or all of a section.

    Args:
        title: Whose or of which day; empty for all of a section.
        told: What each line tells of.
        write: Writes a line; none is written before it is asked for.
        most: How many of them people are shown.
        more: What is said of the others; empty where there are none.

    Attributes:
        title: As given.
        more: As given.
    """

    def __init__(
        self, title: str, told: Sequence[Told], write: Callable[[Told], Line], most: int, more: str
    ) -> None:
        self.title = title
        self.more = more
        self._told = told
        self._write = write
        self._most = most

    @property
    def lines(self) -> tuple[Line, ...]:
        """Return all of them."""
        return tuple(map(self._write, self._told))

    @property
    def shown(self) -> tuple[Line, ...]:
        """Return the first of them, which people are shown."""
        return tuple(map(self._write, self._told[: self._most]))


class Section(Struct, frozen=True):
    """A section of a chapter.

    Attributes:
        key: The part of the report.
        title: What it is about; empty where the chapter says it.
        count: How many things it tells.
        summary: What is said of all of them, such as their amount; empty for nothing.
        groups: Its lines.
    """

    key: str
    title: str
    count: int
    summary: str
    groups: tuple[Lines, ...]


class Chapter(Struct, frozen=True):
    """A chapter: sections under one heading."""

    title: str
    sections: tuple[Section, ...]


class FigureRow(Struct, frozen=True):
    """A figure of the period beside that of the period before.

    Attributes:
        key: Its stable name.
        title: What is counted.
        now: In the period, with its n where it is a share.
        before: In the period before.
    """

    key: str
    title: str
    now: str
    before: str


class Account(Struct, frozen=True):
    """What is told of the team, or of one person of it.

    Attributes:
        title: The person; empty for the team.
        rows: The figures.
        chapters: What is told; chapters with nothing to tell are left out.
    """

    title: str
    rows: tuple[FigureRow, ...]
    chapters: tuple[Chapter, ...]


class Written(Struct, frozen=True):
    """A report in words.

    Attributes:
        title: What it is, and of whom.
        range: Of which days, and what they are compared with.
        columns: Heads of the figures: what is counted, the period, the period before.
        accounts: What is told.
        nothing: What is said where nothing is told; empty otherwise.
        notes: What has to be known to read it.
        language: The language that it is in.
    """

    title: str
    range: str
    columns: tuple[str, str, str]
    accounts: tuple[Account, ...]
    nothing: str
    notes: tuple[str, ...]
    language: str
