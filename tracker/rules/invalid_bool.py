"""A value is neither yes nor no.

Why: a guess would be wrong half of the time.

Bad:

    ---
    name: Acme
    stage: proposal
    owner: Li Lei
    contacts:
      - name: Ann Lee
        primary: maybe
    ---

Good:

    ---
    name: Acme
    stage: proposal
    owner: Li Lei
    contacts:
      - name: Ann Lee
        primary: yes
    ---
"""

from __future__ import annotations

from tracker.diagnostics import Severity
from tracker.rules.rule import Origin

SEVERITY = Severity.ERROR
ORIGIN = Origin.READING
