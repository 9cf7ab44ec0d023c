"""The front matter is larger than `limits.front_matter` in tracker.yaml.

Why: the front matter holds what is true now, in short values. What happened belongs below it.

Bad: minutes of whole meetings in `needs:`.

Good: one line a need, and the minutes in the follow-up of that day.
"""

from __future__ import annotations

from tracker.diagnostics import Severity
from tracker.rules.rule import Origin

SEVERITY = Severity.ERROR
ORIGIN = Origin.READING
