"""`tracker import` of tables whose header is two rows: groups above, and their columns below."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import xlsxwriter  # type: ignore[import-untyped]  # it has no marker

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.cli.conftest import Tracker

TODAY = ("--today", "2026-11-28")
DATA = [
    "光华",
    "赵敏",
    "采购经理",
    "13900001111",
    "A",
    "2026-11-08",
    "电话",
    "询价",
    "2026-12-01",
    "报价",
]
UPPER = ["客户名称", "联系人信息", None, None, "客户等级", "跟进情况", None, None, "下次跟进", None]
LOWER = [None, "姓名", "职务", "电话", None, "日期", "方式", "内容", "时间", "内容"]
RECORD = """
created: 2026-11-08
contacts:
  - name: 赵敏
    title: 采购经理
    phone: 13900001111
---

## 2026-11-08 电话

询价

- 联系人: 赵敏
- 等级: A
- 下次: 2026-12-01 报价
"""


def lines_of(*rows: Sequence[str | None]) -> str:
    return "".join(",".join(cell or "" for cell in row) + "\n" for row in rows)


def imported(tracker: Tracker, workspace: Path, path: Path) -> str:
    """Import a file and return the record of 光华, with its owner."""
    done = tracker(workspace, "import", str(path), "--owner", "李雷", *TODAY)
    assert done.code == 0, done.err
    again = tracker(workspace, "import", str(path), "--owner", "李雷", *TODAY, "--format", "json")
    assert json.loads(again.out)["totals"]["updated"] == 0
    assert json.loads(again.out)["customers"] == {"created": 0, "updated": 0}
    return (workspace / "records" / "guang-hua.md").read_text("utf-8")


def test_merged_headings_above_the_parts_of_groups(tracker: Tracker, chinese: Path) -> None:
    path = chinese / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("客户")
    sheet.merge_range("A1:J1", "客户跟踪记录表")
    for column in (0, 4):
        sheet.merge_range(1, column, 2, column, UPPER[column])
    for first, last in ((1, 3), (5, 7), (8, 9)):
        sheet.merge_range(1, first, 1, last, UPPER[first])
    for column, text in enumerate(LOWER):
        if text:
            sheet.write(2, column, text)
    sheet.write_row(3, 0, DATA)
    # Printed sheets repeat their header on each page.
    sheet.write_row(4, 0, [text or "" for text in UPPER])
    sheet.write_row(5, 0, [text or "" for text in LOWER])
    book.close()
    assert imported(tracker, chinese, path).endswith(RECORD)


def test_the_same_as_csv_where_nothing_is_merged(tracker: Tracker, chinese: Path) -> None:
    path = chinese / "a.csv"
    path.write_text(lines_of(["客户跟踪记录表"], UPPER, LOWER, DATA), "utf-8")
    assert imported(tracker, chinese, path).endswith(RECORD)


def test_numbered_people_above_their_names_and_numbers(tracker: Tracker, chinese: Path) -> None:
    path = chinese / "a.csv"
    upper = ["客户名称", "联系人1", None, "联系人2", None]
    lower = [None, "姓名", "电话", "姓名", "电话"]
    data = ["光华", "赵敏", "13900001111", "钱文", "13900002222"]
    path.write_text(lines_of(upper, lower, data), "utf-8")
    assert imported(tracker, chinese, path).endswith(
        "contacts:\n  - name: 赵敏\n    phone: 13900001111\n"
        "  - name: 钱文\n    phone: 13900002222\n---\n"
    )


def test_rows_that_were_rejected_can_be_mended_and_imported(
    tracker: Tracker, chinese: Path
) -> None:
    path = chinese / "a.csv"
    unread = ["3月8日" if cell == "2026-11-08" else cell for cell in DATA]
    path.write_text(lines_of(UPPER, LOWER, unread), "utf-8")
    assert tracker(chinese, "import", str(path), "--owner", "李雷", *TODAY).code == 1
    rejected = chinese / "a.rejected.csv"
    mended = rejected.read_text("utf-8-sig").replace(",3月8日,", ",2026-11-08,")
    rejected.write_text(mended, "utf-8")
    assert imported(tracker, chinese, rejected).endswith(RECORD)


def test_a_row_that_says_words_of_headings_is_none(tracker: Tracker, chinese: Path) -> None:
    path = chinese / "a.csv"
    path.write_text("客户名称,联系人,,备注\n光华,姓名,电话,\n,赵敏,,\n", "utf-8")
    done = tracker(chinese, "import", str(path), "--owner", "李雷", *TODAY, "--format", "json")
    assert [row["row"] for row in json.loads(done.out)["rows"]] == [2, 3]
