"""`tracker show`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import WORKSPACES
from tracker.insight.rows import ROW_COLUMNS

if TYPE_CHECKING:
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion

    from tests.cli.conftest import Tracker

TODAY = ("--today", "2026-11-24")


def test_card_in_chinese(tracker: Tracker, chinese: Path, snapshot: SnapshotAssertion) -> None:
    ended = tracker(chinese, "show", "恒达", *TODAY)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.partition("\n问题\n")[0] == snapshot


def test_card_of_a_customer_with_a_deal_and_an_open_ticket(
    tracker: Tracker, chinese: Path, snapshot: SnapshotAssertion
) -> None:
    ended = tracker(chinese, "show", "广厦", *TODAY)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.partition("\n问题\n")[0] == snapshot


def test_card_of_a_lost_customer(
    tracker: Tracker, chinese: Path, snapshot: SnapshotAssertion
) -> None:
    ended = tracker(chinese, "show", "beichen", *TODAY)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.partition("\n问题\n")[0] == snapshot


def test_card_in_english(tracker: Tracker, english: Path, snapshot: SnapshotAssertion) -> None:
    ended = tracker(english, "show", "acme-pumps", *TODAY)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.partition("\nProblems\n")[0] == snapshot


def test_problems_are_shown_with_their_place(tracker: Tracker, english: Path) -> None:
    ended = tracker(english, "show", "wrong-day", *TODAY)
    assert ended.code == 0
    problems = ended.out.partition("\nProblems\n")[2]
    assert (
        "  records/wrong-day.md:6:10: error[invalid-date] there is no day 2026-02-30\n" in problems
    )


def test_a_commitment_is_shown_with_the_day_on_which_it_was_done(
    tracker: Tracker, english: Path
) -> None:
    matter = "---\nname: Done Ltd\nstage: proposal\nowner: Li\n---\n\n## 2026-11-20 call Li\n\n"
    written = "- [x] send the quote @2026-11-21 @Han ✅ 2026-11-23\n"
    (english / "records" / "done.md").write_text(matter + written, "utf-8")
    assert f"  {written}" in tracker(english, "show", "done", *TODAY).out


def test_old_follow_ups_and_notes_come_with_all(tracker: Tracker, chinese: Path) -> None:
    short = tracker(chinese, "show", "hengda", *TODAY).out
    whole = tracker(chinese, "show", "hengda", *TODAY, "--all").out
    assert "第一次通话" not in short
    assert "门卫要登记" not in short
    assert "--all" in short
    assert "2026-09-10 10:00 电话 李雷\n  第一次通话。\n" in whole
    assert "备注\n  门卫要登记。\n" in whole
    assert "--all" not in whole


# --- Finding ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "hengda",
        "HENGDA",
        "恒达精密机械有限公司",
        "恒达",
        "精密机械",
        "records/hengda.md",
        "./records/hengda.md",
        "records\\hengda.md",
    ],
)
def test_a_customer_is_found_by(tracker: Tracker, chinese: Path, text: str) -> None:
    ended = tracker(chinese, "show", text, *TODAY)
    assert ended.code == 0, ended.err
    assert ended.out.startswith("恒达精密机械有限公司")


def test_a_customer_is_found_by_a_path_seen_from_here(tracker: Tracker, chinese: Path) -> None:
    for folder, text in (
        (chinese / "records" / "华东", "yuanhang.md"),
        (chinese / "records" / "华东", "../hengda.md"),
        (chinese, str(chinese / "records" / "hengda.md")),
    ):
        ended = tracker(folder, "show", text, "--format", "json")
        assert ended.code == 0, ended.err
        assert json.loads(ended.out)["path"].endswith(text.rpartition("/")[2])


def test_a_short_name_goes_before_a_part_of_a_name(tracker: Tracker, english: Path) -> None:
    record = english / "records" / "acme-valves.md"
    record.write_text(record.read_text().replace("Acme Valves Ltd", "Ap Valves"))
    assert tracker(english, "show", "ap").out.startswith("Acme Pumps Ltd")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "acme",
            (
                "tracker: ‘acme’ means more than one customer: "
                "Acme Pumps Ltd (records/acme-pumps.md), Acme Valves Ltd (records/acme-valves.md)\n"
            ),
        ),
        (
            "Nortwind",
            "tracker: there is no customer ‘Nortwind’; did you mean: Northwind Traders?\n",
        ),
        (
            "level=A",
            "tracker: there is no customer ‘level=A’; the customer goes before KEY=VALUE\n",
        ),
        ("qqqq", "tracker: there is no customer ‘qqqq’; see: tracker list\n"),
        ("", "tracker: the customer's name is empty\n"),
        ("  ", "tracker: the customer's name is empty\n"),
    ],
)
def test_a_customer_that_is_not_one(
    tracker: Tracker, english: Path, text: str, expected: str
) -> None:
    ended = tracker(english, "show", text)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(expected)


def test_a_long_list_of_candidates_ends(tracker: Tracker, english: Path) -> None:
    for number in range(20):
        english.joinpath(f"records/twin-{number}.md").write_text(
            f"---\nname: Twin {number} Works\nstage: won\nowner: Ann Lee\n---\n"
        )
    ended = tracker(english, "show", "twin")
    assert ended.code == 2
    assert ended.err.count("records/") == 12
    assert ended.err.endswith(", …\n")


@pytest.mark.parametrize("text", ["huai", "records/huai.md"])
def test_a_record_that_cannot_be_read_is_told(tracker: Tracker, chinese: Path, text: str) -> None:
    ended = tracker(chinese, "show", text)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("tracker: records/huai.md 无法读取：")
    assert "tracker check" in ended.err


# --- JSON -------------------------------------------------------------------------------------


def test_json_holds_the_whole_record(tracker: Tracker, chinese: Path) -> None:
    record = json.loads(tracker(chinese, "show", "hengda", "--format", "json", *TODAY).out)
    assert set(ROW_COLUMNS) <= set(record)
    assert record["today"] == "2026-11-24"
    assert record["short"] == "恒达"
    assert record["expected_close"] == "2026-12-20"
    assert record["fields"] == {"lines": "6"}
    assert record["background"] == "背景：去年在展会认识。"
    assert record["notes"] == [{"heading": "备注", "level": 2, "text": "门卫要登记。"}]
    assert record["contacts"][0] == {
        "name": "王芳",
        "title": "采购经理",
        "gender": None,
        "age": None,
        "phone": "0512-55501234",
        "email": None,
        "wechat": None,
        "im": None,
        "authority": "影响者",
        "influence": None,
        "preferences": None,
        "concerns": ["价格", "交期"],
        "primary": True,
    }
    assert record["needs"] == {
        "core": ["缩短交期"],
        "latent": [],
        "pains": [],
        "expected": ["分批交付，首批 30 天内到位"],
    }
    assert record["offers"][0]["date"] == "2026-10-18"
    assert record["offers"][0]["amount"] == {"low": "450000", "high": "500000", "currency": "CNY"}
    assert record["deal"] is None
    assert record["lost"] is None
    assert record["next"] == {
        "date": "2026-11-27",
        "time": "10:00",
        "method": "面谈",
        "text": "演示分批交付计划",
        "goal": "确认预算",
    }


def test_json_has_follow_ups_oldest_first_with_every_field(tracker: Tracker, chinese: Path) -> None:
    record = json.loads(tracker(chinese, "show", "hengda", "--format", "json", *TODAY).out)
    days = [followup["date"] for followup in record["followups"]]
    assert days == sorted(days)
    newest = record["followups"][-1]
    assert newest == {
        "date": "2026-11-20",
        "time": "14:30",
        "method": "电话",
        "who": "李雷",
        "summary": "王芳来电询问交付周期。",
        "contacts": ["王芳"],
        "topic": None,
        "needs": None,
        "pains": None,
        "expected": None,
        "concerns": "安装调试占用产线",
        "response": None,
        "attitude": "积极",
        "attitude_note": "愿意安排总经理见面",
        "stage": {"old": "方案制定", "new": "商务谈判"},
        "level": None,
        "offers": ["Q-2026-031"],
        "service": [],
        "next": record["next"],
        "commitments": record["commitments"],
        "fields": {"rival": "海纳机床"},
    }
    assert [(one["due"], one["state"], one["who"]) for one in record["commitments"]] == [
        ("2026-11-22", "overdue", "李雷"),
        ("2026-11-28", "open", "韩梅梅"),
        ("2026-11-21", "done", "李雷"),
    ]
    assert record["commitments"][0]["days_overdue"] == 2


def test_json_has_plans_stages_and_tickets(tracker: Tracker, chinese: Path) -> None:
    record = json.loads(tracker(chinese, "show", "hengda", "--format", "json", *TODAY).out)
    assert [(plan["date"], plan["outcome"], plan["settled_on"]) for plan in record["plans"]] == [
        ("2026-11-20", "kept", "2026-11-20"),
        ("2026-11-27", "standing", None),
    ]
    assert record["stage_history"] == [
        {"date": "2026-09-02", "stage": "方案制定", "source": "created", "days": 79},
        {"date": "2026-11-20", "stage": "商务谈判", "source": "record", "days": 4},
    ]
    service = json.loads(tracker(chinese, "show", "广厦", "--format", "json", *TODAY).out)
    assert service["tickets"] == [
        {
            "number": 7,
            "text": "主轴异响",
            "opened": "2026-11-22",
            "resolved": None,
            "resolution": "",
        }
    ]
    assert service["deal"]["items"] == [
        {"name": "切割线", "quantity": "2", "price": {"amount": "450000", "currency": "CNY"}}
    ]
    assert service["followups"][0]["service"] == [{"kind": "问题", "ticket": 7, "text": "主轴异响"}]
    assert service["next"] is None
    lost = json.loads(tracker(chinese, "show", "北辰", "--format", "json", *TODAY).out)
    assert lost["lost"] == {
        "date": "2026-08-01",
        "reason": "价格",
        "competitor": "海纳机床",
        "note": None,
    }


def test_json_has_problems_with_their_places(tracker: Tracker, english: Path) -> None:
    record = json.loads(tracker(english, "show", "wrong-day", "--format", "json", *TODAY).out)
    problem = next(one for one in record["problems"] if one["code"] == "invalid-date")
    assert problem == {
        "path": "records/wrong-day.md",
        "line": 6,
        "column": 10,
        "end_line": 6,
        "end_column": 20,
        "severity": "error",
        "code": "invalid-date",
        "message": "there is no day 2026-02-30",
        "hint": None,
    }


@pytest.mark.parametrize("name", ["small-zh", "small-en"])
def test_every_record_can_be_shown_both_ways(tracker: Tracker, name: str) -> None:
    folder = WORKSPACES / name
    rows = json.loads(tracker(folder, "list", "--format", "json", *TODAY).out)
    for row in rows:
        record = json.loads(tracker(folder, "show", row["id"], "--format", "json", *TODAY).out)
        nested = {"contacts", "followups", "problems"}
        assert {key: record[key] for key in row.keys() - nested} == {
            key: row[key] for key in row.keys() - nested
        }
        assert len(record["followups"]) == row["followups"]
        assert len(record["problems"]) == row["problems"]
        assert [contact["name"] for contact in record["contacts"]] == row["contacts"]
        assert row["name"] in tracker(folder, "show", row["id"], "--all", *TODAY).out
