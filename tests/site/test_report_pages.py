"""The pages of reports: what `tracker report` tells, with links to the customers."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from tracker.insight.report import report_of
from tracker.insight.report_times import Stretch, times_of
from tracker.periods import Period
from tracker.reports.page import content_of
from tracker.reports.words import written
from tracker.site.formats import Formats
from tracker.site.report import TIMES

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.insight.day import Day

Site = dict[str, str]

PERIODS = {
    "report/this-week.html": Period(date(2026, 11, 23), date(2026, 11, 24)),
    "report/last-week.html": Period(date(2026, 11, 16), date(2026, 11, 22)),
    "report/this-month.html": Period(date(2026, 11, 1), date(2026, 11, 24)),
    "report/last-month.html": Period(date(2026, 10, 1), date(2026, 10, 31)),
}


def test_each_page_tells_what_the_command_tells(site: Site, day: Day) -> None:
    assert set(PERIODS) == {time.address for time in TIMES}
    for address, period in PERIODS.items():
        stretch = Stretch.WEEK if "week" in address else Stretch.MONTH
        money = Formats(day.library.config.language, day.today).money
        words = written(report_of(day, times_of(stretch, period, day.today)), money)
        page = site[address]
        assert words.title in page
        assert (
            content_of(words, lambda _: "")
            == re.sub(
                r'href="[^"]+"', 'href=""', page.partition('<div class="report">\n')[2]
            ).partition("\n</div>")[0]
        )


def test_amounts_are_written_as_on_other_pages(build: Callable[..., Site]) -> None:
    record = "---\nname: A\nstage: proposal\nowner: Li\nvalue: 480000 USD\n---\n"
    site = build({"a.md": record})
    assert "$480,000" in site["report/this-week.html"]
    assert not re.search(r"\d USD", site["report/this-week.html"])


def test_customers_lead_to_their_pages(build: Callable[..., Site]) -> None:
    record = (
        "---\nname: '<b>{0}'\nstage: proposal\nowner: Li\n---\n\n## 2026-11-23 10:00 call\n\n"
        "<i>Asked.\n\n- next: 2026-11-25 call\n"
    )
    site = build({f"north/c{number}.md": record.format(number) for number in range(2)})
    page = site["report/this-week.html"].partition('<div class="report">')[2]
    links = re.findall(r'<a href="\.\./(customers/[^"]+)">', page)
    assert set(links) == {"customers/c0.html", "customers/c1.html"}
    assert set(links) <= site.keys()
    assert "<i>Asked" not in page
    assert "<b><b>" not in page
