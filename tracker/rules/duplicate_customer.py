"""Two records seem to be the same customer: same name, telephone number or e-mail address.

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
from functools import lru_cache
from typing import TYPE_CHECKING

from tracker.diagnostics import Problem, Severity
from tracker.library.likeness import normal_name, normal_phone
from tracker.rules.rule import Origin, WorkspaceCase
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.model import Customer

SEVERITY = Severity.WARNING
ORIGIN = Origin.WORKSPACE

_KEPT = 65536
"""Names and numbers whose comparable form is kept: whoever looks again looks at the same ones."""

_normal_name = lru_cache(_KEPT)(normal_name)
_normal_phone = lru_cache(_KEPT)(normal_phone)


def check(case: WorkspaceCase) -> Iterator[tuple[str, Problem]]:
    """Yield a problem in the later record of each pair, at the first thing they share."""
    holders: defaultdict[tuple[str, str], list[Customer]] = defaultdict(list)
    for customer in case.library.customers:
        reported: set[str] = set()
        for kind, value, place in _marks(customer):
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
    return Message("the same e-mail address as one of {name} in {path}", values)


def _marks(customer: Customer) -> Iterator[tuple[str, str, str]]:
    """Yield what tells a customer: kind, comparable form, and path in the front matter."""
    if "name" in customer.spans:
        yield "name", _normal_name(customer.name), "name"
    for index, contact in enumerate(customer.contacts):
        if contact.phone and (digits := _normal_phone(contact.phone)):
            yield "phone", digits, f"contacts[{index}].phone"
        if contact.email:
            yield "email", contact.email.casefold(), f"contacts[{index}].email"
