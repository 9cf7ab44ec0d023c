"""`tracker duplicates`: pairs with score and reasons, for people and for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Tracker


@pytest.fixture
def workspace(chinese: Path) -> Path:
    (chinese / "records/hd-2.md").write_text(
        "---\nname: 恒达精密机械(集团)有限公司\nstage: 初步接触\nowner: 韩梅梅\n"
        "contacts:\n  - name: 王芳\n    phone: +86 512 5550 1234\n---\n",
        "utf-8",
    )
    return chinese


def test_a_pair_is_told_with_its_reasons(tracker: Tracker, workspace: Path) -> None:
    ended = tracker(workspace, "duplicates")
    assert ended.code == 0
    head, row = ended.out.splitlines()
    assert head.split() == ["组", "相似度", "客户", "可能是同一客户", "理由"]
    assert row.split(maxsplit=2)[:2] == ["1", "99"]
    assert "恒达精密机械有限公司 (hengda)" in row
    assert "恒达精密机械(集团)有限公司 (hd-2)" in row
    assert row.endswith("名称相同；电话相同：0512-55501234；有同名联系人：王芳")


def test_rows_for_programs(tracker: Tracker, workspace: Path) -> None:
    (row,) = json.loads(tracker(workspace, "duplicates", "--format", "json").out)
    assert row["reasons"] == ["名称相同", "电话相同：0512-55501234", "有同名联系人：王芳"]
    assert (row["id"], row["other_id"], row["score"], row["group"]) == ("hengda", "hd-2", 99, 1)
    assert row["evidence"] == ["name", "phone", "contact"]
    table = tracker(workspace, "duplicates", "--format", "csv").out.splitlines()
    assert table[0].split(",") == list(row)
    assert len(table) == 2


@pytest.mark.parametrize(
    ("arguments", "count"),
    [
        (("owner:韩梅梅",), 1),
        (("owner:李雷",), 1),
        (("owner:张三",), 0),
        (("--min-score", "100"), 0),
    ],
)
def test_it_is_narrowed_by_either_record_and_by_score(
    tracker: Tracker, workspace: Path, arguments: tuple[str, ...], count: int
) -> None:
    ended = tracker(workspace, "duplicates", *arguments, "--format", "jsonl")
    assert len(ended.out.splitlines()) == count


def test_what_was_looked_at_is_shown_no_more(tracker: Tracker, workspace: Path) -> None:
    ended = tracker(workspace, "set", "hd-2", "not_duplicate_of=hengda")
    assert (ended.code, "hengda" in ended.err) == (0, False)
    ended = tracker(workspace, "duplicates")
    assert (ended.code, ended.out) == (0, "")
    assert "没有疑似重复的客户" in ended.err
    assert "duplicate-customer" not in tracker(workspace, "check").out
