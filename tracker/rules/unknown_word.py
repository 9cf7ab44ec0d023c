"""A word is not in the vocabulary of its field.

Why: pages, sums and filters go by these words. One that is not known puts the customer into no
stage, no level and no chart. A team adds words of its own in tracker.yaml.

Bad:

    ---
    name: Acme
    stage: propsal
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
