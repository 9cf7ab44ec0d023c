"""The file is not UTF-8.

Why: nothing is guessed, since much Chinese UTF-8 also decodes as GB18030 and the other way round,
and a wrong guess would garble the record in silence. The message names the likely encoding and the
command that converts.

Bad: a record saved by an old editor as GBK.

Good: the same text saved as UTF-8, with or without a byte order mark.
"""

from __future__ import annotations

from tracker.diagnostics import Severity
from tracker.rules.rule import Origin

SEVERITY = Severity.ERROR
ORIGIN = Origin.READING
