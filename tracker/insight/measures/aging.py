"""Aging: for how long open customers have been in their stage, beside those that left it.

Says: which open customers have been standing still for longer than is usual.

Formula: for every open customer, the days since it entered the stage of today. Beside it the median
of the days after which customers left that stage: of all stays of the whole team that have ended,
whenever that was, so that there are enough of them and everybody is measured by the same. Longer:
the share of the customers whose days are above that median; it needs the median, and with it as
many stays as that does. About a half is what can be expected where nothing has changed.

By age: the same customers by the days in their stage, with the sum of their values.

Left out are customers of which nobody knows when they entered their stage, as in `time-in-stage`;
how many is said.

Source: the groups of thirty days are those of an aging report of receivables; what is old is judged
against the team's own stays, as CRMs do it with "average time in stage".
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING

from tracker.insight.measure import (
    Case,
    Chart,
    Column,
    Figure,
    Kind,
    Line,
    Scope,
    Spread,
    Table,
    count_of,
    share_of,
    spread_figure,
    sum_of,
)
from tracker.insight.measure_lines import FEW, TOTAL
from tracker.insight.stage_stays import (
    finished_stays,
    running_notes,
    running_stays,
    stay_cases,
)
from tracker.translation import Message
from tracker.vocabulary import StageKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tracker.insight.day import Day
    from tracker.insight.stage_stays import Stay

TITLE = Message("Aging")
SUMMARY = Message(
    "For how many days open customers have been in their stage, beside the days after which "
    "customers of the team left it."
)
OF_PERIOD = False

_COLUMNS = (
    Column("customers", Message("Customers"), Kind.COUNT),
    Column("days", Message("In the stage so far"), Kind.DAYS, FEW),
    Column("left", Message("Until others left"), Kind.DAYS, FEW),
    Column("longer", Message("Longer than the median"), Kind.SHARE, FEW),
)
_AGE_COLUMNS = (
    Column("customers", Message("Customers"), Kind.COUNT),
    Column("amount", Message("Amount"), Kind.MONEY),
)
_BOUNDS = (30, 60, 90, 180)
"""Days up to which a customer belongs to a group; the last group has no bound."""


def tables(scope: Scope) -> tuple[Table, ...]:
    """Return the tables of the stages and of the ages."""
    running = running_stays(scope)
    return _by_stage(running, scope), _by_age(running, scope)


def _by_stage(running: Sequence[Stay], scope: Scope) -> Table:
    held: defaultdict[str, list[Stay]] = defaultdict(list)
    for stay in running:
        held[stay.stage].append(stay)
    usual = scope.day.once(_usual)
    return Table(
        "stages",
        Message("Open customers by days in their stage"),
        Message("Stage"),
        _COLUMNS,
        tuple(
            Line(stage.id, stage.label, _figures(held[stage.id], usual.get(stage.id, _NOTHING)))
            for stage in scope.config.stages
            if stage.kind is StageKind.OPEN
        ),
        notes=running_notes(running, scope),
    )


def _usual(day: Day) -> Mapping[str, Figure]:
    """Return the days that customers of the team stayed in each stage, by its id."""
    left: defaultdict[str, list[Stay]] = defaultdict(list)
    for stay in chain.from_iterable(day.once(finished_stays).values()):
        left[stay.stage].append(stay)
    return {stage: spread_figure(stay_cases(stays)) for stage, stays in left.items()}


_NOTHING = spread_figure([])


def _figures(held: Sequence[Stay], usual: Figure) -> tuple[Figure, ...]:
    cases = stay_cases(held)
    longer = Figure(None, len(cases))
    if isinstance(usual.value, Spread) and usual.n >= FEW:
        median = usual.value.median
        longer = share_of([case for case, days in cases if days > median], len(cases))
    return count_of([case for case, _days in cases]), spread_figure(cases), usual, longer


def _by_age(running: Sequence[Stay], scope: Scope) -> Table:
    everyone = stay_cases(running)
    groups: defaultdict[int, list[Case]] = defaultdict(list)
    for case, days in everyone:
        groups[bisect_left(_BOUNDS, days)].append(case)

    def figures(cases: Sequence[Case]) -> tuple[Figure, ...]:
        valued = [(case, case.standing.customer.value) for case in cases]
        return count_of(cases), sum_of(valued, scope.config)

    return Table(
        "ages",
        Message("Open customers by age of their stage"),
        Message("Days"),
        _AGE_COLUMNS,
        tuple(
            Line(key, label, figures(groups[place])) for place, (key, label) in enumerate(_ages())
        ),
        total=Line("total", TOTAL, figures([case for case, _days in everyone])),
        chart=Chart.BARS,
    )


def _ages() -> list[tuple[str, str | Message]]:
    ages: list[tuple[str, str | Message]] = []
    first = 0
    for most in _BOUNDS:
        ages.append((f"{first}-{most}", f"{first}–{most}"))
        first = most + 1
    ages.append((f"{first}-", Message("{days} or more", {"days": first})))
    return ages
