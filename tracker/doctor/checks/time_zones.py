"""The system or Python knows the time zones, on which the day depends."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tracker.diagnostics import Severity
from tracker.doctor.finding import Finding, command
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.doctor.finding import Examined

_KNOWN_EVERYWHERE = "Asia/Shanghai"


def check(examined: Examined) -> Iterator[Finding]:
    """Yield a finding where there is no data of time zones."""
    del examined
    try:
        ZoneInfo.no_cache(_KNOWN_EVERYWHERE)
    except (ZoneInfoNotFoundError, OSError):
        yield Finding(
            Severity.ERROR,
            "tzdata",
            Message("neither the system nor Python knows any time zones"),
            Message("it cannot be told which day it is where the team is"),
            command(sys.executable, "-m", "pip", "install", "tzdata"),
        )
