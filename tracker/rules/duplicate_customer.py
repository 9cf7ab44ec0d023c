"""Two records seem to be the same customer: same name, telephone number, e-mail or WeChat account.

Why: two salespeople call the same company, and neither knows what the other promised. Names are
compared without their legal form, punctuation, case and width; telephone numbers by their digits.

Bad, in two files:

    name: 恒达精密机械有限公司

    name: 恒达精密机械(集团)股份有限公司

Good: one record with both contacts and all follow-ups, as `tracker merge-records` makes it; or,
where they are two customers, in either file:

    not_duplicate_of: [hengda-jituan]

`tracker duplicates` looks closer, and finds names that are only like each other too.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from tracker.diagnostics import Problem, Severity
from tracker.library.likeness import marks_of
from tracker.rules.rule import Origin, WorkspaceCase
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.model import Customer

SEVERITY = Severity.WARNING
ORIGIN = Origin.WORKSPACE


def check(case: WorkspaceCase) -> Iterator[tuple[str, Problem]]:
    """Yield a problem in the later record of each pair, at the first thing they share."""
    holders: defaultdict[tuple[str, str], list[Customer]] = defaultdict(list)
    for customer in case.library.customers:
        reported: set[str] = set()
        for kind, value, place in marks_of(customer.name, customer.contacts):
            if place not in customer.spans:
                continue  # The name is that of the file.
            others = holders[kind, value]
            holder = next(
                (other for other in others if not case.library.told_apart(other, customer)), None
            )
            if holder is None:
                others.append(customer)
                continue
            if holder is customer or holder.path in reported:
                continue
            reported.add(holder.path)
            yield (
                customer.path,
                Problem(
                    "duplicate-customer",
                    customer.span(place),
                    _message(kind, holder),
                    Message(
                        "if they are one customer: tracker merge-records {one} {other}; "
                        "if not, write here: not_duplicate_of: [{one}]",
                        {"one": holder.id, "other": customer.id},
                    ),
                ),
            )


def _message(kind: str, holder: Customer) -> Message:
    values = {"name": holder.name, "path": holder.path}
    if kind == "name":
        return Message("the same name as that of {name} in {path}", values)
    if kind == "phone":
        return Message("the same telephone number as one of {name} in {path}", values)
    if kind == "wechat":
        return Message("the same WeChat account as one of {name} in {path}", values)
    return Message("the same e-mail address as one of {name} in {path}", values)
