"""Next steps and promises due as an iCalendar file, to take over into a calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.errors import UsageError
from tracker.exchange.export import ALARM
from tracker.exchange.icalendar import calendar_bytes, events_of, read_alarms
from tracker.translation import Message

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.exchange.export import Export

DEFAULT_ALARM = "15m"


def write(export: Export, path: Path) -> None:
    """Write the calendar to a file; see `tracker.exchange.export.Writer`.

    Raises:
        UsageError: The option `--alarm` cannot be read.
    """
    asked = export.options.get(ALARM, DEFAULT_ALARM)
    alarms = read_alarms(asked)
    if alarms is None:
        raise UsageError(
            Message(
                "{option}: ‘{text}’ is no time; write it as 15m, 2h, 1d or none",
                {"option": ALARM, "text": asked},
            )
        )
    path.write_bytes(calendar_bytes(events_of(export.chosen, alarms=alarms), export.config))
