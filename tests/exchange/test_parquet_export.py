"""The dataset of Parquet files, read by DuckDB."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.exchange.conftest import TODAY
from tracker.database.fill import fill
from tracker.database.tables import common_tables_of
from tracker.errors import OutputError, TrackerError, UsageError
from tracker.exchange.export import FORMATS, TEAM, Export
from tracker.exchange.formats.parquet import MANIFEST, WORKSPACES, partition_name
from tracker.insight.day import Day, day_of
from tracker.library.loader import load_library
from tracker.model import Customer
from tracker.money import Money

if TYPE_CHECKING:
    from tests.exchange.conftest import DayOf

ROOT = Path(__file__).parent.parent.parent
SMALL = {name: ROOT / "tests" / "workspaces" / name for name in ("small-zh", "small-en", "broken")}
DECLARING = """\
language: zh
title: 华东
fields:
  machine: {label: 设备}
  budget: {label: 预算, type: money}
  lines: {label: 产线, type: number}
  iso: {label: 认证, type: bool}
  audit: {label: 验厂, type: date}
  sites: {label: 厂区, type: list}
"""
RECORD = """\
---
name: 恒达
stage: 商务谈判
owner: 李雷
value: 480000.5 CNY
tags: [机床, 华东]
machine: 磨床
budget: 12.50 EUR
lines: 3
iso: 是
audit: 2026-12-01
sites: [一厂, "二厂, 东"]
---

## 2026-11-20 14:30 电话 李雷

问了交期。

## 2026-11-21 邮件 李雷
"""


@pytest.fixture(scope="module")
def demo() -> Day:
    return day_of(load_library(ROOT), TODAY)


def export(day: Day, dataset: Path, team: str | None = None, **changes: Any) -> None:  # noqa: ANN401  # of an Export
    options = {} if team is None else {TEAM: team}
    made = replace(Export(day, day.standings, options=options), **changes)
    FORMATS["parquet"].load().write(made, dataset)


def ask(dataset: Path, sql: str) -> list[tuple[Any, ...]]:
    """Return the answer to a query in which `{table}` stands for a table of the dataset."""
    tables = {
        folder.name: f"read_parquet('{folder}/*/*.parquet', hive_partitioning = true, "
        "hive_types = {'team': VARCHAR})"
        for folder in dataset.iterdir()
        if folder.is_dir()
    }
    with closing(duckdb.connect()) as connection:
        return connection.execute(sql.format_map(tables)).fetchall()


def day_with(text: str, folder: Path, settings: str = DECLARING) -> Day:
    (folder / "records").mkdir(parents=True)
    (folder / "tracker.yaml").write_text(settings, "utf-8")
    (folder / "records" / "hengda.md").write_text(text, "utf-8")
    return day_of(load_library(folder), TODAY, checked=False)


# --- What is in it ------------------------------------------------------------------------------


def test_tables_hold_what_sql_asks(demo: Day, tmp_path: Path) -> None:
    export(demo, tmp_path / "ds")
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as memory:
        fill(memory, demo)
        for table in common_tables_of(demo.library.config):
            names = ", ".join(f'"{column.name}"' for column in table.columns)
            expected = memory.execute(f"SELECT {names} FROM {table.name}").fetchall()  # noqa: S608  # names and queries are ours
            found = ask(tmp_path / "ds", f"SELECT {names} FROM {{{table.name}}}")  # noqa: S608  # names and queries are ours
            assert [list(map(plain, row)) for row in found] == [
                list(map(plain, row)) for row in expected
            ], table.name


def plain(value: object) -> object:
    """Return a value as SQLite and DuckDB have it alike."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}".removesuffix(" 00:00")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (Decimal, bool)):
        return float(value)
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False) if value else None
    if isinstance(value, (int, float)):
        return float(value)
    return value


def test_values_have_their_types(tmp_path: Path) -> None:
    export(day_with(RECORD, tmp_path / "ws"), tmp_path / "ds")
    (row,) = ask(
        tmp_path / "ds",
        "SELECT name, value, typeof(value), tags, stale, days_overdue, created FROM {customers}",
    )
    assert row == (
        "恒达",
        Decimal("480000.5000"),
        "DECIMAL(18,4)",
        ["机床", "华东"],
        False,
        0,
        None,
    )
    assert ask(tmp_path / "ds", 'SELECT "at", date, time FROM {followups} ORDER BY id') == [
        (datetime(2026, 11, 20, 14, 30), date(2026, 11, 20), "14:30"),  # noqa: DTZ001  # a day and time as written, of no zone
        (datetime(2026, 11, 21), date(2026, 11, 21), None),  # noqa: DTZ001  # a day and time as written, of no zone
    ]
    assert ask(tmp_path / "ds", "SELECT DISTINCT typeof(rate) FROM {rates}") == [("DOUBLE",)]


def test_fields_of_the_workspace_are_entries_of_one_column(tmp_path: Path) -> None:
    export(day_with(RECORD, tmp_path / "ws"), tmp_path / "ds")
    assert ask(tmp_path / "ds", "SELECT fields FROM {customers}") == [
        (
            {
                "machine": "磨床",
                "budget": "12.5 EUR",
                "lines": "3",
                "iso": "true",
                "audit": "2026-12-01",
                "sites": '["一厂", "二厂, 东"]',
            },
        )
    ]
    assert ask(tmp_path / "ds", "SELECT fields['machine'] FROM {customers}") == [("磨床",)]


def test_columns_are_the_same_in_every_workspace(tmp_path: Path) -> None:
    dataset = tmp_path / "ds"
    for name, folder in SMALL.items():
        export(day_of(load_library(folder), TODAY), dataset, name)
    export(day_with(RECORD, tmp_path / "ws"), dataset)
    for table in sorted(folder.name for folder in dataset.iterdir() if folder.is_dir()):
        parts = list((dataset / table).glob("team=*/part-0.parquet"))
        assert len(parts) == len(SMALL) + 1
        shapes = set()
        with closing(duckdb.connect()) as connection:
            for part in parts:
                relation = connection.read_parquet(str(part))
                shapes.add((*relation.columns, *map(str, relation.types)))
        assert len(shapes) == 1, table


def test_a_row_says_which_workspace_a_team_is_and_of_which_day(demo: Day, tmp_path: Path) -> None:
    export(demo, tmp_path / "ds", "华东")
    (row,) = ask(tmp_path / "ds", "SELECT team, title, today, customers FROM {workspaces}")
    assert row == ("华东", demo.library.config.title, TODAY, len(demo.standings))


# --- Teams --------------------------------------------------------------------------------------


def snapshot(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_team_replaces_its_own_part_alone(tmp_path: Path) -> None:
    dataset = tmp_path / "ds"
    teams = {name: day_of(load_library(folder), TODAY) for name, folder in SMALL.items()}
    for name, day in teams.items():
        export(day, dataset, name)
    before = snapshot(dataset)
    day = teams["small-zh"]
    export(day, dataset, "small-zh", standings=day.standings[:1])
    after = snapshot(dataset)
    assert before.keys() == after.keys()
    changed = {path for path in after if before[path] != after[path]}
    assert {path.split("/")[1] for path in changed} == {"team=small-zh"}
    counts = dict(ask(dataset, "SELECT team, count(*) FROM {customers} GROUP BY team"))
    assert counts == {"small-zh": 1, "small-en": len(teams["small-en"].standings)}


def test_the_workspace_s_title_names_the_team(tmp_path: Path) -> None:
    export(day_with(RECORD, tmp_path / "ws"), tmp_path / "ds")
    assert ask(tmp_path / "ds", "SELECT team FROM {customers}") == [("华东",)]


@pytest.mark.parametrize("team", ["华东/一部", "100%", "a=b", "007", "It's *?", "东 区", "C:\\x"])
def test_any_team_comes_back(day_of: DayOf, tmp_path: Path, team: str) -> None:
    export(day_of(Customer("records/a.md", "a", "A")), tmp_path / "ds", team)
    assert ask(tmp_path / "ds", "SELECT team FROM {customers}") == [(team,)]


@given(st.text(max_size=30))
def test_a_team_is_one_folder_whatever_its_name(team: str) -> None:
    try:
        name = partition_name(team)
    except UsageError:
        assert not team.strip()
        return
    assert not set(name) & set('/\\:*?"<>|=\0\n')


@pytest.mark.parametrize("team", ["", "  ", "团" * 100])
def test_a_name_that_cannot_be_a_folder_is_refused(tmp_path: Path, demo: Day, team: str) -> None:
    with pytest.raises(UsageError, match="--team"):
        export(demo, tmp_path / "ds", team)
    assert not (tmp_path / "ds").exists()


def test_two_workspaces_cannot_be_one_team(demo: Day, tmp_path: Path) -> None:
    other = day_with(RECORD, tmp_path / "ws")
    export(demo, tmp_path / "ds", "东")
    before = snapshot(tmp_path / "ds")
    with pytest.raises(OutputError, match="of another workspace"):
        export(other, tmp_path / "ds", "东")
    assert snapshot(tmp_path / "ds") == before
    export(other, tmp_path / "ds", "东", force=True)
    assert ask(tmp_path / "ds", "SELECT DISTINCT title FROM {workspaces}") == [("华东",)]


# --- What is there already, and what goes wrong -------------------------------------------------


def test_nothing_is_written_into_a_foreign_folder(demo: Day, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(OutputError, match="is no dataset"):
        export(demo, tmp_path)
    assert snapshot(tmp_path) == {"letter.txt": b"mine"}
    with pytest.raises(OutputError, match="is no dataset"):
        export(demo, tmp_path / "letter.txt")


def test_an_empty_folder_becomes_a_dataset(demo: Day, tmp_path: Path) -> None:
    export(demo, tmp_path)
    assert (tmp_path / MANIFEST).is_file()
    assert (tmp_path / WORKSPACES).is_dir()


def test_an_amount_that_does_not_fit_stops_it_and_changes_nothing(
    day_of: DayOf, tmp_path: Path
) -> None:
    fitting = Customer("records/a.md", "a", "A", value=Money(Decimal("99999999999999.9999"), "CNY"))
    export(day_of(fitting), tmp_path / "ds")
    before = snapshot(tmp_path / "ds")
    large = msgspec.structs.replace(fitting, value=Money(Decimal(10**14), "CNY"))
    with pytest.raises(TrackerError, match="a: the amount 100000000000000 is too large"):
        export(day_of(large), tmp_path / "ds")
    assert snapshot(tmp_path / "ds") == before


def test_a_disk_that_is_full_leaves_the_old_parts(
    demo: Day, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(demo, tmp_path / "ds")
    before = snapshot(tmp_path / "ds")
    calls = 0

    def fail(*_: object) -> None:
        nonlocal calls
        calls += 1
        if calls == 5:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("tracker.exchange.formats.parquet.shutil.copyfile", fail)
    with pytest.raises(OSError, match="No space left"):
        export(demo, tmp_path / "ds", standings=demo.standings[:1])
    assert snapshot(tmp_path / "ds") == before


def test_a_damaged_part_is_named(demo: Day, tmp_path: Path) -> None:
    export(demo, tmp_path / "ds", "东")
    part = tmp_path / "ds" / WORKSPACES / "team=东" / "part-0.parquet"
    part.write_bytes(part.read_bytes()[:20])
    with pytest.raises(OutputError, match="cannot be written"):
        export(demo, tmp_path / "ds", "东")
    export(demo, tmp_path / "ds", "东", force=True)
    assert ask(tmp_path / "ds", "SELECT team FROM {workspaces}") == [("东",)]


def test_half_a_character_is_written_escaped(day_of: DayOf, tmp_path: Path) -> None:
    export(day_of(Customer("records/\udce9.md", "a", "\ud800A\0\n'")), tmp_path / "ds")
    assert ask(tmp_path / "ds", "SELECT path, name FROM {customers}") == [
        ("records/\\udce9.md", "\\ud800A\0\n'")
    ]
