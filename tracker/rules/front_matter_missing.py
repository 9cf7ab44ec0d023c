"""The file does not begin with front matter.

Why: without the lines between `---` nothing is known of the customer, so the file is left out of
every list. Notes that are no records belong outside `records/`, or in a file whose name begins
with `_`.

Bad:

    # Acme

    Met them at the trade show.

Good:

    ---
    name: Acme
    stage: initial contact
    owner: Li Lei
    ---

    Met them at the trade show.
"""

from __future__ import annotations

from tracker.diagnostics import Severity
from tracker.rules.rule import Origin

SEVERITY = Severity.ERROR
ORIGIN = Origin.READING
