"""An id holds a sign that a page's name cannot have.

Why: the id becomes the name of the customer's page and the word by which commands are told which
customer is meant, so it is made of letters, digits, and `-`, `_` or `.` between them.

Bad:

    ---
    id: acme/berlin
    name: Acme
    stage: proposal
    owner: Li Lei
    ---

Good:

    ---
    id: acme-berlin
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
