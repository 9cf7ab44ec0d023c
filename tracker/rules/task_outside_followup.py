"""An open task stands outside the follow-ups.

Why: a commitment is made at a follow-up. A box in a note or in the background is in no agenda, so
nobody is reminded of it.

Bad:

    ---
    name: 恒达精密机械有限公司
    stage: 方案制定
    owner: 李雷
    ---

    ## 备注

    - [ ] 寄送样件 @2026-11-26

Good:

    ---
    name: 恒达精密机械有限公司
    stage: 方案制定
    owner: 李雷
    ---

    ## 2026-11-20 14:30 电话 李雷

    - [ ] 寄送样件 @2026-11-26
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.diagnostics import Problem, Severity
from tracker.format.sections import read_content
from tracker.rules.rule import Origin, RecordCase
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

SEVERITY = Severity.WARNING
ORIGIN = Origin.RECORD

_BOX = "["


def check(case: RecordCase) -> Iterator[Problem]:
    """Yield a problem at each open task in the background and in notes."""
    customer = case.customer
    if not (_BOX in customer.background or any(_BOX in note.text for note in customer.notes)):
        return
    for section in case.sections():
        if section.dated:
            continue
        for task in read_content(section, lambda _: False).tasks:
            if not task.done:
                yield Problem(
                    "task-outside-followup",
                    task.span,
                    Message("nobody will be reminded of this task, since it is in no follow-up"),
                    Message("move it below the follow-up at which it was promised"),
                )
