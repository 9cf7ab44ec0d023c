"""`tracker handover`: customers from one owner to another."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

    from tests.cli.conftest import Tracker

TODAY = ("--today", "2026-11-24")
HENGDA = "records/hengda.md"


def owners(tracker: Tracker, folder: Path) -> dict[str, str]:
    rows = json.loads(tracker(folder, "list", "--format", "json", *TODAY).out)
    return {row["id"]: row["owner"] for row in rows}


def test_customers_change_hands_and_the_past_stays(tracker: Tracker, chinese: Path) -> None:
    before = (chinese / HENGDA).read_text("utf-8")
    ended = tracker(chinese, "handover", "李雷", "韩梅梅", "--note", "李雷 调任\n服务部", *TODAY)
    assert ended.code == 0, ended.err
    after = (chinese / HENGDA).read_text("utf-8")
    assert after == before.replace("owner: 李雷\n", "owner: 韩梅梅\n") + (
        "\n## 交接记录\n\n- 2026-11-24 李雷 → 韩梅梅: 李雷 调任 服务部\n"
    )
    assert "李雷" not in owners(tracker, chinese).values()
    assert "已转给 韩梅梅 的客户：" in ended.err


def test_who_did_what_is_written_down_before_the_owner_changes(
    tracker: Tracker, chinese: Path
) -> None:
    record = chinese / HENGDA
    text = record.read_text("utf-8").replace("09-10 10:00 电话 李雷", "09-10 10:00 电话")
    record.write_text(text, "utf-8")
    assert tracker(chinese, "handover", "李雷", "韩梅梅", *TODAY).code == 0
    assert "09-10 10:00 电话 李雷\n" in record.read_text("utf-8")


def test_plans_and_promises_stand_as_before(tracker: Tracker, chinese: Path) -> None:
    def standing() -> list[tuple[object, ...]]:
        rows = json.loads(tracker(chinese, "list", "--format", "json", *TODAY).out)
        keys = ("id", "next_date", "next_state", "open_commitments", "idle_days", "last_contact")
        return [tuple(row[key] for key in keys) for row in rows]

    before = standing()
    assert tracker(chinese, "handover", "李雷", "韩梅梅", *TODAY).code == 0
    assert standing() == before


def test_promises_of_a_former_owner_are_found_without_owners_in_the_settings(
    tracker: Tracker, chinese: Path
) -> None:
    (chinese / "tracker.yaml").write_text("language: zh\n", "utf-8")
    assert tracker(chinese, "handover", "李雷", "韩梅梅", *TODAY).code == 0
    ended = tracker(chinese, "agenda", "--owner", "李雷", "--format", "json", *TODAY)
    assert ended.code == 0, ended.err
    assert {row["who"] for row in json.loads(ended.out)} == {"李雷"}
    assert "发送分批交付的正式报价" in ended.out
    assert tracker(chinese, "agenda", "--owner", "李类", *TODAY).code == 2


def test_a_second_note_stands_below_the_first(tracker: Tracker, chinese: Path) -> None:
    tracker(chinese, "handover", "李雷", "韩梅梅", *TODAY)
    tracker(chinese, "handover", "韩梅梅", "李雷", "id:hengda", *TODAY)
    assert (
        (chinese / HENGDA)
        .read_text("utf-8")
        .endswith("## 交接记录\n\n- 2026-11-24 李雷 → 韩梅梅\n- 2026-11-24 韩梅梅 → 李雷\n")
    )


def test_a_query_chooses(tracker: Tracker, chinese: Path) -> None:
    before = owners(tracker, chinese)
    assert tracker(chinese, "handover", "李雷", "韩梅梅", "level:A", *TODAY).code == 0
    after = owners(tracker, chinese)
    changed = {name for name in before if before[name] != after[name]}
    assert "hengda" in changed
    assert any(owner == "李雷" for owner in after.values())


def test_the_briefing(tracker: Tracker, chinese: Path, snapshot: SnapshotAssertion) -> None:
    before = (chinese / HENGDA).read_bytes()
    ended = tracker(chinese, "handover", "李雷", "韩梅梅", "--dry-run", *TODAY)
    assert ended.code == 0
    assert ended.out == snapshot
    assert (chinese / HENGDA).read_bytes() == before


def test_a_record_that_cannot_be_edited_stays_and_is_named(tracker: Tracker, chinese: Path) -> None:
    record = chinese / HENGDA
    record.write_text(
        record.read_text("utf-8") + "\n<<<<<<< a\nx\n=======\ny\n>>>>>>> b\n", "utf-8"
    )
    before = record.read_bytes()
    ended = tracker(chinese, "handover", "李雷", "韩梅梅", *TODAY)
    assert ended.code == 1
    assert ended.err.startswith(f"{HENGDA}:")
    assert " [conflict-marker]；没有写入任何内容\n" in ended.err
    assert record.read_bytes() == before
    assert owners(tracker, chinese)["hengda"] == "李雷"


def test_a_record_that_the_system_refuses_does_not_stop_the_others(
    tracker: Tracker, chinese: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (chinese / "records/another.md").write_text("---\nname: 另一家\nowner: 李雷\n---\n", "utf-8")
    replace = Path.replace

    def refuse(path: Path, target: Path) -> Path:
        if target.name == "another.md":
            raise PermissionError(13, "Permission denied", str(path))
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", refuse)
    ended = tracker(chinese, "handover", "李雷", "韩梅梅", *TODAY)
    assert ended.code == 3
    assert "another.md：权限不足\n" in ended.err
    assert "恒达精密" in ended.out
    now = owners(tracker, chinese)
    assert (now["another"], now["hengda"]) == ("李雷", "韩梅梅")


def test_a_record_that_cannot_be_read_is_told_of(tracker: Tracker, chinese: Path) -> None:
    (chinese / "records/old.md").write_bytes("---\nname: 旧\nowner: 李雷\n---\n".encode("gbk"))
    ended = tracker(chinese, "handover", "李雷", "韩梅梅", *TODAY)
    assert ended.code == 0
    assert "有 2 条记录无法读取，未列入；详见：tracker check\n" in ended.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["李类", "韩梅梅"], "FROM：没有“李类”；是不是“李雷”？"),
        (["李雷", "韩梅"], "TO：负责人里没有“韩梅”；是不是“韩梅梅”？"),
        (["李雷", "李雷"], "FROM 和 TO 是同一个人：李雷"),
    ],
)
def test_handover_with_wrong_input_is_one_line(
    tracker: Tracker, chinese: Path, arguments: list[str], told: str
) -> None:
    ended = tracker(chinese, "handover", *arguments)
    assert ended.code == 2
    assert told in ended.err
    assert ended.err.count("\n") == 1
