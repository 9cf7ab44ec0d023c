"""A key holds a list or a group where one value stands, or the other way round.

Why: what cannot be placed is left out.

Bad:

    ---
    name: Acme
    stage: proposal
    owner: Li Lei
    needs: shorter lead time
    ---

Good:

    ---
    name: Acme
    stage: proposal
    owner: Li Lei
    needs:
      core: [shorter lead time]
    ---
"""

from __future__ import annotations

from tracker.diagnostics import Severity
from tracker.rules.rule import Origin

SEVERITY = Severity.ERROR
ORIGIN = Origin.READING
