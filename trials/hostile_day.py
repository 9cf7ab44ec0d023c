"""Days of a workspace whose records are made in memory, with texts of our choosing in them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.config_file import parse_config
from tracker.insight.day import Day, Standing
from tracker.library.library import Entry, Library
from tracker.library.status import status_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.model import Customer

TODAY = date(2026, 11, 24)
CONFIG = parse_config("language: zh\ntitle: 样例\ntimezone: Asia/Shanghai\n")[0]


def day_of(customers: Iterable[Customer]) -> Day:
    """Return the day of a workspace with just these customers."""
    known = tuple(customers)
    entries = tuple(Entry(customer.path, "", customer) for customer in known)
    standings = tuple(Standing(customer, status_of(customer, CONFIG, TODAY)) for customer in known)
    return Day(Library(Path("none"), CONFIG, entries), TODAY, standings, ())
