"""Activity: follow-ups by person, method and week, customers touched, new customers.

Says: who speaks to how many customers, in which way, and whether that grows or shrinks.

Formula: a follow-up is a dated section whose day lies in the period and is not after the day of the
numbers; it is of whoever its heading names, and of the record's owner where it names nobody. A
customer is touched who has at least one of them; a customer touched by two people counts once for
each, and once in the total. A customer is new on the day `created`, or without that on the day of
its first follow-up, for whoever owned it then. Weeks begin on Monday; the first and the
last are cut to the period. With an owner asked for, follow-ups are those that the owner made,
whoever has the customer.

Source: docs/format.md, "What the numbers mean"; weeks as ISO 8601. The counts are those of the
site's page of activity.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

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
from tracker.insight.measure_lines import (
    BY_PERSON,
    BY_WEEK,
    FEW,
    TOTAL,
    by_week,
    person_lines,
    time_lines,
)
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

TITLE = Message("Activity")
SUMMARY = Message(
    "Follow-ups of the period by whoever made them, customers with at least one of them, and "
    "customers begun in it, for whoever owned them then."
)
OF_PERIOD = True

_FOLLOWUPS = Column("followups", Message("Follow-ups"), Kind.COUNT)
_TOUCHED = Column("touched", Message("Customers touched"), Kind.COUNT)
_NEW = Column("new", Message("New customers"), Kind.COUNT)
_SHARE = Column("share", Message("Share of the follow-ups"), Kind.SHARE, FEW)


class _Item(NamedTuple):
    """A follow-up, or a customer that is new.

    Attributes:
        case: The customer, the day and the line.
        day: When it was.
        who: Whose it is.
        method: Id of the method.
        new: Whether it is a new customer, and no follow-up.
    """

    case: Case
    day: date
    who: str | None
    method: str | None = None
    new: bool = False


def tables(scope: Scope) -> tuple[Table, ...]:
    """Return the tables by person, by method and by week."""
    followups = [
        _Item(case, followup.date, followup.who, followup.method)
        for followup, case in scope.followups
    ]
    new = [
        _Item(Case(event.standing, event.day), event.day, owner, new=True)
        for event in scope.activity.within(scope.period).new
        if scope.is_of(owner := scope.owner_on(event.standing, event.day))
    ]
    everything = [*followups, *new]
    columns = (_FOLLOWUPS, _TOUCHED, _NEW)
    return (
        Table(
            "people",
            Message("By person"),
            BY_PERSON,
            columns,
            person_lines(everything, lambda item: item.who, _figures, scope.config),
            total=Line("total", TOTAL, _figures(everything)),
            chart=Chart.BARS,
        ),
        _by_method(followups, scope),
        Table(
            "weeks",
            Message("By week"),
            BY_WEEK,
            columns,
            time_lines(everything, lambda item: item.day, _figures, by_week, scope),
            chart=Chart.TREND,
        ),
    )


def _figures(items: Sequence[_Item]) -> tuple[Figure, ...]:
    cases = [item.case for item in items if not item.new]
    new = [item.case for item in items if item.new]
    return (count_of(cases), _touched(cases), count_of(new))


def _touched(cases: Iterable[Case]) -> Figure:
    """Return the customers of some follow-ups, each with the newest of them."""
    # By identity, which is quick: a day has one standing a customer.
    newest = {id(case.standing): case for case in cases}
    return count_of(tuple(newest.values()))


def _by_method(followups: Sequence[_Item], scope: Scope) -> Table:
    by_method: defaultdict[str | None, list[Case]] = defaultdict(list)
    for item in followups:
        by_method[item.method].append(item.case)
    ordered = sorted(by_method, key=lambda method: (-len(by_method[method]), method or "~"))
    every = [item.case for item in followups]

    def figures(cases: Sequence[Case]) -> tuple[Figure, ...]:
        return (count_of(cases), share_of(cases, len(every)), _touched(cases))

    return Table(
        "methods",
        Message("By method"),
        Message("Method"),
        (_FOLLOWUPS, _SHARE, _TOUCHED),
        tuple(
            Line(
                method or "-",
                scope.config.methods.label(method) or Message("No method"),
                figures(by_method[method]),
            )
            for method in ordered
        ),
        total=Line("total", TOTAL, figures(every)),
        chart=Chart.BARS,
    )
