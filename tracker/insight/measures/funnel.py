"""Funnel: how many of the customers that came in a time got how far.

Says: at which stage customers go on, and at which they are lost.

Formula: counted are the customers that came in the period (`created`; without it, the first
follow-up), each once, lost ones too, with all that has become of them up to today. So the period
chooses who is counted and not what happened in it: a short one holds few, and of the last weeks
most are still under way. With an owner, they are those that were the owner's when they came.

There are two definitions in use, and both are shown. At any time: the customer was in the stage at
some time, whatever came before. Through all: it was in this stage and in every earlier one. Where
customers skip stages the second is the smaller. Stages are the open ones in the order of
tracker.yaml; a last line takes all won stages together.

Went further: of those that were in the stage at any time, the share that was also in a later one.
To the next: of those that came through all up to here, the share that came through the next one
too. Lost here: of those that were in the stage at any time, the share that is lost today and was in
no later stage. Who went no further and is not lost is still under way. The stage of today counts as
reached even where the history does not tell of it.

Source: HubSpot, "Differences between funnel report types": reports of deals that have gone through
all stages, and through any stage, with next step and cumulative conversion. Bitrix24 leaves stages
that a lost deal passed out of its "funnel with conversions", and Frappe CRM leaves lost deals out
of its funnel altogether, which makes conversion look better than it is; here they stay in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.insight.cohort import cohort_notes, cohort_of
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
)
from tracker.insight.measure_lines import FEW
from tracker.insight.stage_stays import stages_reached
from tracker.translation import Message
from tracker.vocabulary import StageKind

if TYPE_CHECKING:
    from collections.abc import Sequence

TITLE = Message("Funnel")
SUMMARY = Message(
    "Customers that came in the period, by the stages that they have been in up to today: at any "
    "time, and through all stages before. Lost ones are counted too."
)
OF_PERIOD = True

_COLUMNS = (
    Column("any", Message("At any time"), Kind.COUNT),
    Column("all", Message("Share of all"), Kind.SHARE, FEW),
    Column("further", Message("Went further"), Kind.SHARE, FEW),
    Column("lost", Message("Lost here"), Kind.SHARE, FEW),
    Column("through", Message("Through all stages"), Kind.COUNT),
    Column("next", Message("To the next stage"), Kind.SHARE, FEW),
)


class _Way(Struct, frozen=True):
    """How far one customer got; steps are places in the funnel, from 0.

    Attributes:
        case: The customer, on the day it came.
        steps: The steps it was in.
        through: How many steps it came through without a gap, from the first.
        lost: Whether it is lost today.
    """

    case: Case
    steps: frozenset[int]
    through: int
    lost: bool

    @property
    def furthest(self) -> int:
        """Return the last step it was in; -1 for none."""
        return max(self.steps, default=-1)


def tables(scope: Scope) -> tuple[Table, ...]:
    """Return the table of the stages."""
    ways = _ways(scope)
    names: list[tuple[str, str | Message]] = [
        (stage.id, stage.label) for stage in scope.config.stages if stage.kind is StageKind.OPEN
    ]
    names.append(("won", Message("Won")))
    came = Message("Customers that came in the period: {count}", {"count": len(ways)})
    return (
        Table(
            "stages",
            Message("Customers that came in the period, by stage"),
            Message("Stage"),
            _COLUMNS,
            tuple(
                Line(key, label, _figures(ways, step, last=step == len(names) - 1))
                for step, (key, label) in enumerate(names)
            ),
            notes=(came, *cohort_notes(scope)),
            chart=Chart.BARS,
        ),
    )


def _ways(scope: Scope) -> list[_Way]:
    is_open = [stage for stage in scope.config.stages if stage.kind is StageKind.OPEN]
    step_of = {stage.id: step for step, stage in enumerate(is_open)}
    won = {stage.id for stage in scope.config.stages if stage.kind is StageKind.WON}
    step_of |= dict.fromkeys(won, len(is_open))
    ways = []
    for event in cohort_of(scope):
        reached = stages_reached(event.standing, scope.today)
        steps = frozenset(step_of[stage] for stage in reached if stage in step_of)
        through = next(step for step in range(len(is_open) + 2) if step not in steps)
        lost = event.standing.status.stage_kind is StageKind.LOST
        ways.append(_Way(Case(event.standing, event.day), steps, through, lost))
    return ways


def _figures(ways: Sequence[_Way], step: int, *, last: bool) -> tuple[Figure, ...]:
    there = [way for way in ways if step in way.steps]
    ended = [way for way in there if way.furthest == step]
    through = [way.case for way in ways if way.through > step]
    onward = [way.case for way in ways if way.through > step + 1]
    nothing = Figure(None, 0)
    return (
        count_of([way.case for way in there]),
        share_of([way.case for way in there], len(ways)),
        nothing
        if last
        else share_of([way.case for way in there if way.furthest > step], len(there)),
        share_of([way.case for way in ended if way.lost], len(there)),
        count_of(through),
        nothing if last else share_of(onward, len(through)),
    )
