"""A key in the front matter is followed by a full-width colon.

Why: a Chinese input method writes `：`, but YAML knows only `:` and a blank. The colon that was
meant is understood here, yet no other program reads the file.

Bad:

    ---
    客户名称：恒达精密机械有限公司
    客户阶段: 方案制定
    负责人: 李雷
    ---

Good:

    ---
    客户名称: 恒达精密机械有限公司
    客户阶段: 方案制定
    负责人: 李雷
    ---
"""

from __future__ import annotations

from tracker.diagnostics import Severity
from tracker.rules.rule import Origin

SEVERITY = Severity.ERROR
ORIGIN = Origin.READING
