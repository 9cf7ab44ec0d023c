"""The file contains a NUL byte.

Why: no text contains one, so the file was damaged, or it is something else than a record.

Bad: a spreadsheet renamed to `acme.md`.

Good: a text file.
"""

from __future__ import annotations

from tracker.diagnostics import Severity
from tracker.rules.rule import Origin

SEVERITY = Severity.ERROR
ORIGIN = Origin.READING
