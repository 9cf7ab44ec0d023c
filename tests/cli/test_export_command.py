"""`tracker export`: what is exported, where it goes, and what it never overwrites."""

from __future__ import annotations

import csv
import json
import sys
from typing import TYPE_CHECKING

import pytest
from python_calamine import load_workbook

from tests.cli.pseudo_terminal import on_terminal
from tracker.exchange.export import FORMATS
from tracker.exchange.formats import json as json_format

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Tracker

DAY = ("--today", "2026-11-24")


def names_in(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return [row["客户名称"] for row in csv.DictReader(stream)]


def test_a_query_and_an_owner_choose(tracker: Tracker, chinese: Path) -> None:
    ended = tracker(chinese, "export", "csv", "level:A,B", "--owner", "李雷", "-o", "a.csv", *DAY)
    assert ended.code == 0
    assert ended.out == ""
    assert "已写出 a.csv，客户 3 个" in ended.err
    assert "1 条记录无法读取" in ended.err
    assert names_in(chinese / "a.csv") == [
        "恒达精密机械有限公司",
        "精武五金有限公司",
        "明泰塑胶有限公司",
    ]


def test_a_wrong_query_is_shown_at_its_place(tracker: Tracker, chinese: Path) -> None:
    ended = tracker(chinese, "export", "csv", "levl:A", *DAY)
    assert (ended.code, ended.out) == (2, "")
    assert "level" in ended.err
    assert "^" in ended.err


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("export",), "缺少 FORMAT（格式）；"),
        (("export", "xslx"), "是不是“xlsx”"),
        (("export", "xlsx", "--table", "contacts"), "--table"),
        (("export", "csv", "--table", "contct"), "是不是“contacts”"),
        (("export", "csv", "--html"), "--html"),
        (("export", "form", "", "-o", "g.xlsx"), "客户名称为空"),
        (("export", "form", " ", "-o", "g.xlsx"), "客户名称为空"),
    ],
)
def test_wrong_use(
    tracker: Tracker, chinese: Path, arguments: tuple[str, ...], reason: str
) -> None:
    ended = tracker(chinese, *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert reason in ended.err


def test_without_a_terminal_it_goes_to_stdout(tracker: Tracker, chinese: Path) -> None:
    before = sorted(chinese.iterdir())
    for arguments in ((), ("--output", "-")):
        ended = tracker(chinese, "export", "json", *arguments, *DAY)
        assert ended.code == 0
        assert len(json.loads(ended.out)) == 6
    assert [path for path in sorted(chinese.iterdir()) if path.name != ".tracker-cache"] == before


def test_on_a_terminal_it_goes_to_a_file_named_after_the_day(chinese: Path) -> None:
    code, shown = on_terminal(chinese, ["-m", "tracker", "export", "csv", *DAY])
    assert code == 0
    assert "customers-2026-11-24.csv" in shown
    assert "恒达" not in shown
    assert len(names_in(chinese / "customers-2026-11-24.csv")) == 6


def test_a_terminal_is_spared_a_workbook(chinese: Path) -> None:
    code, shown = on_terminal(chinese, ["-m", "tracker", "export", "xlsx", "-o", "-", *DAY])
    assert code == 2
    assert "PK" not in shown


def test_it_says_that_nothing_matches(tracker: Tracker, chinese: Path) -> None:
    ended = tracker(chinese, "export", "csv", "没有这家", *DAY)
    assert ended.code == 0
    assert "没有符合条件的客户" in ended.err
    ended = tracker(chinese, "export", "form", "stage:未成交 is:overdue", "--html", *DAY)
    assert ended.code == 0
    assert "没有符合条件的客户" in ended.err


def test_a_form_of_nobody_is_not_written(tracker: Tracker, chinese: Path) -> None:
    for name, reason in (("没有这家", "没有客户“没有这家”"), ("恒达精蜜", "是不是：恒达？")):
        ended = tracker(chinese, "export", "form", name, "-o", "a.html", *DAY)
        assert (ended.code, ended.out) == (2, "")
        assert reason in ended.err
    assert not (chinese / "a.html").exists()


def test_a_folder_that_is_not_there_is_named(tracker: Tracker, chinese: Path) -> None:
    ended = tracker(chinese, "export", "csv", "-o", "no/a.csv", *DAY)
    assert (ended.code, ended.out) == (3, "")
    assert "a.csv：" in ended.err
    assert ".tmp" not in ended.err


def test_it_says_how_many_records_have_errors(tracker: Tracker, english: Path) -> None:
    ended = tracker(english, "export", "csv", *DAY)
    assert ended.code == 0
    assert "records with errors, whose wrong values are missing: 1;" in ended.err
    assert tracker(english, "export", "csv", "level:C", *DAY).err == ""


def test_a_folder_takes_the_file_under_its_usual_name(tracker: Tracker, chinese: Path) -> None:
    (chinese / "out").mkdir()
    for arguments, name in (
        (("csv", "--table", "contacts"), "contacts-2026-11-24.csv"),
        (("xlsx",), "customers-2026-11-24.xlsx"),
        (("form", "恒达精密"), "hengda-2026-11-24.xlsx"),
        (("form", "--html"), "forms-2026-11-24.html"),
    ):
        ended = tracker(chinese, "export", *arguments, "-o", "out", *DAY)
        assert ended.code == 0, ended.err
        assert (chinese / "out" / name).is_file(), arguments


def test_an_export_replaces_what_an_export_wrote(tracker: Tracker, chinese: Path) -> None:
    path = chinese / "a.csv"
    for day in ("2026-11-24", "2026-11-25"):
        ended = tracker(chinese, "export", "csv", "-o", "a.csv", "--today", day)
        assert ended.code == 0, ended.err
    path.write_bytes(path.read_bytes() + "手写的一行\r\n".encode())
    edited = path.read_bytes()
    ended = tracker(chinese, "export", "csv", "-o", "a.csv", *DAY)
    assert ended.code == 3
    assert "--force" in ended.err
    assert path.read_bytes() == edited
    assert tracker(chinese, "export", "csv", "-o", "a.csv", "--force", *DAY).code == 0
    assert len(names_in(path)) == 6


def test_a_file_of_somebody_else_is_never_replaced(tracker: Tracker, chinese: Path) -> None:
    path = chinese / "a.xlsx"
    path.write_bytes(b"mine")
    assert tracker(chinese, "export", "xlsx", "-o", "a.xlsx", *DAY).code == 3
    assert path.read_bytes() == b"mine"


def test_without_the_cache_nothing_is_known_of_earlier_exports(
    tracker: Tracker, chinese: Path
) -> None:
    arguments = ("--no-cache", "export", "csv", "-o", "a.csv", *DAY)
    assert tracker(chinese, *arguments).code == 0
    assert not (chinese / ".tracker-cache").exists()
    assert tracker(chinese, *arguments).code == 3


def test_a_failing_export_leaves_the_last_one(
    tracker: Tracker, chinese: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert tracker(chinese, "export", "json", "-o", "a.json", *DAY).code == 0
    before = (chinese / "a.json").read_bytes()

    def fail(_export: object, path: Path) -> None:
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(json_format, "write", fail)
    ended = tracker(chinese, "export", "json", "-o", "a.json", *DAY)
    assert ended.code == 3
    assert (chinese / "a.json").read_bytes() == before
    assert not list(chinese.glob(".a.json*"))


@pytest.mark.parametrize("form", ["xlsx", "form"])
def test_a_missing_library_is_named_with_its_extra(
    tracker: Tracker, chinese: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    ended = tracker(chinese, "export", form, "-o", "a.xlsx", *DAY)
    assert (ended.code, ended.out) == (3, "")
    assert "pip install 'tracker-records[xlsx]'" in ended.err
    assert not (chinese / "a.xlsx").exists()


def test_a_page_needs_no_library(
    tracker: Tracker, chinese: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    ended = tracker(chinese, "export", "form", "恒达精密", "--output", "a.html", *DAY)
    assert ended.code == 0, ended.err
    assert "<title>恒达精密机械有限公司" in (chinese / "a.html").read_text("utf-8")


def test_a_form_is_of_one_customer_or_of_those_of_a_query(tracker: Tracker, chinese: Path) -> None:
    for arguments, sheets in (
        (("hengda",), ["恒达"]),
        (("hdjm",), ["恒达"]),
        (("stage:方案制定,需求分析",), ["精武五金有限公司", "明泰塑胶有限公司"]),
    ):
        ended = tracker(chinese, "export", "form", *arguments, "-o", "a.xlsx", "--force", *DAY)
        assert ended.code == 0, ended.err
        assert load_workbook(chinese / "a.xlsx").sheet_names == sheets


def test_every_format_writes_the_demo(tracker: Tracker, english: Path) -> None:
    for name, chosen in FORMATS.items():
        if chosen.folder:
            continue
        ended = tracker(english, "export", name, "-o", f"all-{name}{chosen.suffixes[0]}", *DAY)
        assert ended.code == 0, (name, ended.err)
        assert (english / f"all-{name}{chosen.suffixes[0]}").stat().st_size > 0
