"""`tracker export` in the formats that have options of their own, or a folder."""

from __future__ import annotations

import json
import sqlite3
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import duckdb
import icalendar
import pytest
import vobject

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Tracker

DAY = ("--today", "2026-11-24")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("csv", "--team", "东"), "--team 不用于 csv，只用于：parquet"),
        (("json", "--alarm", "1d"), "--alarm 不用于 json，只用于：ics"),
        (("xlsx", "--vcard-version", "3.0"), "只用于：vcf"),
        (("ics", "--alarm", "soon"), "“soon”不是时间"),
        (("vcf", "--vcard-version", "2.1"), "--vcard-version"),
        (("parquet", "--team", " ", "--output", "ds"), "不能用作团队名"),
        (("parquet", "--output", "-"), "parquet"),
    ],
)
def test_wrong_use(
    tracker: Tracker, chinese: Path, arguments: tuple[str, ...], reason: str
) -> None:
    ended = tracker(chinese, "export", *arguments, *DAY)
    assert (ended.code, ended.out) == (2, "")
    assert reason in ended.err
    assert not (chinese / "ds").exists()


def test_lines_of_json(tracker: Tracker, chinese: Path) -> None:
    ended = tracker(chinese, "export", "jsonl", "level:A", *DAY)
    records = list(map(json.loads, ended.out.splitlines()))
    assert records
    assert {record["level"] for record in records} == {"A"}
    assert {record["today"] for record in records} == {"2026-11-24"}


@pytest.mark.parametrize("name", ["a.db", "a.sqlite"])
def test_a_database(tracker: Tracker, chinese: Path, name: str) -> None:
    for _ in range(2):
        ended = tracker(chinese, "export", "sqlite", "owner:李雷", "-o", name, *DAY)
        assert ended.code == 0, ended.err
    with closing(sqlite3.connect(chinese / name)) as database:
        assert database.execute("SELECT DISTINCT owner FROM customers").fetchall() == [("李雷",)]
        query = database.execute("SELECT value FROM metadata WHERE key = 'query'").fetchone()
    assert query == ("owner:李雷",)


def test_two_teams_in_one_dataset(
    tracker: Tracker, chinese: Path, english: Path, tmp_path: Path
) -> None:
    dataset = str(tmp_path / "dataset")
    for folder, team in ((chinese, "苏州"), (english, "Reading"), (chinese, "苏州")):
        ended = tracker(folder, "export", "parquet", "--team", team, "-o", dataset, *DAY)
        assert ended.code == 0, ended.err
    with closing(duckdb.connect()) as connection:
        teams = connection.execute(
            "SELECT team, count(*) FROM read_parquet(? || '/customers/*/*.parquet') "
            "GROUP BY team ORDER BY team",
            [dataset],
        ).fetchall()
    assert [team for team, _ in teams] == ["Reading", "苏州"]
    ended = tracker(english, "export", "parquet", "--team", "苏州", "-o", dataset, *DAY)
    assert ended.code == 3
    assert "another workspace" in ended.err


def test_without_the_library_it_says_which_extra_to_install(
    tracker: Tracker, chinese: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    ended = tracker(chinese, "export", "parquet", "-o", "ds", *DAY)
    assert ended.code == 3
    assert "pip install 'tracker-records[parquet]'" in ended.err
    assert not (chinese / "ds").exists()


def test_a_calendar(tracker: Tracker, chinese: Path) -> None:
    data = tracker(chinese, "export", "ics", "id:hengda", *DAY).out
    calendar = icalendar.Calendar.from_ical(data)
    events = calendar.walk("VEVENT")
    assert events
    assert all("恒达" in str(event["SUMMARY"]) for event in events)
    assert all(len(event.walk("VALARM")) == 1 for event in events)
    silent = tracker(chinese, "export", "ics", "id:hengda", "--alarm", "none", *DAY).out
    assert "VALARM" not in silent


@pytest.mark.parametrize("version", ["4.0", "3.0"])
def test_cards(tracker: Tracker, chinese: Path, version: str) -> None:
    options = () if version == "4.0" else ("--vcard-version", version)
    data = tracker(chinese, "export", "vcf", "id:hengda", *options, *DAY).out
    cards = list(vobject.readComponents(data))
    assert {card.version.value for card in cards} == {version}
    assert {card.org.value[0] for card in cards} == {"恒达精密机械有限公司"}
