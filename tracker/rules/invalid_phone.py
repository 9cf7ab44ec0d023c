"""A value is not a telephone number.

Why: the site makes a link of it that a phone dials. A second number or a remark belongs into
another field.

Bad:

    ---
    name: 恒达精密机械有限公司
    stage: 方案制定
    owner: 李雷
    contacts:
      - name: 王芳
        phone: 问前台
    ---

Good:

    ---
    name: 恒达精密机械有限公司
    stage: 方案制定
    owner: 李雷
    contacts:
      - name: 王芳
        phone: 0512-0688-1234 转 8
    ---
"""

from __future__ import annotations

from tracker.diagnostics import Severity
from tracker.rules.rule import Origin

SEVERITY = Severity.ERROR
ORIGIN = Origin.READING
