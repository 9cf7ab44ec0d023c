"""`analysis.html` and its kin: the numbers of a time and of a person, and the rows behind each.

They are counted when a page is rendered, not when it is planned: most days of a site that is kept
up to date nobody asks for them.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import cached_property, partial
from operator import is_
from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from tracker.insight.measure import Chart, Kind, Scope
from tracker.insight.measure_registry import all_measures
from tracker.period_words import read_period
from tracker.periods import Period
from tracker.site.chart import Point
from tracker.site.chunks import within
from tracker.site.page import Counted, Page
from tracker.site.reading import Fragments
from tracker.site.report import TIMES
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from tracker.insight.measure import Case, Column, Figure, Line, Measure, Table
    from tracker.site.page import Row, Site

_Lines: TypeAlias = "Sequence[tuple[Line, Sequence[int]]]"
"""Lines of a table, each with what `_sources` says of it."""

ADDRESS = "analysis.html"
FOLDER = "analysis"

SHOWN_ROWS = (50, 20, 10)
"""Rows that a figure shows of itself; whoever needs more of them asks `tracker stats --rows`.

The fewer, the more figures there are: as many as let the page come to no more than `_MOST_ROWS`.
"""

_MOST_ROWS = 2_000
"""Rows of a page from which a browser takes more than half a second until it can be used."""

_MOST_OPEN_ROWS = 100
"""Rows of a page up to which all are open: a dozen screens of a phone."""

_LONGEST_OPEN = 14
"""Lines beside a picture that are shown without being asked for: a year of months."""

_SHORTEST_TREND = 3
"""Bars from which a picture shows more than the numbers beside it."""


class TimeSpan(Struct, frozen=True):
    """A time that has a page of numbers.

    Attributes:
        name: Name of its page; empty for the main one.
        words: How `tracker stats --period` is told of it.
        title: What people see.
    """

    name: str
    words: str
    title: Message

    @property
    def address(self) -> str:
        """Return its page."""
        return f"{FOLDER}/{self.name}.html" if self.name else ADDRESS


SPANS = (
    TimeSpan("", "12m", Message("The last twelve months")),
    TimeSpan("this-quarter", "this-quarter", Message("This quarter")),
    TimeSpan("last-quarter", "last-quarter", Message("Last quarter")),
    TimeSpan("last-year", "last-year", Message("Last year")),
)
"""The times; the first is that of the main page, with what stands on the day."""


class Cell(Struct, frozen=True):
    """A figure where it is shown.

    Attributes:
        column: What kind of figure it is.
        figure: The figure.
        address: Where its rows are; None where it has none.
    """

    column: Column
    figure: Figure
    address: str | None

    @property
    def says(self) -> bool:
        """Tell whether it has anything to say."""
        return self.column.says(self.figure)

    @property
    def number(self) -> Decimal:
        """Return a share, a rate or a score as a decimal."""
        value = self.figure.value
        assert isinstance(value, int | Fraction)  # noqa: S101  # the kind of its column says so
        return Decimal(value.numerator) / Decimal(value.denominator)


class ShownLine(Struct, frozen=True):
    """A line of a table with its cells."""

    line: Line
    cells: tuple[Cell, ...]


class ShownTable(Struct, frozen=True):
    """A table of figures where it is shown.

    Attributes:
        table: The table.
        id: Its anchor on the page.
        lines: Its lines.
        total: All of them together, where they can be.
        today: The day of the site.
    """

    table: Table
    id: str
    lines: tuple[ShownLine, ...]
    total: ShownLine | None
    today: date

    @property
    def longest(self) -> int:
        """Return the largest count of the first column, at least 1: how long its bars can be."""
        values = (line.cells[0].figure.value for line in self.lines)
        return max((value for value in values if isinstance(value, int)), default=0) or 1

    @property
    def has_bars(self) -> bool:
        """Tell whether bars stand beside the first column."""
        return self.table.chart is Chart.BARS and self.table.columns[0].kind is Kind.COUNT

    @property
    def folded(self) -> bool:
        """Tell whether the lines are so many that they wait behind their picture."""
        return len(self.lines) > _LONGEST_OPEN and bool(self.trends)

    @property
    def trends(self) -> tuple[tuple[Column, tuple[Point, ...]], ...]:
        """Return the columns that are drawn over time, each with its bars."""
        if self.table.chart is not Chart.TREND or len(self.lines) < _SHORTEST_TREND:
            return ()
        return tuple(
            (column, tuple(self._points(place)))
            for place, column in enumerate(self.table.columns)
            if column.kind is Kind.COUNT
        )

    def _points(self, place: int) -> Iterator[Point]:
        for line in self.lines:
            cell, period = line.cells[place], line.line.period
            if period and isinstance(cell.figure.value, int):
                over = period.last < self.today
                yield Point(cell.figure.value, cell.address, period, over)


class CaseRow(Struct, frozen=True):
    """A case where it is listed."""

    row: Row
    case: Case


class Behind(Struct, frozen=True):
    """The rows behind one or more figures of a line that come from the same cases.

    Attributes:
        id: Its anchor.
        line: The line.
        columns: The columns of the figures.
        rows: The first of the cases.
        total: How many there are.
        name: How `tracker stats --rows` is told of them.
    """

    id: str
    line: Line
    columns: tuple[Column, ...]
    rows: tuple[CaseRow, ...]
    total: int
    name: str


class ShownMeasure:
    """A measure where it is shown.

    Args:
        site: The site.
        measure: The measure.
        address: Where the rows behind its figures are.
        tables: Its tables.

    Attributes:
        measure: The measure.
        address: Where the rows are.
    """

    def __init__(self, site: Site, measure: Measure, address: str, tables: Sequence[Table]) -> None:
        self._site = site
        self.measure = measure
        self.address = address
        self._tables = tables

    @cached_property
    def tables(self) -> tuple[ShownTable, ...]:
        """Return the tables with the places of the rows of each figure."""
        return tuple(self._shown(table, lines) for table, lines in self._lines)

    @cached_property
    def behind(self) -> tuple[tuple[Table, tuple[Behind, ...]], ...]:
        """Return the rows behind the figures, by table."""
        return tuple((table, tuple(self._behind(table, lines))) for table, lines in self._lines)

    @cached_property
    def folded(self) -> bool:
        """Tell whether the rows are so many that those of each figure wait behind its heading."""
        rows = sum(len(each.rows) for _table, lines in self.behind for each in lines)
        return rows > _MOST_OPEN_ROWS

    @cached_property
    def figures(self) -> object:
        """Return what is shown of the tables apart from the rows behind the figures."""
        return [
            (
                replace(table, lines=(), total=None),
                [
                    (
                        replace(line, figures=()),
                        sources,
                        [(each.value, each.n, len(each.cases)) for each in line.figures],
                    )
                    for line, sources in lines
                ],
            )
            for table, lines in self._lines
        ]

    @cached_property
    def _lines(self) -> tuple[tuple[Table, _Lines], ...]:
        return tuple(
            (table, tuple((line, _sources(line)) for line in _all_lines(table)))
            for table in self._tables
        )

    def _shown(self, table: Table, found: _Lines) -> ShownTable:
        lines = [
            ShownLine(line, tuple(self._cells(table, place, line, sources)))
            for place, (line, sources) in enumerate(found)
        ]
        anchor = f"{self.measure.code}-{table.key}"
        total = lines.pop() if table.total else None
        return ShownTable(table, anchor, tuple(lines), total, self._site.today)

    def _cells(
        self, table: Table, place: int, line: Line, sources: Sequence[int]
    ) -> Iterator[Cell]:
        for number, (column, figure) in enumerate(zip(table.columns, line.figures, strict=True)):
            anchor = _anchor(table, place, sources[number])
            address = f"{self.address}#{anchor}" if figure.cases else None
            yield Cell(column, figure, address)

    @cached_property
    def _shown_rows(self) -> int:
        """Return how many rows each figure shows."""
        lengths = [
            len(line.figures[number].cases)
            for _table, lines in self._lines
            for _, line, _, number in _with_rows(lines)
        ]
        for most in SHOWN_ROWS:
            if sum(min(length, most) for length in lengths) <= _MOST_ROWS:
                return most
        return SHOWN_ROWS[-1]

    def _behind(self, table: Table, lines: _Lines) -> Iterator[Behind]:
        for place, line, sources, number in _with_rows(lines):
            figure = line.figures[number]
            columns = [
                column
                for column, source in zip(table.columns, sources, strict=True)
                if source == number
            ]
            rows = (
                CaseRow(self._site.by_path[case.standing.customer.path], case)
                for case in figure.cases[: self._shown_rows]
            )
            yield Behind(
                _anchor(table, place, number),
                line,
                tuple(columns),
                tuple(rows),
                len(figure.cases),
                f"{table.key}/{line.key}/{columns[0].key}",
            )


class Numbers:
    """The numbers of a time and of a team or a person.

    Args:
        site: The site.
        span: The time.
        owner: The person; None for the team.
        address: The page.

    Attributes:
        span: The time.
        owner: The person.
        address: The page.
        fragments: What its pages of rows, which are all in one folder, have in common.
    """

    def __init__(self, site: Site, span: TimeSpan, owner: str | None, address: str) -> None:
        self._site = site
        self.span = span
        self.owner = owner
        self.address = address
        self.fragments = Fragments()

    @property
    def period(self) -> Period:
        """Return the days that count."""
        period = read_period(self.span.words, self._site.today)
        assert isinstance(period, Period)  # noqa: S101  # the words are ours
        return period

    @property
    def codes(self) -> tuple[str, ...]:
        """Return the measures: on the main page all, else those that count what happened."""
        return tuple(
            code
            for code, measure in all_measures().items()
            if measure.of_period or self.span is SPANS[0]
        )

    def rows_address(self, code: str) -> str:
        """Return the page of the rows behind a measure's figures."""
        return f"{within(self.address)}{code}.html"

    @cached_property
    def measures(self) -> tuple[ShownMeasure, ...]:
        """Return the measures with their figures."""
        return tuple(map(self.measure, self.codes))

    def measure(self, code: str) -> ShownMeasure:
        """Return a measure with its figures; counted only once."""
        if code not in self._counted:
            measure = all_measures()[code]
            tables = measure.tables(self._scope)
            self._counted[code] = ShownMeasure(self._site, measure, self.rows_address(code), tables)
        return self._counted[code]

    @cached_property
    def figures(self) -> object:
        """Return what is shown of all measures but the rows behind them."""
        return [(self.owner, code, self.measure(code).figures) for code in self.codes]

    def rows(self, code: str) -> object:
        """Return what is shown of the rows behind a measure."""
        shown = self.measure(code)
        behind = [
            [(entry.row, entry.case.day, entry.case.note) for entry in each.rows]
            for _table, found in shown.behind
            for each in found
        ]
        return self.owner, code, shown.figures, behind

    @cached_property
    def _counted(self) -> dict[str, ShownMeasure]:
        return {}

    @cached_property
    def _scope(self) -> Scope:
        return Scope(self._site.day, self.period, self.owner)


def analysis_pages(site: Site) -> Iterator[Page]:
    """Yield the pages of numbers, of the team by time and of each owner, with their rows."""
    for span in SPANS:
        yield from _pages(site, Numbers(site, span, None, span.address))
    for name in site.urls.owners:
        address = numbers_of_owner(site.urls.owners[name])
        yield from _pages(site, Numbers(site, SPANS[0], name, address))


def numbers_of_owner(address: str) -> str:
    """Return the page of an owner's numbers by the owner's page."""
    return f"{FOLDER}/{address}"


def _pages(site: Site, numbers: Numbers) -> Iterator[Page]:
    context: dict[str, Any] = {"site": site, "numbers": numbers, "spans": SPANS, "reports": TIMES}
    counted = Counted(figures=lambda: numbers.figures)
    yield Page(numbers.address, "analysis.html", context, counted=counted)
    for code in numbers.codes:
        yield Page(
            numbers.rows_address(code),
            "analysis_rows.html",
            {"site": site, "numbers": numbers, "code": code},
            counted=Counted(figures=partial(numbers.rows, code)),
        )


def _all_lines(table: Table) -> tuple[Line, ...]:
    return (*table.lines, table.total) if table.total else table.lines


def _with_rows(lines: _Lines) -> Iterator[tuple[int, Line, Sequence[int], int]]:
    """Yield the figures that have rows of their own: the line with its place, and their places.

    Before a figure's own place comes, for each figure of the line, the place of that which it
    shares its rows with.
    """
    for place, (line, sources) in enumerate(lines):
        for number, figure in enumerate(line.figures):
            if sources[number] == number and figure.cases:
                yield place, line, sources, number


def _sources(line: Line) -> list[int]:
    """Return for each figure the place of the first of its line that has the same cases."""
    return [
        next(first for first, other in enumerate(line.figures) if _have_same_cases(other, figure))
        for figure in line.figures
    ]


def _have_same_cases(one: Figure, other: Figure) -> bool:
    """Tell whether two figures lead to the same cases: measures make each of them once."""
    return len(one.cases) == len(other.cases) and all(map(is_, one.cases, other.cases))


def _anchor(table: Table, line: int, column: int) -> str:
    return f"{table.key}-{line + 1}-{column + 1}"
