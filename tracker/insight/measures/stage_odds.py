"""Stage odds: the probability that tracker.yaml gives a stage, beside what came of it.

Says: whether the team's estimates are too high or too low, and what the pipeline is worth by what
has been seen.

Formula: of the customers that were in the stage at any time and are won or lost today, the share
that is won. Customers that are open are not counted: nobody knows yet. Where losses are decided, or
written down, later than wins, the share is too high for that reason. The whole history counts, and
no period, since closed customers are few. A customer that was lost and is open again is open; one
that skipped the stage is not counted for it. Closed customers count for whoever owned them when
they were won or lost.

Weighted: value of the stage's open customers × its probability. Weighted by outcome: the same × the
observed share, from 20 closed customers on; below that the share says too little, and the
probability stays in use. The total of all stages takes the one or the other by the same rule, and
is given only where at least one share is in use.

Source: a relative frequency. Odoo keeps the same counts of won and lost by stage
(`crm.lead.scoring.frequency`) and combines them with other traits by Bayes' rule, for which most
teams have too few customers. The 20: Wilson, "Probable inference, the law of succession, and
statistical inference", Journal of the American Statistical Association 22 (1927): with 20 the 95%
interval about one half reaches from 30 to 70 in a hundred.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING

from tracker.insight.measure import (
    Case,
    Column,
    Figure,
    Kind,
    Line,
    Scope,
    Table,
    count_of,
    share_of,
)
from tracker.insight.measure_lines import TOTAL
from tracker.insight.outcomes import LEAST_CLOSED, Odds, expected_sums, odds_by_stage
from tracker.translation import Message
from tracker.vocabulary import StageKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TITLE = Message("Stage odds")
SUMMARY = Message(
    "The probability of each stage beside the share won among the customers that were in it and "
    "are closed; the share is used from {count} closed on.",
    {"count": LEAST_CLOSED},
)
OF_PERIOD = False

_COLUMNS = (
    Column("probability", Message("Probability"), Kind.SHARE),
    Column("observed", Message("Share won"), Kind.SHARE, LEAST_CLOSED),
    Column("customers", Message("Open customers"), Kind.COUNT),
    Column("amount", Message("Amount"), Kind.MONEY),
    Column("weighted", Message("Weighted"), Kind.MONEY),
    Column("outcome", Message("Weighted by outcome"), Kind.MONEY),
)


def tables(scope: Scope) -> tuple[Table, ...]:
    """Return the table of the open stages."""
    odds = odds_by_stage(scope)
    held: defaultdict[str | None, list[Case]] = defaultdict(list)
    for standing in scope.standings:
        if standing.status.stage_kind is StageKind.OPEN:
            held[standing.customer.stage].append(Case(standing))
    lines = tuple(
        Line(
            stage_id,
            each.stage.label,
            (
                Figure(Fraction(each.stage.probability), 0),
                share_of(each.won, each.closed),
                *_amounts(held[stage_id], {stage_id: each}, scope),
            ),
        )
        for stage_id, each in odds.items()
    )
    everyone = [case for stage_id in odds for case in held[stage_id]]
    nothing = Figure(None, 0)
    return (
        Table(
            "stages",
            Message("Probability and outcome by stage"),
            Message("Stage"),
            _COLUMNS,
            lines,
            total=Line("total", TOTAL, (nothing, nothing, *_amounts(everyone, odds, scope))),
        ),
    )


def _amounts(cases: Sequence[Case], odds: Mapping[str, Odds], scope: Scope) -> tuple[Figure, ...]:
    return count_of(cases), *expected_sums(cases, odds, scope.config)
