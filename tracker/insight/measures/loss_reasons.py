"""Loss reasons: why customers were lost in the period.

Says: what loses customers, and from which stage, of which source, to whom, with whom, and when it
does.

Formula: customers that reached a lost stage in the period, once each, by the reason in `lost`. The
record keeps one reason; a customer that was lost again has the latest. The amount lost is the sum
of the customers' values. The stage is the one from which the customer came into the lost stage, by
the stage history; where it tells none, it is not given. Competitors are the texts of
`lost.competitor`, whatever their case. Each customer is credited to whoever owned it when it was
lost. Quarters are those of the calendar, the first and the last cut to the period.

Source: docs/format.md, `lost` and "stage history". Win-loss analysis asks the customer; this is
what the team wrote down, which names the price more often than customers do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.insight.measure import (
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
from tracker.insight.measure_lines import (
    BY_OWNER,
    FEW,
    NOT_GIVEN,
    TOTAL,
    by_quarter,
    person_lines,
    term_lines,
    text_lines,
    time_lines,
)
from tracker.insight.outcomes import outcomes_of
from tracker.library.stage_history import arrivals
from tracker.model import Loss
from tracker.translation import Message
from tracker.vocabulary import StageKind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tracker.insight.outcomes import Outcome


TITLE = Message("Loss reasons")
SUMMARY = Message(
    "Customers that were lost in the period, by the reason in the record: how many, and for which "
    "amount; by the stage they were lost from, source, competitor, owner and quarter."
)
OF_PERIOD = True

_COLUMNS = (
    Column("lost", Message("Lost"), Kind.COUNT),
    Column("share", Message("Share"), Kind.SHARE, FEW),
    Column("amount", Message("Amount lost"), Kind.MONEY),
)
_LOST = Column("lost", Message("Lost"), Kind.COUNT)


def tables(scope: Scope) -> tuple[Table, ...]:
    """Return the table of the reasons, and the reasons by stage, source, competitor and so on."""
    lost = [each for each in outcomes_of(scope) if not each.won]
    config = scope.config

    def reasons(part: Sequence[Outcome]) -> tuple[Figure, ...]:
        cases = [(each.case, each.amount) for each in part]
        return (
            count_of([case for case, _amount in cases]),
            share_of([case for case, _amount in cases], len(lost)),
            sum_of(cases, config),
        )

    columns, split = _by_reason(lost, scope)
    total = Line("total", TOTAL, split(lost))
    by_stage = term_lines(lost, lambda each: _lost_from(each, scope), split, config.stages)
    by_source = term_lines(lost, lambda each: each.customer.source, split, config.sources)
    by_rival = text_lines(lost, lambda each: [_loss_of(each).competitor or ""], split)
    by_owner = person_lines(lost, lambda each: each.owner, split, config)
    quarters = time_lines(lost, lambda each: each.day, split, by_quarter, scope)
    return (
        Table(
            "reasons",
            Message("By reason"),
            Message("Reason"),
            _COLUMNS,
            term_lines(lost, lambda each: _loss_of(each).reason, reasons, config.loss_reasons),
            Line("total", TOTAL, reasons(lost)),
            chart=Chart.BARS,
        ),
        Table(
            "stages",
            Message("By the stage they were lost from"),
            Message("Stage"),
            columns,
            by_stage,
            total,
        ),
        Table("sources", Message("By source"), Message("Source"), columns, by_source, total),
        Table(
            "competitors", Message("By competitor"), Message("Competitor"), columns, by_rival, total
        ),
        Table("owners", Message("By owner"), BY_OWNER, columns, by_owner, total),
        Table("quarters", Message("By quarter"), Message("Quarter"), columns, quarters, total),
    )


def _by_reason(
    lost: Sequence[Outcome], scope: Scope
) -> tuple[tuple[Column, ...], Callable[[Sequence[Outcome]], tuple[Figure, ...]]]:
    """Return a column for all and one for each reason that occurs, and what counts them."""
    terms = scope.config.loss_reasons
    found = {_loss_of(each).reason for each in lost}
    reasons = [term.id for term in terms if term.id in found]
    columns = [
        _LOST,
        *(
            Column(key, Message("{word}", {"word": terms.label(key)}), Kind.COUNT)
            for key in reasons
        ),
    ]
    if None in found:
        columns.append(Column("-", NOT_GIVEN, Kind.COUNT))

    def split(part: Sequence[Outcome]) -> tuple[Figure, ...]:
        cases = [(_loss_of(each).reason or "-", each.case) for each in part]
        return (
            count_of([case for _reason, case in cases]),
            *(
                count_of([case for reason, case in cases if reason == column.key])
                for column in columns[1:]
            ),
        )

    return tuple(columns), split


def _loss_of(outcome: Outcome) -> Loss:
    return outcome.customer.lost or Loss()


def _lost_from(outcome: Outcome, scope: Scope) -> str | None:
    """Return the stage from which a customer came into the lost one."""
    history = outcome.case.standing.status.stage_history
    came = arrivals(history, scope.config, StageKind.LOST)
    days = {arrival.day: arrival.before for arrival in came}
    return days.get(outcome.day)
