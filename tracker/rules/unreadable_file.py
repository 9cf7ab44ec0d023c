"""The system does not let the file be read.

Why: the record is missing from everything that is shown. Mostly the file's permissions are wrong,
or the disk is.

Bad: a record that only another user may read.

Good: a record that everybody in the team may read.
"""

from __future__ import annotations

from tracker.diagnostics import Severity
from tracker.rules.rule import Origin

SEVERITY = Severity.ERROR
ORIGIN = Origin.READING
