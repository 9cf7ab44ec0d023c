"""A bullet of a follow-up looks like a field with a mistyped key.

Why: it is read as part of the summary, so the next step, the stage or the contact that was meant
is missing.

Bad:

    ---
    name: Acme
    stage: proposal
    owner: Li Lei
    ---

    ## 2026-11-20 14:30 call Li Lei

    - nexxt: 2026-11-27 visit

Good:

    ---
    name: Acme
    stage: proposal
    owner: Li Lei
    ---

    ## 2026-11-20 14:30 call Li Lei

    - next: 2026-11-27 visit
"""

from __future__ import annotations

from tracker.diagnostics import Severity
from tracker.rules.rule import Origin

SEVERITY = Severity.WARNING
ORIGIN = Origin.READING
