"""A value is not a web address that begins with http:// or https://.

Why: the site makes a link of it. Other kinds of link could run a script in the reader's browser.

Bad:

    ---
    name: Acme
    stage: proposal
    owner: Li Lei
    website: acme website
    ---

Good:

    ---
    name: Acme
    stage: proposal
    owner: Li Lei
    website: https://www.example.com
    ---
"""

from __future__ import annotations

from tracker.diagnostics import Severity
from tracker.rules.rule import Origin

SEVERITY = Severity.ERROR
ORIGIN = Origin.READING
