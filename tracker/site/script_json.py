"""Data as it stands in the scripts of a site."""

from __future__ import annotations

import json

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def script_json(value: object) -> str:
    """Return a value as JSON that is JavaScript, too.

    Args:
        value: What `json.dumps` takes.
    """
    text = _ENCODER.encode(value)
    # The two separators end a line in older JavaScript, even within a text.
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
