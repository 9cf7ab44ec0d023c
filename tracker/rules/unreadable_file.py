"""The system does not let the file be read, or its name keeps it from being one of the records.

Why: the record is missing from everything that is shown. Mostly the file's permissions are wrong,
or the disk is. A name has to be UTF-8 and to end with `.md` in small letters, since `acme.MD` and
`acme.md` are one file on some systems and two on others. Notepad saves `acme.md.txt` where "All
files" is not chosen.

Bad: a record that only another user may read.

Good: a record that everybody in the team may read.
"""

from __future__ import annotations

from tracker.diagnostics import Severity
from tracker.rules.rule import Origin

SEVERITY = Severity.ERROR
ORIGIN = Origin.READING
