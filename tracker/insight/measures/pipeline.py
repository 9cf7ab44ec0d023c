"""What is in the pipeline: customers and amounts of each open stage.

Says: how much business stands in each stage today, how much of it can be expected, and for how much
of it nobody has said when.

Formula: customers of the stage; their amount is the sum of `value`; the weighted amount is the sum
of `value` × the stage's `probability`; the share without a date is that of customers without
`expected_close`. Won and lost stages are not in the pipeline. Customers without a value count, with
nothing; how many they are is said. The share describes the very customers that it is counted from,
so it needs no least number of them.

Source: docs/format.md, "weighted value". The probability is the team's own estimate, from
tracker.yaml; `stage-odds` shows what it came to.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from tracker.insight.measure import (
    Case,
    Chart,
    Column,
    Figure,
    Kind,
    Line,
    Scope,
    Table,
    count_of,
    share_of,
    sum_of,
)
from tracker.insight.measure_lines import TOTAL
from tracker.translation import Message
from tracker.vocabulary import StageKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.insight.day import Standing

TITLE = Message("Pipeline")
SUMMARY = Message(
    "Customers in open stages and the sum of their values; weighted: each value times the "
    "probability of its stage."
)
OF_PERIOD = False

_COLUMNS = (
    Column("customers", Message("Customers"), Kind.COUNT),
    Column("amount", Message("Amount"), Kind.MONEY),
    Column("weighted", Message("Weighted"), Kind.MONEY),
    Column("undated", Message("Without close date"), Kind.SHARE),
)


def tables(scope: Scope) -> tuple[Table, ...]:
    """Return the customers and amounts of each open stage, in the order of the stages."""
    by_stage: defaultdict[str | None, list[Standing]] = defaultdict(list)
    for standing in scope.standings:
        if standing.status.stage_kind is StageKind.OPEN:
            by_stage[standing.customer.stage].append(standing)
    lines = tuple(
        Line(stage.id, stage.label, _figures(by_stage[stage.id], scope))
        for stage in scope.config.stages
        if stage.kind is StageKind.OPEN
    )
    everyone = [standing for standings in by_stage.values() for standing in standings]
    without = sum(standing.customer.value is None for standing in everyone)
    return (
        Table(
            "stages",
            Message("Open customers by stage"),
            Message("Stage"),
            _COLUMNS,
            lines,
            total=Line("total", TOTAL, _figures(everyone, scope)),
            notes=(
                (Message("Without an amount yet: {count}", {"count": without}),) if without else ()
            ),
            chart=Chart.BARS,
        ),
    )


def _figures(standings: Sequence[Standing], scope: Scope) -> tuple[Figure, ...]:
    cases = [Case(standing) for standing in standings]
    undated = [case for case in cases if case.standing.customer.expected_close is None]
    return (
        count_of(cases),
        sum_of([(case, case.standing.customer.value) for case in cases], scope.config),
        sum_of([(case, case.standing.status.weighted_value) for case in cases], scope.config),
        share_of(undated, len(cases)),
    )
