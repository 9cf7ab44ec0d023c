"""A setting in tracker.yaml has a value that it cannot have.

Why: the setting is left at its default, so that the records can still be read, but what the team
wanted is not done.

Bad, in tracker.yaml:

    timezone: Shanghai

Good, in tracker.yaml:

    timezone: Asia/Shanghai
"""

from __future__ import annotations

from tracker.diagnostics import Severity
from tracker.rules.rule import Origin

SEVERITY = Severity.ERROR
ORIGIN = Origin.READING
