"""A follow-up names a contact that the record does not have.

Why: a mistyped name hides the talk from that person's history, and a new person's telephone number
and part in the decision belong into the front matter.

Bad:

    ---
    name: 恒达精密机械有限公司
    stage: 方案制定
    owner: 李雷
    contacts:
      - name: 王芳
    ---

    ## 2026-11-20 14:30 电话 李雷

    - 联系人: 王方
    - 下次: 2026-11-27 面谈 演示分批交付计划

Good:

    ---
    name: 恒达精密机械有限公司
    stage: 方案制定
    owner: 李雷
    contacts:
      - name: 王芳
    ---

    ## 2026-11-20 14:30 电话 李雷

    - 联系人: 王芳
    - 下次: 2026-11-27 面谈 演示分批交付计划
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.diagnostics import Problem, Severity, did_you_mean
from tracker.rules.rule import Origin, RecordCase
from tracker.text import fold, nearest
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

SEVERITY = Severity.WARNING
ORIGIN = Origin.RECORD


def check(case: RecordCase) -> Iterator[Problem]:
    """Yield a problem at each name in a follow-up that is no contact's."""
    names = [contact.name for contact in case.customer.contacts]
    known = {*names, *map(fold, names)}
    for followup in case.customer.followups:
        for name in followup.contacts:
            if name in known or fold(name) in known:
                continue
            near = nearest(name, names)
            yield Problem(
                "unknown-contact",
                case.place_of(name, followup.spans["contact"]),
                Message("‘{name}’ is not a contact of this customer", {"name": name}),
                did_you_mean(near)
                if near
                else Message(
                    "add to the front matter, under contacts: - name: {name}", {"name": name}
                ),
            )
