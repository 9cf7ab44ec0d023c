"""Numbers of one person are counted from what concerns them, however many people there are."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NoReturn

import pytest

from bench.generate import OWNERS, TODAY, generate
from tracker.insight.day import day_of
from tracker.insight.measure import Scope
from tracker.insight.measure_registry import all_measures
from tracker.library.loader import load_library
from tracker.periods import Period

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.insight.day import Day

YEAR = Period(date(2025, 12, 1), date(2026, 11, 30))


class _Unread(tuple[object, ...]):
    """Customers that nobody may go through."""

    __slots__ = ()

    def __iter__(self) -> NoReturn:
        message = "all customers were gone through"
        raise AssertionError(message)


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Day:
    """Return a day of which all that people share is known, and whose customers are not read."""
    root: Path = tmp_path_factory.mktemp("workspace")
    generate(root, 60)
    day = day_of(load_library(root), TODAY, checked=False)
    for measure in all_measures().values():
        measure.tables(Scope(day, YEAR))
        measure.tables(Scope(day, YEAR, OWNERS[0]))
    object.__setattr__(day, "standings", _Unread(day.standings))
    return day


@pytest.mark.parametrize("code", all_measures())
def test_nobody_elses_customers_are_gone_through(day: Day, code: str) -> None:
    assert all_measures()[code].tables(Scope(day, YEAR, OWNERS[1]))
