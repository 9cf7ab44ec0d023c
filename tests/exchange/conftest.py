"""Days made of records that a test writes down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tracker.config_file import parse_config
from tracker.insight.day import Day, Standing
from tracker.library.library import Entry, Library
from tracker.library.status import status_of

if TYPE_CHECKING:
    from tracker.model import Customer

TODAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 20, 12, 0)  # noqa: DTZ001 - a follow-up's moment has no zone
ZH = "language: zh\ntitle: 小样例\ntimezone: Asia/Shanghai\n"

DayOf = Callable[..., Day]


@pytest.fixture(scope="session")
def day_of() -> DayOf:
    """Return a day of the given records, by `day_of(customer, …, config=…, today=…)`."""

    def make(*customers: Customer, config: str = ZH, today: date = TODAY) -> Day:
        parsed, problems = parse_config(config)
        assert not problems
        entries = tuple(Entry(customer.path, "", customer) for customer in customers)
        standings = tuple(
            Standing(customer, status_of(customer, parsed, today)) for customer in customers
        )
        return Day(Library(Path("none"), parsed, entries), today, standings, ())

    return make
