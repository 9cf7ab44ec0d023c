"""`board.html`: a column for each stage, a card for each customer, what presses on top."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.insight.sums import sums
from tracker.money import plain_number
from tracker.site.page import Page
from tracker.site.pipeline import signed_or_expected, stage_totals
from tracker.site.recount import Listed
from tracker.site.table_data import written_term
from tracker.site.today import clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from tracker.site.page import Row, Site
    from tracker.site.pipeline import StageTotals

OPEN_CARDS = 100
"""Cards of an open stage's column that are shown; the rest is on the page of the stage."""

CLOSED_CARDS = 20
"""Those of a won or lost stage's column: what presses, and the latest."""


class Choice(Struct, frozen=True):
    """An owner or a level to show alone.

    Attributes:
        label: How it is called, in the page's address too; empty for customers without one.
        term: The term of a query that asks for it; empty where none can.
        count: Customers.
    """

    label: str
    term: str
    count: int


class Column(Struct, frozen=True):
    """A stage with its customers.

    Attributes:
        totals: The stage with the number of its customers and their amounts.
        cards: The customers on the board on the day, and those that may come into sight later.
        limit: How many of them are shown at once.
        parts: Numbers and amounts by owner and level, for the script that filters: `0 1 3 CNY
            480000;…` are three customers of the first owner and the second level.
        term: The term of a query that asks for the stage; empty where none can.
    """

    totals: StageTotals
    cards: tuple[Listed[Row], ...]
    limit: int
    parts: str
    term: str


def board_page(site: Site) -> Page:
    """Return the board."""
    config = site.config

    def owner_of(row: Row) -> str:
        return row.customer.owner or ""

    def level_of(row: Row) -> str:
        return config.levels.label(row.customer.level)

    owners = _choices(site, "owner", owner_of, list(site.urls.owners))
    levels = _choices(site, "level", level_of, [level.label for level in config.levels])
    owner_places = {choice.label: place for place, choice in enumerate(owners)}
    level_places = {choice.label: place for place, choice in enumerate(levels)}
    places = {
        row.customer.path: (owner_places[owner_of(row)], level_places[level_of(row)])
        for row in site.rows
    }
    by_stage: defaultdict[str | None, list[Row]] = defaultdict(list)
    for row in site.rows:
        by_stage[row.customer.stage].append(row)
    columns = []
    for totals in stage_totals(site):
        rows = by_stage[totals.stage.id]
        limit = OPEN_CARDS if totals.is_open else CLOSED_CARDS
        cards = (_open_cards if totals.is_open else _closed_cards)(rows, site.today, limit)
        term = written_term(config, "stage", totals.stage.label)
        columns.append(Column(totals, cards, limit, _parts(site, rows, places), term))
    return Page(
        "board.html",
        "board.html",
        {
            "site": site,
            "owners": owners,
            "levels": levels,
            "places": places,
            "columns": columns,
            "without": sum(row.customer.stage not in site.urls.stages for row in site.rows),
            "currencies": _currencies(site),
        },
    )


def _choices(
    site: Site, key: str, read: Callable[[Row], str], order: Sequence[str]
) -> tuple[Choice, ...]:
    """Return what customers have, in the order given; what is not in it comes later, none last."""
    counts = Counter(map(read, site.rows))
    further = sorted(counts.keys() - {*order, ""})
    return tuple(
        Choice(label, written_term(site.config, key, label), counts[label])
        for label in [*order, *further, ""]
        if label in counts
    )


def _currencies(site: Site) -> tuple[str, ...]:
    """Return the currencies of the amounts, the workspace's own first."""
    found = {money.currency for row in site.rows if (money := signed_or_expected(row))}
    return tuple(sorted(found, key=lambda code: (code != site.config.currency, code)))


def _open_cards(rows: Iterable[Row], today: date, limit: int) -> tuple[Listed[Row], ...]:
    """Return the cards of an open stage: overdue and today, then without a step, then planned.

    On every day those with a step stand in the order of its day and time, so the first `limit` of
    them and of those without are all that can come into sight. Those to come stand last.
    """
    dated = _by_step(rows)[:limit]
    undated = sorted(
        (row for row in rows if row.step_day is None),
        key=lambda row: (row.idle_since or date.min, row.customer.path),
    )[:limit]
    due = [row for row in dated if (row.step_day or today) <= today]
    return _first(today, limit, [*due, *undated, *dated[len(due) :]])


def _closed_cards(rows: Sequence[Row], today: date, limit: int) -> tuple[Listed[Row], ...]:
    """Return the cards of a won or lost stage: overdue and today, then the latest to come in."""
    dated = _by_step(rows)[:limit]
    due = [row for row in dated if (row.step_day or today) <= today]
    latest = sorted(rows, key=lambda row: row.customer.path)
    latest.sort(key=_entered, reverse=True)
    shown = {row.customer.path for row in due}
    others = [row for row in latest if row.customer.path not in shown][:limit]
    shown.update(row.customer.path for row in others)
    return _first(
        today, limit, [*due, *others, *(row for row in dated if row.customer.path not in shown)]
    )


def _by_step(rows: Iterable[Row]) -> list[Row]:
    dated = [(day, clock(row), row) for row in rows if (day := row.step_day)]
    return [row for _day, _clock, row in sorted(dated, key=lambda entry: entry[:2])]


def _entered(row: Row) -> date:
    """Return the day on which a customer came into its stage, or was heard of last."""
    history = row.status.stage_history
    return (history[-1].date if history else row.idle_since) or date.min


def _first(today: date, limit: int, rows: Sequence[Row]) -> tuple[Listed[Row], ...]:
    # What is not among the first ones today comes into sight later, on a day that is not told.
    return tuple(
        Listed.of(row, today) if place < limit else Listed(row, now=False)
        for place, row in enumerate(rows)
    )


def _parts(site: Site, rows: Iterable[Row], places: dict[str, tuple[int, int]]) -> str:
    groups: defaultdict[tuple[int, int], list[Row]] = defaultdict(list)
    for row in rows:
        groups[places[row.customer.path]].append(row)
    parts = []
    for (owner, level), group in sorted(groups.items()):
        amounts = sums(map(signed_or_expected, group), site.config).amounts
        written = (f"{money.currency} {plain_number(money.amount)}" for money in amounts)
        parts.append(" ".join([str(owner), str(level), str(len(group)), *written]))
    return ";".join(parts)
