"""A customer's page in a browser: the way along a list, filters, copying; and all of it without."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from tests.browser.conftest import AxeRun, Browsing

CUSTOMER = "customers/hengda-jingmi.html"


def visible(locator: Locator) -> int:
    """Return how many of the elements can be seen."""
    return sum(each.is_visible() for each in locator.all())


def name_of(shown: Page) -> str:
    return shown.locator("h1 > bdi").inner_text()


# --- Filters of the follow-ups ------------------------------------------------------------------


def test_methods_and_people_narrow_the_timeline(demo_site: Path, page: Browsing) -> None:
    shown = page(demo_site / CUSTOMER).page
    followups = shown.locator(".fu")
    assert visible(followups) == followups.count() == 14
    method = shown.get_by_role("group", name="方式")
    calls = method.get_by_role("button", name="电话")
    calls.click()
    assert calls.get_attribute("aria-pressed") == "true"
    assert visible(followups) == 3
    assert shown.get_by_role("status").get_by_text("显示 3 / 14 条").is_visible()
    method.get_by_role("button", name="面谈").click()
    assert visible(followups) == 6
    shown.get_by_role("group", name="联系人").get_by_role("button", name="陈建国").click()
    left = [each for each in followups.all() if each.is_visible()]
    assert 0 < len(left) < 6
    for each in left:
        assert "陈建国" in each.inner_text()
        assert each.locator("header .method").inner_text() in ("电话", "面谈")
    shown.get_by_role("button", name="显示全部").click()
    assert visible(followups) == 14
    assert not shown.get_by_role("button", name="显示全部").is_visible()


def test_filters_work_by_keyboard_and_all_is_printed(demo_site: Path, page: Browsing) -> None:
    shown = page(demo_site / CUSTOMER).page
    shown.get_by_role("button", name="短信").focus()
    shown.keyboard.press("Space")
    assert visible(shown.locator(".fu")) == 1
    shown.emulate_media(media="print")
    assert visible(shown.locator(".fu")) == 14
    assert not shown.locator("#sift").is_visible()


def test_a_link_to_a_follow_up_shows_it_whatever_is_filtered(
    demo_site: Path, page: Browsing
) -> None:
    shown = page(demo_site / CUSTOMER).page
    target = shown.locator(".fu[data-method=email]").first
    shown.get_by_role("button", name="短信").click()
    assert not target.is_visible()
    shown.evaluate("id => { location.hash = id; }", target.get_attribute("id"))
    target.wait_for(state="visible")
    assert visible(shown.locator(".fu")) == 14


# --- Copying ------------------------------------------------------------------------------------

WITHOUT_CLIPBOARD = "Object.defineProperty(navigator, 'clipboard', { value: undefined });"


@pytest.mark.parametrize("modern", [True, False], ids=["clipboard", "of old"])
def test_what_a_contact_is_reached_by_is_copied(
    demo_site: Path, page: Browsing, *, modern: bool
) -> None:
    shown = page(demo_site / CUSTOMER).page
    if not modern:
        shown.evaluate(WITHOUT_CLIPBOARD)
    shown.evaluate(
        """() => {
          globalThis.taken = [];
          if (navigator.clipboard) {
            navigator.clipboard.writeText = async (text) => { taken.push(text); };
          }
          document.addEventListener("copy", () => taken.push(document.activeElement.value));
        }"""
    )
    texts = [
        "江苏省苏州市工业园区示例路 8 号",
        "0512-0668-1234",
        "wang.fang@hengda.example.com",
        "钉钉 demo_hd_chenjianguo",
        "demo_wangfang_hd",
    ]
    for text in texts:
        shown.get_by_role("button", name=f"复制 {text}").click()
    shown.locator(".copy", has_text="已复制").nth(4).wait_for()
    assert shown.evaluate("taken") == texts
    assert shown.locator("#reach > [role=status]").inner_text() == "已复制"
    assert shown.get_by_role("button", name="已复制 demo_wangfang_hd").evaluate(
        "button => button === document.activeElement"
    )


def test_what_cannot_be_copied_is_selected(demo_site: Path, page: Browsing) -> None:
    shown = page(demo_site / CUSTOMER).page
    shown.evaluate(WITHOUT_CLIPBOARD + "document.execCommand = () => false;")
    shown.get_by_role("button", name="复制 demo_wangfang_hd").click()
    shown.locator("#reach > [role=status]", has_text="Ctrl-C").wait_for()
    assert shown.evaluate("getSelection().toString()") == "demo_wangfang_hd"


# --- The way along a list -----------------------------------------------------------------------


def test_without_a_list_the_page_leads_through_the_stage(demo_site: Path, page: Browsing) -> None:
    stage = page(demo_site / "stages" / "negotiation.html", java_script_enabled=False).page
    names = stage.locator("tbody th a:visible").all_inner_texts()
    shown = page(demo_site / "stages" / "negotiation.html", java_script_enabled=False).page
    shown.get_by_role("link", name=names[0]).click()
    along = shown.locator("#along")
    along.get_by_text(f"1 / {len(names)}").wait_for()
    assert along.locator("[rel=prev]").count() == 0
    seen = [name_of(shown)]
    while along.locator("[rel=next]").count():
        along.locator("[rel=next]").click()
        along.get_by_text(f"{len(seen) + 1} / {len(names)}").wait_for()
        seen.append(name_of(shown))
    assert seen == names
    along.get_by_role("link", name="商务谈判").click()
    shown.wait_for_url("**/stages/negotiation.html")


def test_the_page_leads_along_the_list_that_one_came_from(demo_site: Path, page: Browsing) -> None:
    shown = page(demo_site / "overdue.html").page
    group = shown.locator("section", has=shown.locator("h2", has_text="周涛")).first
    names = group.locator("tbody th a:visible").all_inner_texts()
    assert len(names) > 2
    group.get_by_role("link", name=names[1]).click()
    along = shown.locator("#along")
    along.get_by_text(f"2 / {len(names)}").wait_for()
    assert along.locator("[rel=prev]").inner_text() == names[0]
    along.locator("[rel=next]").click()
    along.get_by_text(f"3 / {len(names)}").wait_for()
    assert name_of(shown) == names[2]
    assert along.locator("[rel=prev]").inner_text() == names[1]
    along.get_by_role("link", name="周涛").click()
    shown.wait_for_url("**/overdue.html")


def test_a_customer_that_is_not_in_that_list_has_the_list_of_its_stage(
    demo_site: Path, page: Browsing
) -> None:
    shown = page(demo_site / "overdue.html").page
    table = shown.locator("main table").first
    names = table.locator("tbody th a:visible").all_inner_texts()
    table.locator("tbody th a:visible").first.click()
    shown.goto((demo_site / CUSTOMER).as_uri())
    assert name_of(shown) not in names
    shown.locator("#along").get_by_role("link", name="商务谈判").wait_for()


def test_the_live_table_leads_along_what_it_finds(demo_site: Path, page: Browsing) -> None:
    shown = page(demo_site / "customers" / "index.html").page
    shown.get_by_role("searchbox").fill("owner:周涛")
    shown.locator(".live-count", has_text=" / 60").and_(
        shown.locator(".live-count:not(:has-text('60 / 60'))")
    ).wait_for()
    total = int(shown.locator(".live-rows").get_attribute("aria-rowcount") or 0) - 1
    assert 2 < total < 20
    names = [text.strip() for text in shown.locator(".live-rows tbody a bdi").all_inner_texts()]
    shown.locator(".live-rows tbody a").nth(1).click()
    along = shown.locator("#along")
    along.get_by_text(f"2 / {total}").wait_for()
    assert along.locator("[rel=prev]").inner_text() == names[0]
    along.locator("[rel=next]").click()
    along.get_by_text(f"3 / {total}").wait_for()
    assert name_of(shown) == names[2]
    along.locator("[data-part=list]").click()
    shown.locator(".live-rows tbody a").nth(1).wait_for()
    assert shown.get_by_role("searchbox").input_value() == "owner:周涛"


def test_lists_lead_on_where_storage_is_refused(demo_site: Path, page: Browsing) -> None:
    shown = page(demo_site / "overdue.html").page
    refuse = "Object.defineProperty(globalThis, 'sessionStorage', {get() { throw new Error(); }});"
    shown.add_init_script(refuse)
    shown.reload()
    shown.locator("main tbody th a:visible").first.click()
    shown.locator("#along").wait_for()


# --- Without JavaScript -------------------------------------------------------------------------


def test_without_javascript_all_is_shown_and_no_control_is_dead(
    demo_site: Path, page: Browsing
) -> None:
    shown = page(demo_site / CUSTOMER, java_script_enabled=False).page
    assert visible(shown.locator(".fu")) == 14
    assert visible(shown.locator("main button")) == 0
    assert visible(shown.get_by_role("link", name="0512-0668-1234")) == 2


# --- Editing ------------------------------------------------------------------------------------


def test_nothing_is_cut_on_paper(
    page: Browsing, build_workspace: Callable[[dict[str, str]], Path]
) -> None:
    label = "Strategic key account that is served worldwide"
    site = build_workspace(
        {
            "tracker.yaml": f"language: en\nlevels: [{{id: A, label: {label}}}]\n",
            "records/acme.md": "---\nname: Acme Instruments and Sons\nstage: proposal\nlevel: A\n"
            "owner: Bartholomew Featherstonehaugh\ncreated: soon\n---\n\n"
            f"## 2026-11-20 call\n\nTheir log:\n\n```\n{'a line of code ' * 30}\n```\n",
        }
    )
    # 190 mm of A4, which is what its margins leave.
    visit = page(site / "customers" / "acme.html", viewport={"width": 718, "height": 1000})
    visit.page.emulate_media(media="print")
    for part in ("#followups ~ .timeline", ".said pre"):
        shown = visit.page.locator(part)
        assert shown.evaluate("(part) => part.scrollWidth <= part.clientWidth"), part
    name = visit.page.locator("h1")
    assert name.evaluate("(name) => name.offsetHeight") < 30


def test_the_file_and_the_lines_of_its_problems_can_be_opened(
    page: Browsing, axe: AxeRun, build_workspace: Callable[[dict[str, str]], Path]
) -> None:
    site = build_workspace(
        {
            "tracker.yaml": "edit_url: https://code.example.com/edit/{path}#L{line}\n",
            "records/a b.md": "---\nname: Acme\nstage: proposal\nowner: Li\nlevle: A\n---\n",
            "records/none.md": "no front matter\n",
        }
    )
    visit = page(site / "customers" / "a b.html")
    base = "https://code.example.com/edit/records/a%20b.md"
    link = visit.page.get_by_role("link", name="Edit this file")
    assert link.get_attribute("href") == f"{base}#L1"
    line = visit.page.get_by_role("link", name="edit line 5")
    assert line.get_attribute("href") == f"{base}#L5"
    assert axe(visit).violations == ()
    unreadable = page(site / "customers" / "none.html").page
    assert unreadable.get_by_role("link", name="edit line 1").first.is_visible()
