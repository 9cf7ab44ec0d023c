"""Two follow-ups of a record have the same day, time, method and person.

Why: mostly a merge left the same talk twice, and its promises and next step count twice.

Bad:

    ---
    name: Acme
    stage: proposal
    owner: Li Lei
    ---

    ## 2026-11-20 14:30 call Li Lei

    Asked about lead time.

    ## 2026-11-20 14:30 call Li Lei

    Likes delivery in two batches.

Good:

    ---
    name: Acme
    stage: proposal
    owner: Li Lei
    ---

    ## 2026-11-20 14:30 call Li Lei

    Asked about lead time; likes delivery in two batches.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.diagnostics import Problem, Severity
from tracker.rules.rule import Origin, RecordCase
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

SEVERITY = Severity.WARNING
ORIGIN = Origin.RECORD


def check(case: RecordCase) -> Iterator[Problem]:
    """Yield a problem at each heading that stands above, too."""
    first_lines: dict[object, int] = {}
    for followup in case.customer.followups:
        heading = (followup.order, followup.time, followup.method, followup.who)
        first = first_lines.setdefault(heading, followup.span.line)
        if first != followup.span.line:
            yield Problem(
                "duplicate-section",
                followup.span,
                Message(
                    "a follow-up with this heading stands in line {line} already", {"line": first}
                ),
                Message("make the two one, or correct the time"),
            )
