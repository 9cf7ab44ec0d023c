"""`calendar/`: which day holds what, and pages that stay small."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

import pytest

from tracker.insight.day import day_of
from tracker.library.loader import load_library
from tracker.site.attachments import Attachments
from tracker.site.calendar import SHOWN, Month, calendar_pages
from tracker.site.markdown import MarkdownRenderer
from tracker.site.page import Page, Site
from tracker.site.render import SiteRenderer

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2026, 11, 24)
HEAD = "---\nname: {name}\nshort: {short}\nstage: {stage}\nowner: 李雷\n---\n\n"

Pages = dict[str, Page]
Made = tuple[Pages, Callable[[str], str]]
Make = Callable[..., Made]


def record(text: str, *, name: str = "恒达精密", stage: str = "商务谈判") -> str:
    return HEAD.format(name=name, short=name[:2], stage=stage) + text


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Return the calendar's pages by path, and how to render one."""

    def _make(*records: str, today: date = TODAY, language: str = "zh") -> Made:
        (tmp_path / "tracker.yaml").write_text(f"language: {language}\n", "utf-8")
        (tmp_path / "records").mkdir()
        for number, text in enumerate(records):
            (tmp_path / "records" / f"c{number:03}.md").write_text(text, "utf-8")
        day = day_of(load_library(tmp_path), today)
        pages = {page.path: page for page in calendar_pages(Site.of(day))}
        renderer = SiteRenderer(
            day.library.config, tmp_path, MarkdownRenderer(), Attachments(tmp_path)
        )
        return pages, lambda path: renderer.render(pages[path])

    return _make


def shown(page: Page) -> dict[str, list[str]]:
    month = page.context["month"]
    assert isinstance(month, Month)
    return {
        day.date.isoformat(): [entry.text for entry in day.shown]
        for week in month.weeks
        for day in week
        if day and day.shown
    }


FOLLOWUP = """## 2026-11-10 10:00 电话 李雷

- [ ] 寄样件 @2026-11-12
- [ ] 报价 @2026-12-01
- [x] 已寄 @2026-11-13
- [ ] 没有日期
- 下次: 2026-11-27 14:30 面谈 演示
"""


def test_steps_and_promises_stand_on_their_days(make: Make) -> None:
    pages, _ = make(record(FOLLOWUP))
    assert list(pages) == ["calendar/index.html", "calendar/2026-12.html", "calendar/2027-01.html"]
    assert shown(pages["calendar/index.html"]) == {"2026-11-12": ["寄样件"], "2026-11-27": ["演示"]}
    assert shown(pages["calendar/2026-12.html"]) == {"2026-12-01": ["报价"]}
    assert shown(pages["calendar/2027-01.html"]) == {}


def test_a_week_begins_on_monday(make: Make) -> None:
    pages, render = make(record(FOLLOWUP))
    weeks = pages["calendar/index.html"].context["month"].weeks
    assert all(len(week) == 7 for week in weeks)
    assert weeks[0][:6] == (None,) * 6
    assert weeks[0][6].date == date(2026, 11, 1)
    html = render("calendar/index.html")
    heads = re.findall(r'<th scope="col">(.*?)</th>', html)
    assert heads == ["周一", "周二", "周三", "周四", "周五", "周六", "周日"]


def test_today_is_marked_and_what_is_past_is_overdue(make: Make) -> None:
    _, render = make(record(FOLLOWUP))
    html = render("calendar/index.html")
    assert html.count('class="today" id="today"') == 1
    cells = dict(
        re.findall(r'<td[^>]*>\n<p class="date">.*?datetime="(.*?)"(.*?)</td>', html, re.DOTALL)
    )
    assert "今天" in cells["2026-11-24"]
    assert '<span class="st late"><span class="hide">逾期</span></span>' in cells["2026-11-12"]
    assert "st late" not in cells["2026-11-27"]
    assert "14:30" in cells["2026-11-27"]
    assert 'href="../customers/c000.html"' in cells["2026-11-27"]
    assert 'id="today"' not in render("calendar/2026-12.html")


def test_order_within_a_day(make: Make) -> None:
    next_step = "## 2026-11-10 10:00 电话 李雷\n\n- 下次: 2026-11-27 {} 电话 {}\n"
    pages, _ = make(
        record("## 2026-11-10 10:00 电话 李雷\n\n- [ ] 承诺 @2026-11-27\n"),
        record(next_step.format("", "全天"), name="乙方甲"),
        record(next_step.format("14:00", "下午"), name="丙方甲"),
        record(next_step.format("09:00", "上午"), name="丁方甲"),
    )
    assert shown(pages["calendar/index.html"])["2026-11-27"] == ["上午", "下午", "全天", "承诺"]


def test_what_is_earlier_is_counted_and_what_is_later_is_listed(make: Make) -> None:
    pages, render = make(
        record(
            "## 2026-09-10 10:00 电话 李雷\n\n- [ ] 旧 @2026-10-01\n- 下次: 2026-10-31 电话 旧\n"
        ),
        record("## 2026-11-10 10:00 电话 李雷\n\n- 下次: 2027-02-01 电话 远\n", name="乙方甲"),
    )
    home = pages["calendar/index.html"].context
    assert (home["earlier_steps"], home["earlier_promises"], home["later"]) == (1, 1, 1)
    html = render("calendar/index.html")
    assert '<a href="../overdue.html">1 项跟进逾期</a>' in html
    assert '<a href="../commitments.html">1 项承诺逾期</a>' in html
    assert 'href="../calendar/later.html"' in html
    assert "项跟进逾期" not in render("calendar/2026-12.html")
    later = render("calendar/later.html")
    assert "2027年1月以后" in later
    assert "远" in later
    assert "2027年2月1日" in later


@pytest.mark.parametrize("count", [SHOWN, SHOWN + 1, SHOWN + 2, 600])
def test_a_full_day_has_a_page_of_its_own(make: Make, count: int) -> None:
    todo = "\n".join(f"- [ ] 第{number}件 @2026-11-27" for number in range(count))
    pages, render = make(record(f"## 2026-11-10 10:00 电话 李雷\n\n{todo}\n"))
    html = render("calendar/index.html")
    listed = [path for path in pages if path.startswith("calendar/2026-11-27")]
    assert pages["calendar/index.html"].context["month"].count == count
    if count <= SHOWN + 1:
        assert not listed
        assert html.count("件</bdi>") == count
        return
    assert html.count("件</bdi>") == SHOWN
    assert f"另外 {count - SHOWN} 项" in html
    assert 'href="../calendar/2026-11-27.html"' in html
    assert sum(render(path).count("件</bdi>") for path in listed) == count
    assert len(listed) == (3 if count == 600 else 1)


def test_lost_customers_have_promises_but_no_step(make: Make) -> None:
    pages, _ = make(record(FOLLOWUP, stage="未成交"))
    assert shown(pages["calendar/index.html"]) == {"2026-11-12": ["寄样件"]}


@pytest.mark.parametrize(
    ("today", "addresses"),
    [
        (date(2026, 12, 31), ["index", "2027-01", "2027-02"]),
        (date(2028, 2, 29), ["index", "2028-03", "2028-04"]),
        (date(9999, 12, 31), ["index"]),
        (date(1, 1, 1), ["index", "0001-02", "0001-03"]),
    ],
)
def test_months_around_the_turn_of_a_year(make: Make, today: date, addresses: list[str]) -> None:
    pages, render = make(today=today)
    assert list(pages) == [f"calendar/{name}.html" for name in addresses]
    for path in pages:
        assert "尚无安排" in render(path) or 'class="empty"' in render(path)


def test_in_english(make: Make) -> None:
    _, render = make(
        "---\nname: Acme\nstage: proposal\nowner: Ann\n---\n\n## 2026-11-10 call\n\n"
        "- [ ] **send** it @2026-11-12\n",
        language="en",
    )
    html = render("calendar/index.html")
    assert "<title>Calendar November 2026" in html
    assert '<th scope="col">Mon</th>' in html
    assert '<span class="hide">Promise: </span><bdi>send it</bdi>' in html
    assert "Subscribe to this calendar (.ics)" in html
    main = html[html.index("<main") : html.index("</main>")]
    assert not re.search("[\u4e00-\u9fff]", main)
