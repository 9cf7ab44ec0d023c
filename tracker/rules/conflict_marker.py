"""A marker of an unfinished git merge stands in the file.

Why: git stopped where two people changed the same lines and left both versions there. Until
somebody chooses, the record says two things at once.

Bad:

    ---
    name: 恒达精密机械有限公司
    <<<<<<< HEAD
    stage: 商务谈判
    =======
    stage: 方案制定
    >>>>>>> laptop
    owner: 李雷
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
