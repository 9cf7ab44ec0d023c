"""The record of a customer was deleted that was neither lost nor merged into another one.

Why: the follow-ups, the promises and the stages go with it, and every figure of the past changes. A
customer that is no more is lost: it gets that stage and a reason, and stays. A record that was
renamed is not deleted; one is merged where another record has its id among its `aliases`, or all
its follow-ups, or where it had none and another has its name. `tracker check --since REV` finds it,
at the path that the file had.

Bad:

    ----
    -name: Acme
    -stage: proposal
    -owner: Li Lei
    ----

Good:

    ----
    -name: Acme
    -stage: lost
    -owner: Li Lei
    -lost: {reason: price}
    ----
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.diagnostics import FILE_START, Problem, Severity
from tracker.library.status import find_stage
from tracker.rules.rule import ChangeCase, Origin
from tracker.translation import Message
from tracker.vocabulary import StageKind

if TYPE_CHECKING:
    from collections.abc import Iterator

SEVERITY = Severity.WARNING
ORIGIN = Origin.CHANGE


def check(case: ChangeCase) -> Iterator[Problem]:
    """Yield a problem for a record that is gone."""
    change = case.change
    if change.after or not change.old or change.merged_into:
        return
    stage = find_stage(change.old, case.config)
    if stage and stage.kind is StageKind.LOST:
        return
    yield Problem(
        "change-record-deleted",
        FILE_START,
        Message(
            "the record of {name} was deleted; it was neither lost nor merged",
            {"name": change.old.name},
        ),
        Message("put it back, and write that it is lost, and why"),
    )
