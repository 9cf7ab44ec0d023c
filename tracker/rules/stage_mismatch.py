"""The newest stage line of the follow-ups differs from the front matter.

Why: the front matter says what is true now, and the newest stage line what was changed last. Where
they differ, one of them was forgotten, and either the board or the stage history is wrong. Until
it is mended, the stage of the front matter counts from the day of the deal or the loss, or else
from that on which git saw it change; where neither is known, no period counts it.

Bad:

    ---
    name: 恒达精密机械有限公司
    stage: 方案制定
    owner: 李雷
    ---

    ## 2026-11-20 14:30 电话 李雷

    - 阶段: 方案制定 -> 商务谈判

Good:

    ---
    name: 恒达精密机械有限公司
    stage: 商务谈判
    owner: 李雷
    ---

    ## 2026-11-20 14:30 电话 李雷

    - 阶段: 方案制定 -> 商务谈判
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.diagnostics import Severity
from tracker.rules.changes import mismatch
from tracker.rules.rule import Origin, RecordCase

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.diagnostics import Problem

SEVERITY = Severity.WARNING
ORIGIN = Origin.RECORD


def check(case: RecordCase) -> Iterator[Problem]:
    """Yield a problem at the front matter's stage where it is not the newest."""
    yield from mismatch("stage-mismatch", case, "stage")
