"""Lists with pages of their own, walked through by their links: on the day of the build, and later.

What a reader finds on a later day must be what is on the pages that are built on that day, although
the rows stand on other pages there.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal
from urllib.parse import unquote

import pytest
from filelock import FileLock

from tests.browser.conftest import BUILT
from tests.browser.test_today import ELSEWHERE, lines, moment, turn
from tests.numbers_pages import TWO_MEASURES, numbers_pages
from tracker.site.build import build_site

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.browser.conftest import AxeRun, Browsing, HtmlValidateRun, Visit

    SiteOf = Callable[[int], Path]

CUSTOMERS = 680
LATER = (5, 20)
HEADS = ["index.html", "overdue.html", "agenda.html", "commitments.html", "owners/Li.html"]
LISTS = [
    "owners/Li/overdue.html",
    "owners/Li/late_promises.html",
    "owners/Li/coming.html",
    "owners/Li/promises.html",
    "owners/Li/stale.html",
    "owners/Li/open.html",
    "overdue/stale.html",
    "commitments/overdue.html",
    "commitments/settled.html",
]

RECORD = """---
name: Customer {number:03}
stage: {stage}
level: {level}
{owner}---

## {talked} 10:00 call Li

- [ ] send {number} @{due}
- [x] sent {number} @{done} ✅ {done}
{step}"""

ROWS = """() => [...document.querySelectorAll("main tbody tr, main ol.list > li")]
    .filter((row) => row.getClientRects().length)
    .map((row) => row.innerText.split(/\\s+/).join(" ").trim())"""

DAY = "() => document.querySelector('.asof time').dateTime"

LINKS = """() => [...document.querySelectorAll(".pager a")]
    .filter((link) => link.getClientRects().length)
    .map((link) => link.href)"""


def record(number: int) -> str:
    """Return a customer whose plan and promise are before, on, or after the day of the site."""

    def day(ahead: int) -> date:
        return BUILT + timedelta(days=ahead)

    owner = "Han" if number % 16 == 3 else "" if number % 16 == 7 else "Li"
    step = f"- next: {day(number * 7 % 38 - 8)} 10:00 visit show it\n" if number % 9 else ""
    return RECORD.format(
        number=number,
        stage=("proposal", "contact", "negotiation")[number % 3],
        level="ABC"[number % 3],
        owner=f"owner: {owner}\n" if owner else "",
        talked=day(-9 - number % 40),
        due=day(number * 5 % 43 - 20),
        done=day(-(number % 30)),
        step=step,
    )


@pytest.fixture(scope="module")
def site_of(shared_folder: Path) -> SiteOf:
    """Build the site of many customers for the day so many days after that of the demo site."""

    def build(days: int) -> Path:
        root, site = shared_folder / "long-lists", shared_folder / f"long-lists-{days}"
        with FileLock(f"{root}.lock"):
            if not root.exists():
                (root / "records").mkdir(parents=True)
                for number in range(CUSTOMERS):
                    file = root / "records" / f"c{number:03}.md"
                    file.write_text(record(number), "utf-8")
                settings = "timezone: Asia/Shanghai\nowners: [Li, Han]\n"
                (root / "tracker.yaml").write_text(settings, "utf-8")
            if not site.exists():
                with numbers_pages(TWO_MEASURES):
                    build_site(root, site, BUILT + timedelta(days=days))
        return site

    return build


@pytest.fixture
def on_day(page: Browsing) -> Callable[..., Visit]:
    """Open a page on a day after that of the site, far from the team."""

    def visit(file: Path, days: int, *, same_tab: bool = False) -> Visit:
        shown = page(file, now=moment(days), timezone_id=ELSEWHERE, same_tab=same_tab)
        day = (BUILT + timedelta(days=days)).isoformat()
        shown.page.locator(f".asof time[datetime='{day}']").wait_for()
        return shown

    return visit


Pages = list[tuple[str, list[str]]]
"""What each page of a list says of its rows, and the rows."""


def walk(visit: Visit) -> Pages:
    """Follow the links from page to page; the pages are returned in their order."""
    day = visit.page.evaluate(DAY)
    found: dict[str, tuple[str, list[str]]] = {}
    waiting = [visit.page.url]
    while waiting:
        address = waiting.pop()
        if address in found:
            continue
        if address != visit.page.url:
            visit.page.goto(address)
            visit.page.locator(f".asof time[datetime='{day}']").wait_for()
        told = visit.page.locator(".pager p").locator("visible=true")
        text = told.first.inner_text() if told.count() else ""
        found[address] = text, visit.page.evaluate(ROWS)
        waiting += visit.page.evaluate(LINKS)
    return [found[address] for address in sorted(found, key=page_number)]


def page_number(address: str) -> int:
    match = re.search(r"page-(\d+)", address)
    return int(match[1]) if match else 1


def check_ranges(pages: Pages) -> None:
    """Check that the pages say which rows they have."""
    total = sum(len(rows) for _, rows in pages)
    place = 1
    for told, rows in pages:
        if rows and len(pages) > 1:
            assert told == f"{place} to {place + len(rows) - 1} of {total}"
        place += len(rows)


def listed(pages: Pages) -> list[str]:
    return [row for _, rows in pages for row in rows]


@pytest.mark.parametrize("path", HEADS)
@pytest.mark.parametrize("days", LATER)
def test_a_page_that_shows_beginnings_says_what_it_would_if_it_were_built_that_day(
    site_of: SiteOf, on_day: Callable[..., Visit], path: str, days: int
) -> None:
    recounted = lines(on_day(site_of(0) / path, days, same_tab=True))
    assert recounted == lines(on_day(site_of(days) / path, days, same_tab=True))
    assert recounted != lines(on_day(site_of(0) / path, 0, same_tab=True))
    assert any(line.startswith("Show all ") for line in recounted)


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("days", LATER)
def test_pages_of_a_list_have_the_rows_of_the_day(
    site_of: SiteOf, on_day: Callable[..., Visit], path: str, days: int
) -> None:
    recounted = walk(on_day(site_of(0) / path, days, same_tab=True))
    rebuilt_file = site_of(days) / path
    check_ranges(recounted)
    if rebuilt_file.exists():
        rebuilt = walk(on_day(rebuilt_file, days, same_tab=True))
        check_ranges(rebuilt)
        assert listed(recounted) == listed(rebuilt)
    else:  # There is room for all of it on its page by then.
        home, _, name = path.removesuffix(".html").rpartition("/")
        visit = on_day(site_of(days) / f"{home}.html", days, same_tab=True)
        section = visit.page.locator(f"section[aria-labelledby={name}]")
        rows = section.locator("tbody tr, ol.list > li").locator("visible=true")
        texts = [" ".join(text.split()) for text in rows.all_inner_texts()]
        assert listed(recounted) == texts


@pytest.mark.parametrize("path", LISTS)
def test_without_javascript_every_row_of_the_day_is_found(
    site_of: SiteOf, page: Browsing, on_day: Callable[..., Visit], path: str
) -> None:
    plain = walk(page(site_of(0) / path, java_script_enabled=False, same_tab=True))
    check_ranges(plain)
    assert len(listed(plain)) > 80
    assert listed(plain) == listed(walk(on_day(site_of(0) / path, 0, same_tab=True)))


def test_what_becomes_overdue_tomorrow_turns_up_there(
    site_of: SiteOf, on_day: Callable[..., Visit]
) -> None:
    path = "owners/Li/overdue.html"
    today = listed(walk(on_day(site_of(0) / path, 0, same_tab=True)))
    tomorrow = listed(walk(on_day(site_of(0) / path, 1, same_tab=True)))
    names = [[row.split(" ")[1] for row in rows] for rows in (today, tomorrow)]
    assert names[1][: len(today)] == names[0]
    due = [n for n in range(CUSTOMERS) if n % 9 and n * 7 % 38 == 8 and n % 16 not in {3, 7}]
    assert names[1][len(today) :] == [f"{number:03}" for number in due]
    assert all(" 1 day " in row for row in tomorrow[len(today) :])


def test_a_page_whose_rows_have_passed_says_so_and_leads_on(
    site_of: SiteOf, on_day: Callable[..., Visit]
) -> None:
    visit = on_day(site_of(0) / "owners" / "Li" / "coming.html", 20)
    assert visit.page.evaluate(ROWS) == []
    assert visit.page.get_by_text("Nothing of the list is on this page on this day.").is_visible()
    links = [unquote(link) for link in visit.page.evaluate(LINKS)]
    assert links[0].endswith("owners/Li/coming.html")
    assert len(links) > 2
    assert not visit.page.locator(".pager p").first.is_visible()


def test_pages_that_have_rows_only_later_are_linked_then(
    site_of: SiteOf, on_day: Callable[..., Visit]
) -> None:
    file = site_of(0) / "owners" / "Li" / "overdue.html"
    assert (file.parent / "overdue" / "page-3.html").exists()
    numbers = [
        on_day(file, days).page.locator(".pager").first.locator("li:visible").all_inner_texts()
        for days in (0, 20)
    ]
    assert numbers == [["1"], ["1", "2"]]


@pytest.mark.parametrize("path", [*HEADS, "owners/Li/coming.html", "owners/Li/overdue/page-2.html"])
def test_a_page_left_open_turns_day_by_day(
    site_of: SiteOf, on_day: Callable[..., Visit], path: str
) -> None:
    visit = on_day(site_of(0) / path, 0)
    for days in (1, 5, 20):
        turn(visit, moment(days))
    assert lines(visit) == lines(on_day(site_of(0) / path, 20))


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_pages_of_lists_are_accessible(
    site_of: SiteOf, page: Browsing, axe: AxeRun, size: Literal["desktop", "phone"]
) -> None:
    for path in ("overdue.html", "owners/Li/open.html", "agenda.html"):
        visit = page(site_of(0) / path, size=size, same_tab=True)
        result = axe(visit)
        assert (result.violations, result.incomplete) == ((), ()), path


def test_pages_of_lists_are_valid(site_of: SiteOf, html_validate: HtmlValidateRun) -> None:
    site = site_of(0)
    files = [file for path in LISTS for file in (site / path, *further(site / path))]
    assert len(files) > 12
    assert html_validate([*files, *(site / path for path in HEADS)]) == []


def further(file: Path) -> list[Path]:
    return sorted(file.with_suffix("").glob("page-*.html"))
