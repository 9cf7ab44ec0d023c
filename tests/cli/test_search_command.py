"""`tracker search`."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cli.pseudo_terminal import tracker_on_terminal
from tracker.cli.search import excerpt
from tracker.insight.search import SEARCH_COLUMNS
from tracker.text import display_width

if TYPE_CHECKING:
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion

    from tests.cli.conftest import Tracker

ESCAPE = "\x1b["


@pytest.mark.parametrize(
    "words", [("恒达", "报价"), ("hdjm",), ("1234",), ("机床",), ("海纳",), ("HT2026009",)]
)
def test_hits_in_chinese(
    tracker: Tracker, chinese: Path, words: tuple[str, ...], snapshot: SnapshotAssertion
) -> None:
    ended = tracker(chinese, "search", *words, "--today", "2026-11-24")
    assert ended.code == 0
    assert ended.out == snapshot


@pytest.mark.parametrize("words", [("acme",), ("ruth",), ("revised draft",), ("fair",)])
def test_hits_in_english(
    tracker: Tracker, english: Path, words: tuple[str, ...], snapshot: SnapshotAssertion
) -> None:
    ended = tracker(english, "search", *words, "--today", "2026-11-24")
    assert ended.code == 0
    assert ended.out == snapshot


def test_each_place_is_a_line_of_the_record(tracker: Tracker, chinese: Path) -> None:
    rows = json.loads(tracker(chinese, "search", "报价", "--format", "json").out)
    assert rows
    for row in rows:
        line = chinese.joinpath(row["path"]).read_text("utf-8").splitlines()[row["line"] - 1]
        assert "报价" in line


def test_nothing_found_is_no_error(tracker: Tracker, english: Path) -> None:
    ended = tracker(english, "search", "zzzz")
    assert (ended.code, ended.out, ended.err) == (0, "", "nothing was found\n")
    ended = tracker(english, "search", "zzzz", "--format", "json")
    assert (ended.code, ended.out) == (0, "[]\n")


def test_an_owner_s_customers_alone(tracker: Tracker, english: Path) -> None:
    everybody = tracker(english, "search", "acme", "--format", "json")
    ann = tracker(english, "search", "acme", "--format", "json", "--owner", "Ann Lee")
    assert {row["id"] for row in json.loads(everybody.out)} == {"acme-pumps", "acme-valves"}
    assert {row["id"] for row in json.loads(ann.out)} == {"acme-pumps"}


def test_all_forms_say_the_same(tracker: Tracker, chinese: Path) -> None:
    rows = json.loads(tracker(chinese, "search", "恒达 报价", "--format", "json").out)
    lines = tracker(chinese, "search", "恒达 报价", "--format", "jsonl").out.splitlines()
    assert [json.loads(line) for line in lines] == rows
    table = csv.DictReader(
        io.StringIO(tracker(chinese, "search", "恒达 报价", "--format", "csv").out)
    )
    assert table.fieldnames == list(SEARCH_COLUMNS)
    assert [row["text"] for row in table] == [row["text"] for row in rows]


def test_the_hit_is_marked_on_a_terminal_alone(chinese: Path) -> None:
    code, coloured = tracker_on_terminal(chinese, "search", "安装调试")
    assert code == 0
    assert re.search(r"\x1b\[31m\x1b\[1m安装调试\x1b\[0m占用产线", coloured)
    _, plain = tracker_on_terminal(chinese, "search", "安装调试", NO_COLOR="1")
    assert ESCAPE not in plain
    assert "安装调试占用产线" in plain


def test_lines_keep_to_the_width_of_a_terminal(chinese: Path) -> None:
    _, shown = tracker_on_terminal(chinese, "search", "安装", NO_COLOR="1", COLUMNS="80")
    lines = shown.splitlines()
    assert any("…" in line and "安装" in line for line in lines)
    assert max(display_width(line) for line in lines if line.startswith("  ")) <= 80


def test_a_long_list_ends_unless_all_is_asked_for(tracker: Tracker, english: Path) -> None:
    for number in range(30):
        english.joinpath(f"records/twin-{number}.md").write_text(
            f"---\nname: Twin {number}\nstage: won\nowner: Ann Lee\n---\n"
        )
    first = tracker(english, "search", "twin")
    assert first.out.count("records/twin-") == 20
    assert first.err == "customers found: 30; the first 20 are shown, all with: --all\n"
    everything = tracker(english, "search", "twin", "--all")
    assert everything.out.count("records/twin-") == 30
    assert everything.err == ""


def test_many_places_of_a_customer_are_cut_unless_all_is_asked_for(
    tracker: Tracker, chinese: Path
) -> None:
    record = chinese / "records" / "jingwu.md"
    sections = "".join(f"\n## 2026-0{month}-01 电话\n\n谈螺栓。\n" for month in range(1, 8))
    record.write_text(record.read_text("utf-8") + sections, "utf-8")
    short = tracker(chinese, "search", "螺栓").out
    assert short.count("jingwu.md:") == 3
    assert "4" in short.splitlines()[-1]
    assert tracker(chinese, "search", "螺栓", "--all").out.count("jingwu.md:") == 7


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((), "TEXT is missing; see: tracker search --help"),
        (("", " "), "there is nothing to look for"),
        (("x", "--owner", "Ann Le"), "did you mean ‘Ann Lee’?"),
        (("x", "--ownr", "Ann"), "did you mean --owner?"),
    ],
)
def test_wrong_use(
    tracker: Tracker, english: Path, arguments: tuple[str, ...], expected: str
) -> None:
    ended = tracker(english, "search", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert expected in ended.err
    assert ended.err.count("\n") == 1


def test_a_record_cannot_command_the_terminal(tracker: Tracker, chinese: Path) -> None:
    record = chinese / "records" / "hengda.md"
    record.write_text(record.read_text("utf-8").replace("占用产线", "占\x1b[2J\x07线"), "utf-8")
    out = tracker(chinese, "search", "安装调试").out
    assert "安装调试" in out
    assert "\x1b" not in out


# --- Excerpts ---------------------------------------------------------------------------------


@given(st.text("恒达ab é", max_size=120), st.data(), st.integers(30, 80))
def test_an_excerpt_fits_and_holds_the_first_mark(
    text: str, data: st.DataObject, cells: int
) -> None:
    points = data.draw(st.lists(st.integers(0, len(text)), max_size=6, unique=True).map(sorted))
    marks = tuple(zip(points[::2], points[1::2], strict=False))
    cut, kept = excerpt(text, marks, cells)
    assert display_width(cut) <= cells
    assert cut.strip("…") in text
    assert [cut[start:end] for start, end in kept] == [
        text[start:end][: len(cut[kept_start:kept_end])]
        for (start, end), (kept_start, kept_end) in zip(
            marks_within(marks, kept), kept, strict=True
        )
    ]
    if marks:
        assert kept
    if display_width(text) <= cells:
        assert (cut, kept) == (text, marks)


def marks_within(
    marks: tuple[tuple[int, int], ...], kept: tuple[tuple[int, int], ...]
) -> tuple[tuple[int, int], ...]:
    """Return the marks that were kept: the first is always the first."""
    return marks[: len(kept)] if len(kept) < len(marks) else marks
