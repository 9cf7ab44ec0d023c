"""Comparing, measuring and splitting words."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.text import display_width, fold, is_ascii_digits, nearest, split_list


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Initial-Contact", "initial contact"),
        ("after_sales", "After  Sales"),
        ("ＡＢＣ", "abc"),
        ("商务谈判 ", "商务谈判"),
        ("STRASSE", "straße"),
    ],
)
def test_spellings_of_one_word_are_equal(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@settings(deadline=None)
@given(st.text())
def test_folding_twice_changes_nothing_that_matters(text: str) -> None:
    assert fold(text) == fold(text)
    assert fold(f" {text}\n") == fold(text)


def test_width_counts_cells() -> None:
    assert display_width("abc") == 3
    assert display_width("电话a") == 5
    assert display_width("e\u0301") == 1


def test_the_nearest_word() -> None:
    assert nearest("negotation", ["proposal", "negotiation"]) == "negotiation"
    assert nearest("商务谈叛", ["方案制定", "商务谈判"]) == "商务谈判"
    assert nearest("xyz", ["proposal", "negotiation"]) is None
    assert nearest("x" * 100_000, ["proposal"]) is None


def test_lists_are_split_at_either_width() -> None:
    assert split_list("价格、交期，质量; 服务；") == ("价格", "交期", "质量", "服务")
    assert split_list(" Wang Fang , Li Lei ") == ("Wang Fang", "Li Lei")
    assert split_list("") == ()


def test_long_blanks_are_split_at_once() -> None:
    begin = time.process_time()
    assert split_list(f"a{' ' * 1_000_000}b{' ' * 1_000_000}") == (f"a{' ' * 1_000_000}b",)
    assert time.process_time() - begin < 1


def test_ascii_digits() -> None:
    assert is_ascii_digits("010")
    assert not is_ascii_digits("０１０")
    assert not is_ascii_digits("")
