"""A site that nobody rebuilt, opened on later days: what the pages say against a site built then.

The demo workspace is built for its day and opened with the browser's clock on later days; every
text must be that of the same page built for the later day from the same records.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.conftest import BUILT, TODAY

if TYPE_CHECKING:
    from tests.browser.conftest import AxeRun, Browsing, Visit

SHANGHAI = timezone(timedelta(hours=8))
ELSEWHERE = "America/Los_Angeles"
"""A reader far from the team: half of the team's day is the day before there."""

LATER = (1, 5, 20, 31)
PAGES = [
    "index.html",
    "overdue.html",
    "agenda.html",
    "board.html",
    "customers/index.html",
    "customers/hengda-jingmi.html",
    "stages/negotiation.html",
    "owners/index.html",
    "owners/李雷.html",
    "owners/陈静.html",
    "commitments.html",
    "service.html",
]

YEARLESS = {"owners/index.html"}
"""Pages that name no day."""

READ = """() => {
    // What is wrong with records, and a month's numbers, are those of the day of the build.
    const asBuilt =
        ".age, nav a[href$='problems.html'], [href='#problems'], section.screen, " +
        "[aria-labelledby='activity']";
    for (const element of document.querySelectorAll(asBuilt)) element.remove();
    const copy = (selector) => document.querySelector(selector).innerText;
    return [copy("header.top"), copy("main")].join("\\n");
}"""

SiteOf = Callable[[int], Path]


@pytest.fixture(scope="module")
def site_of(demo_site_after: SiteOf) -> SiteOf:
    """Build the demo workspace's site for the day so many days after its own."""
    return demo_site_after


def moment(days: int, clock: str = "01:30") -> datetime:
    """Return a time of the team's day so many days after that of the site."""
    day = (BUILT + timedelta(days=days)).isoformat()
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=SHANGHAI)


@pytest.fixture
def on_day(page: Browsing) -> Callable[..., Visit]:
    """Open a page on a day after that of the site, far from the team, on a screen for all rows."""

    def visit(file: Path, days: int, *, same_tab: bool = False) -> Visit:
        viewport = {"width": 1280, "height": 4000}
        options: dict[str, Any] = {"timezone_id": ELSEWHERE, "viewport": viewport}
        return page(file, now=moment(days), same_tab=same_tab, **options)

    return visit


def lines(visit: Visit) -> list[str]:
    """Return what a page says, but for what it says of the day when it was built."""
    text = visit.page.evaluate(READ)
    return [line for line in (" ".join(line.split()) for line in text.splitlines()) if line]


def turn(visit: Visit, now: datetime) -> None:
    """Come back to a page at a later time, and wait until it shows that day."""
    visit.page.clock.set_fixed_time(now)
    visit.page.evaluate(
        """() => new Promise((done) => {
            document.addEventListener("tracker:day", () => done(), { once: true });
            document.dispatchEvent(new Event("visibilitychange"));
        })"""
    )


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("days", LATER)
def test_a_page_says_what_it_would_if_it_were_built_that_day(
    site_of: SiteOf, on_day: Callable[..., Visit], path: str, days: int
) -> None:
    recounted = lines(on_day(site_of(0) / path, days, same_tab=True))
    rebuilt = lines(on_day(site_of(days) / path, days, same_tab=True))
    assert recounted == rebuilt


def test_a_page_says_how_old_it_is(site_of: SiteOf, on_day: Callable[..., Visit]) -> None:
    fresh = on_day(site_of(0) / "index.html", 0)
    assert not fresh.page.locator(".age").is_visible()
    old = on_day(site_of(0) / "index.html", 5)
    assert old.page.locator(".asof").inner_text().split() == [
        "截至",
        "11月29日",
        "周日",
        "5",
        "天前生成",
    ]
    assert old.page.locator("main .notice").count() == 0
    assert "2026年11月24日" in old.page.locator("footer").inner_text()


def test_problems_are_counted_on_the_day_of_the_build_only(
    site_of: SiteOf, on_day: Callable[..., Visit]
) -> None:
    for path, selector in (
        ("index.html", "nav a[href$='problems.html']"),
        ("customers/bohuan-daoju.html", "[href='#problems']"),
    ):
        fresh = on_day(site_of(0) / path, 0).page.locator(selector).first
        assert any(char.isdigit() for char in fresh.inner_text()), path
        old = on_day(site_of(0) / path, 1).page.locator(selector).first
        assert old.is_visible()
        assert not any(char.isdigit() for char in old.inner_text()), path
    heading = on_day(site_of(0) / "problems.html", 1).page.locator("h1").inner_text()
    assert "11月24日" in heading


def test_one_and_more_are_told_apart_on_later_days(
    build_workspace: Callable[[dict[str, str]], Path], on_day: Callable[..., Visit]
) -> None:
    record = (
        "---\nname: Acme\nstage: proposal\nowner: Li\n---\n\n## 2026-11-20 10:00 call Li\n\n"
        "- [ ] one @2026-11-24\n- [ ] two @2026-11-25\n"
    )
    zone = "language: en\ntimezone: Asia/Shanghai\n"
    site = build_workspace({"tracker.yaml": zone, "records/a.md": record})
    said = ["0 promises overdue", "1 promise overdue", "2 promises overdue"]
    for path in ("index.html", "owners/Li.html"):
        for days, words in enumerate(said):
            tile = on_day(site / path, days, same_tab=True).page.locator(
                ".tiles li", has_text="promise"
            )
            assert " ".join(tile.inner_text().split()) == words


def test_a_page_that_is_too_old_says_so(
    site_of: SiteOf, on_day: Callable[..., Visit], axe: AxeRun
) -> None:
    for path in ("overdue.html", "customers/hengda-jingmi.html"):
        visit = on_day(site_of(0) / path, 32)
        notice = visit.page.locator("main .notice").first
        assert notice.inner_text().startswith("本站点生成于 32 天前")
        result = axe(visit)
        assert (result.violations, result.incomplete) == ((), ())


@pytest.mark.parametrize("path", PAGES)
def test_days_have_their_year_once_another_one_has_begun(
    site_of: SiteOf, on_day: Callable[..., Visit], path: str
) -> None:
    # From 14 December to 8 January: days of the new year may keep the year that they were given.
    recounted, rebuilt = (
        [line.replace("2027年", "") for line in lines(on_day(site / path, 45, same_tab=True))]
        for site in (site_of(20), site_of(45))
    )
    assert recounted == rebuilt
    assert any("2026年" in line for line in recounted) or path in YEARLESS


def test_days_get_their_year_in_english_too(
    build_workspace: Callable[[dict[str, str]], Path], on_day: Callable[..., Visit]
) -> None:
    record = (
        "---\nname: Acme\nstage: proposal\nowner: Li\nexpected_close: 2027-02-01\n---\n\n"
        "## 2026-11-20 10:00 call Li\n\n- next: 2026-11-27 9:30 call once more\n"
    )
    site = build_workspace(
        {"tracker.yaml": "language: en\ntimezone: Asia/Shanghai\n", "records/acme.md": record}
    )
    page = on_day(site / "customers" / "acme.html", 38).page
    assert page.locator(".step time").inner_text() == "Fri, Nov 27, 2026"
    row = on_day(site / "overdue.html", 38).page.locator("tbody tr").first
    assert "Fri, Nov 27, 2026 09:30" in row.inner_text()
    assert "Nov 20, 2026" in row.inner_text()
    assert page.locator(".asof time").inner_text() == "Fri, Jan 1"


def test_a_month_is_called_by_its_name_once_it_is_over(
    site_of: SiteOf, on_day: Callable[..., Visit]
) -> None:
    for path, heading in (("index.html", "#activity"), ("activity.html", "#months")):
        last = on_day(site_of(0) / path, 6).page.locator(heading)
        assert last.inner_text().split()[0] == "本月与上月"
        over = on_day(site_of(0) / path, 7).page.locator(heading)
        assert over.inner_text().split()[0] == "2026年11月与2026年10月"


def test_trends_say_up_to_which_day_they_are_counted(
    site_of: SiteOf, on_day: Callable[..., Visit]
) -> None:
    path = site_of(0) / "index.html"
    fresh, old = on_day(path, 0).page, on_day(path, 5).page
    captions = ".trend figcaption"
    assert fresh.locator(captions).all_inner_texts() == ["每周跟进次数", "每周新增客户"]
    assert [text.split("·")[1].strip() for text in old.locator(captions).all_inner_texts()] == [
        "截至 11月24日",
        "截至 11月24日",
    ]
    weeks = on_day(site_of(0) / "activity.html", 5).page.locator(".weeks tbody th")
    assert weeks.first.inner_text() == "11月23日至24日 未结束"
    weeks = on_day(site_of(0) / "activity.html", 6).page.locator(".weeks tbody th")
    assert weeks.first.inner_text().strip() == "11月23日至24日"


def test_a_figure_that_is_nothing_has_no_colour(
    site_of: SiteOf, on_day: Callable[..., Visit]
) -> None:
    colour = "(figure) => getComputedStyle(figure).color"
    figure = "[data-count='site-today']"
    some = on_day(site_of(0) / "index.html", 0).page.locator(f".tiles {figure}")
    none = on_day(site_of(0) / "index.html", 10).page.locator(f".tiles {figure}")
    assert none.inner_text() == "0"
    assert none.evaluate(colour) != some.evaluate(colour)
    built = on_day(site_of(10) / "index.html", 10).page.locator(f".tiles {figure}")
    assert none.evaluate(colour) == built.evaluate(colour)


@pytest.mark.parametrize("days", [0, -1, -400])
def test_nothing_changes_on_the_day_and_before_it(
    site_of: SiteOf, on_day: Callable[..., Visit], page: Browsing, days: int
) -> None:
    for path in ("index.html", "agenda.html", "overdue.html"):
        plain = page(site_of(0) / path, java_script_enabled=False)
        today = on_day(site_of(0) / path, days)
        assert not today.page.locator(".age").is_visible()
        shown = [visit.page.locator("main").inner_text() for visit in (plain, today)]
        assert shown[0] == shown[1]


def test_the_day_is_the_teams_and_turns_at_its_midnight(site_of: SiteOf, page: Browsing) -> None:
    file = site_of(0) / "overdue.html"
    evening = page(file, now=moment(0, "23:59"), timezone_id="Pacific/Auckland")
    assert evening.page.evaluate("TrackerToday.day") == TODAY
    before = lines(page(file, now=moment(0, "23:59"), timezone_id="Pacific/Auckland"))
    turn(evening, moment(1, "00:01"))
    assert evening.page.evaluate("TrackerToday.day") == "2026-11-25"
    after = lines(evening)
    assert after != before
    assert after == lines(page(site_of(1) / "overdue.html", now=moment(1)))


@pytest.mark.parametrize(
    "path", ["index.html", "agenda.html", "board.html", "commitments.html", "owners/李雷.html"]
)
def test_a_page_left_open_turns_day_by_day(
    site_of: SiteOf, on_day: Callable[..., Visit], path: str
) -> None:
    visit = on_day(site_of(0) / path, 0)
    for days in (1, 2, 5, 20):
        turn(visit, moment(days))
    assert lines(visit) == lines(on_day(site_of(20) / path, 20))


def test_the_link_to_today_leads_to_the_readers_day(
    site_of: SiteOf, on_day: Callable[..., Visit]
) -> None:
    visit = on_day(site_of(0) / "agenda.html", 5)
    assert visit.page.locator("#today time").get_attribute("datetime") == "2026-11-29"
    assert visit.page.locator("#d2026-11-24").count() == 1
    assert not visit.page.locator("#d2026-11-24").is_visible()


def test_the_calendar_marks_the_readers_day(site_of: SiteOf, on_day: Callable[..., Visit]) -> None:
    visit = on_day(site_of(0) / "calendar/index.html", 5)
    assert visit.page.locator("td.today").get_attribute("data-day") == "2026-11-29"
    assert visit.page.locator("td.today").get_by_text("今天").is_visible()
    assert visit.page.locator("[data-day='2026-11-24'] .st.today").count() == 0
    past = visit.page.locator("[data-day='2026-11-27'] li .l1")
    assert past.count() > 0
    assert past.locator(".st.late").count() == past.count()


def test_the_calendar_leads_to_the_readers_day_in_another_month(
    site_of: SiteOf, on_day: Callable[..., Visit]
) -> None:
    page = on_day(site_of(0) / "calendar" / "index.html", 10).page
    assert page.locator("td.today").count() == 0
    page.locator("#to-today").click()
    page.wait_for_url("**/calendar/2026-12.html#today")
    today = page.locator("td.today")
    assert today.get_attribute("data-day") == "2026-12-04"
    assert today.get_by_text("今天").is_visible()
    page.locator("#to-today").click()
    assert page.url.endswith("/calendar/2026-12.html#today")
    # No page has the month of a day that is so far away.
    late = on_day(site_of(0) / "calendar" / "index.html", 200).page
    assert not late.locator("#to-today").is_visible()


def test_without_javascript_a_page_shows_its_own_day(site_of: SiteOf, page: Browsing) -> None:
    visit = page(site_of(0) / "overdue.html", java_script_enabled=False)
    assert "11月24日" in visit.page.locator(".asof").inner_text()
    assert visit.page.get_by_role("link", name="宁波昶岳精密模具有限公司").first.is_visible()
    rows = visit.page.locator("main section[aria-labelledby^=o] tbody tr")
    assert f" {rows.count()} " in visit.page.locator("h1").inner_text()
    assert visit.page.locator("nav .count:visible").count() == 0
    with_numbers = page(site_of(0) / "overdue.html").page
    assert int(with_numbers.locator("nav .count").first.inner_text()) == rows.count()


def test_many_rows_of_later_days_are_loaded_on_those(
    build_workspace: Callable[[dict[str, str]], Path], on_day: Callable[..., Visit]
) -> None:
    record = (
        "---\nname: Customer {0}\nstage: proposal\nowner: Li\n---\n\n"
        "## 2026-11-20 10:00 call Li\n\n- next: 2026-11-2{1} call once more\n"
    )
    files = {f"records/c{n}.md": record.format(n, 5 + n % 3) for n in range(90)}
    site = build_workspace({"tracker.yaml": "timezone: Asia/Shanghai\n", **files})
    script = site / "data" / "later" / "overdue.js"
    assert script.is_file()
    shown = "section[aria-labelledby='o1'] tbody tr"
    assert on_day(site / "overdue.html", 0).page.locator(shown).count() == 0
    visit = on_day(site / "overdue.html", 3)
    visit.page.locator(shown).first.wait_for()
    assert visit.page.locator(shown).locator("visible=true").count() == 60
    assert visit.page.locator("h1 small").inner_text() == "60 customers"
    assert visit.page.locator("main .notice").count() == 0

    script.unlink()
    lacking = on_day(site / "overdue.html", 3)
    lacking.page.locator("main .notice").wait_for()
    assert "too long to be relied on" in lacking.page.locator("main .notice").inner_text()
    assert [trouble.kind for trouble in lacking.take_troubles()] == ["console"]
