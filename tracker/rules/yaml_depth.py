"""The front matter nests deeper than `limits.nesting` in tracker.yaml.

Why: no record needs so many levels; it is a mistake or an attack.

Bad:

    ---
    name: Acme
    stage: proposal
    owner: Li Lei
    tags: [[[[[[[[[[[[[[[[[[[[[[deep]]]]]]]]]]]]]]]]]]]]]]
    ---

Good:

    ---
    name: Acme
    stage: proposal
    owner: Li Lei
    tags: [deep]
    ---
"""

from __future__ import annotations

from tracker.diagnostics import Severity
from tracker.rules.rule import Origin

SEVERITY = Severity.ERROR
ORIGIN = Origin.READING
