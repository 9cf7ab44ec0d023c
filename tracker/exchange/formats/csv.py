"""One table for spreadsheets: UTF-8 with byte order mark and CRLF, which Excel reads right."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from tracker.insight.rows import ROW_COLUMNS, row_of

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.exchange.export import Export


def write(export: Export, path: Path) -> None:
    """Write the table to a file; see `tracker.exchange.export.Writer`."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow(ROW_COLUMNS)
        writer.writerows(row_of(found, export.config).values() for found in export.standings)
