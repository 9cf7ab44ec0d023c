"""A stage was changed, and no dated section says so.

Why: the stage history, and every conversion and duration counted from it, come from the sections.
A stage that is changed in the front matter alone also leaves nobody the reason. `tracker check
--since REV` finds it; a section counts where it was added or changed since then and names the new
stage.

Bad:

     ---
     name: Acme
    -stage: proposal
    +stage: negotiation
     owner: Li Lei
     ---

Good:

     ---
     name: Acme
    -stage: proposal
    +stage: negotiation
     owner: Li Lei
     ---
    +
    +## 2026-11-20 14:30 call Li Lei
    +
    +- stage: proposal -> negotiation
    +- next: 2026-11-27 visit
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.diagnostics import Problem, Severity
from tracker.rules.rule import ChangeCase, Origin
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

SEVERITY = Severity.WARNING
ORIGIN = Origin.CHANGE


def check(case: ChangeCase) -> Iterator[Problem]:
    """Yield a problem at the new stage where nothing explains it."""
    old, new = case.change.old, case.change.new
    if not (old and new and old.stage and new.stage) or old.stage == new.stage:
        return
    if any(told.new == new.stage for _, told in case.change.stages_told):
        return
    stages = case.config.stages
    labels = {"old": stages.label(old.stage), "new": stages.label(new.stage)}
    yield Problem(
        "change-stage-unexplained",
        new.span("stage"),
        Message("the stage was changed from {old} to {new}, and no dated section says so", labels),
        Message("add to the follow-up that made it so: - stage: {old} -> {new}", labels),
    )
