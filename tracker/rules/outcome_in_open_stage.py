"""A customer in an open stage has a deal or a loss.

Why: the forecast still counts on what is decided already. Either the stage was forgotten, or the
group was written too early.

Bad:

    ---
    name: Acme
    stage: negotiation
    owner: Li Lei
    deal:
      contract: C-2026-018
      date: 2026-11-12
    ---

Good:

    ---
    name: Acme
    stage: won
    owner: Li Lei
    deal:
      contract: C-2026-018
      date: 2026-11-12
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

_NAMES = {"deal": Message("deal"), "lost": Message("lost")}


def check(case: RecordCase) -> Iterator[Problem]:
    """Yield a problem at the deal and at the loss of a customer in an open stage."""
    if case.status.stage_kind is not StageKind.OPEN:
        return
    for key, written, kind in (
        ("deal", case.customer.deal, StageKind.WON),
        ("lost", case.customer.lost, StageKind.LOST),
    ):
        if written:
            stages = [stage.label for stage in case.config.stages if stage.kind is kind]
            yield Problem(
                "outcome-in-open-stage",
                case.customer.span(key),
                Message(
                    "there is ‘{key}’, but the stage is {stage}",
                    {"key": _NAMES[key], "stage": case.config.stages.label(case.customer.stage)},
                ),
                Message("if it is decided, write stage: {stages}", {"stages": " / ".join(stages)})
                if stages
                else None,
            )
