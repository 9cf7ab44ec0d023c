"""The newest level line of the follow-ups differs from the front matter.

Why: the front matter says what is true now, and the newest level line what was changed last. Where
they differ, or where the front matter has no level, one of them was forgotten.

Bad:

    ---
    name: 恒达精密机械有限公司
    stage: 方案制定
    level: B
    owner: 李雷
    ---

    ## 2026-11-20 14:30 电话 李雷

    - 等级: B -> A

Good:

    ---
    name: 恒达精密机械有限公司
    stage: 方案制定
    level: A
    owner: 李雷
    ---

    ## 2026-11-20 14:30 电话 李雷

    - 等级: B -> A
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
    """Yield a problem at the front matter's level where it is not the newest."""
    yield from mismatch("level-mismatch", case, "level")
