"""Markdown made to be slow takes about as long as its length says: a sample of the trial."""

from __future__ import annotations

import html
import re

import pytest

from tracker.format import markdown_cost
from tracker.format.markdown_cost import cost_of, may_have_plain_blocks
from tracker.site.markdown import MarkdownRenderer
from trials.fuzz import TooSlowError, time_limit
from trials.markdown_families import FAMILIES, family
from trials.slow_markdown import grows_too_fast, seconds_of

NOTORIOUS = [
    *("open brackets", "bracket pairs", "nested links", "link open", "image open", "cdata"),
    *("headings", "setext", "hr", "table short rows", "table wide short"),
    *("definitions used", "emph nested", "backtick runs", "code in table cells", "ref then long"),
]
"""Families that Python-Markdown by itself is not linear in."""

DEEP = ["quotes nested", "bullets on a line", "numbers on a line", "bullets nested"]
"""Families that nest without end."""

PATIENCE = 60
"""Seconds of processor time after which a text counts as one that never ends."""

LINEAR = 4 * 2
"""How many times as long four times the text may take: far more than four, far less than 16."""


@pytest.mark.parametrize("name", NOTORIOUS)
def test_four_times_the_text_does_not_take_sixteen_times_as_long(name: str) -> None:
    with time_limit(PATIENCE):
        one, four = (seconds_of(family(name, size)) for size in (8_000, 32_000))
    assert four < LINEAR * one + 0.1


@pytest.mark.parametrize("name", [*NOTORIOUS, *DEEP])
def test_the_sign_of_what_is_shown_as_written_is_all_there(name: str) -> None:
    text = family(name, 20_000)
    assert cost_of(text).plain_blocks
    rendered = html.unescape(re.sub(r"<[^>]*>", "", str(MarkdownRenderer().render(text))))
    assert "".join(rendered.split()) == "".join(text.split())


@pytest.mark.parametrize("name", sorted(FAMILIES))
@pytest.mark.parametrize("size", [200, 2_000, 20_000])
def test_what_is_quickly_let_through_is_never_shown_as_written(name: str, size: int) -> None:
    text = family(name, size)
    record = f"A day like others.\n\n- summary: {text}\n\nAnd its end."
    assert may_have_plain_blocks(record) or not cost_of(text).plain_blocks


def test_a_paragraph_of_very_many_lines_is_shown_as_written() -> None:
    assert cost_of("*a*\n" + "b\n" * 30_000).plain_blocks
    assert not cost_of("*a*\n" + "a line of some words\n" * 3_000).plain_blocks


@pytest.mark.parametrize("name", sorted(set(FAMILIES) - set(NOTORIOUS) - {"stx"}))
def test_any_family_renders(name: str) -> None:
    with time_limit(PATIENCE):
        assert MarkdownRenderer().render(family(name, 1_000))


def test_without_the_bounds_the_tests_above_would_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown_cost, "MAX_EXCESS", 10**12)
    with time_limit(PATIENCE):
        one, two = (seconds_of(family("setext", size)) for size in (4_000, 8_000))
    assert grows_too_fast([one, two])
    with pytest.raises(TooSlowError), time_limit(0.2):
        MarkdownRenderer().render(family("open brackets", 8_000))


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(
            f"- [ ] 第 {number} 项 [表](https://a.example/{number})" for number in range(200)
        ),
        "| a | b | c |\n|---|---|---|\n" + "| **x** | `y` | [z](https://a.example) |\n" * 200,
        "\n".join(f"# 第 {number} 节\n\n正文 *{number}*\n" for number in range(200)),
        "".join(f"[{number}] 引文 **{number}** `{number}` & <b>\n" for number in range(100)),
        "```json\n" + '{"a": [[[[1]]]]}\n' * 500 + "```\n*a*",
        "-" * 80 + "\n" + "- " * 40 + "\n\n*a*",
        " " * 60 + "*aligned to the right*",
    ],
    ids=["tasks", "table", "chapters", "citations", "json", "rules", "indent"],
)
def test_long_texts_that_people_write_stay_markdown(text: str) -> None:
    assert cost_of(text).plain_blocks == ()
