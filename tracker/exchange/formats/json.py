"""Whole records as a JSON array, each as `tracker show --format json` prints it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tracker.insight.record_json import record_json

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.exchange.export import Export


def write(export: Export, path: Path) -> None:
    """Write the records to a file; see `tracker.exchange.export.Writer`."""
    records = [record_json(standing, export.config, export.today) for standing in export.standings]
    text = json.dumps(records, ensure_ascii=False, indent=2) + "\n"
    path.write_text(text, "utf-8", "backslashreplace", newline="\n")
