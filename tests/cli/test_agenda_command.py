"""`tracker agenda`."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
from typing import TYPE_CHECKING, Any

import icalendar
import pytest

from tests.cli.pseudo_terminal import tracker_on_terminal
from tracker.insight.agenda import AGENDA_COLUMNS
from tracker.text import display_width

if TYPE_CHECKING:
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion

    from tests.cli.conftest import Tracker

TODAY = ("--today", "2026-11-24")
ESCAPE = "\x1b["


def _rows(tracker: Tracker, folder: Path, *arguments: str) -> list[dict[str, Any]]:
    ended = tracker(folder, "agenda", *TODAY, "--format", "json", *arguments)
    assert ended.code == 0, ended.err
    rows: list[dict[str, Any]] = json.loads(ended.out)
    return rows


def _what(rows: list[dict[str, Any]]) -> list[tuple[str, str, str | None]]:
    return [(row["group"], row["id"], row["date"]) for row in rows]


# --- For people -------------------------------------------------------------------------------


def test_agenda_in_chinese(tracker: Tracker, chinese: Path, snapshot: SnapshotAssertion) -> None:
    ended = tracker(chinese, "agenda", *TODAY)
    assert ended.code == 0
    assert ended.out == snapshot
    assert "有 1 条记录无法读取" in ended.err


def test_agenda_in_english(tracker: Tracker, english: Path, snapshot: SnapshotAssertion) -> None:
    ended = tracker(english, "agenda", *TODAY)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == snapshot


def test_columns_stand_below_one_another(tracker: Tracker, chinese: Path) -> None:
    lines = [
        line
        for line in tracker(chinese, "agenda", *TODAY, "--days", "90").out.splitlines()
        if line.startswith("  ")
    ]
    days = [re.search(r"\d{4}-\d\d-\d\d", line) for line in lines]
    assert len(lines) > 4
    assert (
        len(
            {
                display_width(line[: day.start()])
                for line, day in zip(lines, days, strict=True)
                if day
            }
        )
        == 1
    )


def test_nothing_to_do_is_told(tracker: Tracker, english: Path) -> None:
    ended = tracker(english, "agenda", "--today", "2020-01-01", "--days", "0")
    assert ended.code == 0
    assert ended.out == "2020-01-01 Wed\n"
    assert ended.err == "nothing is to be done up to 2020-01-01\n"


def test_signs_stand_beside_colours(chinese: Path) -> None:
    code, coloured = tracker_on_terminal(chinese, "agenda", *TODAY)
    assert code == 0
    assert ESCAPE in coloured
    code, plain = tracker_on_terminal(chinese, "agenda", *TODAY, NO_COLOR="1")
    assert ESCAPE not in plain
    assert {line[2] for line in plain.splitlines() if line.startswith("  ")} == {"!", "*", ">", "~"}
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


def test_a_narrow_terminal_cuts_texts_and_not_names(chinese: Path) -> None:
    _, shown = tracker_on_terminal(chinese, "agenda", *TODAY, NO_COLOR="1", COLUMNS="86")
    lines = [line for line in shown.splitlines() if line.startswith("  ")]
    assert max(map(display_width, lines)) <= 86
    assert any("…" in line for line in lines)
    assert any("恒达" in line and "李雷" in line for line in lines)


def test_a_pipe_gets_whole_texts(process: Tracker, chinese: Path) -> None:
    assert "演示分批交付计划" in process(chinese, "agenda", *TODAY, COLUMNS="40").out


def test_a_text_cannot_command_the_terminal(tracker: Tracker, chinese: Path) -> None:
    record = chinese / "records" / "hengda.md"
    record.write_text(record.read_text("utf-8").replace("演示分批", "演示\x1b[2J\x07分批"), "utf-8")
    assert "\x1b" not in tracker(chinese, "agenda", *TODAY).out


# --- What is on it ----------------------------------------------------------------------------


def test_rows_have_what_the_record_says(tracker: Tracker, chinese: Path) -> None:
    rows = _rows(tracker, chinese)
    coming = next(row for row in rows if row["group"] == "coming" and row["id"] == "hengda")
    record = chinese.joinpath("records/hengda.md").read_text("utf-8").splitlines()
    assert "下次: 2026-11-27" in record[coming.pop("line") - 1]
    assert coming == {
        "group": "coming",
        "date": "2026-11-27",
        "time": "10:00",
        "days_overdue": 0,
        "id": "hengda",
        "name": "恒达精密机械有限公司",
        "path": "records/hengda.md",
        "who": "李雷",
        "owner": "李雷",
        "stage": "商务谈判",
        "level": "A",
        "method": "面谈",
        "text": "演示分批交付计划",
        "goal": "确认预算",
        "contact": "王芳",
        "phone": "0512-55501234",
        "last_contact": "2026-11-20",
        "idle_days": 4,
        "idle_limit": 10,
    }
    late = next(row for row in rows if row["group"] == "late-promise")
    assert (late["text"], late["days_overdue"], late["who"]) == (
        "发送分批交付的正式报价",
        2,
        "李雷",
    )
    assert "发送分批交付的正式报价" in record[late["line"] - 1]


def test_days_say_how_far_it_looks(tracker: Tracker, chinese: Path) -> None:
    def ahead(days: str) -> list[str]:
        rows = _rows(tracker, chinese, "--days", days)
        return sorted(row["date"] for row in rows if row["group"] in {"coming", "promise"})

    assert "2026-11-27" not in ahead("2")
    assert "2026-11-27" in ahead("3")
    assert "2026-11-28" not in ahead("3")
    assert "2026-11-28" in ahead("4")
    assert ahead("7") == sorted(
        row["date"] for row in _rows(tracker, chinese) if row["group"] in {"coming", "promise"}
    )


def test_a_query_keeps_to_some_customers(tracker: Tracker, chinese: Path) -> None:
    assert {row["id"] for row in _rows(tracker, chinese, "恒达")} == {"hengda"}
    assert {row["level"] for row in _rows(tracker, chinese, "level:A", "is:stale")} <= {"A"}
    # A column that takes all rules to be known.
    assert _rows(tracker, chinese, "problems>0")


@pytest.mark.parametrize("name", ["韩梅梅", "李雷", "Li Lei"])
def test_an_owner_sees_own_customers_and_own_promises(
    tracker: Tracker, chinese: Path, name: str
) -> None:
    own = "李雷" if name == "Li Lei" else name
    everything = _rows(tracker, chinese)
    assert _rows(tracker, chinese, "--owner", name) == [
        row for row in everything if row["who"] == own
    ]


def test_a_promise_is_whoever_s_promised(tracker: Tracker, chinese: Path) -> None:
    rows = _rows(tracker, chinese, "--owner", "韩梅梅")
    assert ("promise", "hengda", "2026-11-28") in _what(rows)
    assert ("coming", "hengda", "2026-11-27") not in _what(rows)


# --- Whose --------------------------------------------------------------------------------------


def _git(folder: Path, **settings: str) -> None:
    subprocess.run(["git", "init", "-q", "."], cwd=folder, check=True)
    for name, value in settings.items():
        subprocess.run(["git", "config", f"user.{name}", value], cwd=folder, check=True)


NOBODY = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "HOME": "/nonexistent"}


@pytest.mark.parametrize(
    "settings",
    [
        {"name": "Somebody", "email": "ANN@tracker.example"},
        {"name": "ann lee"},
        {"name": "Ann Lee", "email": "ann@home.example"},
    ],
)
@pytest.mark.parametrize("command", ["agenda", "list"])
def test_mine_are_those_of_the_owner_that_git_names(
    tracker: Tracker, english: Path, settings: dict[str, str], command: str
) -> None:
    _git(english, **settings)
    mine = tracker(english, command, *TODAY, "--mine", "--format", "json", **NOBODY)
    named = tracker(english, command, *TODAY, "--owner", "Ann Lee", "--format", "json")
    assert (mine.code, mine.out) == (0, named.out)
    assert json.loads(mine.out)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, "--mine: git does not say who you are; use --owner NAME, or: git config"),
        (
            {"name": "Cleo", "email": "cleo@x.example"},
            "--mine: git calls you Cleo <cleo@x.example>, who is no owner here; known are: Ann Lee",
        ),
    ],
)
def test_somebody_unknown_has_nothing(
    tracker: Tracker, english: Path, settings: dict[str, str], expected: str
) -> None:
    _git(english, **settings)
    ended = tracker(english, "agenda", "--mine", **NOBODY)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"tracker: {expected}")
    assert ended.err.count("\n") == 1


# --- Forms ------------------------------------------------------------------------------------


def test_all_forms_of_rows_say_the_same(tracker: Tracker, chinese: Path) -> None:
    rows = _rows(tracker, chinese)
    lines = tracker(chinese, "agenda", *TODAY, "--format", "jsonl").out.splitlines()
    assert [json.loads(line) for line in lines] == rows
    table = csv.DictReader(io.StringIO(tracker(chinese, "agenda", *TODAY, "--format", "csv").out))
    assert table.fieldnames == list(AGENDA_COLUMNS)
    assert [row["text"] for row in table] == [row["text"] or "" for row in rows]


@pytest.mark.parametrize("owner", ["", "李雷", "韩梅梅"])
@pytest.mark.parametrize("days", ["0", "3", "90"])
def test_the_calendar_holds_the_same_steps_and_promises(
    tracker: Tracker, chinese: Path, owner: str, days: str
) -> None:
    arguments = ("--days", days, *(("--owner", owner) if owner else ()))
    ended = tracker(chinese, "agenda", *TODAY, "--format", "ics", *arguments)
    assert ended.code == 0
    assert "\r\n" in ended.out
    calendar = icalendar.Calendar.from_ical(ended.out)
    events = [event.to_ical().decode() for event in calendar.walk("VEVENT")]
    starts = sorted(re.findall(r"DTSTART[^:]*:(\d{8})", "".join(events)))
    rows = json.loads(tracker(chinese, "agenda", *TODAY, "--format", "json", *arguments).out)
    assert starts == sorted(row["date"].replace("-", "") for row in rows if row["date"])


# --- Wrong use --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("--owner", "Ann Le"), "--owner: there is no ‘Ann Le’; did you mean ‘Ann Lee’?"),
        (("--owner", ""), "--owner is empty"),
        (("--days", "-1"), "--days"),
        (("--days", "x"), "--days"),
        (("--format", "isc"), "--format"),
        (("stge:won",), "the query cannot be read\n"),
        (("--todya", "2026-11-24"), "did you mean --today?"),
    ],
)
def test_wrong_use_is_answered_with_what_was_meant(
    tracker: Tracker, english: Path, arguments: tuple[str, ...], expected: str
) -> None:
    ended = tracker(english, "agenda", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert expected in ended.err


def test_a_first_name_that_several_have_names_all_of_them(tracker: Tracker, english: Path) -> None:
    config = english / "tracker.yaml"
    settings = config.read_text("utf-8")
    config.write_text(settings.replace("owners:\n", "owners:\n  - May Li\n  - May Chen\n"), "utf-8")
    record = next(path.stem for path in (english / "records").glob("[!_]*.md"))
    for option, arguments in (
        ("--owner", ("agenda", "--owner", "May")),
        ("FROM", ("handover", "May", "May Li")),
        ("owner", ("set", record, "owner=May")),
        ("--owner", ("new", "Tern & Co", "--owner", "May")),
    ):
        ended = tracker(english, *arguments)
        assert ended.code == 2
        assert f"{option}: ‘May’ could be May Li, May Chen; give the whole name" in ended.err


def test_a_broken_record_is_on_the_agenda_and_others_are_told_of(
    tracker: Tracker, chinese: Path
) -> None:
    ended = tracker(chinese, "agenda", *TODAY)
    assert ended.code == 0
    assert "tracker check" in ended.err
