"""Record lag: how long after a talk its follow-up was written down.

Says: whether talks are recorded while they are remembered, or at the end of the month.

Formula: from the day and time of a follow-up to the first commit that had it, in hours; a follow-up
without a time counts from the end of its day, and nothing is negative. At once means within 24
hours. A follow-up counts in the period that its own day lies in, for whoever made it. Follow-ups
that are not committed, that are older than a shallow clone, or that were imported with their record
more than seven days later have no lag, and are said.

Source: the customer follow-up form, "record immediately after each contact". Median and quartiles
as type 7 of Hyndman and Fan, "Sample quantiles in statistical packages", The American Statistician
50 (1996), since a few found again after months would make any mean.
"""

from __future__ import annotations

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
    spread_figure,
)
from tracker.insight.measure_lines import BY_PERSON, FEW, TOTAL, person_lines
from tracker.insight.record_lag import AT_ONCE, Lag, RecordLag, record_lags
from tracker.library.commit_log import Gap
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tracker.insight.day import Day

TITLE = Message("Record lag")
SUMMARY = Message(
    "Hours from a follow-up to the commit that first had it, by whoever made it, and the share "
    "that was written down within 24 hours."
)
OF_PERIOD = True

_COLUMNS = (
    Column("followups", Message("Follow-ups"), Kind.COUNT),
    Column("hours", Message("Hours until written down"), Kind.HOURS, FEW),
    Column("at_once", Message("Within 24 hours"), Kind.SHARE, FEW),
)


def tables(scope: Scope) -> tuple[Table, ...]:
    """Return the table by person; without git it is empty, and says why."""
    people = record_lags(scope.day, scope.period, scope.owner)
    lags = [lag for each in people for lag in each.lags]
    return (
        Table(
            "people",
            Message("By person"),
            BY_PERSON,
            _COLUMNS,
            person_lines(lags, lambda lag: lag.followup.who, _figures, scope.config),
            total=Line("total", TOTAL, _figures(lags)),
            notes=(*(gap.message for gap in scope.day.history.gaps), *_left_out(people, scope.day)),
        ),
    )


def _figures(lags: Sequence[Lag]) -> tuple[Figure, ...]:
    cases = [(_case(lag), lag.hours) for lag in lags]
    at_once = [_case(lag) for lag in lags if lag.time <= AT_ONCE]
    return (
        count_of([case for case, _hours in cases]),
        spread_figure(cases),
        share_of(at_once, len(lags)),
    )


def _case(lag: Lag) -> Case:
    note = Message("written down on {day}", {"day": lag.commit.day.isoformat()})
    return Case(lag.standing, lag.followup.date, lag.followup.span.line, note)


def _left_out(people: Sequence[RecordLag], day: Day) -> Iterator[Message]:
    if imported := sum(each.imported for each in people):
        yield Message(
            "Follow-ups imported with their records, which have no lag: {count}",
            {"count": imported},
        )
    if uncommitted := sum(each.uncommitted for each in people):
        partial = Gap.PARTIAL in day.history.gaps
        message = (
            Message("Follow-ups not committed, or in versions that this clone lacks: {count}")
            if partial
            else Message("Follow-ups not committed, which have no lag yet: {count}")
        )
        yield Message(message.template, {"count": uncommitted})
    if older := sum(each.older for each in people):
        yield Message(
            "Follow-ups older than this shallow clone, which have no lag: {count}",
            {"count": older},
        )
