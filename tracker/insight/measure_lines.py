"""Lines that several measures have: one a person, one a week, one a month."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from tracker.insight.measure import Line
from tracker.periods import Period, months_of, week_of
from tracker.text import fold
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date

    from tracker.config import Config
    from tracker.insight.measure import Figure, Scope

FEW = 5
"""The n from which a share or a median says something: with fewer cases, one of them moves a share
by more than a fifth."""

BY_PERSON = Message("Person")
BY_OWNER = Message("Owner")
BY_WEEK = Message("Week")
BY_MONTH = Message("Month")
TOTAL = Message("Total")
NOBODY = Message("Nobody named")

_NOBODY_KEY = "-"

Item = TypeVar("Item")


def person_lines(
    items: Iterable[Item],
    who: Callable[[Item], str | None],
    figures: Callable[[Sequence[Item]], tuple[Figure, ...]],
    config: Config,
) -> tuple[Line, ...]:
    """Return a line for each person, in the order of tracker.yaml, then those named nowhere there.

    Args:
        items: What is counted.
        who: Returns whose it is, in any spelling; None for nobody's.
        figures: Counts the items of one person.
        config: The workspace's settings.
    """
    names: dict[str, str] = {}
    items_of: defaultdict[str, list[Item]] = defaultdict(list)
    for item in items:
        name = config.owner_name(who(item) or "")
        key = fold(name)
        names.setdefault(key, name)
        items_of[key].append(item)
    places = {fold(owner.label): place for place, owner in enumerate(config.owners)}
    ordered = sorted(names, key=lambda key: (not key, places.get(key, len(places)), key))
    return tuple(
        Line(names[key] or _NOBODY_KEY, names[key] or NOBODY, figures(items_of[key]))
        for key in ordered
    )


def time_lines(
    items: Sequence[Item],
    day: Callable[[Item], date],
    figures: Callable[[Sequence[Item]], tuple[Figure, ...]],
    stretches: Callable[[Period], Iterable[tuple[str, Period]]],
    scope: Scope,
) -> tuple[Line, ...]:
    """Return a line for each week or month of the period up to the day, with or without items.

    Args:
        items: What is counted, all of it within the period and not after the day.
        day: Returns when it happened.
        figures: Counts the items of one stretch.
        stretches: `by_week` or `by_month`.
        scope: What numbers are asked of.
    """
    listed = tuple(stretches(scope.period.until(scope.today)))
    key_of = {each: key for key, stretch in listed for each in stretch.dates}
    items_of: defaultdict[str, list[Item]] = defaultdict(list)
    for item in items:
        items_of[key_of[day(item)]].append(item)
    return tuple(Line(key, key, figures(items_of[key]), stretch) for key, stretch in listed)


def by_week(period: Period) -> Iterator[tuple[str, Period]]:
    """Yield the ISO weeks of a period as `2026-W47`, the first and the last cut to it."""
    first = period.first
    while first <= period.last:
        sunday = week_of(first).last
        yield week_key(first), Period(first, min(sunday, period.last))
        first = sunday + timedelta(days=1)


def by_month(period: Period) -> Iterator[tuple[str, Period]]:
    """Yield the months of a period as `2026-11`, the first and the last cut to it."""
    return ((f"{month.first:%Y-%m}", month) for month in months_of(period))


def week_key(day: date) -> str:
    """Return the ISO week of a day as `2026-W47`."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def quarter_key(day: date) -> str:
    """Return the quarter of a day as `2026-Q4`."""
    return f"{day.year}-Q{(day.month + 2) // 3}"
