"""A key that every record needs is missing or empty.

Why: a customer without name, stage or owner is in no list and nobody's business. A workspace can
declare fields of its own that are required.

Bad:

    ---
    name: Acme
    owner: Li Lei
    ---

Good:

    ---
    name: Acme
    stage: proposal
    owner: Li Lei
    ---
"""

from __future__ import annotations

from tracker.diagnostics import Severity
from tracker.rules.rule import Origin

SEVERITY = Severity.ERROR
ORIGIN = Origin.READING
