"""A marker of an unfinished git merge stands in the file.

Why: git stopped where two people changed the same lines and left both versions there. Until
somebody chooses, the record says two things at once.

Bad:

    ---
    name: 恒达精密机械有限公司
    stage: 商务谈判
    owner: 李雷
    ---

    ## 2026-11-20 14:30 电话 李雷

    <<<<<<< HEAD
    询问交付周期。
    =======
    询问交付周期,也问到安装窗口。
    >>>>>>> laptop

Good:

    ---
    name: 恒达精密机械有限公司
    stage: 商务谈判
    owner: 李雷
    ---

    ## 2026-11-20 14:30 电话 李雷

    询问交付周期,也问到安装窗口。
"""

from __future__ import annotations

from tracker.diagnostics import Severity
from tracker.rules.rule import Origin

SEVERITY = Severity.ERROR
ORIGIN = Origin.READING
