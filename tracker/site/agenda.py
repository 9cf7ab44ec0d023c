"""`agenda.html`: next steps and promises of the coming days."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.site.calendar import day_address
from tracker.site.page import Page
from tracker.site.promises import open_promises, overdue_promises
from tracker.site.recount import HORIZON, changes, current, written
from tracker.site.sections import Section, share
from tracker.site.today import clock

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from tracker.site.page import Row, Site
    from tracker.site.promises import PromiseRow

DAYS = 14
"""Days of the agenda, today included."""


class AgendaDay(Struct, frozen=True):
    """One day with what is planned and what is due.

    Attributes:
        date: The day.
        now: Whether it is among the days of the agenda on the day of the site.
        steps: Customers whose next step is on it, by its time; the first of many.
        promises: Commitments due on it; the first of many.
        count: How many steps and commitments there are.
        address: The page with all of them; None where this one has them.
    """

    date: date
    now: bool
    steps: Sequence[Row]
    promises: Sequence[PromiseRow]
    count: int
    address: str | None

    @property
    def is_weekend(self) -> bool:
        """Tell whether it is a Saturday or a Sunday."""
        return self.date.isoweekday() > 5  # noqa: PLR2004 - Friday


def agenda_page(site: Site) -> Page:
    """Return the agenda."""
    today = site.today
    promises = open_promises(site.rows)
    late_promises = overdue_promises(promises, today)
    steps_on, due_on = steps_by_day(site), promises_by_day(promises)
    days = [today + timedelta(days=number) for number in range(DAYS + HORIZON)]
    planned = sum(len(steps_on[day]) + len(due_on[day]) for day in days[:DAYS])
    late = len(current(site.overdue_steps)) + len(current(late_promises))
    growth = changes(site.overdue_steps, today)
    growth.update(changes(late_promises, today))
    limit = share(late + planned, 2 * (1 + DAYS))
    return Page(
        "agenda.html",
        "agenda.html",
        {
            "site": site,
            "late_steps": Section.of(
                "late-steps", site.overdue_steps, today, limit, "overdue.html"
            ),
            "late_promises": Section.of(
                "late-promises", late_promises, today, limit, "commitments.html#overdue"
            ),
            "late": written(growth),
            "days": [
                _day(day, steps_on[day], due_on[day], limit, now=number < DAYS)
                for number, day in enumerate(days)
            ],
            "length": DAYS,
        },
    )


def steps_by_day(site: Site) -> defaultdict[date, list[Row]]:
    """Return the customers by the day of their next step, those of a day by its time."""
    steps: defaultdict[date, list[Row]] = defaultdict(list)
    for row in site.rows:
        if row.step_day:
            steps[row.step_day].append(row)
    for rows in steps.values():
        rows.sort(key=clock)
    return steps


def promises_by_day(waiting: Iterable[PromiseRow]) -> defaultdict[date, list[PromiseRow]]:
    """Return commitments by the day they are due, those of a day in the order given."""
    due: defaultdict[date, list[PromiseRow]] = defaultdict(list)
    for entry in waiting:
        if entry.due:
            due[entry.due].append(entry)
    return due


def _day(
    day: date, steps: Sequence[Row], promises: Sequence[PromiseRow], limit: int, *, now: bool
) -> AgendaDay:
    count = len(steps) + len(promises)
    address = day_address(day, count)
    if limit and address and max(len(steps), len(promises)) > limit:
        return AgendaDay(day, now, steps[:limit], promises[:limit], count, address)
    return AgendaDay(day, now, steps, promises, count, None)
