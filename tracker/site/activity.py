"""What was done this month, last month and in the last weeks, and the rows behind each figure."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct

from tracker.insight import activity
from tracker.insight.sums import sums
from tracker.periods import month_of
from tracker.site.chart import Point
from tracker.site.chunks import chunks, page_size
from tracker.site.page import Page
from tracker.site.urls import followup_anchor

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from tracker.insight.activity import Activity, Event
    from tracker.insight.sums import Sums
    from tracker.model import FollowUp
    from tracker.money import Money
    from tracker.periods import Period
    from tracker.site.chunks import Chunk
    from tracker.site.page import Row, Site

Item = TypeVar("Item")

ADDRESS = "activity.html"
FOLDER = "activity"

FIGURES = ("followups", "new", "won", "lost", "kept", "missed")
"""What is counted, in the order of the table."""


class Listed(Struct, frozen=True):
    """An event where it is listed.

    Attributes:
        row: The customer.
        day: When it was.
        what: What it was: a follow-up, an amount, a promise, or nothing.
    """

    row: Row
    day: date
    what: object

    @property
    def address(self) -> str:
        """Return the place of a follow-up on its customer's page."""
        followup: FollowUp = self.what  # type: ignore[assignment]  # what it is follows from the kind
        return f"{self.row.address}#{followup_anchor(followup.date, followup.time)}"


class Figure(Struct, frozen=True):
    """How often something happened in a time.

    Attributes:
        count: How often.
        address: Where the rows are.
        amounts: What the won ones are worth, or the lost ones; None for other figures.
    """

    count: int
    address: str
    amounts: Sums | None = None


class MonthRow(Struct, frozen=True):
    """One line of the table of months: what is counted, and the three counts.

    Attributes:
        name: One of `FIGURES`.
        this: This month up to the day.
        same: Last month up to the same day of the month.
        last: The whole last month.
    """

    name: str
    this: Figure
    same: Figure
    last: Figure


class WeekRow(Struct, frozen=True):
    """One week of the trend.

    Attributes:
        period: Its days up to the day of the site.
        followups: Follow-ups of the week.
        new: New customers of the week.
    """

    period: Period
    followups: Figure
    new: Figure


class Overview(Struct, frozen=True):
    """The table of months and the trend of the weeks."""

    periods: activity.Months
    months: tuple[MonthRow, ...]
    weeks: tuple[WeekRow, ...]

    def points(self, name: str) -> tuple[Point, ...]:
        """Return the bars of a trend of the weeks, `followups` or `new`."""
        figures: list[Figure] = [getattr(week, name) for week in self.weeks]
        return tuple(
            Point(figure.count, figure.address, week.period, week.period.last < self.today)
            for figure, week in zip(figures, self.weeks, strict=True)
        )

    @property
    def today(self) -> date:
        """Return the day up to which everything is counted."""
        return self.periods.this.last

    @property
    def tomorrow(self) -> date:
        """Return the day after it."""
        return self.today + timedelta(days=1)

    @property
    def next_month(self) -> date:
        """Return the first day on which “this month” is another one."""
        return month_of(self.today).last + timedelta(days=1)

    @property
    def next_week(self) -> date:
        """Return the Monday on which the last of the weeks is over."""
        return self.weeks[-1].period.first + timedelta(weeks=1)


def overview(site: Site) -> Overview:
    """Return what the dashboard and the page of activity show."""
    periods = activity.months(site.today)
    parts = [site.recent_activity.within(p) for p in (periods.this, periods.same, periods.last)]
    return Overview(
        periods,
        tuple(_month_row(site, periods, name, parts) for name in FIGURES),
        tuple(_week_row(site, period) for period in activity.weeks(site.today)),
    )


def activity_pages(site: Site) -> Iterator[Page]:
    """Yield the page of activity, and for each figure on it the pages of its rows."""
    shown = overview(site)
    yield Page(ADDRESS, "activity.html", {"site": site, "overview": shown})
    periods = shown.periods
    for name in FIGURES:
        yield from _month_pages(site, name, periods.this, periods.this)
        yield from _month_pages(site, name, periods.last, periods.same)
    for week in shown.weeks:
        yield from _week_pages(site, week.period)


# --- figures ---


def _month_row(
    site: Site, periods: activity.Months, name: str, parts: Sequence[Activity]
) -> MonthRow:
    this, same, last = (getattr(part, name) for part in parts)
    pages = _chunks(last, _month_address(name, periods.last))
    part = pages[_page_of_part(len(last), len(same))].address
    return MonthRow(
        name,
        _figure(site, name, this, _month_address(name, periods.this)),
        _figure(site, name, same, part if periods.same == periods.last else f"{part}#same"),
        _figure(site, name, last, pages[0].address),
    )


def _week_row(site: Site, period: Period) -> WeekRow:
    recent, address = site.recent_activity, _week_address(period)
    followups, new = (
        len(activity.events_within(events, period)) for events in (recent.followups, recent.new)
    )
    return WeekRow(period, Figure(followups, f"{address}#followups"), Figure(new, f"{address}#new"))


def _figure(site: Site, name: str, events: Sequence[Event[Money | None]], address: str) -> Figure:
    amounts = None
    if name in {"won", "lost"}:
        amounts = site.again(
            f"sums of {name} at {address}",
            (site.config.fingerprint, events),
            lambda: sums((event.what for event in events), site.config),
        )
    return Figure(len(events), address, amounts)


# --- rows ---


def _month_pages(site: Site, name: str, period: Period, same: Period) -> Iterator[Page]:
    """Yield the rows of a month's figure, the newest first.

    Args:
        site: The site.
        name: One of `FIGURES`.
        period: The month, or what has passed of it.
        same: The part of it that is compared with the current month.
    """
    events: Sequence[Event[object]] = getattr(site.recent_activity.within(period), name)
    within = len(getattr(site.recent_activity.within(same), name))
    begins = len(events) - within
    for chunk in _chunks(_listed(site, events), _month_address(name, period)):
        later = max(begins - chunk.first + 1, 0)
        yield Page(
            chunk.address,
            "activity_month.html",
            {
                "site": site,
                "name": name,
                "period": period,
                "same": same if same != period else None,
                "chunk": chunk,
                "later": chunk.items[:later],
                "rows": chunk.items[later:],
                "begins": chunk.number - 1 == _page_of_part(len(events), within),
                "within": within,
            },
        )


def _page_of_part(total: int, within: int) -> int:
    """Return the index of the page on which the last `within` rows of a list begin."""
    size = page_size(total)
    return min(total - within, max(total - 1, 0)) // size


def _week_pages(site: Site, period: Period) -> Iterator[Page]:
    part = site.recent_activity.within(period)
    for chunk in _chunks(_listed(site, part.followups), _week_address(period)):
        yield Page(
            chunk.address,
            "activity_week.html",
            {
                "site": site,
                "period": period,
                "chunk": chunk,
                "new": _listed(site, part.new) if chunk.number == 1 else (),
            },
        )


def _chunks(items: Sequence[Item], address: str) -> list[Chunk[Item]]:
    return chunks(items, address, address.replace(".html", "-"))


def _listed(site: Site, events: Sequence[Event[object]]) -> tuple[Listed, ...]:
    return tuple(
        Listed(site.by_path[event.standing.customer.path], event.day, event.what)
        for event in reversed(events)
    )


def _month_address(name: str, period: Period) -> str:
    return f"{FOLDER}/{period.first:%Y-%m}-{name}.html"


def _week_address(period: Period) -> str:
    year, week, _ = period.first.isocalendar()
    return f"{FOLDER}/{year}-W{week:02}.html"
