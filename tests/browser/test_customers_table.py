"""The live table of customers: filter, order, columns, selection, address, cards, saved views."""

from __future__ import annotations

import csv
import functools
import io
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import parse_qs, urlsplit
from urllib.request import url2pathname

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import RULES_OF
from tests.browser.static_host import static_host
from tracker.exchange.spreadsheet_text import defuse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Locator

    from tests.browser.conftest import AxeRun, Browsing, Visit

NOON = "2026-11-24T12:00:00+08:00"
MANY = 400
WAIT = 700
"""Milliseconds after which a query that is still wrong is called wrong."""


class Table:
    """The table on a page that was opened."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.page = visit.page
        self.query = self.page.locator("[data-part=query]")

    @property
    def names(self) -> list[str]:
        """The customers that are drawn."""
        return self.page.locator(".live-rows tbody th a").all_inner_texts()

    @property
    def counted(self) -> tuple[int, int]:
        """How many are found, and of how many."""
        text = self.page.locator("[data-part=count]").inner_text().replace(",", "")
        found, total = text.replace(" of ", " / ").split(" / ")
        return int(found), int(total)

    def ask(self, text: str) -> None:
        """Type a query, whole, and leave the box."""
        self.query.fill(text)
        self.query.dispatch_event("change")

    def heading(self, key: str) -> Locator:
        """The heading of a column."""
        return self.page.locator(f"th[data-key={key}]")

    def column(self, number: int) -> list[str]:
        """The cells of a column that are drawn; the name is number 2."""
        cells = self.page.locator(f".live-rows tbody tr > :nth-child({number})")
        return [text.strip() for text in cells.all_inner_texts()]

    def asked_by_address(self) -> dict[str, list[str]]:
        """What the address holds, as soon as it has been written."""
        # The page's own clock, on which it writes after 200 ms: a busy machine delays both alike.
        self.page.evaluate("() => new Promise((done) => setTimeout(done, 300))")
        return parse_qs(urlsplit(self.page.url).query, keep_blank_values=True)


def open_table(
    page: Browsing,
    address: str,
    now: str = NOON,
    size: Literal["desktop", "phone"] = "desktop",
    scheme: Literal["light", "dark"] = "light",
) -> Table:
    visit = page("about:blank", size=size, scheme=scheme, allow=["http://127.0.0.1:"])
    visit.page.clock.set_fixed_time(now)
    visit.page.goto(address)
    visit.page.locator(".live.ready").wait_for()
    return Table(visit)


@pytest.fixture(scope="module")
def customers(demo_site: Path) -> str:
    return (demo_site / "customers" / "index.html").as_uri()


@pytest.fixture
def many(build_once: Callable[[str, dict[str, str]], Path]) -> str:
    """A table with more rows than a screen shows."""
    record = "---\nname: Customer {0}\nstage: proposal\nlevel: {1}\nowner: Li\nvalue: {2}\n---\n"
    records = {
        f"records/c{n:03}.md": record.format(n, "ABC"[n % 3], 1000 + n * 7 % 500)
        for n in range(MANY)
    }
    site = build_once("many", {"tracker.yaml": "language: en\n", **records})
    return (site / "customers" / "index.html").as_uri()


# --- The filter -------------------------------------------------------------------------------


def test_the_table_takes_the_place_of_the_static_one(page: Browsing, customers: str) -> None:
    table = open_table(page, customers)
    assert table.counted == (60, 60)
    assert not table.page.locator("#static").is_visible()
    assert table.page.locator(".live-rows").get_attribute("aria-rowcount") == "61"


def test_typing_filters(page: Browsing, customers: str) -> None:
    table = open_table(page, customers)
    table.query.press_sequentially("恒达")
    assert table.names == ["恒达精密机械有限公司"]
    assert table.counted == (1, 60)
    link = table.page.get_by_role("link", name="恒达精密机械有限公司")
    assert link.get_attribute("href") == "../customers/hengda-jingmi.html"
    link.click()
    expect(table.page.locator("h1")).to_contain_text("恒达精密机械有限公司")


def test_where_nothing_is_found_the_filter_is_cleared_with_a_click(
    page: Browsing, customers: str
) -> None:
    table = open_table(page, customers)
    clear = table.page.get_by_role("button", name="清除筛选")
    assert not clear.is_visible()
    table.ask("没有这家")
    clear.click()
    assert (table.query.input_value(), table.counted) == ("", (60, 60))
    assert not clear.is_visible()
    expect(table.query).to_be_focused()


def test_the_language_of_queries_is_understood(page: Browsing, customers: str) -> None:
    table = open_table(page, customers)
    table.ask("阶段:商务谈判 level:A -负责人:李雷")
    found, total = table.counted
    assert 0 < found < total
    assert set(table.column(3)) == {"商务谈判"}
    assert set(table.column(4)) == {"A"}
    assert "李雷" not in table.column(5)


def test_a_wrong_query_finds_nothing_and_says_why(page: Browsing, customers: str) -> None:
    table = open_table(page, customers)
    table.query.press_sequentially("阶段:商务谈")
    wrong = table.page.locator("[data-part=wrong]")
    expect(wrong).to_contain_text("商务谈判")
    assert wrong.get_attribute("aria-live") == "polite"
    assert wrong.locator("mark").inner_text() == "商务谈"
    assert table.query.get_attribute("aria-invalid") == "true"
    assert table.counted == (0, 60)
    wrong.get_by_role("button", name="改为 商务谈判").click()
    assert table.query.input_value() == "阶段:商务谈判"
    assert table.query.get_attribute("aria-invalid") is None
    assert not wrong.inner_text()
    assert table.counted[0] > 0


def test_what_is_being_typed_is_not_called_wrong_at_once(page: Browsing, customers: str) -> None:
    table = open_table(page, customers)
    table.query.fill("等级:")
    assert not table.page.locator("[data-part=wrong]").inner_text()
    assert table.counted == (60, 60)
    table.query.press_sequentially("A")
    table.page.wait_for_timeout(WAIT)
    assert not table.page.locator("[data-part=wrong]").inner_text()
    assert 0 < table.counted[0] < 60


def test_pinyin_on_its_way_to_characters_is_not_asked(page: Browsing, customers: str) -> None:
    table = open_table(page, customers)
    table.query.evaluate(
        "box => { box.value = 'heng da';"
        " box.dispatchEvent(new InputEvent('input', { isComposing: true, bubbles: true })); }"
    )
    assert table.counted == (60, 60)
    table.query.evaluate(
        "box => { box.value = '恒达'; box.dispatchEvent(new CompositionEvent('compositionend')); }"
    )
    assert table.counted == (1, 60)


def test_nothing_found_is_said(page: Browsing, customers: str) -> None:
    table = open_table(page, customers)
    table.ask("没有这样的客户")
    assert table.counted == (0, 60)
    assert table.page.get_by_text("没有符合条件的客户。").is_visible()
    table.query.press("Escape")
    assert table.counted == (60, 60)


def test_buttons_write_the_query(page: Browsing, customers: str) -> None:
    table = open_table(page, customers)
    button = functools.partial(table.page.locator(".live-chips").get_by_role, "button")
    button(name="逾期").click()
    assert table.query.input_value() == "状态:逾期"
    assert button(name="逾期").get_attribute("aria-pressed") == "true"
    late = table.counted[0]
    assert late > 0
    button(name="今天").click()
    assert table.query.input_value() == "状态:逾期,今天"
    assert table.counted[0] > late
    button(name="李雷").click()
    assert table.query.input_value() == "状态:逾期,今天 负责人:李雷"
    assert set(table.column(5)) == {"李雷"}
    button(name="逾期").click()
    button(name="今天").click()
    assert table.query.input_value() == "负责人:李雷"
    assert button(name="今天").get_attribute("aria-pressed") == "false"


def test_buttons_know_other_spellings(page: Browsing, customers: str) -> None:
    table = open_table(page, customers)
    table.ask('owner:"Li Lei" -level:A')
    button = functools.partial(table.page.locator(".live-chips").get_by_role, "button")
    assert button(name="李雷").get_attribute("aria-pressed") == "true"
    assert button(name="A", exact=True).get_attribute("aria-pressed") == "false"
    button(name="陈静").click()
    assert table.query.input_value() == 'owner:"Li Lei",陈静 -level:A'
    button(name="李雷").click()
    assert table.query.input_value() == "owner:陈静 -level:A"


def test_a_button_of_a_name_with_quotes(
    page: Browsing, build_workspace: Callable[[dict[str, str]], Path]
) -> None:
    record = "---\nname: {0}\nstage: won\nowner: '{1}'\n---\n"
    names = {"a": 'Tim "Bo" Hu', "b": "Ann"}
    site = build_workspace(
        {
            "tracker.yaml": "language: en\nowners: ['Tim \"Bo\" Hu', Ann]\n",
            **{f"records/{key}.md": record.format(key, name) for key, name in names.items()},
        }
    )
    table = open_table(page, (site / "customers" / "index.html").as_uri())
    button = table.page.locator(".live-chips").get_by_role("button", name='Tim "Bo" Hu')
    button.click()
    assert table.query.input_value() == 'owner:Tim-"Bo"-Hu'
    assert button.get_attribute("aria-pressed") == "true"
    assert table.page.locator(".live-count").inner_text() == "1 of 2"
    button.click()
    assert table.query.input_value() == ""


def test_amounts_are_written_as_without_javascript(
    page: Browsing, build_workspace: Callable[[dict[str, str]], Path]
) -> None:
    amounts = ("1,250,000.50 EUR", "12.3", "7", "0.125 USD", "1234.00")
    record = "---\nname: Customer {0}\nstage: won\nowner: Li\nlevel: A\nvalue: {1}\n---\n"
    records = {f"records/c{n}.md": record.format(n, text) for n, text in enumerate(amounts)}
    site = build_workspace({"tracker.yaml": "language: en\n", **records})
    address = site / "customers" / "index.html"
    written = page(address, java_script_enabled=False).page.locator("#static td.num")
    shown = open_table(page, address.as_uri()).page.locator(".live-rows td.num")
    expected = ["€1,250,000.50", "$12.30", "$7", "$0.125", "$1,234"]
    assert written.all_inner_texts() == shown.all_inner_texts() == expected
    board = page(site / "board.html").page
    sums = board.locator(".column", has_text="won").locator(".sum").first
    whole = sums.inner_text()
    board.get_by_label("Level").select_option(label="A (5)")
    assert sums.inner_text() == whole
    assert whole.split() == ["$1,253.425", "€1,250,000.50"]


def test_weighted_amounts_are_rounded_as_on_the_pages(
    page: Browsing, build_workspace: Callable[[dict[str, str]], Path]
) -> None:
    record = "---\nname: Acme\nstage: proposal\nowner: Li\nvalue: 5 USD\n---\n"
    site = build_workspace({"tracker.yaml": "language: en\n", "records/acme.md": record})
    visit = page(site / "customers" / "acme.html")
    written = visit.page.locator("dt", has_text="Weighted").locator("+ dd").inner_text()
    visit.page.evaluate("localStorage.setItem('tracker.columns', '[\"weighted_value\"]')")
    visit.page.goto((site / "customers" / "index.html").as_uri())
    assert visit.page.locator(".live-rows td.num").inner_text() == written == "$3"


# --- The address ------------------------------------------------------------------------------


def test_the_address_holds_filter_and_order(page: Browsing, customers: str) -> None:
    table = open_table(page, customers)
    table.ask("等级:A,B 负责人:李雷")
    table.heading("value").get_by_role("button").click()
    assert table.asked_by_address() == {"q": ["等级:A,B 负责人:李雷"], "sort": ["-value"]}
    again = open_table(page, table.page.url)
    assert again.query.input_value() == "等级:A,B 负责人:李雷"
    assert again.names == table.names
    assert again.heading("value").get_attribute("aria-sort") == "descending"
    again.ask("")
    again.heading("value").get_by_role("button").click()
    again.heading("value").get_by_role("button").click()
    assert again.asked_by_address() == {}
    assert again.page.url == customers


def test_an_address_may_have_them_behind_its_hash(page: Browsing, customers: str) -> None:
    table = open_table(page, f"{customers}#q=level:A&sort=name")
    assert table.query.input_value() == "level:A"
    assert table.heading("name").get_attribute("aria-sort") == "ascending"


def test_a_wrong_query_in_the_address_is_shown_at_once(page: Browsing, customers: str) -> None:
    table = open_table(page, f"{customers}?q=stge:1&sort=nothing")
    assert table.page.locator("[data-part=wrong] mark").inner_text() == "stge"
    assert table.counted == (0, 60)


@pytest.fixture
def served(demo_site: Path) -> Iterator[str]:
    """The demo site in a sub-folder of a static host."""
    with static_host(demo_site.parent) as host:
        yield f"{host.address}{demo_site.name}"


def test_all_works_in_a_sub_folder_of_a_host(page: Browsing, served: str) -> None:
    table = open_table(page, f"{served}/customers/")
    table.ask("恒达")
    assert table.asked_by_address() == {"q": ["恒达"]}
    folder = urlsplit(served).path
    assert urlsplit(table.page.url).path == f"{folder}/customers/"
    table.page.reload()
    table.page.locator(".live.ready").wait_for()
    assert table.names == ["恒达精密机械有限公司"]
    table.page.get_by_role("link", name="恒达精密机械有限公司").click()
    assert urlsplit(table.page.url).path == f"{folder}/customers/hengda-jingmi.html"
    table.page.go_back()
    table.page.locator(".live.ready").wait_for()
    assert table.query.input_value() == "恒达"


# --- Order ------------------------------------------------------------------------------------


def test_columns_order_the_rows(page: Browsing, customers: str) -> None:
    table = open_table(page, customers)
    usual = table.names
    heading = table.heading("name")
    heading.get_by_role("button").click()
    assert heading.get_attribute("aria-sort") == "ascending"
    chinese = [name for name in table.names if "\u4e00" <= name[0] <= "\u9fff"]
    by_browser = table.page.evaluate(
        "names => names.sort(new Intl.Collator('zh-CN').compare)", list(chinese)
    )
    assert chinese == by_browser
    heading.get_by_role("button").press("Enter")
    assert heading.get_attribute("aria-sort") == "descending"
    heading.get_by_role("button").press("Enter")
    assert heading.get_attribute("aria-sort") is None
    assert table.names == usual


def test_words_go_by_their_vocabulary_and_absent_values_last(
    page: Browsing, build_workspace: Callable[[dict[str, str]], Path]
) -> None:
    record = "---\nname: {}\nstage: {}\nowner: Li\n{}---\n"
    site = build_workspace(
        {
            "tracker.yaml": "language: en\nrates: {CNY: 0.14}\n",
            "records/c000.md": record.format("Won", "won", "value: 5000 CNY\n"),
            "records/c001.md": record.format("First", "initial contact", ""),
            "records/c002.md": record.format("Talks", "negotiation", "value: 1000 USD\n"),
        }
    )
    table = open_table(page, (site / "customers" / "index.html").as_uri())
    table.heading("stage").get_by_role("button").click()
    assert table.names == ["First", "Talks", "Won"]
    table.heading("stage").get_by_role("button").click()
    assert table.names == ["Won", "Talks", "First"]
    # 5000 yuan are worth 700 dollars; without an amount comes last in both directions.
    table.heading("value").get_by_role("button").click()
    assert table.names == ["Talks", "Won", "First"]
    table.heading("value").get_by_role("button").click()
    assert table.names == ["Won", "Talks", "First"]


def test_currencies_without_a_rate_come_last_in_both_directions(
    page: Browsing, build_workspace: Callable[[dict[str, str]], Path]
) -> None:
    record = "---\nname: {}\nstage: won\nowner: Li\nvalue: {}\n---\n"
    amounts = {"Yen": "9 JPY", "Large": "500 USD", "Small": "5 USD", "Euro": "8 EUR"}
    records = {f"records/{key}.md": record.format(key, text) for key, text in amounts.items()}
    site = build_workspace({"tracker.yaml": "language: en\n", **records})
    table = open_table(page, (site / "customers" / "index.html").as_uri())
    table.heading("value").get_by_role("button").click()
    assert table.names == ["Large", "Small", "Euro", "Yen"]
    table.heading("value").get_by_role("button").click()
    assert table.names == ["Small", "Large", "Euro", "Yen"]


def test_the_most_urgent_state_comes_first(page: Browsing, customers: str) -> None:
    table = open_table(page, f"{customers}?q=is:overdue,today&sort=state")
    states = table.column(10)
    days = [int(text.split()[1]) for text in states if text.startswith("逾期")]
    assert len(days) > 2
    assert days == sorted(days, reverse=True)
    assert [text for text in states if text.startswith("逾期")] == states[: len(days)]
    assert "今天" in states[-1]


# --- Only what is in sight --------------------------------------------------------------------


def test_only_rows_in_sight_are_drawn(page: Browsing, many: str) -> None:
    table = open_table(page, many)
    assert table.counted == (MANY, MANY)
    assert len(table.names) < 60
    everyone = table.page.evaluate("document.documentElement.scrollHeight")
    assert everyone > 40 * MANY
    table.page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    last = table.page.locator(".live-rows tbody tr").last
    expect(last).to_have_attribute("aria-rowindex", str(MANY + 1))
    assert last.is_visible()
    assert table.page.evaluate("document.documentElement.scrollHeight") == everyone
    assert len(table.names) < 60


def test_the_keyboard_goes_from_row_to_row(page: Browsing, many: str) -> None:
    table = open_table(page, many)
    table.page.locator(".live-rows tbody a").first.focus()
    focused = "document.activeElement.closest('tr')?.getAttribute('aria-rowindex')"
    for key, row in [("ArrowDown", 3), ("PageDown", 13), ("End", MANY + 1), ("ArrowUp", MANY)]:
        table.page.keyboard.press(key)
        assert table.page.evaluate(focused) == str(row)
        assert table.page.evaluate("document.activeElement.tagName") == "A"
        box = table.page.locator(":focus").bounding_box()
        assert box
        assert 0 <= box["y"] <= 800
    table.page.keyboard.press("Home")
    assert table.page.evaluate(focused) == "2"
    # Scrolled out of sight, the focus stays with the table.
    table.page.evaluate("scrollTo(0, 10000)")
    table.page.wait_for_timeout(200)
    assert table.page.evaluate("document.activeElement.dataset.part") == "table"
    table.page.keyboard.press("Tab")
    assert table.page.evaluate("document.activeElement.closest('table') !== null")


def test_paper_gets_every_row(page: Browsing, many: str) -> None:
    table = open_table(page, many)
    table.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert len(table.names) == MANY
    assert not table.page.locator("[data-part=cut]").is_visible()
    table.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert len(table.names) < 60


def test_paper_says_what_it_leaves_out(page: Browsing, many: str, tmp_path: Path) -> None:
    built = Path(url2pathname(urlsplit(many).path)).parent.parent
    folder = shutil.copytree(built, tmp_path / "site")
    script = folder / "assets" / "table.js"
    limit = "const PRINTED = 2000;"
    assert limit in script.read_text("utf-8")
    text = script.read_text("utf-8").replace(limit, "const PRINTED = 300;")
    script.write_text(text, "utf-8")
    table = open_table(page, (folder / "customers" / "index.html").as_uri())
    cut = table.page.locator("[data-part=cut]")
    table.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert len(table.names) == 300
    told = f"Only the first 300 of {MANY} rows are on paper: filter for fewer."
    assert cut.inner_text() == told
    table.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert not cut.is_visible()


# --- Columns ----------------------------------------------------------------------------------


def test_the_choice_of_columns_is_remembered(page: Browsing, customers: str) -> None:
    table = open_table(page, customers)
    table.page.get_by_text("列", exact=True).click()
    box = functools.partial(table.page.get_by_role, "checkbox")
    assert box(name="客户", exact=True).is_disabled()
    box(name="所属行业").check()
    box(name="产线数量").check()
    box(name="下次跟进").uncheck()
    assert table.heading("industry").is_visible()
    assert table.heading("next").count() == 0
    table.page.reload()
    table.page.locator(".live.ready").wait_for()
    assert table.heading("lines").is_visible()
    assert table.heading("next").count() == 0
    table.heading("lines").get_by_role("button").click()
    lines = [int(text) for text in table.column(11) if text]
    assert lines
    assert lines == sorted(lines, reverse=True)
    table.page.get_by_text("列", exact=True).click()
    table.page.get_by_role("button", name="恢复默认").click()
    assert table.heading("industry").count() == 0
    assert table.heading("next").is_visible()
    table.page.keyboard.press("Escape")
    assert not table.page.get_by_role("button", name="恢复默认").is_visible()


def test_without_storage_the_table_works(page: Browsing, customers: str) -> None:
    visit = page("about:blank")
    visit.page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('no') } })"
    )
    visit.page.goto(customers)
    visit.page.locator(".live.ready").wait_for()
    table = Table(visit)
    table.page.get_by_text("列", exact=True).click()
    table.page.get_by_role("checkbox", name="所属行业").check()
    assert table.heading("industry").is_visible()


# --- Selection and CSV ------------------------------------------------------------------------


def downloaded(table: Table) -> list[list[str]]:
    with table.page.expect_download() as waiting:
        table.page.locator("[data-part=save]").click()
    assert waiting.value.suggested_filename.endswith("-2026-11-24.csv")
    data = waiting.value.path().read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    text = data.decode("utf-8-sig")
    assert text.endswith("\r\n")
    return list(csv.reader(io.StringIO(text, newline="")))


def test_what_is_found_goes_into_a_file(page: Browsing, customers: str) -> None:
    table = open_table(page, f"{customers}?q=恒达精密")
    header, row = downloaded(table)
    cells = dict(zip(header, row, strict=True))
    assert cells["ID"] == "hengda-jingmi"
    assert cells["客户"] == "恒达精密机械有限公司"
    assert cells["预计金额"] == "480000"
    assert cells["预计金额 · 币种"] == "CNY"
    assert cells["下次日期"] == "2026-11-27"
    assert cells["逾期天数"] == "0"


def test_picked_rows_go_into_a_file(page: Browsing, customers: str) -> None:
    table = open_table(page, customers)
    boxes = table.page.locator(".live-rows tbody input")
    boxes.nth(1).click()
    boxes.nth(4).click(modifiers=["Shift"])
    assert table.page.get_by_text("已选 4 家").is_visible()
    names = table.names[1:5]
    boxes.nth(2).click()
    del names[1]
    rows = downloaded(table)
    assert [row[1] for row in rows[1:]] == names
    table.page.get_by_role("button", name="取消选择").click()
    assert len(downloaded(table)) == 61


def test_all_that_are_found_can_be_picked(page: Browsing, many: str) -> None:
    table = open_table(page, f"{many}?q=level:A")
    everyone = table.page.get_by_role("checkbox", name="Select all that are found")
    everyone.check()
    found = table.counted[0]
    assert 100 < found < MANY
    table.ask("")
    assert everyone.evaluate("box => box.indeterminate")
    assert len(downloaded(table)) == found + 1
    table.ask("level:A")
    everyone.uncheck()
    assert not table.page.locator("[data-part=picked]").inner_text()


def test_no_cell_is_a_formula(
    page: Browsing, build_workspace: Callable[[dict[str, str]], Path]
) -> None:
    record = "---\nname: {}\nstage: proposal\nowner: {}\nvalue: 5\n---\n"
    site = build_workspace(
        {
            "tracker.yaml": "language: en\n",
            "records/a.md": record.format("'=1+1'", "'@SUM(A1)'"),
            "records/b.md": record.format("'+49 \"x\", y'", "'-cmd'"),
            "records/c.md": record.format("'<b>bold</b>'", "＝1+1"),
        }
    )
    table = open_table(page, (site / "customers" / "index.html").as_uri() + "?sort=owner")
    assert "<b>bold</b>" in table.names
    rows = {row[0]: row for row in downloaded(table)[1:]}
    assert [rows[name][1] for name in "abc"] == ["'=1+1", '\'+49 "x", y', "<b>bold</b>"]
    assert {row[4] for row in rows.values()} == {"'@SUM(A1)", "'-cmd", "'＝1+1"}


def test_the_file_is_defused_as_exports_are(
    page: Browsing, build_workspace: Callable[[dict[str, str]], Path]
) -> None:
    record = "---\nname: {}\nstage: won\nowner: Li\n---\n"
    names = ["=1", "'=1", "''-x", "\u200b=1", "it's", "a=1", "'a'", "1-2", "-"]
    site = build_workspace(
        {
            "tracker.yaml": "language: en\n",
            **{
                f"records/n{number:02}.md": record.format(json.dumps(name))
                for number, name in enumerate(names)
            },
        }
    )
    table = open_table(page, (site / "customers" / "index.html").as_uri())
    rows = sorted(downloaded(table)[1:])
    assert [row[1] for row in rows] == list(map(defuse, names))


# --- The reader's day -------------------------------------------------------------------------


def test_states_are_those_of_the_readers_day(page: Browsing, customers: str) -> None:
    built = open_table(page, f"{customers}?q=恒达精密")
    assert built.column(10) == ["3 天后"]
    later = open_table(page, f"{customers}?q=恒达精密", now="2026-11-29T12:00:00+08:00")
    assert later.column(10)[0].startswith("逾期 2 天")
    later.ask("恒达精密 is:overdue")
    assert later.counted[0] == 1
    # The team's midnight counts, not the reader's; and no clock goes back before the build.
    midnight = open_table(page, f"{customers}?q=恒达精密", now="2026-11-27T16:30:00Z")
    assert midnight.column(10)[0].startswith("逾期 1 天")
    behind = open_table(page, f"{customers}?q=恒达精密", now="2026-01-01T12:00:00Z")
    assert behind.column(10) == ["3 天后"]


def test_the_new_day_is_noticed_on_coming_back(page: Browsing, customers: str) -> None:
    table = open_table(page, f"{customers}?q=恒达精密")
    table.page.clock.set_fixed_time("2026-11-28T09:00:00+08:00")
    table.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert table.column(10)[0].startswith("逾期 1 天")


def test_a_customers_page_leads_on_within_what_was_found(page: Browsing, customers: str) -> None:
    table = open_table(page, customers)
    table.ask("等级:A 是:进行中")
    table.heading("name").get_by_role("button").click()
    names = table.names
    table.page.get_by_role("link", name=names[1]).click()
    along = table.page.locator("#along")
    # The page is there before its scripts have run.
    expect(along).to_contain_text(f"2 / {len(names)}")
    along.get_by_role("link", name=names[2]).click()
    expect(along).to_contain_text(f"3 / {len(names)}")
    table.page.locator("#along [data-part=list]").click()
    table.page.locator(".live.ready").wait_for()
    assert table.names == names


# --- Screens, and doing without ---------------------------------------------------------------


def test_a_phone_shows_cards_of_two_lines(page: Browsing, customers: str) -> None:
    table = open_table(page, f"{customers}?q=恒达精密", size="phone")
    card = table.page.locator(".cards tbody tr")
    box = card.bounding_box()
    assert box
    assert 40 <= box["height"] <= 72
    assert card.get_by_role("rowheader").inner_text() == "恒达精密机械有限公司"
    assert "演示分批交付计划" in card.inner_text()
    assert "3 天后" in card.inner_text()
    # The end of the line is cut: what the order goes by stands at its beginning.
    line = table.page.locator(".cards .sum")
    assert line.inner_text().startswith("商务谈判 · ")
    table.page.locator("[data-part=order]").select_option("value")
    assert line.inner_text().startswith("¥480,000 · ")
    table.page.locator("[data-part=order]").select_option("region")
    assert line.inner_text().startswith("江苏苏州 · ")
    table.page.locator("[data-part=order]").select_option("")
    table.ask("")
    table.page.locator("[data-part=order]").select_option("value")
    # What is picked is told above the rows, which stay under the finger.
    tick = table.page.locator(".cards tbody input").nth(1)
    top = tick.evaluate("(box) => box.getBoundingClientRect().top")
    tick.click()
    assert table.page.get_by_text("已选 1 家").is_visible()
    assert abs(tick.evaluate("(box) => box.getBoundingClientRect().top") - top) < 1
    assert table.asked_by_address() == {"q": [""], "sort": ["-value"]} or (
        table.asked_by_address() == {"sort": ["-value"]}
    )
    first = table.names[0]
    table.page.locator("[data-part=down]").click()
    assert table.names[0] != first
    wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert table.page.evaluate(wider) <= 0


def test_the_mark_of_errors_stands_beside_the_name_on_a_phone(
    page: Browsing, build_workspace: Callable[[dict[str, str]], Path]
) -> None:
    record = "---\nname: Acme Instruments of the North and South\nstage: proposal\nowner: Li\n"
    site = build_workspace(
        {"tracker.yaml": "language: en\n", "records/a.md": f"{record}created: soon\n---\n"}
    )
    table = open_table(page, (site / "customers" / "index.html").as_uri(), size="phone")
    name = table.page.locator(".cards tbody th")
    assert name.locator(".st.error").is_visible()
    apart = """(name) => [...name.querySelectorAll("a, .st")].every((part) =>
        part.getBoundingClientRect().bottom
            <= name.parentElement.querySelector(".sum").getBoundingClientRect().top + 2)"""
    assert name.evaluate(apart)


@pytest.mark.parametrize("size", ["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_table_is_accessible(
    page: Browsing,
    axe: AxeRun,
    customers: str,
    size: Literal["desktop", "phone"],
    scheme: Literal["light", "dark"],
) -> None:
    table = open_table(page, f"{customers}?q=等级:A&sort=state", size=size, scheme=scheme)
    table.page.locator(".live-rows tbody input").first.check()
    table.page.evaluate("scrollTo(0, 0)")  # Nothing half behind the header.
    only = RULES_OF[scheme]
    results = [axe(table.visit, only=only)]
    table.ask("等级:D stge:1")
    results.append(axe(table.visit, only=only))
    table.page.get_by_text("列", exact=True).click()
    results.append(axe(table.visit, within="[data-part=columns]", only=only))
    assert [(result.violations, result.incomplete) for result in results] == [((), ())] * 3


def test_without_javascript_the_static_table_stays(page: Browsing, customers: str) -> None:
    visit = page(customers, java_script_enabled=False)
    assert visit.page.locator("#static table").is_visible()
    assert not visit.page.locator("#live").is_visible()


def test_without_its_data_the_static_table_stays(
    page: Browsing, build_workspace: Callable[[dict[str, str]], Path]
) -> None:
    record = "---\nname: Acme\nstage: proposal\nowner: Li\n---\n"
    site = build_workspace({"tracker.yaml": "language: en\n", "records/a.md": record})
    data = site / "data" / "customers.js"
    data.write_text(data.read_text("utf-8").replace('"sum":"', '"sum":"x', 1), "utf-8")
    visit = page(site / "customers" / "index.html")
    assert visit.page.locator("#static table").is_visible()
    assert not visit.page.locator("#live").is_visible()


# --- Saved views ------------------------------------------------------------------------------


def test_a_saved_view_is_in_the_menu_and_can_be_changed(page: Browsing, demo_site: Path) -> None:
    visit = page("about:blank")
    visit.page.clock.set_fixed_time(NOON)
    visit.page.goto((demo_site / "index.html").as_uri())
    visit.page.get_by_text("视图", exact=True).click()
    visit.page.get_by_role("link", name="出口部的在谈客户").click()
    visit.page.locator(".live.ready").wait_for()
    table = Table(visit)
    assert table.query.input_value() == "负责人:陈静 状态:进行中"
    found = table.counted[0]
    assert 0 < found < 60
    assert table.asked_by_address() == {}
    table.ask(f"{table.query.input_value()} 等级:A")
    assert 0 < table.counted[0] < found
    assert table.asked_by_address() == {"q": ["负责人:陈静 状态:进行中 等级:A"]}
    table.ask("")
    assert table.counted == (60, 60)
    assert table.asked_by_address() == {"q": [""]}


def test_a_saved_view_can_be_read_without_javascript(page: Browsing, demo_site: Path) -> None:
    visit = page(demo_site / "views" / "closing.html", java_script_enabled=False)
    assert visit.page.get_by_role("link", name="恒达精密机械有限公司").is_visible()
    rows = visit.page.locator("#static tbody tr").count()
    live = open_table(page, (demo_site / "views" / "closing.html").as_uri())
    assert live.counted[0] == rows


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_saved_view_is_accessible(
    page: Browsing, axe: AxeRun, demo_site: Path, scheme: Literal["light", "dark"]
) -> None:
    table = open_table(page, (demo_site / "views" / "week-a.html").as_uri(), scheme=scheme)
    table.page.get_by_text("视图", exact=True).click()
    result = axe(table.visit, only=RULES_OF[scheme])
    assert result.violations == ()
    assert result.incomplete == ()
