"""The site of the demo workspace in a real browser, opened as files, as a new user would."""

from __future__ import annotations

from datetime import datetime
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

import pytest

from tests.browser.conftest import COLOURS
from tests.browser.widths import SIDEWAYS, wide

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.browser.conftest import AxeRun, Browsing, HtmlValidateRun

KINDS = [
    "index.html",
    "activity.html",
    "activity/2026-10-kept.html",
    "activity/2026-W47.html",
    "analysis.html",
    "analysis/last-quarter.html",
    "analysis/win-rate.html",
    "analysis/owners/李雷.html",
    "changes.html",
    "report/this-week.html",
    "overdue.html",
    "agenda.html",
    "board.html",
    "calendar/index.html",
    "calendar/2026-11-27.html",
    "stages/index.html",
    "stages/negotiation.html",
    "customers/index.html",
    "customers/hengda-jingmi.html",
    "customers/fengmancang-baozhuang.html",
    "customers/duinhorst.html",
    "customers/weilan-fangji.html",
    "owners/index.html",
    "owners/李雷.html",
    "commitments.html",
    "service.html",
    "problems.html",
]
"""One page of every kind; customers open, after the sale, in English, and lost."""

LAID_OUT = ("target-size", "scrollable-region-focusable")
"""Rules of axe that the width decides about: all that is shown on a screen between is shown on a
wide one or on a phone too, where every rule is asked."""

NUMBERS_OF_ONE = "analysis/owners/陈静/"
"""Pages with the rows of each measure, shorter than those of the team and made as they are."""

LOADING = {("link", "href"), ("script", "src"), ("img", "src"), ("iframe", "src")}


class References(HTMLParser):
    """Collects a page's links, what it loads, and its anchors."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.anchors: set[str] = set()
        self.doubled: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" and value:
                if value in self.anchors:
                    self.doubled.append(value)
                self.anchors.add(value)
            if name in {"href", "src"} and value:
                (self.loads if (tag, name) in LOADING else self.links).append(value)


@pytest.fixture(scope="module")
def references(demo_site: Path) -> dict[str, References]:
    found = {}
    for path in sorted(demo_site.rglob("*.html")):
        parser = References()
        parser.feed(path.read_text(encoding="utf-8"))
        found[path.relative_to(demo_site).as_posix()] = parser
    return found


def test_every_kind_of_page_is_there(demo_site: Path) -> None:
    assert [kind for kind in KINDS if not (demo_site / kind).is_file()] == []
    # 60 records, the table of customers, and the page of a former id.
    assert len(list((demo_site / "customers").glob("*.html"))) == 62


def test_every_link_leads_somewhere(demo_site: Path, references: dict[str, References]) -> None:
    broken = []
    for path, page in references.items():
        for link in (*page.links, *page.loads):
            parts = urlsplit(link)
            if parts.scheme in {"https", "mailto", "tel", "data"}:
                continue
            assert not parts.scheme, (path, link)
            assert not link.startswith("/"), f"{path} has the absolute link {link}"
            target = unquote(urljoin(path, parts.path)) if parts.path else path
            if target in references:
                if parts.fragment and unquote(parts.fragment) not in references[target].anchors:
                    broken.append(f"{path}: no anchor {link}")
            elif not (demo_site / target).is_file():
                broken.append(f"{path}: no file {link}")
    assert broken == []


def test_no_anchor_stands_twice(references: dict[str, References]) -> None:
    assert {path: page.doubled for path, page in references.items() if page.doubled} == {}


def test_pages_load_nothing_from_elsewhere(references: dict[str, References]) -> None:
    elsewhere = [
        (path, load)
        for path, page in references.items()
        for load in page.loads
        if urlsplit(load).scheme not in {"", "data"} or load.startswith("//")
    ]
    assert elsewhere == []


def test_every_customer_can_be_reached_from_the_first_page(
    demo_site: Path, references: dict[str, References]
) -> None:
    reached, waiting = {"index.html"}, ["index.html"]
    while waiting:
        path = waiting.pop()
        for link in references[path].links:
            target = unquote(urljoin(path, urlsplit(link).path))
            if not urlsplit(link).scheme and target in references and target not in reached:
                reached.add(target)
                waiting.append(target)
    # Only links from before lead to the page of a former id.
    assert set(references) - reached == {"customers/hengda-jixie.html"}
    assert (demo_site / "index.html").is_file()


def test_html_is_valid(demo_site: Path, html_validate: HtmlValidateRun) -> None:
    paths = {path.relative_to(demo_site).as_posix() for path in demo_site.rglob("*.html")}
    numbers = {path for path in paths if path.startswith("analysis/")}
    of_one = {path for path in numbers if path.startswith(NUMBERS_OF_ONE)}
    assert len(of_one) > 15
    valid = sorted(paths - numbers | of_one | numbers & {*KINDS})
    mistakes = html_validate(demo_site / path for path in valid)
    shown = [
        f"{mistake.path.relative_to(demo_site)}:{mistake.line}: {mistake.rule} {mistake.message}"
        for mistake in mistakes
    ]
    assert shown[:20] == []


@pytest.mark.parametrize("kind", [*KINDS, "views/closing.html"])
def test_pages_are_quiet_accessible_and_fit_screens_of_all_widths(
    demo_site: Path, page: Browsing, axe: AxeRun, kind: str
) -> None:
    visit = page(demo_site / kind, same_tab=True)
    assert visit.page.locator("h1").inner_text().strip()
    assert wide(visit) == []
    light = axe(visit)
    visit.page.emulate_media(color_scheme="dark")
    dark = axe(visit, only=COLOURS)
    visit.page.emulate_media(color_scheme="light")
    visit.page.set_viewport_size({"width": 900, "height": 800})
    narrow = axe(visit, only=LAID_OUT)
    found = [(*result.violations, *result.incomplete) for result in (light, dark, narrow)]
    assert found == [(), (), ()]


@pytest.mark.parametrize("kind", [*KINDS, "views/closing.html"])
def test_pages_on_a_phone_are_quiet_and_accessible_and_their_links_keep_apart(
    demo_site: Path, page: Browsing, axe: AxeRun, kind: str
) -> None:
    visit = page(demo_site / kind, size="phone", same_tab=True)
    assert visit.page.locator("h1").inner_text().strip()
    assert visit.page.evaluate(SIDEWAYS) <= 0
    result = axe(visit, also=["target-size"])
    assert (result.violations, result.incomplete) == ((), ())


def test_everything_can_be_read_without_javascript(demo_site: Path, page: Browsing) -> None:
    visit = page(demo_site / "index.html", java_script_enabled=False)
    visit.page.get_by_role("link", name="宁波昶岳精密模具有限公司").first.click()
    assert visit.page.locator("h1").inner_text().startswith("宁波昶岳精密模具有限公司")
    assert visit.page.get_by_text("逾期 9 天").first.is_visible()


def test_a_customer_prints_as_the_classic_form(
    demo_site: Path, page: Browsing, tmp_path: Path
) -> None:
    visit = page(demo_site / "customers" / "hengda-jingmi.html")
    visit.page.emulate_media(media="print")
    assert visit.page.get_by_text("客户跟踪记录表").first.is_visible()
    assert not visit.page.get_by_role("navigation").first.is_visible()
    printed = tmp_path / "form.pdf"
    visit.page.pdf(path=printed, format="A4")
    assert printed.stat().st_size > 10_000


@pytest.mark.parametrize("name", ["overdue", "agenda", "customers/hengda-jingmi"])
def test_a_sheet_says_whose_it_is_and_of_which_day(
    name: str, demo_site: Path, page: Browsing
) -> None:
    later = datetime.fromisoformat("2026-11-26T12:00:00+08:00")
    visit = page(demo_site / f"{name}.html", now=later)
    visit.page.emulate_media(media="print")
    head = visit.page.get_by_role("banner")
    said = " ".join(head.inner_text().split())
    assert said == "苏州启航自动化 · 客户跟踪 截至 11月26日 周四 2 天前生成"


def test_the_page_of_a_broken_record_shows_what_is_wrong(
    page: Browsing, axe: AxeRun, build_workspace: Callable[[dict[str, str]], Path]
) -> None:
    site = build_workspace(
        {
            "tracker.yaml": "language: en\n",
            "records/none.md": "no front matter at all <b>here</b>\n",
            "records/half.md": "---\nname: Half\nstage: nowhere\nowner: Li\nvalue: lots\n---\n",
        }
    )
    for name, shown in {
        "index.html": "could not be read",
        "problems.html": "front matter",
        "customers/half.html": "lots",
        "customers/none.html": "no front matter at all <b>here</b>",
    }.items():
        visit = page(site / name)
        assert visit.page.get_by_text(shown).first.is_visible(), name
        assert axe(visit).violations == ()
    index = page(site / "index.html")
    assert index.page.get_by_role("link", name="Problems").first.is_visible()


def test_a_bar_leads_to_its_week(demo_site: Path, page: Browsing) -> None:
    shown = page(demo_site / "index.html").page
    chart = shown.locator(".trend").first
    number = chart.locator(".ticks a").nth(5)
    address, count = number.get_attribute("href"), number.inner_text()
    number.evaluate("element => element.scrollIntoView({block: 'center'})")
    bar = chart.locator("rect").nth(5).bounding_box()
    assert bar
    shown.mouse.click(bar["x"] + bar["width"] / 2, bar["y"] + bar["height"] / 2)
    shown.wait_for_url("**/activity/*")
    assert shown.url.endswith(address or "none")
    rows = shown.locator("[aria-labelledby='followups'] tbody tr, [aria-labelledby='followups'] li")
    assert rows.count() == int(count) > 0


def test_bars_are_passed_over_by_the_keyboard_which_has_the_table(
    demo_site: Path, page: Browsing
) -> None:
    shown = page(demo_site / "index.html").page
    bars = shown.locator(".trend .ticks a").evaluate_all("all => all.map(({ href }) => href)")
    table = shown.locator("table.weeks a").evaluate_all("all => all.map(({ href }) => href)")
    assert sorted(bars) == sorted(table)
    assert shown.locator(".trend .ticks a:not([tabindex='-1'])").count() == 0


@pytest.mark.parametrize("kind", ["overdue.html", "customers/hengda-jingmi.html"])
def test_the_menu_of_a_phone_opens_without_scripts(
    demo_site: Path, page: Browsing, kind: str
) -> None:
    shown = page(demo_site / kind, size="phone", java_script_enabled=False).page
    link = shown.locator("nav#menu a[href$='problems.html']")
    assert not link.is_visible()
    shown.get_by_role("button", name="菜单").tap()
    assert link.is_visible()
    link.tap()
    shown.wait_for_url("**/problems.html")
