"""Whole records: the demo, and texts of every kind."""

from __future__ import annotations

import gc
import re
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Struct

from tracker.config_file import default_config, load_config
from tracker.diagnostics import Span
from tracker.format.parser import Parsed, parse_record
from tracker.format.sections import Piece, read_content, split_body
from tracker.schema import by_spelling
from tracker.text import fold
from tracker.text_files import decode

if TYPE_CHECKING:
    from tracker.config import Config

ROOT = Path(__file__).parent.parent.parent
RECORDS = sorted((ROOT / "records").rglob("[!_]*.md"))
ZH = default_config("zh")
MATTER = "---\nname: 恒达\nstage: 商务谈判\nowner: 李雷\n---\n"
HEADING = "## 2026-11-20 14:30 电话 李雷\n"
RELAXED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@cache
def demo() -> Config:
    config, problems = load_config(ROOT)
    assert problems == []
    return config


def spans_in(value: object) -> list[Span]:
    """Return every span within a record, however deep."""
    if isinstance(value, Span):
        return [value]
    if isinstance(value, Struct):
        return [span for name in value.__struct_fields__ for span in spans_in(getattr(value, name))]
    if isinstance(value, Mapping):
        return [span for inner in value.values() for span in spans_in(inner)]
    if isinstance(value, tuple):
        return [span for inner in value for span in spans_in(inner)]
    return []


def assert_within(parsed: Parsed, text: str) -> None:
    lines = text.split("\n")
    places = [problem.span for problem in parsed.problems] + spans_in(parsed.customer)
    for span in places:
        assert span[:2] <= span[2:]
        assert 1 <= span.line <= span.end_line <= len(lines)
        # One beyond the last character is where something missing is shown.
        assert 1 <= span.column <= len(lines[span.line - 1]) + 2
        assert 1 <= span.end_column <= len(lines[span.end_line - 1]) + 2
    assert list(parsed.problems) == sorted(parsed.problems, key=lambda problem: problem.span)


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_the_demo_is_read_without_problems(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    parsed = parse_record(text, path.relative_to(ROOT).as_posix(), demo())
    assert parsed.problems == ()
    assert parsed.customer
    assert parsed.customer.followups
    assert len(parsed.customer.followups) == len(re.findall(r"^##+ [0-9]{4}", text, re.MULTILINE))
    assert_within(parsed, text)


@pytest.mark.parametrize("path", RECORDS[::6], ids=lambda path: path.stem)
@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_line_breaks_of_other_systems_change_nothing(path: Path, newline: str) -> None:
    text = path.read_text(encoding="utf-8")
    decoded = decode(b"\xef\xbb\xbf" + text.replace("\n", newline).encode())
    assert hasattr(decoded, "text")
    assert parse_record(decoded.text, "records/a.md", demo()) == parse_record(
        text, "records/a.md", demo()
    )


def test_a_record_in_two_languages() -> None:
    chinese = """\
---
客户名称: 恒达
客户阶段: 商务谈判
负责人: 李雷
联系人: [{姓名: 王芳, 决策权限: 影响者}]
---
背景

## 2026年11月20日 14:30 电话 李雷

摘要

- 联系人: 王芳
- 议题: 甲
- 顾虑: 乙
- 回应: 丙
- [ ] 报价 @2026年11月22日
- 态度: 积极，丁
- 阶段: 方案制定 → 商务谈判
- 等级: B → A
- 报价: Q-1
- 售后: 问题 #1 戊
- 下次: 2026年11月27日 10:00 面谈 己；目标：庚

## 备注

辛
"""
    english = """\
---
name: 恒达
stage: negotiation
owner: 李雷
contacts: [{name: 王芳, authority: influencer}]
---
背景

## 2026-11-20 14:30 phone 李雷

摘要

- contact: 王芳
- topic: 甲
- concerns: 乙
- response: 丙
- [ ] 报价 [due:: 2026-11-22]
- attitude: positive, 丁
- stage: proposal -> negotiation
- level: b -> a
- offer: Q-1
- service: problem #1 戊
- next: 2026-11-27 10:00 visit 己; goal: 庚

## 备注

辛
"""
    one, other = (parse_record(text, "records/a.md", ZH) for text in (chinese, english))
    assert one.problems == other.problems == ()
    assert without_spans(one.customer) == without_spans(other.customer)


def without_spans(value: object) -> object:
    if isinstance(value, Span):
        return None
    if isinstance(value, Struct):
        return [
            without_spans(getattr(value, name))
            for name in value.__struct_fields__
            if name != "spans"
        ]
    if isinstance(value, tuple):
        return [without_spans(inner) for inner in value]
    return value


# --- No text raises or hangs --------------------------------------------------------------------

LINES = st.sampled_from(
    [
        *(
            "",
            " ",
            "Text",
            "王芳来电。",
            "  续行",
            "\t缩进",
            "> 引用",
            "| a | b |",
            "---",
            "***",
            "====",
        ),
        *("# 标题", "## 备注", "### x", "#### 细节", "## ", "#", "##", "####### 七", "## a ##"),
        *(
            "## 2026-11-20 14:30 电话 李雷",
            "### 2026/11/21 call",
            "## 2026年11月22日",
            "##2026-11-20",
        ),
        *(
            "## 2026-13-40 电话",
            "# 2026-11-20",
            "#### 2026-11-20",
            "## 2026-11-20 14：30",
            "＃＃ 2026-1-1",
        ),
        *(
            "- 联系人: 王芳、李明",
            "- 需求：甲",
            "- **回应**: 乙",
            "- needs:",
            "  - 嵌套",
            "    - 更深",
        ),
        *(
            "- 态度: 积极，愿意",
            "- 态度: ?",
            "- 阶段: 方案制定 -> 商务谈判",
            "- 阶段: ->",
            "- 等级: A",
        ),
        *("- 售后: 问题 #1 响", "- 售后: 已解决 #1", "- 报价: Q-1", "- concern: x", "- 纪要: 丙"),
        *("- 下次: 2026-11-27 10:00 面谈 甲;目标: 乙", "- 下次: 无", "- 下次: 明天", "- next: -"),
        *(
            "- [ ] 报价 @2026-11-22 @李雷",
            "- [x] 寄 📅 2026-11-22 ✅ 2026-11-21",
            "  - [ ] 嵌套 @2026-2-30",
        ),
        *("- [ ] (due:: 2026-11-22)", "1. [ ] 一", "- []", "- [x](y)", "1. 一", "* 星", "+ 加"),
        *(
            "```",
            "```py",
            "~~~",
            "<!--",
            "-->",
            "<!-- x -->",
            "<<<<<<< HEAD",
            "=======",
            ">>>>>>> b",
        ),
        *("😀 表情", "\u2028", "\x0b", "a\u3000b", "- \u3000: x", "-:", "- :", "- ::", "- **:**"),
    ]
)
MATTER_LINES = st.sampled_from(
    [
        *(
            "---",
            "name: 恒达",
            "name：恒达",
            "stage: won",
            "阶段: 成交",
            "owner: 李雷",
            "created: 2026-2-30",
        ),
        *(
            "contacts:",
            "  - name: 王芳",
            "  - 姓名：李",
            "    phone: 电话 #2",
            "    email: x",
            "  - x",
        ),
        *(
            "value: 48万",
            "value: &a 1",
            "tags: [a, b",
            "tags: [a]",
            "needs:",
            "  core: [x]",
            "deal: {a: b}",
        ),
        *(
            "offers:",
            "  - {amount: 1-2万}",
            "unknown: x",
            "x",
            "'",
            '"',
            "# c",
            "",
            "\t",
            "<<: *a",
            "? k",
        ),
        *(
            "<<<<<<< HEAD",
            "=======",
            ">>>>>>> b",
            "lost: {reason: price}",
            "id: ..",
            "- a",
            "a: b: c",
        ),
    ]
)
BODIES = st.lists(LINES, max_size=25).map("\n".join)
MATTERS = st.lists(MATTER_LINES, max_size=12).map("\n".join)
RECORD_LIKE = st.tuples(MATTERS, BODIES).map(lambda parts: f"---\n{parts[0]}\n---\n{parts[1]}")


@RELAXED
@given(st.text())
def test_no_text_raises(text: str) -> None:
    assert_within(parse_record(text, "records/a.md", ZH), text)
    assert_within(parse_record(MATTER + text, "records/a.md", ZH), MATTER + text)
    assert_within(
        parse_record(MATTER + HEADING + text, "records/a.md", ZH), MATTER + HEADING + text
    )


@settings(RELAXED, max_examples=400)
@given(RECORD_LIKE)
def test_no_text_like_a_record_raises(text: str) -> None:
    assert_within(parse_record(text, "records/a.md", demo()), text)


@settings(RELAXED, max_examples=150)
@given(st.sampled_from(RECORDS), st.data())
def test_no_damaged_record_raises(path: Path, data: st.DataObject) -> None:
    text = path.read_text(encoding="utf-8")
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 40)))
        text = text[:start] + data.draw(st.text(max_size=8) | LINES | MATTER_LINES) + text[end:]
    assert_within(parse_record(text, "records/a.md", demo()), text)


# --- Nothing is lost ----------------------------------------------------------------------------


@settings(RELAXED, max_examples=400)
@given(BODIES)
def test_every_word_of_a_body_is_in_exactly_the_pieces_it_is_split_into(body: str) -> None:
    known = by_spelling(ZH.all_followup_fields)
    parts: list[str] = []
    for section in split_body(body, 1).sections:
        parts.append(section.heading)
        if not section.is_followup:
            parts.append(section.text)
            continue
        content = read_content(section, lambda key: fold(key) in known)
        parts.append(content.summary)
        pieces: list[Piece] = [*content.fields, *content.tasks]
        parts += [text for piece in pieces for text in (piece.key, piece.text)]
    assert letters("".join(parts)) == letters(body)


def letters(text: str) -> list[str]:
    """Return the letters, in an order of their own; a ticked box has an `x` that is none."""
    return sorted(char for char in re.sub(r"\[[xX]\](?!\()", "", text) if char.isalpha())


@settings(RELAXED, max_examples=400)
@given(BODIES)
def test_a_record_drops_no_text_without_a_word(body: str) -> None:
    parsed = parse_record(MATTER + HEADING + body, "records/a.md", ZH)
    assert parsed.customer
    shown = str(without_spans(parsed.customer))
    for word in re.findall(
        r"王芳|李明|愿意|嵌套|更深|续行|引用|细节|寄|响|表情|明天|甲|乙|丙|concern", body
    ):
        assert word in shown


# --- In linear time -----------------------------------------------------------------------------


@pytest.mark.parametrize("char", [*" \t-=#*`~@[(:;,·|1<>→年中", "：", "\u3000", "📅"])
def test_long_runs_are_read_at_once(char: str) -> None:
    run = char * 100_000
    begin = time.process_time()
    for start in (
        "",
        "## ",
        "## 2026-11-20 ",
        "- ",
        "- [ ] ",
        "- 下次: 2026-11-20 ",
        "- 阶段: ",
        "- 售后: 问题",
    ):
        parse_record(f"{MATTER}{HEADING}{start}{run}x", "records/a.md", ZH)
    assert time.process_time() - begin < 4


@pytest.mark.parametrize(
    "line",
    [
        *("- 联系人: 甲、乙", "- 需求: 甲", "- 阶段: 甲 -> 乙", "- [ ] 甲 @2026-11-22", "  - 甲"),
        *("续行", "- 售后: 问题 #1 甲", "## 2026-11-20 电话", "```a", "<!--", "#", "- 甲乙: 丙"),
    ],
)
def test_half_a_mebibyte_of_one_line_does_not_hang(line: str) -> None:
    text = MATTER + HEADING + f"{line}\n" * (512 * 1024 // (len(line.encode()) + 1))
    gc.disable()  # As the loader does: the collector's searches are not linear.
    try:
        begin = time.process_time()
        parse_record(text, "records/a.md", ZH)
        assert time.process_time() - begin < 8
    finally:
        gc.enable()


def test_nested_bullets_without_end() -> None:
    text = MATTER + HEADING + "\n".join("  " * depth + "- 需求: 甲" for depth in range(700))
    parsed = parse_record(text, "records/a.md", ZH)
    assert parsed.customer
    assert parsed.customer.followups[0].texts["needs"].count("甲") == 700
