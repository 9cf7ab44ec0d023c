"""Cycle: how many days it takes to win a customer, from the first day to the deal.

Says: how long a deal takes, and for whom it takes longer.

Formula: the days from the day on which the customer came (`created`; without it, the first
follow-up) to the day on which it was won for the first time, of the customers that were won for the
first time in the period. A deal with a customer that had been won before is no cycle of this kind.
Customers count for whoever owned them on the day of the deal. A deal that is dated before the
customer came is a mistake of one of the two dates; it is left out, and how many is said.

Source: "sales cycle length" of CRMs; HubSpot's "days to close" counts likewise from the creation of
the deal to its close. Open customers are not in it: their cycle is not over (see `aging`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.insight.measure import Case, Column, Figure, Kind, Line, Scope, Table, spread_figure
from tracker.insight.measure_lines import BY_OWNER, FEW, TOTAL, person_lines, term_lines
from tracker.insight.stage_stays import stage_line
from tracker.translation import Message
from tracker.vocabulary import StageKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tracker.insight.day import Standing

TITLE = Message("Sales cycle")
SUMMARY = Message(
    "Days from the day a customer came to the day it was first won, of those first won in the "
    "period."
)
OF_PERIOD = True

_COLUMNS = (Column("days", Message("Time to the deal"), Kind.DAYS, FEW),)


class _Cycle(Struct, frozen=True):
    standing: Standing
    first: date
    won: date
    owner: str | None

    @property
    def days(self) -> int:
        """Return its length in days."""
        return (self.won - self.first).days


def tables(scope: Scope) -> tuple[Table, ...]:
    """Return the tables by owner, level and source."""
    cycles = _cycles(scope)
    sound = [each for each in cycles if each.days >= 0]
    won = [stage.id for stage in scope.config.stages if stage.kind is StageKind.WON]

    def figures(part: Sequence[_Cycle]) -> tuple[Figure, ...]:
        return (spread_figure([(_case(each, won), each.days) for each in part]),)

    total = Line("total", TOTAL, figures(sound))
    wrong = len(cycles) - len(sound)
    notes = (
        (Message("Won before they came, by their dates: {count}", {"count": wrong}),)
        if wrong
        else ()
    )
    by_level = term_lines(
        sound, lambda each: each.standing.customer.level, figures, scope.config.levels
    )
    by_source = term_lines(
        sound, lambda each: each.standing.customer.source, figures, scope.config.sources
    )
    by_owner = person_lines(sound, lambda each: each.owner, figures, scope.config)
    return (
        Table("levels", Message("By level"), Message("Level"), _COLUMNS, by_level, total, notes),
        Table("sources", Message("By source"), Message("Source"), _COLUMNS, by_source, total),
        Table("owners", Message("By owner"), BY_OWNER, _COLUMNS, by_owner, total),
    )


def _cycles(scope: Scope) -> list[_Cycle]:
    came = {event.standing.customer.path: event.day for event in scope.activity.new}
    seen: set[str] = set()
    cycles = []
    for event in scope.activity.won:
        path = event.standing.customer.path
        if path not in seen and scope.counts(event.standing, event.day) and path in came:
            owner = scope.owner_on(event.standing, event.day)
            cycles.append(_Cycle(event.standing, came[path], event.day, owner))
        seen.add(path)
    return cycles


def _case(cycle: _Cycle, won: Sequence[str]) -> Case:
    line = stage_line(cycle.standing, cycle.won, won)
    return Case(cycle.standing, cycle.won, line, Message("days: {count}", {"count": cycle.days}))
