"""The canonical form: what changes, what stays, and that no meaning does."""

from __future__ import annotations

import gc
import re
import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.record_strategies import CONFIGS, PATH, configs, near_records, records
from tracker.config_file import default_config, load_config, parse_config
from tracker.diagnostics import Problem
from tracker.format import formatter
from tracker.format.comparison import content_of
from tracker.format.formatter import DISAGREEMENT, format_record
from tracker.format.parser import parse_record
from tracker.site.markdown import MarkdownRenderer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.config import Config
    from tracker.format.tidy_matter import KeyLanguage
    from tracker.model import Customer, FollowUp

ROOT = Path(__file__).parent.parent.parent
ZH = default_config("zh")
EN = default_config("en")
OLDEST_FIRST = parse_config("language: zh\norder: oldest-first\n")[0]
MATTER = "---\nname: 恒达\nstage: 商务谈判\nowner: 李雷\n---\n"


def formatted(text: str, config: Config = ZH, keys: KeyLanguage | None = None) -> str:
    """Return the canonical text; fails where it is refused, or changes when it is formatted."""
    result = format_record(text, config, keys)
    assert isinstance(result, str), result
    assert format_record(result, config, keys) == result
    return result


def refusal(text: str, config: Config = ZH) -> list[str]:
    result = format_record(text, config)
    assert isinstance(result, tuple)
    return [problem.code for problem in result]


def matter(text: str, config: Config = ZH, keys: KeyLanguage | None = None) -> str:
    """Format the lines of front matter, with those that every record must have below them."""
    lines = formatted(f"---\n{text}stage: 成交\nowner: 李雷\n---\n", config, keys)
    assert lines.startswith("---\n")
    assert lines.endswith("\n---\n")
    return "".join(
        f"{line}\n"
        for line in lines.split("\n")[1:-2]
        if line not in {"stage: 成交", "owner: 李雷"}
    )


def body(text: str, config: Config = ZH, keys: KeyLanguage | None = None) -> str:
    """Format a body; the front matter stays as it is."""
    result = formatted(MATTER + text, config)
    if keys:
        result = formatted(MATTER + text, config, keys)
        return result.partition("\n---\n")[2]
    assert result.startswith(MATTER)
    return result.removeprefix(MATTER)


# --- Whole records ------------------------------------------------------------------------------


def test_a_chinese_record() -> None:
    written = """\
---
联系人:
- 姓名： 王芳
  电话 : 0512-66881234   # 转 8
  职位:   采购经理
客户阶段: '商务谈判'
# 建档那天在展会上
建档日期: 2026/9/2
负责人:  "李雷"
预计金额: ¥48万
标签: [机床,华东]
客户名称: 恒达精密机械有限公司
---
背景:正在扩建二厂。



## 2026年11月12日 9:10，邮件，李雷
发送公司介绍。
* 联系人：王芳
## 2026/11/20 · 14:30 · 电话 · 李雷

王芳来电询问交付周期。
- **顾虑**：安装调试占用产线
+ [X]   提供同行业案例 ＠2026年11月21日
- []  发送正式报价@2026/11/22
- 下次：2026年11月27日10:00，面谈，演示分批交付计划;目标: 确认预算"""
    assert (
        formatted(written)
        == """\
---
客户名称: 恒达精密机械有限公司
客户阶段: 商务谈判
负责人: 李雷
# 建档那天在展会上
建档日期: 2026-09-02
预计金额: ¥48万
标签: [机床, 华东]
联系人:
  - 姓名: 王芳
    职位: 采购经理
    电话: 0512-66881234   # 转 8
---

背景:正在扩建二厂。

## 2026-11-20 14:30 电话 李雷

王芳来电询问交付周期。
- **顾虑**: 安装调试占用产线
- [x] 提供同行业案例 @2026-11-21
- [ ] 发送正式报价 @2026-11-22
- 下次: 2026-11-27 10:00 面谈，演示分批交付计划;目标: 确认预算

## 2026-11-12 09:10 邮件 李雷

发送公司介绍。
- 联系人: 王芳
"""
    )


def test_an_english_record() -> None:
    written = """\
---
Stage:  negotiation
owner: Li Lei
my_key: 1
Name: "Hengda Precision"

needs: {pains: [rework], core: [ 'shorter lead time' ]}
value: 480,000 CNY
Expected-Close: "2026/12/20"
contacts:
    -   name:  Wang Fang
        concerns:
        - price
        -   lead time
---

Met at the fair.
##  2026-11-20  14:30 |  phone | Li Lei ##
Asked about lead time;
likes two batches.

-   Contact : Wang Fang
- next: 2026-11-27,call,confirm
"""
    assert (
        formatted(written, EN)
        == """\
---
name: Hengda Precision
stage: negotiation
owner: Li Lei
value: 480,000 CNY
expected_close: "2026-12-20"
contacts:
  - name: Wang Fang
    concerns:
      - price
      - lead time

needs: {core: [shorter lead time], pains: [rework]}
my_key: 1
---

Met at the fair.

## 2026-11-20 14:30 phone Li Lei

Asked about lead time;
likes two batches.

- contact: Wang Fang
- next: 2026-11-27 call,confirm
"""
    )


@cache
def demo() -> Config:
    return load_config(ROOT)[0]


@pytest.mark.parametrize(
    "path", sorted((ROOT / "records").rglob("*.md")), ids=lambda path: str(path.stem)
)
def test_the_demo_is_canonical(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert format_record(text, demo()) == text


# --- Front matter -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        # Order, with what belongs to a key.
        ("tags: [a]\nname: A\n", "name: A\ntags: [a]\n"),
        ("lost:\n  note: x\nname: A\nvalue: 1\n", "name: A\nvalue: 1\nlost:\n  note: x\n"),
        ("zzz: 1\naaa: 2\nname: A\n", "name: A\nzzz: 1\naaa: 2\n"),
        ("tags: [a]\n# above\nname: A # beside\n", "# above\nname: A # beside\ntags: [a]\n"),
        ("# of the file\n\ntags: [a]\nname: A\n", "# of the file\n\nname: A\ntags: [a]\n"),
        (
            "tags: [a]\n# of tags\n\nname: A\nvalue: 1\n",
            "name: A\nvalue: 1\ntags: [a]\n# of tags\n",
        ),
        (
            "contacts:\n  - name: B\n    # phone: later\nname: A\n",
            "name: A\ncontacts:\n  - name: B\n    # phone: later\n",
        ),
        (
            "name: A\ncontacts:\n  - title: b\n    # the boss\n    name: B\n",
            "name: A\ncontacts:\n  # the boss\n  - name: B\n    title: b\n",
        ),
        (
            "name: A\ncontacts:\n  - # first\n    title: b\n    name: B\n",
            "name: A\ncontacts:\n  - # first\n    name: B\n    title: b\n",
        ),
        ("tags: [a]\n\n\n\nname: A\n", "name: A\ntags: [a]\n"),
        # Keys.
        ("NAME: A\nEXPECTED-CLOSE: 2026-1-1\n", "name: A\nexpected_close: 2026-01-01\n"),
        ('"name" : A\n', "name: A\n"),
        ("公司名称: A\n", "公司名称: A\n"),
        ("name：A\n", "name: A\n"),
        ("name:\n", "name:\n"),
        ("name: A\ntags:   # none yet\n", "name: A\ntags:   # none yet\n"),
        # Values.
        ("name: 'A' # b\nshort: 'A'   #b\n", "name: A # b\nshort: 'A'   #b\n"),
        ("name:    A   \n", "name: A\n"),
        ("name:\n  A\n", "name: A\n"),
        ("name: A\n  und B\n", "name: A\n  und B\n"),
        ('name: "A\n      B"\n', 'name: "A\n      B"\n'),
        ("name: A\ncreated: 2026年1月2日\n", "name: A\ncreated: 2026-01-02\n"),
        ("name: A\ncreated: '2026/1/2'\n", "name: A\ncreated: '2026-01-02'\n"),
        ("name: A\nshort: 2026/1/2\n", "name: A\nshort: 2026/1/2\n"),
        ("name: A\nvalue: ¥48.0 万\n", "name: A\nvalue: ¥48.0 万\n"),
        # Lists keep their style.
        ("name: A\ntags: [ a,'b' , \"c, d\" ]\n", 'name: A\ntags: [a, b, "c, d"]\n'),
        ("name: A\ntags: a、b\n", "name: A\ntags: a、b\n"),
        ("name: A\ntags:\n- a\n-   b # x\n", "name: A\ntags:\n  - a\n  - b # x\n"),
        ("name: A\ntags: [a,\n  b]\n", "name: A\ntags: [a,\n  b]\n"),
        ("name: A\ntags: [a,\nb\n]\n", "name: A\ntags: [a,\n  b\n]\n"),
        ("name: A\ntags: [ ]\n", "name: A\ntags: []\n"),
        (
            "name: A\noffers: [{product: x, date: 2026/1/2}]\n",
            "name: A\noffers: [{date: 2026-01-02, product: x}]\n",
        ),
        # Texts of several lines.
        ("business: |\n    x\n\n     y\nname: A\n", "name: A\nbusiness: |\n  x\n\n   y\n"),
        ("business: >-\n x\n y\nname: A\n", "name: A\nbusiness: >-\n  x\n  y\n"),
        ("business: |1\n   x\nname: A\n", "name: A\nbusiness: |2\n    x\n"),
    ],
)
def test_front_matter(written: str, expected: str) -> None:
    assert matter(written) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('"恒达"', "恒达"),
        ("'Acme Tools'", "Acme Tools"),
        ("'it''s'", "it's"),
        # Quotes that some reader of YAML needs, or that a person would miss.
        *(
            (value, value)
            for value in ("'no'", "'Null'", '"010"', "'12:30'", "'2026-11-20'", '"~"', "'1e3'")
        ),
        *((value, value) for value in ("'a: b'", '"a #b"', "'甲：乙'", "''", '" a"', '"a\\tb"')),
    ],
)
def test_quotes_go_where_no_reader_of_yaml_needs_them(value: str, expected: str) -> None:
    assert matter(f"name: A\nshort: {value}\n") == f"name: A\nshort: {expected}\n"


def test_declared_fields_stand_before_groups() -> None:
    config = parse_config("language: zh\nfields: {lines: {label: 产线数量}}\n")[0]
    written = "name: A\ncontacts:\n  - name: B\n产线数量: 3\ntags: [a]\n"
    expected = "name: A\ntags: [a]\n产线数量: 3\ncontacts:\n  - name: B\n"
    assert matter(written, config) == expected


def test_blank_lines_and_comments_at_the_end() -> None:
    written = "---\n\n\nowner: 李雷\nstage: 成交\n\n\nname: A\n\n# foot\n\n\n\n# foot\n\n---\n"
    expected = "---\nname: A\nstage: 成交\nowner: 李雷\n\n# foot\n\n# foot\n---\n"
    assert formatted(written) == expected


def test_what_cannot_be_moved_safely_stays() -> None:
    for written in (
        "tags:  [a]\nshort: |+\n  x\n\nname: A\nstage: 成交\nowner: 李雷\n",
        "{tags: [b,a], name: A, stage: 成交, owner: 李雷}\n",
        "name: A\nstage: 成交\nowner: # of us\n  李雷\n",
    ):
        text = f"---\n{written}---\n"
        assert formatted(text) == text


@pytest.mark.parametrize(
    ("keys", "written", "expected"),
    [
        ("zh", "name: A\nvalue: 1\n标签: [a]\n", "客户名称: A\n预计金额: 1\n标签: [a]\n"),
        ("en", "客户名称: A\nvalue: 1\n标签: [a]\n", "name: A\nvalue: 1\ntags: [a]\n"),
        ("en", "公司名称: A\n", "name: A\n"),
        ("zh", "公司名称: A\n", "公司名称: A\n"),
        ("zh", "company: A\nmine: 1\n", "客户名称: A\nmine: 1\n"),
        ("zh", "name: A\ncontacts: [{name: B}]\n", "客户名称: A\n联系人: [{姓名: B}]\n"),
    ],
)
def test_keys_in_one_language_where_that_is_asked_for(
    keys: KeyLanguage, written: str, expected: str
) -> None:
    lines = formatted(f"---\n{written}stage: 成交\nowner: 李雷\n---\n", ZH, keys).split("\n")
    stage, owner = (
        ("客户阶段: 成交", "负责人: 李雷") if keys == "zh" else ("stage: 成交", "owner: 李雷")
    )
    assert stage in lines
    assert owner in lines
    rest = "".join(f"{line}\n" for line in lines[1:-2] if line not in {stage, owner})
    assert rest == expected


# --- The body -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("", ""),
        ("\n\n\n", ""),
        ("Text", "\nText\n"),
        ("\n\n\nText  \n \n\n\nMore\t\n\n", "\nText\n\nMore\n"),
        # Hard breaks and code are text too.
        ("\none  \ntwo    \nthree\\\nfour  \n\nfive\n", "\none  \ntwo  \nthree\\\nfour\n\nfive\n"),
        (
            "\n```\na  \n\n\n## 2026-1-1\n* 议题：x\n```\n",
            "\n```\na  \n\n\n## 2026-1-1\n* 议题：x\n```\n",
        ),
        ("\n<!--\n- 议题：x  \n-->\n", "\n<!--\n- 议题：x  \n-->\n"),
        ("\nText\n\n\n    code\n\n\n    code\n", "\nText\n\n\n    code\n\n\n    code\n"),
        # Headings.
        ("\n## Note\nText\n## Note 2\n", "\n## Note\n\nText\n\n## Note 2\n"),
        ("\n##  a ##\n", "\n##  a ##\n"),
        ("##2026-1-2\n", "\n## 2026-01-02\n"),
        (" ## 2026/1/2T9:05\n", "\n## 2026-01-02 09:05\n"),
        ("### 2026年1月2日9:05 、电话、李雷 ###\n", "\n### 2026-01-02 09:05 电话 李雷\n"),
        ("## 2026-1-2 9:05+0800 call\n", "\n## 2026-01-02 09:05+08:00 call\n"),
        ("## 2026-1-2 9:05Z call\n", "\n## 2026-01-02 09:05Z call\n"),
        ("## 2026-1-2 · 电话 · 艾伦·图灵\n", "\n## 2026-01-02 电话 艾伦·图灵\n"),
        ("## 2026-1-2  电话  |  李雷\n", "\n## 2026-01-02 电话 李雷\n"),
        ("## 2026-13-40 电话\n", "\n## 2026-13-40 电话\n"),
        ("## 2026-11-20 半价  李雷\n", "\n## 2026-11-20 半价 李雷\n"),
    ],
)
def test_body(written: str, expected: str) -> None:
    assert body(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("*   议题 ： 甲  ", "- 议题: 甲"),
        ("- 议题:甲", "- 议题: 甲"),
        ("- 议题:: 甲", "- 议题: 甲"),
        ("- 议题：", "- 议题:"),
        ("+ **议题：** 甲", "- **议题:** 甲"),
        ("- __议题__：甲", "- __议题__: 甲"),
        ("- TOPIC: 甲", "- topic: 甲"),
        ("- 议题: 甲：乙", "- 议题: 甲：乙"),
        ("- 普通：甲", "- 普通：甲"),
        ("* 普通：甲", "* 普通：甲"),
        # Where lines hang on the width of a bullet, it stays; so do signs beside another list.
        ("*   议题： 甲\n    - 乙", "-   议题: 甲\n    - 乙"),
        ("* 议题：甲\n\n* 普通", "* 议题: 甲\n\n* 普通"),
        ("- 议题: 甲  \n  乙  \n- 需求: 丙", "- 议题: 甲  \n  乙\n- 需求: 丙"),
        ("- 下次: 2026年1月2日 9:05 面谈 甲", "- 下次: 2026-01-02 09:05 面谈 甲"),
        ("- 下次: 2026/1/2，面谈，甲；目标：乙", "- 下次: 2026-01-02 面谈，甲；目标：乙"),
        ("- 下次: 明天", "- 下次: 明天"),
        ("- 阶段: 方案制定→商务谈判", "- 阶段: 方案制定→商务谈判"),
        ("* []   甲", "- [ ] 甲"),
        ("1. [X] 甲", "1. [x] 甲"),
        ("- [ ] 甲@2026/1/2", "- [ ] 甲 @2026-01-02"),
        ("- [ ] 甲 ＠ 2026年1月2日 @李雷", "- [ ] 甲 @2026-01-02 @李雷"),
        ("- [ ] 甲（@2026-1-2）", "- [ ] 甲（@2026-01-02）"),
        ("- [x] 甲 📅 2026-1-2 ✅ 2026/1/3", "- [x] 甲 📅 2026-01-02 ✅ 2026-01-03"),
        ("- [ ] 甲 [due:: 2026/1/2]", "- [ ] 甲 [due:: 2026-01-02]"),
        ("- [ ] 甲 @2026-2-30", "- [ ] 甲 @2026-2-30"),
        ("- [ ] mail a@b.com", "- [ ] mail a@b.com"),
    ],
)
def test_fields_and_commitments(written: str, expected: str) -> None:
    heading = "\n## 2026-11-20 14:30 电话 李雷\n\n"
    assert body(f"{heading}{written}\n") == f"{heading}{expected}\n"


def test_keys_of_fields_in_one_language() -> None:
    written = (
        "\n## 2026-11-20 14:30\n\n- contact: 王芳\n- **needs**: 甲\n- 顾虑: 乙\n- 下次: 明天\n"
    )
    english = "- contact: 王芳\n- **needs**: 甲\n- concerns: 乙\n- next: 明天\n"
    chinese = "- 联系人: 王芳\n- **需求**: 甲\n- 顾虑: 乙\n- 下次: 明天\n"
    assert body(written, keys="en").endswith(english)
    assert body(written, keys="zh").endswith(chinese)


# --- The order of sections ----------------------------------------------------------------------


def headings(text: str) -> list[str]:
    return re.findall(r"^#+ .*", text, re.MULTILINE)


def test_sections_go_where_the_team_wants_them() -> None:
    days = ["2026-11-12", "2026-11-20 14:30", "2026-11-20 09:00", "2026-10-01"]
    text = "\n".join(f"## {day}\n\nText {day}\n" for day in days)
    newest = ["2026-11-20 14:30", "2026-11-20 09:00", "2026-11-12", "2026-10-01"]
    assert headings(body(text)) == [f"## {day}" for day in newest]
    assert headings(body(text, OLDEST_FIRST)) == [f"## {day}" for day in reversed(newest)]
    for day in days:
        assert f"## {day}\n\nText {day}\n" in body(text)


def test_a_section_without_a_time_stays_in_its_day() -> None:
    text = "\n## 2026-11-20\n\n甲\n\n## 2026-11-20 14:30\n\n乙\n\n## 2026-11-12\n"
    assert body(text) == text


def test_of_two_at_one_moment_the_later_in_the_file_stays_the_newer() -> None:
    text = "## 2026-11-01\n\n## 2026-11-20 14:30\n\n甲\n\n## 2026-11-20 14:30\n\n乙\n"
    for config in (ZH, OLDEST_FIRST):
        result = body(text, config)
        assert result.index("甲") < result.index("乙")


def test_an_offset_decides_the_order() -> None:
    text = "\n## 2026-11-20 23:30-05:00\n\n## 2026-11-21 09:00\n"
    assert body(text) == text


def test_no_section_passes_a_note_or_a_heading_of_another_level() -> None:
    text = """
## 2026-11-01

## 2026-11-02

# 2025 年

甲

## 2025-01-01

## 2025-01-02

### 2025-03-01
"""
    assert (
        body(text)
        == """
## 2026-11-02

## 2026-11-01

# 2025 年

甲

## 2025-01-02

## 2025-01-01

### 2025-03-01
"""
    )


def test_sections_stay_where_a_mark_without_its_end_would_hide_them() -> None:
    text = "\n## 2026-11-01\n\n-->\n\n## 2026-11-02\n\n<!-- 甲\n"
    assert body(text) == text


# --- Refusals -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("", ["front-matter-missing"]),
        ("name: 恒达\n", ["front-matter-missing"]),
        ("\n" + MATTER, ["front-matter-missing"]),
        ("---\nname:  恒达\n\n## 2026-11-20\n", ["front-matter-unterminated"]),
        ("---\nname: [恒达\nstage:  成交\nowner: 李雷\n---\n", ["yaml-syntax"]),
        ("---\nname: &a 恒达\nstage:  成交\nowner: *a\n---\n", ["yaml-feature", "yaml-feature"]),
        ("---\n--\nname:  恒达\nstage: 成交\nowner: 李雷\n---\n", ["yaml-syntax"]),
        ("---\nname: a\nname:  b\nstage: 成交\nowner: 李雷\n---\n", ["duplicate-key"]),
        (MATTER + "<<<<<<< HEAD\nx  \n=======\ny\n>>>>>>> b\n", ["conflict-marker"] * 3),
        ("---\nname：a\nstage: 成交\nowner: 李雷\nx: '\n---\n", ["yaml-syntax"]),
    ],
)
def test_what_is_not_certain_is_left_alone(text: str, codes: list[str]) -> None:
    assert refusal(text) == codes


@pytest.mark.parametrize(
    "text",
    [
        "---\nname: 恒达\ncreated: 2026-02-30\nstage: 么\n---\n\n## 2026-11-20  打\n- 下次: 明天\n",
        "---\nname: 恒达\nphone: 电话 #2\ntags: {a: b}\n---\n## 2026-11-20\n- 阶段: a\n- 阶段: b\n",
    ],
)
def test_other_errors_do_not_keep_a_record_from_being_formatted(text: str) -> None:
    result = formatted(text)
    assert result != text
    codes = [
        sorted(problem.code for problem in parse_record(one, PATH, ZH).problems)
        for one in (text, result)
    ]
    assert codes[0] == codes[1] != []


def test_a_text_that_would_mean_something_else_is_never_returned(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def careless(*_: object, **__: object) -> list[str]:
        return ["## 2026-11-20 14:30 电话 韩梅梅"]

    text = f"{MATTER}\n##  2026-11-20 14:30 电话 李雷\n"
    monkeypatch.setattr(formatter, "tidy_body", careless)
    assert refusal(text) == [DISAGREEMENT]

    def forgetful(*_: object) -> list[str]:
        return ["name: 恒达", "stage: 商务谈判", "owner: 李雷"]

    monkeypatch.undo()
    monkeypatch.setattr(formatter, "tidy_matter", forgetful)
    assert refusal(text.replace("owner:", "value: 1\nowner:")) == [DISAGREEMENT]


def test_a_change_within_code_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(*_: object, **__: object) -> list[str]:
        return ["```", "a", "```"]

    monkeypatch.setattr(formatter, "tidy_body", careless)
    assert refusal(f"{MATTER}\n```\na  \n```\n") == [DISAGREEMENT]


# --- What holds always --------------------------------------------------------------------------

_KEYS: st.SearchStrategy[KeyLanguage | None] = st.sampled_from([None, None, "zh", "en"])
MARKDOWN = MarkdownRenderer()


def texts_of(followup: FollowUp) -> Iterator[str]:
    yield followup.summary
    yield from (value for _, value in sorted(followup.texts.items()))


def pages(customer: Customer) -> list[str]:
    """Return all prose of a record as it is shown, in the order of the follow-ups' moments."""
    prose = [
        customer.background,
        *(text for note in customer.notes for text in (note.heading, note.text)),
        *(text for followup in customer.chronological for text in texts_of(followup)),
    ]
    return [re.sub(r"[ \t]+(?=\n|$|</|<br)", "", str(MARKDOWN.render(text))) for text in prose]


def facts(customer: Customer) -> object:
    """Return what a record says in values, without its places."""
    return [
        (customer.id, customer.name, customer.stage, customer.owner, customer.value, customer.tags),
        (customer.contacts, customer.needs, customer.offers, customer.deal, customer.lost),
        (customer.created, customer.expected_close, customer.fields),
        [
            (one.date, one.time, one.order, one.method, one.who, one.contacts, one.attitude)
            for one in customer.chronological
        ],
        [
            [(task.text, task.due, task.who, task.done, task.done_on) for task in one.commitments]
            for one in customer.chronological
        ],
        [
            (one.next.date, one.next.time, one.next.method, one.next.text, one.next.goal)
            for one in customer.chronological
            if one.next
        ],
        [(change.old, change.new) for one in customer.chronological if (change := one.stage)],
        [
            [(entry.kind, entry.ticket, entry.text) for entry in one.service]
            for one in customer.chronological
        ],
    ]


@given(records(), configs, _KEYS)
def test_a_record_means_and_shows_the_same(
    text: str, config: Config, keys: KeyLanguage | None
) -> None:
    result = formatted(text, config, keys)
    before, after = (parse_record(one, PATH, config) for one in (text, result))
    assert before.customer
    assert after.customer
    assert facts(before.customer) == facts(after.customer)
    assert [problem.code for problem in after.problems] == [
        problem.code for problem in before.problems
    ]
    if keys is None:
        assert pages(before.customer) == pages(after.customer)


@given(records())
def test_nothing_that_was_written_is_lost(text: str) -> None:
    result = formatted(text, CONFIGS[0])
    # Days may be written with other signs, and boxes with a small x; all other letters stay.
    changed = re.compile(r"[年月日tx]")

    def letters(one: str) -> list[str]:
        return sorted(char for char in changed.sub("", one.casefold()) if char.isalpha())

    assert letters(result) == letters(text)

    def number_signs(one: str) -> int:
        return one.partition("\n---")[0].count("#")

    # What a comment says are letters; that it still is one shows in what the record means.
    assert number_signs(result) == number_signs(text)


@given(records(), configs)
def test_the_form_is_one(text: str, config: Config) -> None:
    result = formatted(text, config)
    assert result.endswith("\n")
    assert not result.endswith("\n\n")
    customer = parse_record(result, PATH, config).customer
    assert customer
    lines = result.split("\n")
    for followup in customer.followups:
        line = followup.span.line - 1
        assert re.match(r"#{2,3} 2026-\d\d-\d\d( \d\d:\d\d\S*)?( \S|$)", lines[line])
        assert lines[line - 1] == ""
        assert lines[line + 1] == ""
    untidy = re.sub(r"(?m)^(- (?:议题|topic): .*\S)$(?=\n- |\n\n|\n\Z)", r"\1  ", result)
    untidy = untidy.replace("\n## ", "\n\n\n## ") + "\n\n"
    if content_of(parse_record(untidy, PATH, config).customer) == content_of(customer):
        assert formatted(untidy, config) == result


@given(near_records(), configs, _KEYS)
def test_a_damaged_record_is_left_alone_or_means_the_same(
    text: str, config: Config, keys: KeyLanguage | None
) -> None:
    result = format_record(text, config, keys)
    before = parse_record(text, PATH, config)
    if isinstance(result, tuple):
        assert result
        assert all(isinstance(problem, Problem) for problem in result)
        assert DISAGREEMENT not in {problem.code for problem in result}
        assert before.problems
        return
    assert format_record(result, config, keys) == result
    after = parse_record(result, PATH, config)
    assert before.customer
    assert after.customer
    assert facts(before.customer) == facts(after.customer)


@given(st.text())
def test_no_text_raises(text: str) -> None:
    for one in (text, MATTER + text, f"{MATTER}\n## 2026-11-20\n{text}"):
        text_read = one.replace("\r\n", "\n").replace("\r", "\n")
        result = format_record(text_read, ZH)
        assert isinstance(result, str | tuple)


@pytest.mark.parametrize(
    "line",
    [
        *("* 联系人：甲、乙", "- [X] 甲 @2026/11/2", "  - 甲", "续行  ", "", "```", "<!--"),
        *("## 2026/11/20 电话", "### 2026-11-20 李雷", "## 甲", "- 下次：2026年1月2日，甲", "-->"),
    ],
)
def test_a_quarter_of_a_mebibyte_of_one_line_does_not_hang(line: str) -> None:
    text = f"{MATTER}\n## 2026-11-20\n" + f"{line}\n" * (256 * 1024 // (len(line.encode()) + 1))
    gc.disable()  # As where records are loaded: the collector's searches are not linear.
    try:
        begin = time.process_time()
        result = format_record(text, ZH)
        assert isinstance(result, str)
        assert time.process_time() - begin < 15
    finally:
        gc.enable()


@pytest.mark.parametrize(
    "entry", ["  - name: 甲\n    title: 乙\n", "  # 甲\n", "\n", "  - |\n    甲\n"]
)
def test_front_matter_full_of_one_thing_does_not_hang(entry: str) -> None:
    count = 60_000 // len(entry.encode())
    text = (
        f"---\nowner: 李雷\ncontacts:\n  - name: 丙\n{entry * count}name: 恒达\nstage: 成交\n---\n"
    )
    begin = time.process_time()
    assert isinstance(format_record(text, ZH), str)
    assert time.process_time() - begin < 15
