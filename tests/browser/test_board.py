"""The board in a browser: filter and address, keyboard, phone, and without JavaScript."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal
from urllib.parse import unquote

import pytest

from tests.browser.conftest import RULES_OF

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.browser.conftest import AxeRun, Browsing, Visit

SHOWN = ".card >> visible=true"


def open_all(visit: Visit) -> None:
    """Unfold the columns of what is over."""
    visit.page.evaluate(
        "document.querySelectorAll('.column').forEach((each) => { each.open = true })"
    )


def test_a_filter_shows_one_owner_and_counts_anew(demo_site: Path, page: Browsing) -> None:
    visit = page(demo_site / "board.html")
    open_all(visit)
    assert visit.page.locator(SHOWN).count() == 60
    visit.page.get_by_label("负责人").select_option(label="李雷 (16)")
    assert visit.page.locator("#board-count").inner_text() == "16 家客户"
    assert visit.page.locator(SHOWN).count() == 16
    assert set(visit.page.locator(".card .l2 bdi >> visible=true").all_inner_texts()) == {"李雷"}
    first = visit.page.locator(".column").first
    assert first.locator(".count").inner_text() == str(first.locator(SHOWN).count())
    assert unquote(visit.page.url).endswith("board.html?owner=李雷")

    visit.page.get_by_label("等级").select_option(index=1)
    both = visit.page.locator(SHOWN).count()
    assert 0 < both < 16
    assert visit.page.locator("#board-count").inner_text() == f"{both} 家客户"
    assert unquote(visit.page.url).endswith("board.html?owner=李雷&level=A")

    visit.page.get_by_role("button", name="显示全部").click()
    assert visit.page.locator(SHOWN).count() == 60
    assert visit.page.url.endswith("board.html")


def test_amounts_are_those_of_the_cards_and_come_back(demo_site: Path, page: Browsing) -> None:
    visit = page(demo_site / "board.html")
    open_all(visit)
    before = visit.page.locator(".column .sum").all_inner_texts()
    select = visit.page.get_by_label("负责人")
    sums: dict[tuple[int, str], float] = {}
    for owner in range(1, select.locator("option").count()):
        select.select_option(index=owner)
        for number, column in enumerate(visit.page.locator(".column").all()):
            shown = column.locator(".sum").inner_text().split()
            cards = column.locator(".card .amount >> visible=true").all_inner_texts()
            assert totals(shown) == totals(cards)
            for prefix, amount in totals(shown).items():
                sums[number, prefix] = sums.get((number, prefix), 0) + amount
    select.select_option(index=0)
    assert visit.page.locator(".column .sum").all_inner_texts() == before
    for number, text in enumerate(before):
        assert totals(text.split()) == {
            prefix: amount for (column, prefix), amount in sums.items() if column == number
        }


def totals(amounts: list[str]) -> dict[str, float]:
    """Return the sums of amounts by what stands before them."""
    found: dict[str, float] = {}
    for amount in amounts:
        digits = amount.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ$€£¥")
        prefix = amount.removesuffix(digits)
        found[prefix] = found.get(prefix, 0) + float(digits.replace(",", ""))
    return found


def test_an_address_with_a_filter_can_be_sent(demo_site: Path, page: Browsing) -> None:
    visit = page((demo_site / "board.html").as_uri() + "?owner=%E9%99%88%E9%9D%99&level=nothing")
    assert (
        visit.page.get_by_label("负责人").locator("option:checked").inner_text().startswith("陈静")
    )
    assert visit.page.get_by_label("等级").locator("option:checked").inner_text() == "全部"
    assert set(visit.page.locator(".card .l2 bdi >> visible=true").all_inner_texts()) == {"陈静"}


def test_arrows_go_from_card_to_card(demo_site: Path, page: Browsing) -> None:
    visit = page(demo_site / "board.html")
    column = visit.page.locator(".column")
    links = [column.nth(number).locator(".card .l1 a") for number in (0, 1)]

    def focused() -> str:
        return str(visit.page.evaluate("document.activeElement.textContent"))

    links[0].first.focus()
    visit.page.keyboard.press("ArrowDown")
    assert focused() == links[0].nth(1).inner_text()
    visit.page.keyboard.press("ArrowRight")
    assert focused() == links[1].nth(1).inner_text()
    visit.page.keyboard.press("Home")
    assert focused() == links[1].first.inner_text()
    visit.page.keyboard.press("ArrowLeft")
    visit.page.keyboard.press("ArrowUp")
    assert focused() == links[0].first.inner_text()
    visit.page.keyboard.press("End")
    assert focused() == links[0].last.inner_text()


def test_a_column_that_is_cut_leads_to_all_that_the_filter_finds(
    page: Browsing, build_workspace: Callable[[dict[str, str]], Path]
) -> None:
    record = "---\nname: Customer {0}\nstage: proposal\nowner: {1}\n---\n"
    files = {f"records/c{n}.md": record.format(n, "Li Lei" if n % 2 else "Han") for n in range(240)}
    visit = page(build_workspace({"tracker.yaml": "language: en\n", **files}) / "board.html")
    column = visit.page.locator(".column", has_text="Proposal").first
    assert column.locator(SHOWN).count() == 100
    assert column.locator(".more a").get_attribute("href") == "stages/proposal.html"
    visit.page.get_by_label("Owner").select_option(label="Li Lei (120)")
    assert column.locator(".count").inner_text() == "120"
    column.get_by_role("link", name="Show all 120").click()
    visit.page.locator(".live-rows tbody tr").first.wait_for()
    assert visit.page.get_by_label("Filter", exact=True).input_value() == (
        'stage:proposal owner:"Li Lei"'
    )
    assert "120" in visit.page.locator(".live-count").inner_text()


@pytest.mark.parametrize(
    ("choice", "option", "query"),
    [
        ("Level", "without (30)", "stage:won -has:level"),
        ("Owner", 'Tim "Bo" Hu (30)', 'stage:won owner:Tim-"Bo"-Hu'),
        ("Owner", "Zoe (30)", "stage:won owner=Zoe"),
        ("Owner", "without (30)", "stage:won -has:owner"),
    ],
)
def test_whatever_is_chosen_can_be_asked_of_the_table(
    choice: str,
    option: str,
    query: str,
    page: Browsing,
    build_workspace: Callable[[dict[str, str]], Path],
) -> None:
    config = "language: en\nowners: ['Tim \"Bo\" Hu', Ann]\n"
    files = {"tracker.yaml": config}
    kinds = ("owner: Ann", "level: A\nowner: 'Tim \"Bo\" Hu'", "level: A\nowner: Zoe", "level: A")
    for number in range(120):
        own = kinds[number % 4]
        files[f"records/c{number}.md"] = f"---\nname: Customer {number}\nstage: won\n{own}\n---\n"
    visit = page(build_workspace(files) / "board.html")
    visit.page.get_by_label(choice).select_option(label=option)
    column = visit.page.locator(".column", has_text="won").first
    column.locator("summary").click()
    column.get_by_role("link", name="Show all 30").click()
    visit.page.locator(".live-rows tbody tr").first.wait_for()
    assert visit.page.get_by_label("Filter", exact=True).input_value() == query
    assert visit.page.locator(".live-count").inner_text() == "30 of 120"


def test_a_phone_scrolls_from_column_to_column(demo_site: Path, page: Browsing) -> None:
    visit = page(demo_site / "board.html", size="phone")
    board = visit.page.locator("#board")
    assert board.evaluate("(board) => board.scrollWidth > 2 * board.clientWidth")
    second = visit.page.locator(".column").nth(1)
    second.scroll_into_view_if_needed()
    assert second.is_visible()
    assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    tall = visit.page.get_by_label("负责人").evaluate("(select) => select.offsetHeight")
    assert tall >= 44


def test_what_is_long_on_a_card_leaves_the_name_its_room(
    page: Browsing, build_workspace: Callable[[dict[str, str]], Path]
) -> None:
    site = build_workspace(
        {
            "tracker.yaml": "language: en\nlevels: [{id: A, label: Strategic key account}]\n",
            "records/acme.md": "---\nname: Acme Instruments\nstage: proposal\nlevel: A\n"
            "owner: Bartholomew Featherstonehaugh\nvalue: 12345678900 VND\ncreated: soon\n---\n",
        }
    )
    card = page(site / "board.html").page.locator(".card")
    for part in (card.locator("a").first, card.locator(".l2 bdi").first):
        assert part.evaluate("(element) => element.offsetHeight") < 30, part.inner_text()
    inside = """(card) => [...card.querySelectorAll(".chip, .st, .amount")].every((part) =>
        part.getBoundingClientRect().right <= card.getBoundingClientRect().right)"""
    assert card.evaluate(inside)


def test_the_way_back_leads_to_the_column_that_was_left(demo_site: Path, page: Browsing) -> None:
    visit = page(demo_site / "board.html", size="phone")
    board = visit.page.locator("#board")
    third = visit.page.locator(".column").nth(2)
    third.evaluate("(column) => column.scrollIntoView({ inline: 'start', block: 'nearest' })")
    visit.page.wait_for_function("() => document.getElementById('board').scrollLeft > 100")
    left = board.evaluate("(board) => board.scrollLeft")
    third.locator(".card a").first.evaluate("(link) => link.click()")  # As soon as it is there.
    visit.page.wait_for_url("**/customers/*.html")
    visit.page.go_back()
    assert left > 100
    assert board.evaluate("(board) => board.scrollLeft") == left
    # Whoever comes by a link begins at the first column.
    visit.page.goto((demo_site / "index.html").as_uri())
    visit.page.goto((demo_site / "board.html").as_uri())
    assert board.evaluate("(board) => board.scrollLeft") == 0


def test_everything_is_there_without_javascript(demo_site: Path, page: Browsing) -> None:
    visit = page(demo_site / "board.html", java_script_enabled=False)
    assert not visit.page.get_by_label("负责人").is_visible()
    visit.page.locator("summary", has_text="未成交").click()
    assert visit.page.locator("details.lost .card").first.is_visible()
    assert visit.page.locator(".card").count() == 60


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_unfolded_and_filtered_it_is_accessible(
    demo_site: Path, page: Browsing, axe: AxeRun, scheme: Literal["light", "dark"]
) -> None:
    visit = page((demo_site / "board.html").as_uri() + "?owner=李雷", scheme=scheme)
    open_all(visit)
    result = axe(visit, only=RULES_OF[scheme])
    assert (result.violations, result.incomplete) == ((), ())
