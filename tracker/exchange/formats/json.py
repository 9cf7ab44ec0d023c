"""Whole records as a JSON array, a record a line, described by `tracker schema --exported`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.exchange.record_lines import record_lines

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.exchange.export import Export


def write(export: Export, path: Path) -> None:
    """Write the records to a file; see `tracker.exchange.export.Writer`."""
    with path.open("wb") as stream:
        stream.write(b"[")
        for number, line in enumerate(record_lines(export)):
            stream.write(b",\n" if number else b"\n")
            stream.write(line)
        stream.write(b"\n]\n")
