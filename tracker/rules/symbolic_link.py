"""A symbolic link lies among the records and is not read.

Why: a link can lead out of the workspace, or make one record count twice.

Bad: `records/acme.md` as a link to `../shared/acme.md`.

Good: the file itself.
"""

from __future__ import annotations

from tracker.diagnostics import Severity
from tracker.rules.rule import Origin

SEVERITY = Severity.WARNING
ORIGIN = Origin.READING
