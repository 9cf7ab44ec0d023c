"""`agenda.html`: next steps and promises of the coming days."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from tracker.library.status import CommitmentState, NextState
from tracker.site.dashboard import clock
from tracker.site.page import Page
from tracker.site.promises import open_promises

if TYPE_CHECKING:
    from datetime import date

    from tracker.site.page import Row, Site
    from tracker.site.promises import PromiseRow

DAYS = 14
"""Days of the agenda, today included."""


@dataclass(frozen=True, slots=True)
class AgendaDay:
    """One day with what is planned and what is due."""

    date: date
    steps: tuple[Row, ...]
    promises: tuple[PromiseRow, ...]

    @property
    def is_weekend(self) -> bool:
        """Tell whether it is a Saturday or a Sunday."""
        return self.date.isoweekday() > 5  # noqa: PLR2004 - Friday


def agenda_page(site: Site) -> Page:
    """Return the agenda."""
    promises = open_promises(site.rows)
    return Page(
        "agenda.html",
        "agenda.html",
        {
            "site": site,
            "late_promises": [
                entry for entry in promises if entry.promise.state is CommitmentState.OVERDUE
            ],
            "days": agenda_days(site, promises),
        },
    )


def agenda_days(site: Site, promises: tuple[PromiseRow, ...]) -> list[AgendaDay]:
    """Return the days from today on, the empty ones included."""
    steps: defaultdict[date, list[Row]] = defaultdict(list)
    due: defaultdict[date, list[PromiseRow]] = defaultdict(list)
    for row in site.rows:
        step = row.status.next
        if row.status.next_state in (NextState.TODAY, NextState.PLANNED) and step and step.date:
            steps[step.date].append(row)
    for entry in promises:
        if entry.due:
            due[entry.due].append(entry)
    days = [site.today + timedelta(days=number) for number in range(DAYS)]
    return [
        AgendaDay(day, tuple(sorted(steps.get(day, ()), key=clock)), tuple(due.get(day, ())))
        for day in days
    ]
