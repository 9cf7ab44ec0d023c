"""Levels by stages: how many customers of each level stand in each stage, and their amounts.

Says: whether the important customers move, or gather in the first stages.

Formula: customers on the day of the numbers by level and stage; the amount is the sum of `value`,
of the deal where one is signed. Customers without a level have a line of their own; those without a
stage that is known are left out, and said.

Source: a contingency table; nothing is modelled.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from tracker.insight.activity import signed_or_expected
from tracker.insight.measure import Case, Column, Figure, Kind, Line, Scope, Table, count_of, sum_of
from tracker.insight.measure_lines import TOTAL
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tracker.config import Config
    from tracker.insight.day import Standing

TITLE = Message("Levels by stages")
SUMMARY = Message(
    "Customers of today by level and stage, and their amounts: that of the deal where one is "
    "signed, else the expected one."
)
OF_PERIOD = False

_LEVEL = Message("Level")


def tables(scope: Scope) -> tuple[Table, ...]:
    """Return the table of the counts and that of the amounts."""
    placed = [each for each in scope.standings if each.status.stage_kind is not None]
    left_out = len(scope.standings) - len(placed)
    note = Message(
        "Customers without a known stage, which are left out: {count}", {"count": left_out}
    )
    notes = (note,) if left_out else ()

    def amount(standings: Sequence[Standing]) -> Figure:
        amounts = [(Case(each), signed_or_expected(each.customer)) for each in standings]
        return sum_of(amounts, scope.config)

    def count(standings: Sequence[Standing]) -> Figure:
        return count_of([Case(standing) for standing in standings])

    return (
        _matrix("customers", Message("Customers"), Kind.COUNT, placed, count, scope.config, notes),
        _matrix("amounts", Message("Amounts"), Kind.MONEY, placed, amount, scope.config, notes),
    )


def _matrix(  # noqa: PLR0913, PLR0917  # what a table is made of
    key: str,
    title: Message,
    kind: Kind,
    standings: Sequence[Standing],
    figure: Callable[[Sequence[Standing]], Figure],
    config: Config,
    notes: tuple[Message, ...],
) -> Table:
    cells: defaultdict[str | None, defaultdict[str | None, list[Standing]]]
    cells = defaultdict(lambda: defaultdict(list))
    for standing in standings:
        cells[standing.customer.level][standing.customer.stage].append(standing)
    stages = [stage.id for stage in config.stages]

    def figures(of: Callable[[str], list[Standing]], every: list[Standing]) -> tuple[Figure, ...]:
        return (*(figure(of(stage)) for stage in stages), figure(every))

    def line(level: str | None, line_key: str, label: str | Message) -> Line:
        of = cells[level]
        every = [standing for part in of.values() for standing in part]
        return Line(line_key, label, figures(of.__getitem__, every))

    lines = [line(level.id, level.id, level.label) for level in config.levels]
    if cells[None]:
        lines.append(line(None, "-", Message("Without a level")))
    by_stage: defaultdict[str | None, list[Standing]] = defaultdict(list)
    for standing in standings:
        by_stage[standing.customer.stage].append(standing)
    return Table(
        key,
        title,
        _LEVEL,
        (
            *(Column(s.id, Message("{label}", {"label": s.label}), kind) for s in config.stages),
            Column("total", TOTAL, kind),
        ),
        tuple(lines),
        total=Line("total", TOTAL, figures(by_stage.__getitem__, list(standings))),
        notes=notes,
    )
