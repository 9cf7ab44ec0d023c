"""Lines that several measures have: one a person, one a week, one a month."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from tracker.insight.measure import Line
from tracker.periods import Period, months_of, quarter_of, week_of
from tracker.text import fold
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date

    from tracker.config import AnyTerm, Config, Terms
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
NOT_GIVEN = Message("Not given")

_NONE_KEY = "-"
_OTHERS_KEY = "*"
_MOST_TEXTS = 20

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
    written: defaultdict[str, list[Item]] = defaultdict(list)
    for item in items:
        written[who(item) or ""].append(item)
    names: dict[str, str] = {}
    items_of: defaultdict[str, list[Item]] = defaultdict(list)
    for spelling, part in written.items():
        name = config.owner_name(spelling)
        key = fold(name)
        names.setdefault(key, name)
        items_of[key] += part
    places = {fold(owner.label): place for place, owner in enumerate(config.owners)}
    ordered = sorted(names, key=lambda key: (not key, places.get(key, len(places)), key))
    return tuple(
        Line(names[key] or _NONE_KEY, names[key] or NOBODY, figures(items_of[key]))
        for key in ordered
    )


def term_lines(
    items: Iterable[Item],
    term: Callable[[Item], str | None],
    figures: Callable[[Sequence[Item]], tuple[Figure, ...]],
    terms: Terms[AnyTerm],
) -> tuple[Line, ...]:
    """Return a line for each word that has items, in the order of tracker.yaml, then for none.

    Args:
        items: What is counted.
        term: Returns the id of an item's word; None where none is given.
        figures: Counts the items of one word.
        terms: The vocabulary.
    """
    items_of: defaultdict[str, list[Item]] = defaultdict(list)
    for item in items:
        items_of[term(item) or _NONE_KEY].append(item)
    lines = [
        Line(each.id, each.label, figures(items_of[each.id]))
        for each in terms
        if each.id in items_of
    ]
    if nameless := items_of.get(_NONE_KEY):
        lines.append(Line(_NONE_KEY, NOT_GIVEN, figures(nameless)))
    return tuple(lines)


def text_lines(
    items: Iterable[Item],
    texts: Callable[[Item], Iterable[str]],
    figures: Callable[[Sequence[Item]], tuple[Figure, ...]],
) -> tuple[Line, ...]:
    """Return a line for each text, that with the most items first, then for items without any.

    Texts that differ in case or width alone are one; an item with several counts for each. From
    the twenty-first on, texts are together in one line.

    Args:
        items: What is counted.
        texts: Returns the texts of an item.
        figures: Counts the items of one text.
    """
    labels: dict[str, str] = {}
    items_of: defaultdict[str, list[Item]] = defaultdict(list)
    for item in items:
        keys = {fold(text): text for text in texts(item) if text.strip()}
        for key, text in keys.items() or ((_NONE_KEY, ""),):
            labels.setdefault(key, text)
            items_of[key].append(item)
    nameless = items_of.pop(_NONE_KEY, [])
    ordered = sorted(items_of, key=lambda key: (-len(items_of[key]), key))
    lines = [Line(key, labels[key], figures(items_of[key])) for key in ordered[:_MOST_TEXTS]]
    if rest := ordered[_MOST_TEXTS:]:
        others = {id(item): item for key in rest for item in items_of[key]}
        label = Message("Others: {count}", {"count": len(rest)})
        lines.append(Line(_OTHERS_KEY, label, figures(list(others.values()))))
    if nameless:
        lines.append(Line(_NONE_KEY, NOT_GIVEN, figures(nameless)))
    return tuple(lines)


def time_lines(
    items: Sequence[Item],
    day: Callable[[Item], date],
    figures: Callable[[Sequence[Item]], tuple[Figure, ...]],
    stretches: Callable[[Period], Iterable[tuple[str, Period]]],
    scope: Scope,
) -> tuple[Line, ...]:
    """Return a line for each stretch of the period up to the day, with or without items.

    Args:
        items: What is counted, all of it within the period and not after the day.
        day: Returns when it happened.
        figures: Counts the items of one stretch.
        stretches: `by_week`, `by_month` or `by_quarter`.
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


def by_quarter(period: Period) -> Iterator[tuple[str, Period]]:
    """Yield the quarters of a period as `2026-Q4`, the first and the last cut to it."""
    first = period.first
    while first <= period.last:
        end = quarter_of(first).last
        yield quarter_key(first), Period(first, min(end, period.last))
        first = end + timedelta(days=1)


def week_key(day: date) -> str:
    """Return the ISO week of a day as `2026-W47`."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def quarter_key(day: date) -> str:
    """Return the quarter of a day as `2026-Q4`."""
    return f"{day.year}-Q{(day.month + 2) // 3}"
