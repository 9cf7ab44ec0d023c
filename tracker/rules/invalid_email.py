"""A value is not an e-mail address.

Why: the site makes a link of it, and a message sent to a mistyped address comes back at best.

Bad:

    ---
    name: Acme
    stage: proposal
    owner: Li Lei
    contacts:
      - name: Ann Lee
        email: ann.lee at example.com
    ---

Good:

    ---
    name: Acme
    stage: proposal
    owner: Li Lei
    contacts:
      - name: Ann Lee
        email: ann.lee@example.com
    ---
"""

from __future__ import annotations

from tracker.diagnostics import Severity
from tracker.rules.rule import Origin

SEVERITY = Severity.ERROR
ORIGIN = Origin.READING
