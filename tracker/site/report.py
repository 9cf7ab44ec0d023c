"""`report/`: the team's reports of this week and month and of the last ones, to read and to print.

They are counted when a page is rendered, as the numbers of `analysis.html` are.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from markupsafe import Markup
from msgspec import Struct

from tracker.insight.report import report_of
from tracker.insight.report_times import Stretch, times_of
from tracker.periods import before, month_of, week_of
from tracker.reports.page import content_of
from tracker.reports.words import written
from tracker.site.formats import Formats
from tracker.site.page import Counted, Page
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from tracker.periods import Period
    from tracker.reports.document import Written
    from tracker.site.page import Site

FOLDER = "report"


class ReportTime(Struct, frozen=True):
    """A time that has a page with its report.

    Attributes:
        name: Name of the page.
        title: What people see.
        stretch: Whether it is a week or a month.
        is_last: Whether it is the one before that of the day.
    """

    name: str
    title: Message
    stretch: Stretch
    is_last: bool

    @property
    def address(self) -> str:
        """Return the page."""
        return f"{FOLDER}/{self.name}.html"

    def period(self, today: date) -> Period:
        """Return the days, up to the day."""
        of = week_of if self.stretch is Stretch.WEEK else month_of
        return before(of(today)) if self.is_last else of(today).until(today)


TIMES = (
    ReportTime("this-week", Message("Report of this week"), Stretch.WEEK, is_last=False),
    ReportTime("last-week", Message("Report of last week"), Stretch.WEEK, is_last=True),
    ReportTime("this-month", Message("Report of this month"), Stretch.MONTH, is_last=False),
    ReportTime("last-month", Message("Report of last month"), Stretch.MONTH, is_last=True),
)


class ShownReport:
    """A report where it is shown.

    Args:
        site: The site.
        time: What it is about.
    """

    def __init__(self, site: Site, time: ReportTime) -> None:
        self._site = site
        self._time = time

    @cached_property
    def words(self) -> Written:
        """Return the report in words."""
        today = self._site.today
        times = times_of(self._time.stretch, self._time.period(today), today)
        money = Formats(self._site.config.language, today).money
        return written(report_of(self._site.day, times), money)

    def content(self, url: Callable[[str], str]) -> Markup:
        """Return what stands below the title.

        Args:
            url: Returns the link to an address of the site.
        """
        records = self._site.urls.records
        html = content_of(self.words, lambda path: url(records[path]))
        return Markup(html)  # noqa: S704  # every text in it is escaped


def report_pages(site: Site) -> Iterator[Page]:
    """Yield the page of each report."""
    since = min(time.period(site.today).first for time in TIMES)
    for time in TIMES:
        context = {"site": site, "report": ShownReport(site, time), "times": TIMES, "time": time}
        yield Page(time.address, "report.html", context, counted=Counted(since))
