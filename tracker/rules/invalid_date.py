"""A value is not a day that exists, written as 2026-11-20, 2026/11/20 or 2026年11月20日.

Why: a day is compared and counted from. `20.11.` or `11/12/26` mean different days to different
people, so only the forms that cannot be mistaken are read.

Bad:

    ---
    name: 恒达精密机械有限公司
    stage: 方案制定
    owner: 李雷
    expected_close: 2026-02-30
    ---

Good:

    ---
    name: 恒达精密机械有限公司
    stage: 方案制定
    owner: 李雷
    expected_close: 2027-02-28
    ---
"""

from __future__ import annotations

from tracker.diagnostics import Severity
from tracker.rules.rule import Origin

SEVERITY = Severity.ERROR
ORIGIN = Origin.READING
