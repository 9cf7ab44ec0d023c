"""The classic form of a customer, as a sheet and as a page."""

from __future__ import annotations

import html
import re
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import load_workbook

from tests.exchange.conftest import TODAY
from tests.exchange.sheet_reading import parts_of
from tracker.exchange.export import Export
from tracker.exchange.formats import form
from tracker.exchange.paper_form import COLUMNS, Grid, Pairs, form_of
from tracker.exchange.paper_form_sheet import _row_parts
from tracker.insight.day import Day
from tracker.insight.day import day_of as day_of_library
from tracker.library.loader import load_library
from tracker.model import Contact, Customer, Note
from tracker.money import Money

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

    from tests.exchange.conftest import DayOf

WORKSPACES = Path(__file__).parent.parent / "workspaces"
BLOCKS = [
    "公司信息",
    "联系人",
    "客户状态",
    "需求分析",
    "产品与报价",
    "跟进记录",
    "成交信息",
    "未成交",
    "售后",
]


@pytest.fixture(scope="module")
def chinese_day() -> Day:
    return day_of_library(load_library(WORKSPACES / "small-zh"), TODAY, checked=False)


def exported(day: Day, path: Path) -> Export:
    export = Export(day, day.standings, suffix=path.suffix)
    path.touch()
    form.write(export, path)
    return export


def sheet_texts(path: Path) -> dict[str, list[str]]:
    """Return the texts of each sheet, from the top left to the bottom right."""
    book = load_workbook(path)
    return {
        name: [
            cell
            for row in book.get_sheet_by_name(name).to_python()
            for cell in row
            if isinstance(cell, str) and cell
        ]
        for name in book.sheet_names
    }


def page_texts(path: Path) -> list[str]:
    body = path.read_text("utf-8").partition("<body>")[2]
    found = re.findall(r"<(?:h1|h2|th|td|bdi|span)[^>]*>([^<]+)<", body)
    return [html.unescape(text) for text in found]


def test_a_form_has_every_block_even_where_nothing_is_known(day_of: DayOf) -> None:
    day = day_of(Customer("records/a.md", "a", "甲"))
    made = form_of(day.standings[0], day.library.config, TODAY)
    assert [block.title for block in made.blocks if block.title] == BLOCKS
    for block in made.blocks:
        if isinstance(block, Grid):
            assert sum(block.shares) == COLUMNS
            assert block.rows == (("",) * len(block.headings),)


@pytest.mark.parametrize("name", ["small-zh", "small-en"])
def test_a_form_of_a_customer(name: str, snapshot: SnapshotAssertion) -> None:
    day = day_of_library(load_library(WORKSPACES / name), TODAY, checked=False)
    standing = max(day.standings, key=lambda found: len(found.customer.followups))
    made = form_of(standing, day.library.config, TODAY)
    lines = [made.title, f"{made.name} / {made.day} / {made.team}"]
    for block in made.blocks:
        lines.append(f"# {block.title}")
        if isinstance(block, Pairs):
            lines += [f"{label} = {text!r}" for label, text in block.pairs]
        else:
            lines += [" | ".join(map(repr, row)) for row in (block.headings, *block.rows)]
    assert "\n".join(lines) == snapshot


def test_sheet_and_page_say_the_same(chinese_day: Day, tmp_path: Path) -> None:
    sheet, page = tmp_path / "a.xlsx", tmp_path / "a.html"
    exported(chinese_day, sheet)
    exported(chinese_day, page)
    sheets, texts = sheet_texts(sheet), set(page_texts(page))
    assert list(sheets) == [
        standing.customer.short or standing.customer.name for standing in chinese_day.standings
    ]
    for found in sheets.values():
        assert set(BLOCKS) <= set(found)
        # The line below the title is put together differently.
        assert {text for text in found if " · " not in text} <= texts


def test_a_sheet_is_ready_to_print(chinese_day: Day, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    exported(chinese_day, path)
    sheet = parts_of(path)["xl/worksheets/sheet1.xml"]
    assert 'paperSize="9"' in sheet
    assert 'fitToHeight="0"' in sheet
    assert 'fitToPage="1"' in sheet
    assert "<mergeCell " in sheet
    assert "<f>" not in sheet


def test_names_become_titles_that_excel_takes(tmp_path: Path, day_of: DayOf) -> None:
    names = ["甲/乙:丙?", "甲 乙 丙", "a" * 40, "A" * 40, "'x'", "History", "[]", "😀" * 20]
    customers = [Customer(f"records/{n}.md", str(n), name) for n, name in enumerate(names)]
    path = tmp_path / "a.xlsx"
    exported(day_of(*customers), path)
    titles = list(sheet_texts(path))
    assert len({title.casefold() for title in titles}) == len(names)
    for title in titles:
        assert len(title.encode("utf-16-le")) // 2 <= 31
        assert not re.search(r"[\[\]:*?/\\]|^'|'$|^history$", title, re.IGNORECASE)


def test_long_texts_are_printed_in_full(tmp_path: Path, day_of: DayOf) -> None:
    long = "".join(f"第{number}句话说了很多。" for number in range(3000))
    customer = Customer("records/a.md", "a", "甲", background=long, notes=(Note("尾", 2, "完"),))
    path = tmp_path / "a.xlsx"
    exported(day_of(customer), path)
    assert long in "".join(sheet_texts(path)["甲"])
    heights = re.findall(r'ht="([0-9.]+)"', parts_of(path)["xl/worksheets/sheet1.xml"])
    assert max(map(float, heights)) <= 409


@given(st.text("甲a\n ", max_size=400), st.integers(2, 30))
def test_a_text_in_parts_is_the_whole_text(text: str, width: int) -> None:
    parts = [part for part, _ in _row_parts(text, width)]
    assert "".join(parts).replace("\n", "") == text.replace("\n", "")
    assert all(1 <= lines <= 28 for _, lines in _row_parts(text, width))


def test_a_page_asks_for_nothing_and_runs_nothing(tmp_path: Path, day_of: DayOf) -> None:
    evil = "<script>alert(1)</script>\"><img src=https://example.com/x onerror='x'>"
    customer = Customer(
        "records/a.md",
        "a",
        evil,
        business=evil,
        contacts=(Contact(evil),),
        background=evil,
        value=Money(Decimal(480000), "CNY"),
    )
    path = tmp_path / "a.html"
    exported(day_of(customer), path)
    page = path.read_text("utf-8")
    assert not {"script", "img", "link", "iframe", "object"} & set(re.findall(r"<(\w+)", page))
    assert "url(" not in page
    assert "@import" not in page
    assert "480,000 CNY" in page
    assert page_texts(path).count(evil) >= 4
    assert '<html lang="zh-CN">' in page
