"""A lost customer has no reason.

Why: reasons are what a team learns from. Which ones there are is set by `loss_reasons` in
tracker.yaml.

Bad:

    ---
    name: Acme
    stage: lost
    owner: Li Lei
    lost:
      date: 2026-11-12
    ---

Good:

    ---
    name: Acme
    stage: lost
    owner: Li Lei
    lost:
      date: 2026-11-12
      reason: price
    ---
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.diagnostics import Problem, Severity
from tracker.rules.rule import Origin, RecordCase
from tracker.translation import Message
from tracker.vocabulary import StageKind

if TYPE_CHECKING:
    from collections.abc import Iterator

SEVERITY = Severity.WARNING
ORIGIN = Origin.RECORD


def check(case: RecordCase) -> Iterator[Problem]:
    """Yield a problem at a lost stage, or at its `lost` group, without a reason."""
    lost = case.customer.lost
    if case.status.stage_kind is not StageKind.LOST or (lost and lost.reason):
        return
    if case.is_faulty("lost.reason"):
        return
    yield Problem(
        "lost-without-reason",
        case.customer.span("lost" if lost else "stage"),
        Message("the customer is lost, but no reason is given"),
        Message(
            "add to lost: reason: …; known are: {words}",
            {"words": tuple(term.label for term in case.config.loss_reasons)},
        ),
    )
