"""The frame and the look of pages on screens of all sizes: menu, search, tables, targets."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Literal

import pytest
from playwright.sync_api import expect

from tests.browser.test_demo_site import KINDS
from tests.browser.widths import SIDEWAYS, wide

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Locator

    from tests.browser.conftest import AxeRun, Browsing

TOUCH: dict[str, Any] = {"has_touch": True, "is_mobile": True}
PHONE: dict[str, Any] = {"size": "phone", "viewport": {"width": 360, "height": 640}}
SEEN_ELSEWHERE = re.compile(
    r"activity/|analysis/(?:this-quarter|last-year)\.html|calendar/\d"
    r"|report/(?!this-week)|stages/(?!index|negotiation)"
)
"""Pages of other days, times and stages than another one, with the same words or fewer."""
INDEXES = [kind for kind in KINDS if kind.count("/") == 0 or kind.endswith("/index.html")]
"""The pages that no other page lists."""

LONG = {
    "tracker.yaml": "language: en\ntitle: A company with a rather long name & Sons\n"
    "owners: [{name: Bartholomew Featherstonehaugh}]\n"
    "views: {far: {label: Customers that are worth more than the others, query: 'value>1'}}\n",
    "records/long.md": "---\n"
    "name: International Refrigeration and Air-Conditioning Holdings of Westmoreland\n"
    "stage: negotiation\nlevel: A\nowner: Bartholomew Featherstonehaugh\n"
    "value: 1250000 USD\nexpected_close: 2027-03-15\nwebsite: https://example.com/a/b/c/d/e/f\n"
    "tags: [Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft]\n"
    "contacts:\n"
    "  - name: Ruth Stone\n    phone: +44 114 496 0123\n"
    "    email: ruth.stone@a-very-long-company-domain-name.example.com\n"
    "---\n\n"
    "## 2026-11-20 10:00 visit\n\n- [ ] send the quote for both batches @2026-11-21\n"
    "- next: 2026-11-23 14:30 visit walk through the delivery plan\n",
    "records/won.md": "---\nname: Short\nstage: won\nowner: Ann\nvalue: 1250000 EUR\n---\n",
    "records/broken.md": "no front matter\n",
}
"""Records in English, whose words and names are longer than Chinese ones."""

# The contrast of two colours, as WCAG reckons it.
CONTRAST = """([one, other]) => {
    const light = (colour) => {
        const [red, green, blue] = colour.match(/[\\d.]+/g).map((part) => {
            const share = part / 255;
            return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const [less, more] = [light(one), light(other)].sort((a, b) => a - b);
    return (more + 0.05) / (less + 0.05);
}"""


@pytest.fixture
def long_site(build_once: Callable[[str, dict[str, str]], Path]) -> Path:
    """The site of records with long English words."""
    return build_once("long-words", LONG)


def test_long_words_do_not_make_a_page_scroll_sideways(long_site: Path, page: Browsing) -> None:
    visit = page("about:blank")
    scrolling = {}
    paths = [file.relative_to(long_site).as_posix() for file in long_site.rglob("*.html")]
    for path in sorted(paths):
        if SEEN_ELSEWHERE.match(path):
            continue
        visit.page.goto((long_site / path).as_uri())
        scrolling[path] = wide(visit)
    assert {path: widths for path, widths in scrolling.items() if widths} == {}


def test_tables_without_javascript_do_not_scroll_sideways(long_site: Path, page: Browsing) -> None:
    for path in ("customers/index.html", "views/far.html"):
        assert wide(page(long_site / path, java_script_enabled=False)) == [], path


@pytest.mark.parametrize(
    ("path", "filters", "below"),
    [
        ("board.html", "#board-choose", "#board"),
        ("customers/hengda-jingmi.html", "#sift", ".timeline"),
    ],
)
def test_filters_have_their_place_before_scripts_show_them(
    demo_site: Path, page: Browsing, path: str, filters: str, below: str
) -> None:
    for width in (360, 1280):
        visit = page(demo_site / path, viewport={"width": width, "height": 800})
        chosen, content = visit.page.locator(filters), visit.page.locator(below)
        before = content.bounding_box()
        chosen.evaluate("(element) => { element.hidden = true }")
        assert not chosen.is_visible()
        assert content.bounding_box() == before


# The header


def height_of(target: Locator) -> float:
    box = target.bounding_box()
    assert box
    return box["height"]


def in_view(target: Locator) -> bool:
    """Tell whether something is on the screen, and nothing above it."""
    return bool(
        target.evaluate(
            """(element) => {
                const { left, top, width, height } = element.getBoundingClientRect();
                const above = document.elementFromPoint(left + width / 2, top + height / 2);
                return element.contains(above);
            }"""
        )
    )


@pytest.mark.parametrize("width", [320, 390, 834, 1100, 1280])
def test_search_is_at_hand_wherever_one_has_scrolled(
    demo_site: Path, page: Browsing, width: int
) -> None:
    visit = page(demo_site / "agenda.html", viewport={"width": width, "height": 640})
    visit.page.evaluate("scrollTo(0, 2000)")
    visit.settle()
    button = visit.page.locator("#search-open")
    assert in_view(button)
    button.click()
    expect(visit.page.locator("#search-text")).to_be_focused()


def test_the_header_leaves_a_phone_its_screen(long_site: Path, page: Browsing) -> None:
    visit = page(long_site / "index.html", **PHONE)
    assert height_of(visit.page.locator("header.top")) <= 64


def test_the_menu_leads_to_every_index(demo_site: Path, page: Browsing) -> None:
    visit = page(demo_site / "index.html", **PHONE)
    menu = visit.page.locator("#menu")
    assert not menu.is_visible()
    visit.page.get_by_role("button", name="菜单").tap()
    menu.locator("summary", has_text="数据").tap()
    links = menu.get_by_role("link")
    led = {links.nth(number).get_attribute("href") for number in range(links.count())}
    assert led >= set(INDEXES)
    for number in range(links.count()):
        if links.nth(number).is_visible():
            assert height_of(links.nth(number)) >= 44
    menu.get_by_role("link", name="跟进动态").tap()
    visit.page.wait_for_url("**/activity.html")
    assert visit.page.locator("#menu [aria-current=page]").text_content() == "跟进动态"
    assert not visit.page.locator("#menu").is_visible()


def test_the_menu_marks_where_a_page_of_activity_lies(demo_site: Path, page: Browsing) -> None:
    visit = page(demo_site / "activity" / "2026-W47.html")
    assert visit.page.locator("#menu [aria-current]").text_content() == "跟进动态"
    assert visit.page.locator("#menu summary.here").inner_text() == "数据"


def test_the_menu_works_without_javascript(demo_site: Path, page: Browsing) -> None:
    visit = page(demo_site / "index.html", java_script_enabled=False, **PHONE)
    visit.page.get_by_role("button", name="菜单").tap()
    visit.page.locator("#menu").get_by_role("link", name="客户", exact=True).tap()
    assert visit.page.locator("h1").inner_text().startswith("客户")


def test_the_menu_of_a_phone_closes_by_escape_and_by_a_tap_elsewhere(
    demo_site: Path, page: Browsing
) -> None:
    visit = page(demo_site / "index.html", **PHONE)
    menu, button = visit.page.locator("#menu"), visit.page.get_by_role("button", name="菜单")
    button.tap()
    expect(menu).to_be_visible()
    visit.page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    button.tap()
    visit.page.touchscreen.tap(180, 620)
    expect(menu).to_be_hidden()


def test_the_open_menu_is_accessible(demo_site: Path, page: Browsing, axe: AxeRun) -> None:
    visit = page(demo_site / "views" / "closing.html", **PHONE)
    visit.page.get_by_role("button", name="菜单").tap()
    visit.page.locator("#menu .saved summary").tap()
    result = axe(visit)
    assert (result.violations, result.incomplete) == ((), ())


def test_the_views_menu_closes_by_a_click_elsewhere_and_by_escape(
    demo_site: Path, page: Browsing
) -> None:
    visit = page(demo_site / "index.html")
    summary = visit.page.locator(".views.saved summary")
    listed = visit.page.locator(".views.saved ul")
    summary.click()
    expect(listed).to_be_visible()
    visit.page.locator("h1").click()
    expect(listed).to_be_hidden()

    summary.click()
    listed.get_by_role("link").first.focus()
    visit.page.keyboard.press("Escape")
    expect(listed).to_be_hidden()
    expect(summary).to_be_focused()

    summary.click()
    listed.get_by_role("link").last.focus()
    visit.page.keyboard.press("Tab")
    expect(listed).to_be_hidden()


def test_one_menu_closes_the_other(demo_site: Path, page: Browsing) -> None:
    visit = page(demo_site / "customers" / "index.html")
    columns, how = (visit.page.locator("details.live-menu").nth(number) for number in (0, 1))
    columns.locator("summary").click()
    expect(columns).to_have_attribute("open", "")
    how.locator("summary").click()
    expect(columns).not_to_have_attribute("open", "")
    visit.page.keyboard.press("Escape")
    expect(how).not_to_have_attribute("open", "")


def test_keys_are_named_only_where_there_are_any(demo_site: Path, page: Browsing) -> None:
    for options, shown in (({}, True), (TOUCH, False)):
        visit = page(demo_site / "index.html", viewport={"width": 1280, "height": 800}, **options)
        assert visit.page.locator(".find kbd").is_visible() == shown


# Tables and charts


@pytest.mark.parametrize("width", [1100, 1280])
def test_the_head_of_a_wide_table_stays_in_sight(
    demo_site: Path, page: Browsing, width: int
) -> None:
    visit = page(demo_site / "index.html", viewport={"width": width, "height": 500})
    keys = ["stage", "level", "owner", "value", "expected_close", "last_contact", "next", "state"]
    keys += ["source", "industry", "business", "contacts", "tags", "created"]
    visit.page.evaluate("(keys) => localStorage.setItem('tracker.columns', keys)", json.dumps(keys))
    visit.page.goto((demo_site / "customers" / "index.html").as_uri())
    box = visit.page.locator(".live-table")
    head, far = (box.locator(f"th[data-key={key}]") for key in ("name", "tags"))
    # By a wheel over the table, until it and the page have nothing more to give.
    box.hover()
    for _ in range(20):
        visit.page.mouse.wheel(0, 400)
    expect(box.locator("tbody tr").last).to_be_in_viewport()
    assert in_view(head.locator("button"))
    visit.page.mouse.wheel(3000, 0)
    visit.page.wait_for_function(
        """() => {
            const box = document.querySelector(".live-table");
            return box.scrollLeft + box.clientWidth >= box.scrollWidth - 1;
        }"""
    )
    assert in_view(far.locator("button"))
    names = box.locator("tbody th a")
    assert in_view(names.nth(names.count() - 4))
    assert visit.page.evaluate(SIDEWAYS) <= 0


def test_rows_of_a_wide_table_are_drawn_while_its_box_scrolls(
    demo_site: Path, page: Browsing
) -> None:
    visit = page(demo_site / "index.html", viewport={"width": 1000, "height": 500})
    keys = ["stage", "level", "owner", "value", "next", "state", "source", "contacts", "tags"]
    visit.page.evaluate("(keys) => localStorage.setItem('tracker.columns', keys)", json.dumps(keys))
    visit.page.goto((demo_site / "customers" / "index.html").as_uri())
    box, rows = visit.page.locator(".live-table"), visit.page.locator(".live-rows tbody tr")
    expect(rows.first).to_have_attribute("data-place", "0")
    for share in (0.3, 0.7, 1):
        box.evaluate(
            "(box, share) => box.scrollTo(0, (box.scrollHeight - box.clientHeight) * share)", share
        )
        visit.page.wait_for_function(
            """() => {
                const box = document.querySelector(".live-table").getBoundingClientRect();
                const rows = [...document.querySelectorAll(".live-rows tbody tr")];
                const boxes = rows.map((row) => row.getBoundingClientRect());
                return Math.min(...boxes.map(({ top }) => top)) < box.top + 60
                    && Math.max(...boxes.map(({ bottom }) => bottom)) > box.bottom - 60;
            }"""
        )
    # Who comes back from a customer finds the box as it was left.
    customer = rows.nth(-4).locator("a")
    address = customer.evaluate("(link) => link.href")
    customer.evaluate("(link) => link.click()")
    visit.page.wait_for_url(address)  # The list lies among the customers, so no pattern tells.
    visit.page.go_back()
    expect(rows.last).to_have_attribute("data-place", "59")
    # By keyboard, too.
    rows.last.locator("a").focus()
    visit.page.keyboard.press("Home")
    expect(rows.first.locator("a")).to_be_focused()
    visit.page.keyboard.press("End")
    expect(rows.last.locator("a")).to_be_focused()
    assert int(rows.last.get_attribute("data-place") or 0) == 59


def test_the_head_of_a_long_list_stays_in_sight(demo_site: Path, page: Browsing) -> None:
    visit = page(demo_site / "service.html", viewport={"width": 1280, "height": 500})
    last = visit.page.locator("#entries ~ table tbody tr").last
    last.scroll_into_view_if_needed()
    assert in_view(visit.page.locator("#entries ~ table thead th").first)


def test_the_tables_of_numbers_fit_on_a_sheet(demo_site: Path, page: Browsing) -> None:
    # 190 mm of A4, which is what its margins leave.
    visit = page(demo_site / "analysis.html", viewport={"width": 718, "height": 1000})
    visit.page.emulate_media(media="print")
    cut = visit.page.locator(".numbers").evaluate_all(
        """(tables) => tables
            .filter((table) => table.getBoundingClientRect().right > document.body.clientWidth + 1)
            .map((table) => table.caption.textContent)"""
    )
    assert cut == []


def test_figures_stand_beside_their_labels_on_a_phone(demo_site: Path, page: Browsing) -> None:
    visit = page(demo_site / "analysis.html", **PHONE)
    figures = visit.page.locator("#win-rate ~ .figures .numbers tbody tr").first.locator(".num")
    heights = figures.evaluate_all("(cells) => cells.map((cell) => cell.offsetHeight)")
    assert heights
    assert max(heights) < 32


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_bars_stand_out(demo_site: Path, page: Browsing, scheme: Literal["light", "dark"]) -> None:
    visit = page(demo_site / "index.html", scheme=scheme)
    styles = visit.page.locator("svg[role=img] rect").evaluate_all(
        """(bars) => bars.map((bar) => {
            const { fill, stroke } = getComputedStyle(bar);
            return [stroke === "none" ? fill : stroke,
                getComputedStyle(document.body).backgroundColor];
        })"""
    )
    assert styles
    contrasts = {
        colours: visit.page.evaluate(CONTRAST, list(colours)) for colours in map(tuple, styles)
    }
    assert min(contrasts.values()) >= 3, contrasts


@pytest.mark.parametrize("scripts", [True, False])
def test_the_rows_of_many_figures_wait_until_they_are_asked_for(
    demo_site: Path, page: Browsing, *, scripts: bool
) -> None:
    visit = page(demo_site / "analysis.html", size="phone", java_script_enabled=scripts)
    figure = visit.page.locator('a[href*="analysis/activity.html#people-"]').last
    anchor = (figure.get_attribute("href") or "").partition("#")[2]
    figure.click()
    folds = visit.page.locator("details.fold")
    expect(visit.page.locator("details.fold[open]")).to_have_count(1)
    assert folds.count() > 20
    place = visit.page.locator(f'[id="{anchor}"]').bounding_box()
    assert place
    assert 0 < place["y"] < 200
    # Where there are few, none has to be opened.
    visit.page.goto((demo_site / "analysis" / "outlook.html").as_uri())
    assert visit.page.locator("table.rows").first.is_visible()
    assert not folds.count()
