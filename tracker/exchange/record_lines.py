"""Whole records as JSON, each on one line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tracker.insight.record_json import record_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.exchange.export import Export


def record_lines(export: Export) -> Iterator[bytes]:
    """Yield each record as a JSON object in UTF-8, without the line break behind it.

    One at a time, so that ten thousand of them take no more memory than one.
    """
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    for standing in export.standings:
        record = record_json(standing, export.config, export.today)
        # Half a character, which a file name may hold, is written as JSON escapes it.
        yield encode(record).encode("utf-8", "backslashreplace")
