"""Whole records as JSON and as JSON Lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.exchange.conftest import TODAY
from tracker.exchange.export import FORMATS, Export
from tracker.insight.day import Day, day_of
from tracker.insight.record_json import record_json
from tracker.library.loader import load_library
from tracker.model import Customer

if TYPE_CHECKING:
    from tests.exchange.conftest import DayOf

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def day() -> Day:
    return day_of(load_library(ROOT / "tests" / "workspaces" / "small-zh"), TODAY)


def written(name: str, export: Export, folder: Path) -> bytes:
    path = folder / f"export.{name}"
    FORMATS[name].load().write(export, path)
    return path.read_bytes()


def records(export: Export) -> list[dict[str, Any]]:
    return [record_json(found, export.config, TODAY) for found in export.standings]


@pytest.mark.parametrize("count", [0, 1, 4])
def test_an_array_of_records(day: Day, tmp_path: Path, count: int) -> None:
    export = Export(day, day.standings[:count])
    data = written("json", export, tmp_path)
    assert json.loads(data) == records(export)
    assert data.endswith(b"\n]\n")


@pytest.mark.parametrize("count", [0, 1, 4])
def test_a_record_a_line(day: Day, tmp_path: Path, count: int) -> None:
    export = Export(day, day.standings[:count])
    lines = written("jsonl", export, tmp_path).splitlines(keepends=True)
    assert list(map(json.loads, lines)) == records(export)
    assert all(line.endswith(b"}\n") for line in lines)


def test_a_file_name_that_is_no_text_is_escaped(day_of: DayOf, tmp_path: Path) -> None:
    day = day_of(Customer("records/\udce9.md", "\udce9", "A"))
    export = Export(day, day.standings)
    (record,) = json.loads(written("json", export, tmp_path))
    assert record["path"] == "records/\udce9.md"
