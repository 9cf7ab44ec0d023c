"""Texts, lists and numbers in cells come back as they went in."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.exchange.spreadsheet_text import (
    CELL_LIMIT,
    continuation_of,
    continued_text,
    defuse,
    exact_number,
    is_exact_number,
    list_cell,
    needs_continuation,
    read_list_cell,
    undo_defusing,
)

_SIGNS = "'=+-@\t\r\n ＝＋－＠\u3000a1"


@given(st.text(_SIGNS, max_size=6) | st.text())
def test_defusing_is_undone(text: str) -> None:
    assert undo_defusing(defuse(text)) == text


@given(st.text(_SIGNS, max_size=6) | st.text())
def test_what_is_defused_begins_no_formula(text: str) -> None:
    assert not defuse(text).lstrip().startswith(tuple("=+-@＝＋－＠"))
    assert not defuse(text).startswith(("\t", "\r", "\n"))


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("+86 512 6688 1234", "'+86 512 6688 1234"),
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("＝1＋1", "'＝1＋1"),
        (" -1", "' -1"),
        ("'=1", "''=1"),
        ("it's", "it's"),
        ("'quoted'", "'quoted'"),
        ("2026-11-20", "2026-11-20"),
        ("", ""),
    ],
)
def test_what_is_defused(text: str, cell: str) -> None:
    assert defuse(text) == cell


@given(
    st.lists(st.text("甲a ,、;；，\n•[]\"' -", min_size=1, max_size=6) | st.text(min_size=1)),
    st.sampled_from([", ", "、"]),
)
def test_lists_come_back(items: list[str], separator: str) -> None:
    assert read_list_cell(list_cell(items, separator)) == tuple(items)


@pytest.mark.parametrize(
    ("items", "cell"),
    [
        ((), ""),
        (("机床", "华东"), "机床、华东"),
        (("缩短交期，最好 30 天", "备件"), "• 缩短交期，最好 30 天\n• 备件"),
        (("a, b",), "• a, b"),
        (("a\nb", "c"), "• a\nb\n• c"),
        ((" a",), '[" a"]'),
    ],
)
def test_how_lists_are_written(items: tuple[str, ...], cell: str) -> None:
    assert list_cell(items, "、") == cell


@pytest.mark.parametrize(
    ("cell", "items"),
    [
        ("a\nb\n", ("a", "b")),
        ("[价格]、交期", ("[价格]", "交期")),
        ('["x", 1]', ('["x"', "1]")),
        ("• 甲", ("甲",)),
    ],
)
def test_lists_that_people_write(cell: str, items: tuple[str, ...]) -> None:
    assert read_list_cell(cell) == items


@pytest.mark.parametrize(
    "text",
    [
        "x" * (CELL_LIMIT + 1),
        "客" * 100_000,
        "😀" * (CELL_LIMIT // 2 + 1),
        "short, but like one that goes on …⟦7⟧",
        "<r>like markup</r>",
        "_x0041_x0042_x0043_",
        "<r>_x0041_x0042_</r>",
    ],
)
def test_long_texts_come_back(text: str) -> None:
    assert needs_continuation(text)
    cell, others = continued_text(text, 12)
    assert all(len(part.encode("utf-16-le")) // 2 <= CELL_LIMIT for part in (cell, *others))
    assert continuation_of(cell) == (cell.removesuffix("…⟦12⟧"), 12)
    assert cell.removesuffix("…⟦12⟧") + "".join(others) == text


@pytest.mark.parametrize("text", ["", "x" * CELL_LIMIT, "…⟦7⟧ in the middle"])
def test_texts_that_fit_stay_whole(text: str) -> None:
    assert not needs_continuation(text)
    assert continuation_of(text) is None


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15))
def test_exact_numbers_come_back(value: Decimal) -> None:
    if is_exact_number(value):
        assert exact_number(float(value)) == value


def test_which_numbers_are_exact() -> None:
    assert is_exact_number(Decimal(123456789012345))
    assert is_exact_number(Decimal("0.1"))
    assert is_exact_number(Decimal(100000000000000000000))
    assert not is_exact_number(Decimal(1234567890123456))
    assert not is_exact_number(Decimal("1E-400"))
    assert not is_exact_number(Decimal("1E+400"))
    assert not is_exact_number(Decimal("476837158.20312500000000000000782393474636957407756"))
