"""A key in the front matter is neither built in nor declared in tracker.yaml.

Why: it is mostly a mistyped one, whose value is then missing everywhere. A team that wants more
keys declares them under `fields:` in tracker.yaml.

Bad:

    ---
    name: 恒达精密机械有限公司
    stage: 方案制定
    owner: 李雷
    leval: A
    ---

Good:

    ---
    name: 恒达精密机械有限公司
    stage: 方案制定
    owner: 李雷
    level: A
    ---
"""

from __future__ import annotations

from tracker.diagnostics import Severity
from tracker.rules.rule import Origin

SEVERITY = Severity.WARNING
ORIGIN = Origin.READING
