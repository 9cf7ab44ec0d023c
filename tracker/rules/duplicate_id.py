"""Two records have the same id.

Why: the id names the customer's page and is how others refer to it. Ids that differ only in case
or width count as the same, since some file systems do not tell them apart.

Bad, in two files:

    id: acme

Good: leave `id` out, so that the file's name serves, or give each its own.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from tracker.diagnostics import Problem, Severity
from tracker.rules.rule import Origin, WorkspaceCase
from tracker.text import fold
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.model import Customer

SEVERITY = Severity.ERROR
ORIGIN = Origin.WORKSPACE


def check(case: WorkspaceCase) -> Iterator[tuple[str, Problem]]:
    """Yield a problem in every record after the first with an id."""
    by_id: defaultdict[str, list[Customer]] = defaultdict(list)
    for customer in case.library.customers:
        by_id[fold(customer.id)].append(customer)
    for first, *others in by_id.values():
        for customer in others:
            yield (
                customer.path,
                Problem(
                    "duplicate-id",
                    customer.span("id"),
                    Message(
                        "the id ‘{id}’ is already that of {path}",
                        {"id": customer.id, "path": first.path},
                    ),
                    Message("give this record an id of its own: id: …"),
                ),
            )
