"""Tests of histories that people keep in one cell."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.config_file import default_config
from tracker.exchange.intake.dated_texts import DatedText, dated_texts
from tracker.exchange.intake.notation import Notation
from tracker.translation import Message

TODAY = date(2026, 11, 28)


def told(text: str) -> list[str]:
    found = dated_texts(text, Notation(default_config("zh")), TODAY)
    assert not isinstance(found, Message)
    lead, entries = found
    return [lead, *map(line_of, entries)]


def line_of(entry: DatedText) -> str:
    clock = f"{entry.clock:%H:%M}" if entry.clock else ""
    method = f"[{entry.method}]" if entry.method else ""
    text = entry.text.replace("\n", "|")
    return " ".join(filter(None, (entry.day.isoformat(), clock, method, text)))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2026.3.5 电话：询价", "2026-03-05 [电话] 询价"),
        ("2026年3月5日，拜访了王总。", "2026-03-05 拜访了王总。"),
        ("20260305询价", "2026-03-05 询价"),
        ("１、２０２６／３／５　微信 发资料，报价", "2026-03-05 [微信] 发资料，报价"),
        ("【2026-03-05】（周四）14:30 电话 谈价", "2026-03-05 14:30 [电话] 谈价"),
        ("1.2026年3月5日 电话沟通", "2026-03-05 [电话] 电话沟通"),
        ("5 Mar 2026: called back", "2026-03-05 called back"),
        ("2026/3/5 电话", "2026-03-05 [电话] 电话"),
        ("2026.3.5 到访\n客户满意", "2026-03-05 到访|客户满意"),
        # A blank parts the day from what begins with a number or a word behind days.
        ("2026.3.5 14:30 微信 发报价", "2026-03-05 14:30 [微信] 发报价"),
        ("2026.3.5 10:00-11:00 会议", "2026-03-05 10:00-11:00 会议"),
        ("2026.4.2 3台设备已到货", "2026-04-02 3台设备已到货"),
        ("2026年3月5日 前台接待", "2026-03-05 前台接待"),
        ("2026-03-05 - 3 units ordered", "2026-03-05 3 units ordered"),
        ("2026.3.5-3台样机已寄", "2026-03-05 3台样机已寄"),
        ("2026.3.5到货", "2026-03-05 到货"),
        # A word for the method is one only with its sign.
        ("2026-03-05 Phone call: asked", "2026-03-05 [电话] asked"),
        ("2026-03-05 Email - sent quote", "2026-03-05 [邮件] sent quote"),
        ("2026-03-05 Teams will be merged", "2026-03-05 Teams will be merged"),
        ("2026-03-05 Call them back", "2026-03-05 Call them back"),
        ("2026-03-05 Other people asked", "2026-03-05 Other people asked"),
    ],
)
def test_an_entry_begins_with_its_day(text: str, found: str) -> None:
    assert told(text) == ["", found]


def test_a_day_without_a_year_is_of_the_year_before_it() -> None:
    assert told("老客户\n2026年3月5日 询价\n5月8日 报价\n2月30日 无\n12月20日 签约") == [
        "老客户",
        "2026-03-05 询价",
        # There is no 30th of February, and the 20th of December before it is nearer.
        "2026-05-08 报价|2月30日 无|12月20日 签约",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "3.5 报价",
        "2026.12.5 上门",
        "2026年3月5日前付款",
        "2026-02-30 无",
        "13月1日 无",
        "2026.3.5-3.9 参展",
        "2026.3.5~7 参展",
        "2026年3月5日 至 3月9日 参展",
        "2026-03-05 - 2026-03-09 trade fair",
        "2026-03-05 to 2026-03-09 trade fair",
        "2026-03-05-02 补充协议",
        "2026-03-05截止报名",
    ],
)
def test_what_is_no_day_of_the_past_begins_nothing(text: str) -> None:
    assert told(text) == [text]
    assert told(f"2026-01-05 电话\n{text}") == ["", f"2026-01-05 [电话] {text}"]


def test_the_first_day_needs_its_year() -> None:
    assert told("5月8日 报价\n2026.5.9 签约") == ["5月8日 报价", "2026-05-09 签约"]
