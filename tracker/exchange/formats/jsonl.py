"""Whole records as JSON Lines, described by `tracker schema --exported`; imports read them back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.exchange.record_lines import record_lines

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.exchange.export import Export


def write(export: Export, path: Path) -> None:
    """Write the records to a file; see `tracker.exchange.export.Writer`."""
    with path.open("wb") as stream:
        stream.writelines(line + b"\n" for line in record_lines(export))
