"""A value is not a number.

Why: numbers are sorted and summed.

Bad:

    ---
    name: Acme
    stage: won
    owner: Li Lei
    deal:
      items:
        - name: Milling machine
          quantity: two
    ---

Good:

    ---
    name: Acme
    stage: won
    owner: Li Lei
    deal:
      items:
        - name: Milling machine
          quantity: 2
    ---
"""

from __future__ import annotations

from tracker.diagnostics import Severity
from tracker.rules.rule import Origin

SEVERITY = Severity.ERROR
ORIGIN = Origin.READING
