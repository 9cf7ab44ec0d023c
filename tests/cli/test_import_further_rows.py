"""`tracker import` of several rows of one customer: nothing that they say is lost."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.cli.test_import_plain_lists import body_of, imported

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Tracker

NOTES = (
    "公司名称,联系人,联系电话,客户备注\n"
    "乙公司,张三,13800001011,老客户说不急\n乙公司,李四,13800001012,不急\n乙公司,王五,,不急\n"
)
PEOPLE = (
    "Company,Contact,Phone,Title,Last contacted,Notes\n"
    "Globex,Ann Roe,+1 212 555 0101,CTO,2026-03-05,first\n"
    "Globex,Ann Roe,+1 212 555 0102,CEO,2026-03-06,second\n"
    "Globex,Ann Roe,+1 212 555 010,CTO,2026-03-06,second\n"
)


def told_of(tracker: Tracker, workspace: Path, text: str, *options: str) -> dict[str, object]:
    ended = imported(tracker, workspace, text, "--format", "json", *options)
    assert ended.code == 0
    rows = json.loads(ended.out)
    return {"totals": rows["totals"], "kept": [row["kept"] for row in rows["rows"]]}


@pytest.mark.parametrize("options", [(), ("--overwrite",)])
def test_notes_of_further_rows_stand_below_the_first(
    tracker: Tracker, chinese: Path, options: tuple[str, ...]
) -> None:
    told = told_of(tracker, chinese, NOTES, *options)
    assert told["kept"] == [[], [], []]
    expected = (
        "---\nname: 乙公司\ncreated: 2026-11-28\ncontacts:\n"
        "  - name: 张三\n    phone: 13800001011\n  - name: 李四\n    phone: 13800001012\n"
        "  - name: 王五\n---\n\n老客户说不急\n\n不急"
    )
    assert body_of(chinese, "yi") == expected
    again = told_of(tracker, chinese, NOTES, *options)
    assert again["totals"] == {"created": 0, "updated": 0, "skipped": 3, "rejected": 0}
    assert body_of(chinese, "yi") == expected


@pytest.mark.parametrize("options", [(), ("--overwrite",)])
def test_further_numbers_and_titles_of_a_person_become_notes(
    tracker: Tracker, english: Path, options: tuple[str, ...]
) -> None:
    told = told_of(tracker, english, PEOPLE, *options)
    assert told["kept"] == [[], [], []]
    expected = (
        "---\nname: Globex\ncreated: 2026-03-05\ncontacts:\n"
        "  - name: Ann Roe\n    title: CTO\n    phone: +1 212 555 0101\n---\n\n"
        "first\n\nsecond\n\n## Imported\n\n- Ann Roe title: CEO\n"
        "- Ann Roe phone: +1 212 555 0102\n- Ann Roe phone: +1 212 555 010\n\n"
        "## 2026-03-05\n\n- contact: Ann Roe\n\n## 2026-03-06\n\n- contact: Ann Roe"
    )
    newest_first = body_of(english, "globex")
    assert sorted(newest_first.split("\n")) == sorted(expected.split("\n"))
    again = told_of(tracker, english, PEOPLE, *options)
    assert again["kept"] == [[], [], []]
    assert body_of(english, "globex") == newest_first


def test_what_the_first_row_leaves_open_a_further_one_says(tracker: Tracker, chinese: Path) -> None:
    told = told_of(
        tracker,
        chinese,
        "客户名称,联系人,客户阶段,负责人,建档日期,预计金额,下次跟进时间,下次跟进内容\n"
        "甲公司,张三,,,,,2026-12-05,回访\n"
        "甲公司,李四,商务谈判,韩梅梅,2026-03-01,3,2026-12-09,签合同\n"
        "甲公司,王五,需求分析,李雷,2026-03-01,4,,\n",
    )
    assert told["kept"] == [[], [], []]
    text = (chinese / "records" / "jia.md").read_text("utf-8")
    assert "stage: 商务谈判\nowner: 韩梅梅\ncreated: 2026-03-01\nvalue: 3" in text
    for line in ("阶段: 需求分析", "负责人: 李雷", "预计金额: 4 CNY", "下次: 2026-12-09 签合同"):
        assert f"- {line}\n" in text.replace("客户阶段", "阶段")


def test_rows_add_to_what_they_have_filled_in_of_a_known_record(
    tracker: Tracker, chinese: Path
) -> None:
    record = chinese / "records" / "jia.md"
    known = "---\nname: 甲公司\nstage: 需求分析\nowner: 李雷\ncreated: 2026-09-01\n"
    record.write_text(f"{known}contacts:\n  - name: 张三\n    title: 经理\n---\n", "utf-8")
    rows = (
        "客户名称,联系人,电话,职位,备注\n"
        "甲公司,张三,13800001011,总监,甲\n甲公司,张三,13800001012,董事,乙\n"
    )
    told = told_of(tracker, chinese, rows)
    # The title is the record's own, and what differs from that is told.
    assert told["kept"] == [
        [{"field": "contacts[0].title", "text": "总监"}],
        [{"field": "contacts[0].title", "text": "董事"}],
    ]
    assert record.read_text("utf-8") == (
        f"{known}contacts:\n  - name: 张三\n    title: 经理\n    phone: 13800001011\n---\n\n"
        "甲\n\n乙\n\n## 导入的其他信息\n\n- 张三 电话: 13800001012\n"
    )
    # What is asked for replaces the record's own values, not those of the rows before.
    told_of(tracker, chinese, rows, "--overwrite")
    text = record.read_text("utf-8")
    assert "    title: 总监\n    phone: 13800001011\n" in text
    assert "- 张三 职位: 董事\n" in text
    told_of(tracker, chinese, rows, "--overwrite")
    assert record.read_text("utf-8") == text


def test_what_was_said_to_several_people_is_not_one_follow_up(
    tracker: Tracker, chinese: Path
) -> None:
    rows = (
        "客户,日期,联系人,跟进方式,沟通内容,需求\n"
        "甲公司,2026-03-05,张三,电话,谈了,交期\n甲公司,2026-03-05,李四,电话,谈了,交期\n"
        "甲公司,2026-03-05,李四,电话,谈了,价格\n甲公司,2026-03-06,张三,电话,,\n"
        "甲公司,2026-03-06,李四,电话,,\n甲公司,2026-03-06,李四,电话,,\n"
    )
    told = told_of(tracker, chinese, rows)
    assert told["totals"] == {"created": 5, "updated": 0, "skipped": 1, "rejected": 0}
    body = body_of(chinese, "jia")
    assert (body.count("- 联系人: 张三"), body.count("- 联系人: 李四")) == (2, 3)
    assert (body.count("- 需求: 交期"), body.count("- 需求: 价格")) == (2, 1)
    again = told_of(tracker, chinese, rows)
    assert again["totals"] == {"created": 0, "updated": 0, "skipped": 6, "rejected": 0}


def test_lists_of_further_rows_are_put_together(tracker: Tracker, chinese: Path) -> None:
    rows = "客户名称,标签\n甲公司,华东\n甲公司,重点\n"
    for _ in range(2):
        told_of(tracker, chinese, rows, "--overwrite")
        assert "tags: [华东, 重点]" in body_of(chinese, "jia")


def test_follow_ups_of_rows_with_another_owner_are_theirs_and_come_once(
    tracker: Tracker, chinese: Path
) -> None:
    path = chinese / "log.csv"
    path.write_text(
        "客户,负责人,日期,跟进方式,跟进内容\n大成,李雷,2026-11-01,电话,询价\n"
        "大成,韩梅梅,2026-11-20,电话,报价\n大成,韩梅梅,2026-11-21,,签约\n",
        "utf-8",
    )
    record = chinese / "records" / "da-cheng.md"
    for _ in range(2):
        assert tracker(chinese, "import", str(path), "--today", "2026-11-28").code == 0
        headings = [line for line in record.read_text("utf-8").split("\n") if "## 2026" in line]
        assert headings == [
            "## 2026-11-21 韩梅梅",
            "## 2026-11-20 电话 韩梅梅",
            "## 2026-11-01 电话",
        ]


def test_follow_ups_without_a_text_are_told_apart_and_come_once(
    tracker: Tracker, chinese: Path
) -> None:
    path = chinese / "log.csv"
    path.write_text(
        "客户,日期,跟进方式,态度,阶段,下次跟进时间\n大成,2026-11-20,电话,,,\n"
        "大成,2026-11-20,电话,消极,,\n大成,2026-11-20,电话,,方案制定,\n大成,,,,,2026-12-01\n",
        "utf-8",
    )
    record = chinese / "records" / "da-cheng.md"
    arguments = ("import", str(path), "--owner", "李雷", "--today", "2026-11-28")
    assert tracker(chinese, *arguments).code == 0
    text = record.read_text("utf-8")
    assert text.count("## 2026-11-20 电话") == 3
    assert all(line in text for line in ("- 态度: 消极", "- 阶段: 方案制定", "- 下次: 2026-12-01"))
    assert tracker(chinese, *arguments).code == 0
    assert record.read_text("utf-8") == text


def test_a_follow_up_whose_old_stage_people_add_does_not_come_again(
    tracker: Tracker, chinese: Path
) -> None:
    rows = "客户,日期,跟进方式,阶段\n大成,2026-11-01,电话,初步接触\n大成,2026-11-20,电话,方案制定\n"
    told_of(tracker, chinese, rows)
    record = chinese / "records" / "da-cheng.md"
    text = record.read_text("utf-8")
    assert "- 阶段: 方案制定" in text
    text = text.replace("- 阶段: 方案制定", "- 阶段: 初步接触 -> 方案制定")
    record.write_text(text, "utf-8")
    again = told_of(tracker, chinese, rows)
    assert again["totals"] == {"created": 0, "updated": 0, "skipped": 2, "rejected": 0}
    assert record.read_text("utf-8") == text


@pytest.mark.parametrize(
    ("line", "options", "stage"),
    [
        ("", (), "成交"),
        ("", ("--overwrite",), "需求分析"),
        ("\n\n- 阶段: 成交", (), "售后服务"),
        ("\n\n- 阶段: 商务谈判", (), "成交"),
    ],
)
def test_a_log_moves_the_stage_of_a_record_only_where_its_own_is_known_to_be_older(
    tracker: Tracker, chinese: Path, line: str, options: tuple[str, ...], stage: str
) -> None:
    record = chinese / "records" / "jia.md"
    record.write_text(
        "---\nname: 甲公司\nstage: 成交\nowner: 李雷\ncreated: 2026-09-01\n---\n\n"
        f"## 2026-10-20 电话\n\n签了。{line}\n",
        "utf-8",
    )
    text = (
        "日期,客户,跟进内容,阶段\n2026-11-05,甲公司,回访,商务谈判\n"
        f"2026-11-05,甲公司,再访,{'售后服务' if '成交' in line else '需求分析'}\n"
        "2026-09-05,甲公司,初次联系,初步接触\n"
    )
    kept = stage == "成交"
    for _ in range(2):  # What is there already tells of the same difference again.
        told = told_of(tracker, chinese, text, *options)
        assert f"\nstage: {stage}\n" in record.read_text("utf-8")
        assert told["kept"] == [[], [{"field": "stage", "text": "需求分析"}] if kept else [], []]
    assert "- 阶段: 初步接触" in record.read_text("utf-8")
