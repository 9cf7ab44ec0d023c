"""A customer went forward past a stage that it was never in.

Why: where a team's stages are steps that each have to be done, a skipped one is mostly a change
that was not written down, or a hope. Some teams skip stages every day, so this is information
alone unless `tracker.yaml` makes it a warning or an error, or switches it off. Stages count in the
order of `tracker.yaml`, open ones alone, without those that are `optional: true` there; a way told
in several sections is looked at step by step. Losing a customer skips nothing. `tracker check
--since REV` finds it.

Bad:

     ---
     name: Acme
    -stage: contact
    +stage: negotiation
     owner: Li Lei
     ---
    +
    +## 2026-11-20 14:30 call Li Lei
    +
    +- stage: contact -> negotiation
    +- next: 2026-11-27 visit

Good:

     ---
     name: Acme
    -stage: contact
    +stage: proposal
     owner: Li Lei
     ---
    +
    +## 2026-11-20 14:30 call Li Lei
    +
    +- stage: needs analysis -> proposal
    +- next: 2026-11-27 visit
    +
    +## 2026-11-12 09:10 visit Li Lei
    +
    +- stage: contact -> needs analysis
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.diagnostics import Problem, Severity
from tracker.library.comparison import skipped_stages
from tracker.rules.rule import ChangeCase, Origin
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

SEVERITY = Severity.INFO
ORIGIN = Origin.CHANGE


def check(case: ChangeCase) -> Iterator[Problem]:
    """Yield a problem at each step forward that skips a stage."""
    for step in case.change.stage_steps:
        skipped = skipped_stages(step.old, step.new, case.config)
        if skipped:
            stages = case.config.stages
            yield Problem(
                "change-stage-skipped",
                step.span,
                Message(
                    "from {old} to {new}, past {skipped}",
                    {
                        "old": stages.label(step.old),
                        "new": stages.label(step.new),
                        "skipped": tuple(stage.label for stage in skipped),
                    },
                ),
            )
