"""Comparing, measuring and splitting words."""

from __future__ import annotations

import time

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tracker.text import (
    display_width,
    escape_markdown,
    fold,
    is_ascii_digits,
    nearest,
    split_list,
)


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
    names = ["June van der Berg", "June van der Berg", "Ann Hughes", "Ann Marlow", "Li Lei"]
    assert nearest("june", names) == "June van der Berg"
    assert nearest("Ann", names) is None
    assert nearest("li", ["Li Guangzhou"]) is None


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


MARKS = st.text(
    st.sampled_from("*_`[]()<>!#|~&;:@$\\\"'/=- \t\nabw.1") | st.characters(), max_size=60
)


@given(MARKS)
@example("<b>a</b> [a](http://b.c) ![a](b) `a` **a** ~~a~~ &lt; &#42; a\\*b https://a.b www.a.b")
@example("trailing \\")
def test_escaped_markdown_shows_the_text_and_nothing_else(text: str) -> None:
    plain = " ".join(text.split())
    assume(plain)
    for dialect in ("commonmark", "gfm-like"):
        parser = MarkdownIt(dialect, {"linkify": False})
        tokens = parser.parse(f"- **{escape_markdown(text)}** {escape_markdown(text)}")
        (inline,) = (token for token in tokens if token.type == "inline")
        children = inline.children or []
        assert {token.type for token in children} <= {"text", "strong_open", "strong_close"}
        shown = "".join(token.content for token in children).replace("\u200b", "")
        assert "\n" not in shown
        if plain.isprintable():
            assert shown == f"{plain} {plain}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@team 和 #12", "@\u200bteam 和 #\u200b12"),
        ("GH-12", "GH-\u200b12"),
        ("a@b.example", "a@\u200bb.example"),
        ("http://a.example", "http\\://a.example"),
        ("www.a.example", "www\\.a.example"),
        ("10:00 :smile:", "10:00 \\:smile:"),
        ("1:10:100:", "1\\:10\\:100:"),
        ("Smith & Sons, R&D, AT&T; &amp;", "Smith & Sons, R&D, AT\\&T; \\&amp;"),
        ("goal: 480,000 CNY (two)", "goal: 480,000 CNY (two)"),
        ("a\x1b[0m\nb", "a\ufffd\\[0m b"),
    ],
)
def test_escaped_markdown_makes_no_mentions_and_links(text: str, expected: str) -> None:
    assert escape_markdown(text) == expected
