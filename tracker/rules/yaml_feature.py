"""The front matter uses an anchor, an alias or a tag of YAML.

Why: these make YAML a small programming language. A value that only looks like one, such as
`*urgent*`, needs quotes.

Bad:

    ---
    name: Acme
    stage: proposal
    owner: &boss Li Lei
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
