"""A box is not read as a promise: its bullet is missing, or its brackets are others.

Why: only `- [ ] text` and `- [x] text` are promises. Any other box is text, is in no agenda, and
nobody is reminded of it.

Bad:

    ---
    name: 恒达精密机械有限公司
    stage: 方案制定
    owner: 李雷
    ---

    ## 2026-11-20 14:30 电话 李雷

    [ ] 寄送样件 @2026-11-26

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

from tracker.diagnostics import Severity
from tracker.rules.rule import Origin

SEVERITY = Severity.WARNING
ORIGIN = Origin.READING
