"""Dated sections: headings, fields, commitments, in every written form."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal

import pytest
from msgspec.structs import replace

from tracker.config_file import parse_config
from tracker.diagnostics import Problem, Span
from tracker.format.parser import parse_record
from tracker.model import Change, Commitment, Customer, FollowUp, NextStep, Service
from tracker.money import Money

SETTINGS = "language: zh\nowners: [{name: 李雷, aliases: [Li Lei]}, Han Meimei, Han Mei]\n"
MATTER = "---\nname: 恒达\nstage: 商务谈判\nowner: 李雷\n---\n"
FIRST = 6
"""Line of the first line of a body."""


def parse(body: str, settings: str = SETTINGS) -> tuple[Customer, list[Problem]]:
    config, wrong = parse_config(settings)
    assert wrong == []
    parsed = parse_record(MATTER + body, "records/a.md", config)
    assert parsed.customer
    return parsed.customer, list(parsed.problems)


def one(body: str, settings: str = SETTINGS) -> FollowUp:
    customer, problems = parse(body, settings)
    assert problems == []
    (followup,) = customer.followups
    return followup


def with_line(line: str, settings: str = SETTINGS) -> FollowUp:
    return one(f"## 2026-11-20 14:30 电话 李雷\n\n{line}\n", settings)


def problem_of(line: str, settings: str = SETTINGS) -> tuple[FollowUp, Problem]:
    customer, problems = parse(f"## 2026-11-20 14:30 电话 李雷\n{line}\n", settings)
    (problem,) = problems
    return customer.followups[0], problem


# --- Headings -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "heading",
    [
        "## 2026-11-20 14:30 电话 李雷",
        "### 2026-11-20 14:30 call Li Lei",
        "## 2026/11/20 14:30 phone 李雷",
        "## 2026年11月20日 14:30 电话 李雷",
        "## 2026年11月20日14:30 电话 李雷",
        "## 2026-11-20T14:30 电话 李雷",
        "## 2026-11-20 · 14:30 · 电话 · 李雷",
        "## 2026-11-20 | 14:30 | 电话 | Li Lei",
        "## 2026-11-20, 14:30, Phone Call, Li Lei",
        "## 2026-11-20，14:30，电话，李雷",
        "## 2026-11-20｜14:30｜电话｜李雷",
        "## 2026-11-20、14:30、电话、李雷",
        "## 2026-11-20・14:30・电话・李雷",
        "## 2026-11-20‧14:30‧电话‧李雷",
        "## 2026-11-20\u300014:30\u3000电话\u3000李雷",
        "##   2026-11-20   14:30   电话   李雷  ",
        "## 2026-11-20 14:30 电话 李雷 ##",
        "##\t2026-11-20\t14:30\t电话\t李雷",
        "##2026-11-20 14:30 电话 李雷",
        "  ## 2026-11-20 14:30 电话 李雷",
        " ## 2026-11-20 14:30 电话 李雷 ##",
        "## 2026-11-20 14:30 电话",
    ],
)
def test_one_heading_in_many_forms(heading: str) -> None:
    followup = one(f"{heading}\n\nText\n")
    assert (followup.date, followup.time) == (date(2026, 11, 20), time(14, 30))
    assert (followup.method, followup.who, followup.summary) == ("call", "李雷", "Text")
    assert followup.order == datetime(2026, 11, 20, 14, 30)  # noqa: DTZ001  # a day and time as written, of no zone


@pytest.mark.parametrize(
    ("rest", "method", "who"),
    [
        ("", None, "李雷"),
        ("Han Meimei", None, "Han Meimei"),
        ("张三", None, "张三"),
        ("online meeting", "online-meeting", "李雷"),
        ("Online Meeting Han Meimei", "online-meeting", "Han Meimei"),
        ("face-to-face Han Meimei", "visit", "Han Meimei"),
        ("customer visit, Han Meimei", "customer-visit", "Han Meimei"),
        ("video call | Li Lei", "online-meeting", "李雷"),
        ("WECHAT 李雷", "wechat", "李雷"),
        ("visit", "visit", "李雷"),
        ("电话 ·", "call", "李雷"),
        ("电话 李雷、韩梅梅", "call", "李雷、韩梅梅"),
    ],
)
def test_methods_and_names(rest: str, method: str | None, who: str) -> None:
    followup = one(f"## 2026-11-20 14:30 {rest}\n")
    assert (followup.method, followup.who) == (method, who)
    assert followup.who_written == (rest not in ("", "online meeting", "visit", "电话 ·"))


def test_without_declared_owners_the_record_s_owner_is_known() -> None:
    config, _ = parse_config("")
    matter = "---\nname: A\nstage: won\nowner: Li Lei\n---\n"
    parsed = parse_record(f"{matter}## 2026-11-20 10:00 Li Lei\n", "records/a.md", config)
    assert parsed.problems == ()
    assert parsed.customer
    assert parsed.customer.followups[0].who == "Li Lei"


def test_an_unknown_method_names_the_nearest() -> None:
    customer, problems = parse("## 2026-11-20 14:30 phonecall 李雷\n")
    (problem,) = problems
    assert (problem.code, problem.span) == ("unknown-word", Span(FIRST, 21, FIRST, 30))
    assert str(problem.hint) == "did you mean ‘电话’?"
    assert customer.followups[0].who == "李雷"


@pytest.mark.parametrize(
    ("written", "order"),
    [
        ("14:30+08:00", (20, 14, 30)),
        ("14:30Z", (20, 22, 30)),
        ("14:30-0500", (21, 3, 30)),
        ("14:30+09", (20, 13, 30)),
    ],
)
def test_an_offset_orders_and_does_not_move_the_day(
    written: str, order: tuple[int, int, int]
) -> None:
    followup = one(f"## 2026-11-20 {written} 电话\n")
    assert followup.date == date(2026, 11, 20)
    assert followup.order == datetime(2026, 11, *order)  # noqa: DTZ001  # a day and time as written, of no zone
    assert followup.time
    assert followup.time.tzinfo


def test_an_offset_at_the_edge_of_time() -> None:
    assert one("## 1000-01-01 00:00+14:00 电话\n").order.year == 999
    zone = timezone(-timedelta(hours=12))
    assert one("## 2999-12-31 23:59-12:00 电话\n").time == time(23, 59, tzinfo=zone)


@pytest.mark.parametrize(
    "heading",
    [
        "## 2026-13-40 电话",
        "## 2026-02-30 10:00 电话",
        "## 2026-11-20 25:00 电话",
        "## 2026-11-20 14:30:15 电话",
        "## 2026-11-20 14：30 电话",
        "## 2026-11-20 14点30分 电话",
        "## 2026-11-20 14:30-16:00 电话",
        "## 2026.11.20 电话",
        "## 2026-11-20电话",
        "## ２０２６-11-20 电话",
        "## 26-11-20 电话",
        "## 11月20日 电话",
        "## 20261120 电话",
        "## **2026-11-20** 电话",
        "## 【2026-11-20】电话",
        "＃＃ 2026-11-20 电话",
        "## 11-20 14:30 电话",
        "## 20/11/2026 call",
        "## Fri, 20 Nov 2026 call",
        "## November 20th, 2026 call",
        "## 2026-11-20 2pm call",
        "## 2026-11-20 下午2点半 电话",
        "# 2026-11-20 电话",
        "#### 2026-11-20 电话",
    ],
)
def test_dated_headings_that_cannot_be_read(heading: str) -> None:
    customer, problems = parse(f"{heading}\n\nText\n")
    (problem,) = problems
    assert problem.code == "heading-unreadable"
    assert problem.span.line == FIRST
    assert customer.followups == ()
    (note,) = customer.notes
    assert note.text == "Text"
    assert note.heading in heading


@pytest.mark.parametrize(
    "heading", ["## 2026 plan", "## 12345", "# 2026年度计划", "## 报价 2026-11-20", "## 1-2-3"]
)
def test_headings_that_are_not_dated_are_notes(heading: str) -> None:
    customer, problems = parse(f"{heading}\n\nText\n")
    assert problems == []
    assert [(note.heading, note.text) for note in customer.notes] == [
        (heading.lstrip("# "), "Text")
    ]


# --- Sections -----------------------------------------------------------------------------------


def test_background_notes_and_followups_stay_apart() -> None:
    customer, problems = parse(
        "背景\n\n# 恒达\n\n介绍\n\n## 2026-11-20 10:00 电话\n\n甲\n\n#### 细节\n\n- 需求: 乙\n\n"
        "## 备注\n\n丙\n\n### 2026-11-21 10:00 邮件\n丁\n"
    )
    assert problems == []
    assert customer.background == "背景"
    assert [(n.heading, n.level, n.text) for n in customer.notes] == [
        ("恒达", 1, "介绍"), ("备注", 2, "丙"),
    ]  # fmt: skip
    first, second = customer.followups
    assert first.summary == "甲\n\n#### 细节"
    assert first.texts == {"needs": "乙"}
    assert (second.method, second.summary) == ("email", "丁")


def test_a_deeper_dated_heading_is_part_of_its_followup() -> None:
    followup = one("## 2026-11-20 10:00 电话\n\n#### 2026-11-19 的纪要\n\n甲\n")
    assert followup.summary == "#### 2026-11-19 的纪要\n\n甲"


def test_a_dated_heading_of_level_three_begins_its_own_followup() -> None:
    customer, _ = parse("## 2026-11-20 10:00 电话\n甲\n### 2026-11-19 10:00 电话\n乙\n")
    assert [followup.summary for followup in customer.followups] == ["甲", "乙"]


@pytest.mark.parametrize(
    "block",
    [
        "```\n## 2026-11-21 10:00 电话\n- [ ] no\n- 需求: no\n```",
        "~~~~ md\n```\n## 2026-11-21 10:00 电话\n~~~\n~~~~",
        "<!--\n## 2026-11-21 10:00 电话\n- [ ] no\n-->",
    ],
    ids=["backticks", "tildes", "comment"],
)
def test_code_and_comments_hold_no_sections_fields_or_tasks(block: str) -> None:
    followup = one(f"## 2026-11-20 10:00 电话\n\n{block}\n\n- 需求: yes\n")
    assert followup.summary == block
    assert followup.commitments == ()
    assert followup.texts == {"needs": "yes"}


@pytest.mark.parametrize("opening", ["```", "~~~", "<!--", "~~~~\n~~~"])
def test_what_is_never_closed_hides_nothing(opening: str) -> None:
    customer, _ = parse(
        f"## 2026-11-20 10:00 电话\n{opening}\n## 2026-11-21 10:00 电话\n```\nx\n```\n"
    )
    assert len(customer.followups) == (1 if opening == "```" else 2)


def test_code_within_a_field_belongs_to_it() -> None:
    followup = one(
        "## 2026-11-20 10:00 电话\n- 回应: 参数\n  ```\n  - [ ] no\n  x: 1\n  ```\n- 需求: 乙\n"
    )
    assert followup.texts == {"response": "参数\n```\n- [ ] no\nx: 1\n```", "needs": "乙"}
    assert followup.commitments == ()


def test_places_and_the_last_line() -> None:
    customer, _ = parse("\n## 2026-11-20 10:00 电话\n\n甲\n- 议题: 乙\n\n\n## 备注\n")
    (followup,) = customer.followups
    assert followup.span == Span(FIRST + 1, 4, FIRST + 1, 23)
    assert followup.end_line == FIRST + 4
    assert followup.spans["topic"] == Span(FIRST + 4, 7, FIRST + 4, 8)


# --- Fields -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "- 需求: 首批",
        "- 需求：首批",
        "- needs: 首批",
        "- Needs : 首批",
        "* 需求: 首批",
        "+ 需求:首批",
        "- **需求**: 首批",
        "- **需求:** 首批",
        "- __需求__：首批",
        "- 需求:: 首批",
        "  - 需求: 首批",
        "-   需求:   首批   ",
    ],
)
def test_a_field_in_many_forms(line: str) -> None:
    assert with_line(line).texts == {"needs": "首批"}


@pytest.mark.parametrize(
    ("chinese", "english", "key"),
    [
        ("议题", "topic", "topic"),
        ("需求", "needs", "needs"),
        ("痛点", "pains", "pains"),
        ("期望", "expected", "expected"),
        ("顾虑", "concerns", "concerns"),
        ("回应", "response", "response"),
    ],
)
def test_plain_fields_in_both_languages(chinese: str, english: str, key: str) -> None:
    assert with_line(f"- {chinese}: 文").texts == with_line(f"- {english}: 文").texts == {key: "文"}


def test_continuation_lines_and_nested_bullets_belong_to_the_field() -> None:
    followup = one(
        "## 2026-11-20 10:00 电话\n\n- 回应: 第一行\n  第二行\n  - 甲\n    - 乙\n"
        "\n  段落\n惰性续行\n"
        "- 议题: 丙\n跟着议题\n\n自由文字\n"
    )
    assert followup.texts == {
        "response": "第一行\n第二行\n- 甲\n  - 乙\n\n段落\n惰性续行",
        "topic": "丙\n跟着议题",
    }
    assert followup.summary == "自由文字"


def test_a_field_key_below_another_bullet_is_text() -> None:
    followup = one(
        "## 2026-11-20 10:00 电话\n- 甲方说\n  - 需求: 乙\n\n  - 顾虑: 丙\n\n- 议题: 丁\n"
    )
    assert followup.texts == {"topic": "丁"}
    assert followup.summary == "- 甲方说\n  - 需求: 乙\n\n  - 顾虑: 丙"


def test_repeated_text_fields_are_joined_in_order() -> None:
    assert with_line("- 需求: 甲\n- needs: 乙").texts == {"needs": "甲\n乙"}


def test_the_summary_is_free_text_and_the_field() -> None:
    assert with_line("自由\n\n- 纪要: 字段\n\n更多").summary == "自由\n\n更多\n\n字段"


def test_contacts_and_offers_are_lists() -> None:
    followup = with_line(
        "- 联系人: 王芳、李明，张三\n- contact: 赵六\n- 报价: Q-1, Q-2\n- offer: Q-3"
    )
    assert followup.contacts == ("王芳", "李明", "张三", "赵六")
    assert followup.offers == ("Q-1", "Q-2", "Q-3")


def test_an_empty_field_says_nothing() -> None:
    followup = with_line("- 下次:\n- 态度:\n- 阶段: \n- 联系人:\n- 需求:\n- 售后:")
    assert (followup.next, followup.attitude, followup.stage) == (None, None, None)
    assert (followup.contacts, followup.service) == ((), ())
    assert followup.texts == {"needs": ""}


def test_a_near_miss_is_reported_and_kept() -> None:
    followup, problem = problem_of("- concern: 价格")
    assert (problem.code, str(problem.hint)) == ("unknown-field", "did you mean ‘concerns’?")
    assert problem.span == Span(FIRST + 1, 3, FIRST + 1, 10)
    assert followup.summary == "- concern: 价格"


def test_a_key_that_sounds_like_another_is_a_near_miss() -> None:
    for key, meant in (("态渡", "态度"), ("报架", "报价"), ("记要", "纪要"), ("下刺", "下次")):
        _, problem = problem_of(f"- {key}：积极")
        assert (problem.code, str(problem.hint)) == ("unknown-field", f"did you mean ‘{meant}’?")


@pytest.mark.parametrize(
    "line",
    [
        *(
            f"- {word}：9 月"
            for word in ("价格", "态势", "保价", "精品", "登记", "术后", "大度", "次下")
        ),
        "- 主轴: 8000 转",
        "- https://a.example",
        "- 14:30 到达",
        "- [a](b): c",
        "1. 需求: 甲",
    ],
)
def test_other_bullets_are_the_summary(line: str) -> None:
    assert with_line(line).summary == line


@pytest.mark.parametrize(
    ("text", "attitude", "note"),
    [
        ("积极", "positive", ""),
        ("积极,愿意安排总经理见面", "positive", "愿意安排总经理见面"),
        ("积极，愿意", "positive", "愿意"),
        ("positive, will bring the GM", "positive", "will bring the GM"),
        ("Negative: too dear", "negative", "too dear"),
        ("中立 观望", "neutral", "观望"),
        ("积极（愿意）", "positive", "（愿意）"),
    ],
)
def test_attitudes(text: str, attitude: str, note: str) -> None:
    followup = with_line(f"- 态度: {text}")
    assert (followup.attitude, followup.attitude_note) == (attitude, note)


def test_an_unknown_attitude_keeps_its_text() -> None:
    followup, problem = problem_of("- 态度: 很热情，愿意")
    assert problem.code == "unknown-word"
    assert (followup.attitude, followup.attitude_note) == (None, "很热情，愿意")


@pytest.mark.parametrize(
    "arrow",
    [" -> ", "->", "→", " → ", " => ", " --> ", "⇒", "—>", "——>", " > ", "-＞", " ➔ ", " ⟶ "],
)
def test_changes_with_every_arrow(arrow: str) -> None:
    change = with_line(f"- 阶段: 方案制定{arrow}negotiation").stage
    assert change
    assert (change.old, change.new) == ("proposal", "negotiation")


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        ("商务谈判", None, "negotiation"),
        ("-> 商务谈判", None, "negotiation"),
        ("需求分析 -> 方案制定 -> 商务谈判", "needs", "negotiation"),
        ("needs analysis -> after-sales", "needs", "after-sales"),
        ("initial contact→needs-analysis", "contact", "needs"),
    ],
)
def test_changes(text: str, old: str | None, new: str) -> None:
    followup = with_line(f"- stage: {text}")
    assert followup.stage == Change(new, old, Span(FIRST + 2, 10, FIRST + 2, 10 + len(text)))
    assert followup.summary == ""


@pytest.mark.parametrize(
    "text", ["方案制定 -> 商务谈判（价格 100 -> 90）", "方案制定 -> 商务谈判, 客户确认\n  预算已批"]
)
def test_text_after_a_change_is_kept(text: str) -> None:
    followup = with_line(f"- 阶段: {text}")
    assert followup.stage
    assert (followup.stage.old, followup.stage.new) == ("proposal", "negotiation")
    assert followup.summary == f"- 阶段: {text}"


def test_a_change_of_level() -> None:
    change = with_line("- 等级: B -> A").level
    assert change
    assert (change.old, change.new) == ("b", "a")


@pytest.mark.parametrize("text", ["方案制定 ->", "方案制定 -> 签字", "签字"])
def test_a_change_to_nothing_known(text: str) -> None:
    followup, problem = problem_of(f"- 阶段: {text}")
    assert problem.code == "unknown-word"
    assert followup.stage is None
    assert followup.summary == f"- 阶段: {text}"


def test_a_change_from_an_unknown_word_still_counts() -> None:
    followup, problem = problem_of("- 阶段: 开始 -> 商务谈判")
    assert problem.code == "unknown-word"
    assert followup.stage
    assert (followup.stage.old, followup.stage.new) == (None, "negotiation")


@pytest.mark.parametrize(
    ("text", "kind", "ticket", "rest"),
    [
        ("问题 #3 主轴异响", "problem", 3, "主轴异响"),
        ("问题#3：主轴异响", "problem", 3, "主轴异响"),
        ("problem ＃12, spindle noise", "problem", 12, "spindle noise"),
        ("已解决 #3", "resolved", 3, ""),
        ("resolved #3 bearing replaced", "resolved", 3, "bearing replaced"),
        ("交付", "delivery", None, ""),
        ("follow-up visit all fine", "visit", None, "all fine"),
        ("培训：操作员两天", "training", None, "操作员两天"),
    ],
)
def test_service_entries(text: str, kind: str, ticket: int | None, rest: str) -> None:
    followup = with_line(f"- 售后: {text}")
    span = Span(FIRST + 2, 7, FIRST + 2, 7 + len(text))
    assert followup.service == (Service(kind, ticket, rest, span),)


def test_several_service_entries_and_an_unknown_kind() -> None:
    followup, problem = problem_of(
        "- 售后: 问题 #1 甲\n- service: problem #2 乙\n- 售后: 维护 #9 丙"
    )
    assert [entry.ticket for entry in followup.service] == [1, 2]
    assert problem.code == "unknown-word"
    assert followup.summary == "- 售后: 维护 #9 丙"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-27", NextStep(date(2026, 11, 27))),
        (
            "2026-11-27 10:00 面谈 演示分批交付计划;目标: 确认预算",
            NextStep(date(2026, 11, 27), time(10), "visit", "演示分批交付计划", "确认预算"),
        ),
        (
            "2026-11-27 10:00 visit walk through the plan; goal: confirm budget",
            NextStep(
                date(2026, 11, 27), time(10), "visit", "walk through the plan", "confirm budget"
            ),
        ),
        (
            "2026/11/27，电话，确认；目标：签约",
            NextStep(date(2026, 11, 27), None, "call", "确认", "签约"),
        ),
        (
            "2026年11月27日10:00 online meeting: demo",
            NextStep(date(2026, 11, 27), time(10), "online-meeting", "demo"),
        ),
        ("2026-11-27 · 寄样品", NextStep(date(2026, 11, 27), None, None, "寄样品")),
        ("2026-11-27 goal: sign", NextStep(date(2026, 11, 27), goal="sign")),
        (
            "2026-11-27 面谈 演示\n  目标: 签约",
            NextStep(date(2026, 11, 27), None, "visit", "演示", "签约"),
        ),
        (
            "2026-11-27 面谈\n  - goal: sign",
            NextStep(date(2026, 11, 27), None, "visit", "", "sign"),
        ),
        ("none", NextStep()),
        ("None.", NextStep()),
        ("无", NextStep()),
        ("无。", NextStep()),
        ("没有", NextStep()),
        ("无，等客户", NextStep(text="等客户")),
        ("none: they will call us", NextStep(text="they will call us")),
        ("-", NextStep()),
    ],
)
def test_next_steps(text: str, expected: NextStep) -> None:
    for key in ("下次", "next", "下次跟进"):
        step = with_line(f"- {key}: {text}").next
        assert step
        assert replace(step, span=expected.span) == expected


@pytest.mark.parametrize(
    "text",
    ["明天", "next week call", "2026-02-30 电话", "2026-11-27 25:00", "11-27 电话", "no answer"],
)
def test_a_next_step_that_cannot_be_read_is_kept(text: str) -> None:
    followup, problem = problem_of(f"- 下次: {text}")
    assert problem.code == "next-unreadable"
    assert problem.span == Span(FIRST + 1, 7, FIRST + 1, 7 + len(text))
    assert followup.next is None
    assert followup.summary == f"- 下次: {text}"


@pytest.mark.parametrize("sign", ["", "－ ", "• ", "-", "\u3000"])
def test_a_next_step_without_its_bullet_is_told(sign: str) -> None:
    followup, problem = problem_of(f"{sign}下次：2026-11-27 电话")
    assert problem.code == "next-unreadable"
    assert str(problem.hint) == "write it as: - 下次: 2026-11-27 电话"
    assert followup.next is None


@pytest.mark.parametrize(
    "line",
    [
        "[ ] 报价 @2026-11-26",
        "[x] 报价",
        "- 【 】报价",
        "- [√] 报价",
        "－ [ ] 报价",
        "☐ 报价",
        "-[ ] 报价",
    ],
)
def test_a_box_that_is_no_promise_is_told(line: str) -> None:
    for text in (line, f"- 联系人: 王芳\n{line}"):
        followup, problem = problem_of(text)
        assert problem.code == "task-unreadable"
        assert problem.span.end_column == len(line) + 1
        assert followup.commitments == ()


@pytest.mark.parametrize(
    "line",
    [
        "下次: 再说",
        "Next: they decide",
        "[x](https://a.example) 报价",
        "[a] 报价",
        "【报价】 已发",
        "```\n[ ] 报价\n```",
    ],
)
def test_text_that_only_resembles_a_plan_or_a_promise_is_text(line: str) -> None:
    assert with_line(line).summary == line


def test_of_two_next_steps_the_last_counts() -> None:
    followup, problem = problem_of("- 下次: 2026-11-27 电话\n- next: 2026-11-28 call")
    assert problem.code == "duplicate-key"
    assert followup.next
    assert followup.next.date == date(2026, 11, 28)


def test_declared_fields() -> None:
    settings = SETTINGS + (
        "followup_fields: {rival: {label: 竞品}, cost: {label: 差旅费(元), type: money},"
        " seen: {label: 看样, type: list}, done: {label: 完成, type: bool}}"
    )
    followup = with_line(
        "- 竞品: 甲公司\n- 差旅费(元): 350\n- seen: a、b\n- 看样: c\n- 完成: 是", settings
    )
    assert followup.fields == {
        "rival": "甲公司",
        "cost": Money(Decimal(350), "CNY"),
        "seen": ("a", "b", "c"),
        "done": True,
    }
    followup, problem = problem_of("- cost: a lot", settings)
    assert problem.code == "invalid-money"
    assert followup.summary == "- cost: a lot"


# --- Commitments --------------------------------------------------------------------------------

DUE = date(2026, 11, 22)


@pytest.mark.parametrize("day", ["2026-11-22", "2026/11/22", "2026年11月22日"])
@pytest.mark.parametrize(
    "mark",
    [
        "@{}",
        "＠{}",
        "@ {}",
        "📅 {}",
        "📅\ufe0f{}",
        "[due:: {}]",
        "(due:: {})",
        "[截止::{}]",
        "[Due:: {} ]",
    ],
)
def test_due_days(mark: str, day: str) -> None:
    (commitment,) = with_line(f"- [ ] 发送正式报价 {mark.format(day)}").commitments
    assert (commitment.text, commitment.due) == ("发送正式报价", DUE)
    assert (commitment.done, commitment.who) == (False, None)


@pytest.mark.parametrize("day", ["2026-11-21", "2026/11/21", "2026年11月21日"])
@pytest.mark.parametrize(
    "mark", ["✅ {}", "✅\ufe0f {}", "[completion:: {}]", "(done:: {})", "[完成:: {}]"]
)
def test_days_of_completion(mark: str, day: str) -> None:
    (commitment,) = with_line(f"- [x] 寄样 @2026-11-22 {mark.format(day)}").commitments
    assert commitment == Commitment(
        "寄样", DUE, None, done=True, done_on=date(2026, 11, 21), span=commitment.span
    )


def test_a_day_of_completion_ticks() -> None:
    (commitment,) = with_line("- [ ] 寄样 ✅ 2026-11-21").commitments
    assert commitment.done


@pytest.mark.parametrize(
    ("text", "who", "left"),
    [
        ("报价 @2026-11-22 @李雷", "李雷", "报价"),
        ("报价 @Li Lei @2026-11-22", "李雷", "报价"),
        ("@Han Meimei sends it @2026-11-22", "Han Meimei", "sends it"),
        ("@Han Mei sends it @2026-11-22", "Han Mei", "sends it"),
        ("@Han Meiling sends it @2026-11-22", "Han", "Meiling sends it"),
        ("报价，@王芳，@2026-11-22", "王芳", "报价，，"),
        ("mail a@b.example @2026-11-22", None, "mail a@b.example"),
        ("报价 @2026-11-22 @11-23", None, "报价 @11-23"),
    ],
)
def test_who_promised(text: str, who: str | None, left: str) -> None:
    (commitment,) = with_line(f"- [ ] {text}").commitments
    assert (commitment.who, commitment.text, commitment.due) == (who, left, DUE)


@pytest.mark.parametrize(
    ("line", "done"),
    [
        ("- [ ] 甲", False),
        ("- [x] 甲", True),
        ("* [X] 甲", True),
        ("1. [ ] 甲", False),
        ("- [ ]甲", False),
        ("- [] 甲", False),
        ("    - [x] 甲", True),
        ("\t+ [ ] 甲", False),
    ],
)
def test_boxes(line: str, done: bool) -> None:  # noqa: FBT001  # a parameter of the test's examples
    (commitment,) = with_line(line).commitments
    assert (commitment.text, commitment.done, commitment.due) == ("甲", done, None)


@pytest.mark.parametrize("line", ["- [x](a.md) 甲", "- [ ](b)", "- [x]: 甲", "- [?] 甲"])
def test_what_is_no_box(line: str) -> None:
    followup = with_line(line)
    assert followup.commitments == ()
    assert followup.summary == line


def test_tasks_within_fields_and_tasks_are_commitments_of_their_own() -> None:
    followup = one(
        "## 2026-11-20 10:00 电话\n- 回应: 好\n  - [ ] 甲 @2026-11-22\n    细节\n  - 乙\n"
        "- [ ] 丙\n  第二行\n  - [x] 丁\n  - 戊\n"
    )
    assert followup.texts == {"response": "好\n- 乙"}
    assert [(c.text, c.done) for c in followup.commitments] == [
        ("甲 细节", False), ("丙 第二行 - 戊", False), ("丁", True),
    ]  # fmt: skip
    assert followup.commitments[0].span == Span(FIRST + 2, 9, FIRST + 2, 22)


@pytest.mark.parametrize("mark", ["@2026-02-30", "📅 2026-13-01", "@2026.11.22", "@２０２６-11-22"])
def test_a_due_day_that_does_not_exist(mark: str) -> None:
    followup, problem = problem_of(f"- [ ] 甲 {mark}")
    assert problem.code == "invalid-date"
    assert problem.span.line == FIRST + 1
    (commitment,) = followup.commitments
    assert (commitment.text, commitment.due) == (f"甲 {mark}", None)


def test_brackets_around_a_due_day_stay() -> None:
    (commitment,) = with_line("- [ ] 报价 (周五前 @2026-11-22)").commitments
    assert commitment.text == "报价 (周五前 )"
