"""The file is larger than `limits.file_size` in tracker.yaml.

Why: a record of more than a megabyte is no record; somebody pasted a document or a picture into
it. The limit keeps reading fast and safe.

Bad: a scanned contract pasted into the text.

Good: the contract in `attachments/`, and a link to it.
"""

from __future__ import annotations

from tracker.diagnostics import Severity
from tracker.rules.rule import Origin

SEVERITY = Severity.ERROR
ORIGIN = Origin.READING
