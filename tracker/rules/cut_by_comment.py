"""YAML takes the end of a value for a comment.

Why: in YAML a blank and `#` begin a comment, so the writer's `#2` is silently lost. A value in
quotes keeps it. A comment that is meant has a blank after its `#`.

Bad:

    ---
    name: Acme
    stage: proposal
    owner: Li Lei
    address: Dock Road, gate #2
    ---

Good:

    ---
    name: Acme
    stage: proposal  # since the visit in May
    owner: Li Lei
    address: "Dock Road, gate #2"
    ---
"""

from __future__ import annotations

from tracker.diagnostics import Severity
from tracker.rules.rule import Origin

SEVERITY = Severity.WARNING
ORIGIN = Origin.READING
