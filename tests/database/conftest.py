"""What the tests of the database share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

import pytest

from tracker.insight.day import Day, day_of
from tracker.library.loader import load_library

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2026, 11, 24)

MakeDay = Callable[..., Day]
"""Returns the day of records given by the stems of their files; `settings` is tracker.yaml."""


@pytest.fixture
def make_day(tmp_path: Path) -> MakeDay:
    def make(settings: str = "language: en\n", today: date = TODAY, **records: str) -> Day:
        (tmp_path / "tracker.yaml").write_text(settings, "utf-8")
        (tmp_path / "records").mkdir(exist_ok=True)
        for name, text in records.items():
            (tmp_path / "records" / f"{name}.md").write_text(text, "utf-8")
        return day_of(load_library(tmp_path), today)

    return make
