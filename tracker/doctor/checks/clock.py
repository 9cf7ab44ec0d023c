"""The clock of the machine is right, as far as the newest commit can tell."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from tracker.diagnostics import Severity
from tracker.doctor.finding import Finding
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.doctor.finding import Examined

_DAY = 24 * 3600
_MEND = {"win32": "w32tm /resync", "darwin": "sudo sntp -sS time.apple.com"}


def check(examined: Examined) -> Iterator[Finding]:
    """Yield a finding where the newest commit is more than a day ahead of the clock."""
    newest = examined.git("log", "-1", "--format=%ct") if examined.in_repository else None
    if newest and int(newest) - time.time() > _DAY:
        ahead = round((int(newest) - time.time()) / _DAY)
        yield Finding(
            Severity.WARNING,
            time.strftime("%Y-%m-%d %H:%M"),
            Message("the clock is behind the newest commit; days: {days}", {"days": ahead}),
            Message("what is overdue, and the day of a new follow-up, are wrong"),
            _MEND.get(sys.platform, "sudo timedatectl set-ntp true"),
        )
