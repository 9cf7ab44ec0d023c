"""A key in tracker.yaml is not a setting, or a code under `rules` is not that of a rule.

Why: a mistyped setting has no effect, and nobody notices.

Bad, in tracker.yaml:

    langauge: zh

Good, in tracker.yaml:

    language: zh
"""

from __future__ import annotations

from tracker.diagnostics import Severity
from tracker.rules.rule import Origin

SEVERITY = Severity.WARNING
ORIGIN = Origin.READING
