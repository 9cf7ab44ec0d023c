"""The front matter has no closing line `---`.

Why: where it ends can only be guessed then, and a follow-up could be taken for a value.

Bad:

    ---
    name: 恒达精密机械有限公司
    stage: 方案制定
    owner: 李雷

    ## 2026-11-20 14:30 电话 李雷

    询问交付周期。

    - 下次: 2026-11-27 面谈 演示分批交付计划

Good:

    ---
    name: 恒达精密机械有限公司
    stage: 方案制定
    owner: 李雷
    ---

    ## 2026-11-20 14:30 电话 李雷

    询问交付周期。

    - 下次: 2026-11-27 面谈 演示分批交付计划
"""

from __future__ import annotations

from tracker.diagnostics import Severity
from tracker.rules.rule import Origin

SEVERITY = Severity.ERROR
ORIGIN = Origin.READING
