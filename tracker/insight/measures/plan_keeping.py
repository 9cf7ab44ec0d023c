"""Plans: what became of planned next steps.

Says: whether the next step that was agreed happens on its day, or is put off until nobody asks.

Formula: a plan counts in the period that its day lies in, for whoever made the follow-up that
planned it. Kept: contact on its day. Late: the first contact on or after its day came later. Moved:
a newer plan for another day replaced it before its day. Ended: `next: none` ended it before its
day. Overdue: it stands, and its day has passed. For today: it stands, for the day of the numbers.
Share kept = kept / (kept + late + overdue): of the plans whose day came, those carried out on it.
Plans that stand with a customer who was lost since are left out; how many is said.

Source: docs/format.md, "What the numbers mean"; the table `plans` of `tracker sql` has the same
plans. The share is percent plan complete, the reliability of commitments in lean construction
(Ballard, "The Last Planner System of Production Control", University of Birmingham, 2000), asked of
visits and calls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tracker.insight.measure import (
    Case,
    Column,
    Figure,
    Kind,
    Line,
    Scope,
    Table,
    by_person,
    count_of,
    share_of,
)
from tracker.insight.measure_lines import (
    BY_MONTH,
    BY_PERSON,
    FEW,
    TOTAL,
    by_month,
    person_lines,
    time_lines,
)
from tracker.library.status import PlanOutcome
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from tracker.insight.day import Day, Standing
    from tracker.library.status import Plan

TITLE = Message("Plan keeping")
SUMMARY = Message(
    "Planned next steps by their day: carried out on it, late, moved, ended, overdue; and the "
    "share carried out on its day of those whose day came."
)
OF_PERIOD = True

_COLUMNS = (
    Column("kept", Message("On the day"), Kind.COUNT),
    Column("late", Message("After the day"), Kind.COUNT),
    Column("moved", Message("Moved"), Kind.COUNT),
    Column("ended", Message("Ended"), Kind.COUNT),
    Column("overdue", Message("Overdue"), Kind.COUNT),
    Column("to_come", Message("For today"), Kind.COUNT),
    Column("share", Message("Share on the day"), Kind.SHARE, FEW),
)


class _Planned(NamedTuple):
    """A plan of the period; `fate` is a column's key, or empty for a lost customer's."""

    case: Case
    day: date
    plan: Plan
    fate: str


def tables(scope: Scope) -> tuple[Table, ...]:
    """Return the tables by person and by month."""
    planned = list(_planned(scope))
    counted = [item for item in planned if item.fate]
    left_out = len(planned) - len(counted)
    return (
        Table(
            "people",
            Message("By person"),
            BY_PERSON,
            _COLUMNS,
            person_lines(counted, lambda item: item.plan.made_at.who, _figures, scope.config),
            total=Line("total", TOTAL, _figures(counted)),
            notes=(
                (
                    Message(
                        "Plans of lost customers, which are left out: {count}", {"count": left_out}
                    ),
                )
                if left_out
                else ()
            ),
        ),
        Table(
            "months",
            Message("By month of the plan's day"),
            BY_MONTH,
            _COLUMNS,
            time_lines(counted, lambda item: item.day, _figures, by_month, scope),
        ),
    )


def _planned(scope: Scope) -> Iterator[_Planned]:
    period = scope.period.until(scope.today)
    for standing, plan in scope.of_person(scope.day.once(_plans)):
        day = plan.step.date
        if day is None or day not in period:
            continue
        fate = plan.outcome.value
        if plan.outcome is PlanOutcome.STANDING:
            fate = "overdue" if day < scope.today else "to_come"
            if standing.status.next is not plan.step:
                fate = ""
        yield _Planned(Case(standing, day, plan.step.span.line), day, plan, fate)


def _plans(day: Day) -> Mapping[str | None, Sequence[tuple[Standing, Plan]]]:
    """Return all plans by whoever made them, in the order of the records."""
    plans = ((standing, plan) for standing in day.standings for plan in standing.status.plans)
    return by_person(plans, lambda each: each[1].made_at.who)


def _figures(planned: Sequence[_Planned]) -> tuple[Figure, ...]:
    cases: dict[str, list[Case]] = {column.key: [] for column in _COLUMNS}
    for item in planned:
        cases[item.fate].append(item.case)
    came = len(cases["kept"]) + len(cases["late"]) + len(cases["overdue"])
    counts = (count_of(cases[column.key]) for column in _COLUMNS[:-1])
    return (*counts, share_of(cases["kept"], came))
