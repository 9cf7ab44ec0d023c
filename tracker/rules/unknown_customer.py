"""`not_duplicate_of` names a customer that there is not.

Why: it says that somebody has looked at two records that are like each other and found two
customers. With a mistyped id it says nothing, and both are reported again. A former id of a record,
one of its `aliases`, will do.

Bad:

    ---
    name: Acme Pumps
    not_duplicate_of: [acme-valvs]
    stage: proposal
    owner: Li Lei
    ---

Good, where there is a record records/acme-valves.md:

    ---
    name: Acme Pumps
    not_duplicate_of: [acme-valves]
    stage: proposal
    owner: Li Lei
    ---
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.diagnostics import Problem, Severity, did_you_mean
from tracker.rules.rule import Origin, WorkspaceCase
from tracker.text import fold, nearest
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

SEVERITY = Severity.WARNING
ORIGIN = Origin.WORKSPACE


def check(case: WorkspaceCase) -> Iterator[tuple[str, Problem]]:
    """Yield a problem at each id that is nobody's, or the record's own."""
    known = case.library.by_any_id
    for customer in case.library.customers:
        for index, name in enumerate(customer.not_duplicate_of):
            found = known.get(fold(name))
            if found is None:
                message = Message("there is no customer with the id ‘{id}’", {"id": name})
                hint = did_you_mean(nearest(name, [one.id for one in case.library.customers]))
            elif found is customer:
                message, hint = Message("‘{id}’ is this customer itself", {"id": name}), None
            else:
                continue
            place = customer.span(f"not_duplicate_of[{index}]")
            yield customer.path, Problem("unknown-customer", place, message, hint)
