"""Two records have the same id, or one has the id of another among its former ones.

Why: the id names the customer's page and is how others refer to it; a former id, in `aliases`,
leads there too. Ids that differ only in case or width count as the same, since some file systems
do not tell them apart.

Bad, in two files:

    id: acme

    aliases: [acme]

Good: leave `id` out, so that the file's name serves, or give each its own. Where one record was
merged into the other one, delete its file: `tracker merge-records` does both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.diagnostics import Problem, Severity
from tracker.rules.rule import Origin, WorkspaceCase
from tracker.text import fold
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.diagnostics import Span
    from tracker.model import Customer

SEVERITY = Severity.ERROR
ORIGIN = Origin.WORKSPACE


def check(case: WorkspaceCase) -> Iterator[tuple[str, Problem]]:
    """Yield a problem in every record after the first with an id, ids before former ones."""
    holders: dict[str, Customer] = {}
    for customer in case.library.customers:
        first = holders.setdefault(fold(customer.id), customer)
        if first is not customer:
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
    ids = frozenset(holders)
    for customer in case.library.customers:
        for index, alias in enumerate(customer.aliases):
            first = holders.setdefault(fold(alias), customer)
            if first is not customer:
                place = customer.span(f"aliases[{index}]")
                yield customer.path, _alias_problem(alias, place, first, fold(alias) in ids)


def _alias_problem(alias: str, place: Span, holder: Customer, is_id: bool) -> Problem:  # noqa: FBT001  # one of two sentences
    values = {"id": alias, "path": holder.path}
    if not is_id:
        message = Message("the former id ‘{id}’ is one of {path} too", values)
        return Problem("duplicate-id", place, message, Message("leave it to one of them"))
    return Problem(
        "duplicate-id",
        place,
        Message("the former id ‘{id}’ is the id of {path}", values),
        Message(
            "take it out here; or, where that record was merged into this one, let this finish "
            "the work: tracker merge-records"
        ),
    )
