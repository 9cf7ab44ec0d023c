"""What a measure is: tables of figures, each with its n and the cases that it was counted from.

A measure says what is counted and how; printers and pages show it. None of them computes anything,
and no measure knows how it is shown.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from statistics import quantiles
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypeVar

from msgspec import Struct

from tracker.insight.activity import activity_of
from tracker.insight.ownership import Ownership
from tracker.insight.sums import Sums, sums
from tracker.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from tracker.config import Config
    from tracker.insight.activity import Activity
    from tracker.insight.day import Day, Standing
    from tracker.model import FollowUp
    from tracker.money import Money
    from tracker.periods import Period
    from tracker.translation import Message


Item = TypeVar("Item")


class Kind(StrEnum):
    """What a figure is.

    `count`: an int. `share`: a Fraction from 0 to 1. `rate`: a Fraction of any size. `days`: a
    Spread of days. `hours`: a Spread of hours. `money`: Sums. `score`: an int or a Fraction.
    """

    COUNT = "count"
    SHARE = "share"
    RATE = "rate"
    DAYS = "days"
    HOURS = "hours"
    MONEY = "money"
    SCORE = "score"


class Spread(Struct, frozen=True):
    """Where the middle of some numbers lies: the median, and the quartiles around it."""

    lower: float
    median: float
    upper: float


def spread_of(numbers: Sequence[float]) -> Spread | None:
    """Return median and quartiles; None of no numbers.

    Quartiles are interpolated between the two nearest numbers, as type 7 of Hyndman and Fan,
    "Sample quantiles in statistical packages", The American Statistician 50 (1996), as
    spreadsheets do it in QUARTILE.INC.
    """
    if not numbers:
        return None
    if len(numbers) == 1:
        return Spread(numbers[0], numbers[0], numbers[0])
    return Spread(*quantiles(numbers, n=4, method="inclusive"))


Value: TypeAlias = int | Fraction | Spread | Sums
"""What a figure says; which of them follows from its column's kind."""


class Case(NamedTuple):
    """One thing that a figure was counted from.

    Attributes:
        standing: The customer.
        day: When it happened; None for something that holds on the day of the numbers.
        line: Where it stands in the record, from 1; None for the record as a whole.
        note: What is worth saying of it beside the customer's name, such as the days it took.
    """

    standing: Standing
    day: date | None = None
    line: int | None = None
    note: str | Message = ""


class Figure(Struct, frozen=True):
    """One number.

    Attributes:
        value: What it says; None where nothing can be said, as of a share of nothing.
        n: How many cases it was made from: those of the whole, for a share; 0 for one that was set
            and not counted.
        cases: The cases that lead to it: the part of the whole, for a share.
    """

    value: Value | None
    n: int
    cases: tuple[Case, ...] = ()


def count_of(cases: Sequence[Case]) -> Figure:
    """Return the number of cases."""
    return Figure(len(cases), len(cases), tuple(cases))


def share_of(part: Sequence[Case], whole: int) -> Figure:
    """Return the share that some cases are of a number of them; no value of nothing."""
    return Figure(Fraction(len(part), whole) if whole else None, whole, tuple(part))


def sum_of(cases: Sequence[tuple[Case, Money | None]], config: Config) -> Figure:
    """Return the sum of the amounts that cases have; those without one are left out."""
    valued = [(case, amount) for case, amount in cases if amount]
    total = sums((amount for _case, amount in valued), config)
    return Figure(total, len(valued), tuple(case for case, _amount in valued))


def spread_figure(cases: Sequence[tuple[Case, float]]) -> Figure:
    """Return median and quartiles of a number that each case has."""
    value = spread_of([number for _case, number in cases])
    return Figure(value, len(cases), tuple(case for case, _number in cases))


class Column(Struct, frozen=True):
    """One kind of figure in a table.

    Attributes:
        key: Stable name in data.
        title: What people see.
        kind: What its figures are.
        least: The n below which a figure is too few to say anything; counts and sums have none.
    """

    key: str
    title: Message
    kind: Kind
    least: int = 0

    def says(self, figure: Figure) -> bool:
        """Tell whether a figure of this column has anything to say."""
        return figure.value is not None and figure.n >= self.least


class Line(Struct, frozen=True):
    """One line of a table.

    Attributes:
        key: Stable name within the table: the id of a stage, a month as `2026-11`, an owner.
        label: What people see.
        figures: One for each column, in their order.
        period: For a line that stands for a time, which.
    """

    key: str
    label: str | Message
    figures: tuple[Figure, ...]
    period: Period | None = None


class Chart(StrEnum):
    """How a table is drawn, where it is.

    `bars`: the first column of each line. `trend`: each column over the lines, which are times.
    """

    NONE = "none"
    BARS = "bars"
    TREND = "trend"


class Table(Struct, frozen=True):
    """Figures that belong together.

    Attributes:
        key: Stable name within the measure.
        title: What people see.
        by: What its lines are.
        columns: The kinds of figures.
        lines: The lines in their order.
        total: All lines together; None where they cannot be taken together.
        notes: What has to be known to read it, such as what is left out and how many of it.
        chart: How it is drawn.
    """

    key: str
    title: Message
    by: Message
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    total: Line | None = None
    notes: tuple[Message, ...] = ()
    chart: Chart = Chart.NONE


class Scope(Struct, frozen=True, dict=True):
    """What numbers are asked of.

    Attributes:
        day: The workspace on the day.
        period: The days that count for whatever happens; what stands on the day knows none.
        owner: Whose numbers; None for the whole team.
        owners_before: Who owned customers that changed hands, as `former_owners` returns it; None
            to ask git.
    """

    day: Day
    period: Period
    owner: str | None = None
    owners_before: Mapping[str, Sequence[tuple[date, str]]] | None = None

    @property
    def config(self) -> Config:
        """Return the workspace's settings."""
        return self.day.library.config

    @property
    def today(self) -> date:
        """Return the day of the numbers."""
        return self.day.today

    @cached_property
    def activity(self) -> Activity:
        """Return what has happened up to the day, whoever did it and whenever.

        For an owner, only to customers that are or were theirs.
        """
        if self._owner_key is None:
            return self.day.once(activity_of)
        return self._ownership.activity(self._owner_key)

    @cached_property
    def followups(self) -> tuple[tuple[FollowUp, Case], ...]:
        """Return the follow-ups of the period that the one asked for made, the oldest first."""
        made = self.of_person(self.day.once(_followups_by_person))
        start = bisect_left(made, self.period.first, key=_day_of_followup)
        last = bisect_right(made, self.period.last, start, key=_day_of_followup)
        return tuple(made[start:last])

    @cached_property
    def standings(self) -> tuple[Standing, ...]:
        """Return the customers that are the owner's on the day; all of them for the team."""
        return tuple(standing for standing in self.concerned if self.is_of(standing.customer.owner))

    @property
    def concerned(self) -> Sequence[Standing]:
        """Return the customers that are or were the owner's; all of them for the team."""
        if self._owner_key is None:
            return self.day.standings
        return self._ownership.standings(self._owner_key)

    def of_person(self, found: Mapping[str | None, Sequence[Item]]) -> Sequence[Item]:
        """Return those of some items that are of the one whose numbers are asked.

        Args:
            found: The items as `by_person` returns them.
        """
        return found.get(self._owner_key, ())

    def is_of(self, who: str | None) -> bool:
        """Tell whether somebody is the one whose numbers are asked."""
        return self.owner is None or fold(who or "") == self._owner_key

    @cached_property
    def _owner_key(self) -> str | None:
        """Return what all spellings of the owner have in common; None for the whole team."""
        return None if self.owner is None else fold(self.owner)

    def owner_on(self, standing: Standing, day: date) -> str | None:
        """Return whose a customer was on a day, as far as git knows of another than today's."""
        owner = standing.customer.owner
        for first, earlier in self._ownership.before.get(standing.customer.path, ()):
            if first > day:
                break
            owner = earlier
        return owner

    @cached_property
    def _ownership(self) -> Ownership:
        if self.owners_before is None:
            return self.day.once(Ownership.by_git)
        return Ownership(self.day, self.owners_before)

    def counts(self, standing: Standing, day: date) -> bool:
        """Tell whether an event of a customer counts: within the period, and the owner's then."""
        if day not in self.period:
            return False
        return self.owner is None or self.is_of(self.owner_on(standing, day))


def by_person(
    items: Iterable[Item], who: Callable[[Item], str]
) -> Mapping[str | None, Sequence[Item]]:
    """Return items by the folded name of who they are of; all of them by None.

    Args:
        items: The items.
        who: Returns whose an item is.
    """
    found: defaultdict[str | None, list[Item]] = defaultdict(list)
    everything = found[None]
    for item in items:
        everything.append(item)
        found[fold(who(item))].append(item)
    return found


def _followups_by_person(day: Day) -> Mapping[str | None, Sequence[tuple[FollowUp, Case]]]:
    """Return all follow-ups by who made them, the oldest first."""
    followups = (
        (event.what, Case(event.standing, event.day, event.what.span.line))
        for event in day.once(activity_of).followups
    )
    return by_person(followups, lambda each: each[0].who)


def _day_of_followup(entry: tuple[FollowUp, Case]) -> date:
    return entry[0].date


class Measure(Struct, frozen=True):
    """One measure of the registry.

    Attributes:
        code: Stable name.
        title: What people see.
        summary: What is counted and how, in a sentence or two for whoever reads the numbers.
        documentation: What it says, its formula and its source, in Markdown.
        of_period: Whether it counts what happened in the period, and not what stands on the day.
        tables: Counts it.
    """

    code: str
    title: Message
    summary: Message
    documentation: str
    of_period: bool
    tables: Callable[[Scope], tuple[Table, ...]]
