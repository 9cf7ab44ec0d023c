"""A change of stage or level begins at another word than the change before it ended at.

Why: the history of stages, and every conversion and duration counted from it, has a gap there: a
change was not written down, or one of the two is wrong.

Bad:

    ---
    name: Acme
    stage: negotiation
    owner: Li Lei
    ---

    ## 2026-11-20 14:30 call Li Lei

    - stage: proposal -> negotiation

    ## 2026-10-08 10:00 visit Li Lei

    - stage: initial contact -> needs analysis

Good:

    ---
    name: Acme
    stage: negotiation
    owner: Li Lei
    ---

    ## 2026-11-20 14:30 call Li Lei

    - stage: proposal -> negotiation

    ## 2026-11-02 10:00 email Li Lei

    - stage: needs analysis -> proposal

    ## 2026-10-08 10:00 visit Li Lei

    - stage: initial contact -> needs analysis
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from tracker.diagnostics import Problem, Severity
from tracker.rules.changes import VOCABULARIES
from tracker.rules.rule import Origin, RecordCase
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

SEVERITY = Severity.WARNING
ORIGIN = Origin.RECORD


def check(case: RecordCase) -> Iterator[Problem]:
    """Yield a problem at each change whose old word is not the newest until then."""
    for field, vocabulary in VOCABULARIES.items():
        label = case.config.terms(vocabulary).label
        for before, change in pairwise(case.changes[field]):
            if change.old and change.old != before.new:
                yield Problem(
                    "broken-chain",
                    change.span,
                    Message(
                        "the change begins at {old}, but the one before it, in line {line}, "
                        "ended at {new}",
                        {
                            "old": label(change.old),
                            "line": before.span.line,
                            "new": label(before.new),
                        },
                    ),
                    Message("correct one of the two, or add the change between them"),
                )
