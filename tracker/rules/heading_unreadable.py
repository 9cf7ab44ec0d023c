"""A heading begins like a date but is not that of a follow-up.

Why: a follow-up whose day cannot be read counts nowhere: its next step reminds nobody and the
customer seems idle.

Bad:

    ---
    name: 恒达精密机械有限公司
    stage: 方案制定
    owner: 李雷
    ---

    ## 2026-13-40 电话

    询问交付周期。

Good:

    ---
    name: 恒达精密机械有限公司
    stage: 方案制定
    owner: 李雷
    ---

    ## 2026-11-20 14:30 电话

    询问交付周期。
"""

from __future__ import annotations

from tracker.diagnostics import Severity
from tracker.rules.rule import Origin

SEVERITY = Severity.ERROR
ORIGIN = Origin.READING
