"""`agenda.html`: next steps and promises of the coming days."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from tracker.site.page import Page
from tracker.site.promises import open_promises, overdue_promises
from tracker.site.recount import HORIZON, current
from tracker.site.today import clock

if TYPE_CHECKING:
    from datetime import date

    from tracker.site.page import Row, Site
    from tracker.site.promises import PromiseRow

DAYS = 14
"""Days of the agenda, today included."""


@dataclass(frozen=True, slots=True)
class AgendaDay:
    """One day with what is planned and what is due.

    Attributes:
        date: The day.
        now: Whether it is among the days of the agenda on the day of the site.
        steps: Customers whose next step is on it, by its time; each with its place in the order by
            name, which they have once the day is past.
        promises: Commitments due on it.
    """

    date: date
    now: bool
    steps: tuple[tuple[Row, int], ...]
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
            "late_promises": current(overdue_promises(promises, site.today)),
            "days": agenda_days(site, promises),
            "length": DAYS,
        },
    )


def agenda_days(site: Site, promises: tuple[PromiseRow, ...]) -> list[AgendaDay]:
    """Return the days from today on, the empty ones included, and those of later agendas."""
    steps: defaultdict[date, list[Row]] = defaultdict(list)
    due: defaultdict[date, list[PromiseRow]] = defaultdict(list)
    for each in site.overdue_steps:
        if not each.now and (day := each.item.step_day):
            steps[day].append(each.item)
    for entry in promises:
        if entry.due:
            due[entry.due].append(entry)
    return [
        AgendaDay(
            day,
            number < DAYS,
            _by_time(steps.get(day, [])),
            tuple(due.get(day, ())),
        )
        for number, day in enumerate(
            site.today + timedelta(days=number) for number in range(DAYS + HORIZON)
        )
    ]


def _by_time(by_name: list[Row]) -> tuple[tuple[Row, int], ...]:
    places = [(row, place) for place, row in enumerate(by_name)]
    return tuple(sorted(places, key=lambda entry: clock(entry[0])))
