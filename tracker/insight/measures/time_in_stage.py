"""Time in stage: for how many days customers are in each open stage.

Says: where customers wait, and whether those that are in a stage now have been there for longer
than is usual.

Formula: the days from entering a stage to entering the next, by the stage history; 0 where both are
on one day. A stage that was entered twice gives two stays. Finished stays are those that ended in
the period, whatever the next stage was, credited to whoever owned the customer when it left.
Running ones are the stays of open customers in the stage of today, whose owner they belong to,
whatever the period: the days so far.

Running stays are censored: that they will last so long at least is all that is known. They are
kept apart, neither left out of sight nor mixed in as if they were over. Where many are running, the
median of the finished ones is too short, because the long stays are not among them yet; a median of
the running ones above it is the sign of that.

Left out are the first stage of a record without `created`, since nobody knows when it was entered,
and running stays where the history tells another stage than the record; how many is said.

Source: docs/format.md, "stage history". Median and quartiles instead of a mean, because few long
stays pull a mean far away. Censoring: Kaplan and Meier, "Nonparametric estimation from incomplete
observations", Journal of the American Statistical Association 53 (1958).
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from tracker.insight.measure import Column, Kind, Line, Scope, Table, spread_figure
from tracker.insight.measure_lines import FEW
from tracker.insight.stage_stays import (
    finished_stays,
    running_notes,
    running_stays,
    stay_cases,
)
from tracker.translation import Message
from tracker.vocabulary import StageKind

if TYPE_CHECKING:
    from tracker.insight.stage_stays import Stay

TITLE = Message("Time in stage")
SUMMARY = Message(
    "Days in each open stage: of the stays that ended in the period, and so far of those that are "
    "running. A stay that is running can only become longer, so the two are kept apart."
)
OF_PERIOD = True

_COLUMNS = (
    Column("finished", Message("Until they left"), Kind.DAYS, FEW),
    Column("running", Message("So far, those in it now"), Kind.DAYS, FEW),
)


def tables(scope: Scope) -> tuple[Table, ...]:
    """Return the table of the open stages."""
    finished: defaultdict[str, list[Stay]] = defaultdict(list)
    over = scope.day.once(finished_stays)
    for standing in scope.concerned:
        for stay in over[standing.customer.path]:
            if scope.counts(standing, stay.last):
                finished[stay.stage].append(stay)
    running: defaultdict[str, list[Stay]] = defaultdict(list)
    held = running_stays(scope)
    for stay in held:
        running[stay.stage].append(stay)
    return (
        Table(
            "stages",
            Message("Time in each open stage"),
            Message("Stage"),
            _COLUMNS,
            tuple(
                Line(
                    stage.id,
                    stage.label,
                    tuple(
                        spread_figure(stay_cases(stays[stage.id])) for stays in (finished, running)
                    ),
                )
                for stage in scope.config.stages
                if stage.kind is StageKind.OPEN
            ),
            notes=running_notes(held, scope),
        ),
    )
