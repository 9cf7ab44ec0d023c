"""A follow-up resolves a problem that was not open.

Why: the problem that was meant stays open for ever. A problem is reported as `problem #N` at an
earlier follow-up, or above in the same one.

Bad:

    ---
    name: Acme
    stage: after-sales
    owner: Li Lei
    deal:
      contract: C-2026-018
    ---

    ## 2026-11-20 14:30 visit Li Lei

    - service: resolved #3 replaced the encoder

    ## 2026-11-12 09:10 call Li Lei

    - service: problem #2 axis drifts after two hours

Good:

    ---
    name: Acme
    stage: after-sales
    owner: Li Lei
    deal:
      contract: C-2026-018
    ---

    ## 2026-11-20 14:30 visit Li Lei

    - service: resolved #2 replaced the encoder

    ## 2026-11-12 09:10 call Li Lei

    - service: problem #2 axis drifts after two hours
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.diagnostics import Problem, Severity
from tracker.rules.rule import Origin, RecordCase
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.model import Service

SEVERITY = Severity.WARNING
ORIGIN = Origin.RECORD


def check(case: RecordCase) -> Iterator[Problem]:
    """Yield a problem at each `resolved #N` with no open `problem #N` before it."""
    followups = [followup for followup in case.customer.followups if followup.service]
    followups.sort(key=lambda followup: followup.order)
    numbers: set[int] = set()
    unnumbered = 0
    for followup in followups:
        for entry in followup.service:
            if entry.kind == "problem":
                if entry.ticket is None:
                    unnumbered += 1
                else:
                    numbers.add(entry.ticket)
            elif entry.kind == "resolved":
                if entry.ticket is None:
                    if not unnumbered:
                        yield _unknown(entry, numbers)
                    unnumbered = max(unnumbered - 1, 0)
                else:
                    if entry.ticket not in numbers:
                        yield _unknown(entry, numbers)
                    numbers.discard(entry.ticket)


def _unknown(entry: Service, numbers: set[int]) -> Problem:
    return Problem(
        "unknown-ticket",
        entry.span,
        Message("no problem without a number is open here")
        if entry.ticket is None
        else Message("no problem #{number} is open here", {"number": entry.ticket}),
        Message("open are: {numbers}", {"numbers": tuple(f"#{n}" for n in sorted(numbers))})
        if numbers
        else None,
    )
