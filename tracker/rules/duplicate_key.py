"""A key stands twice in one group, or a field that can have one value twice in a follow-up.

Why: one of the two is lost. Two people who both add `email:` at different lines merge without a
conflict and end here.

Bad:

    ---
    name: 恒达精密机械有限公司
    stage: 商务谈判
    owner: 李雷
    stage: 方案制定
    ---

Good:

    ---
    name: 恒达精密机械有限公司
    stage: 商务谈判
    owner: 李雷
    ---
"""

from __future__ import annotations

from tracker.diagnostics import Severity
from tracker.rules.rule import Origin

SEVERITY = Severity.ERROR
ORIGIN = Origin.READING
