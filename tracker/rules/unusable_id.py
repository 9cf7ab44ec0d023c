"""An id cannot be the name of a page or of a file on every system.

Why: the customer's page is `customers/ID.html`. `index` is the name of the list, and Windows keeps
`con`, `nul`, `com1` and the like for devices, so that a colleague there cannot even fetch the
record. Where no `id` is written it is the name of the file.

Bad:

    ---
    id: index
    name: Acme
    stage: proposal
    owner: Li Lei
    ---

Good:

    ---
    id: acme
    name: Acme
    stage: proposal
    owner: Li Lei
    ---
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tracker.diagnostics import Problem, Severity
from tracker.rules.rule import Origin, RecordCase
from tracker.text import DEVICE_NAME
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

SEVERITY = Severity.ERROR
ORIGIN = Origin.RECORD

_PAGES = re.compile(r"index|page-[0-9]+", re.IGNORECASE)
_SIGNS = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*#%]|^[.~_\s-]|[.\s]$')


def check(case: RecordCase) -> Iterator[Problem]:
    """Yield a problem at an id that would have to be changed to name a page."""
    reason = unusable_because(case.customer.id)
    if reason is not None:
        yield Problem(
            "unusable-id",
            case.customer.span("id"),
            reason,
            Message("give the record an id of its own: id: …")
            if "id" in case.customer.spans
            else Message("rename the file, or give the record an id of its own: id: …"),
        )


def unusable_because(name: str) -> Message | None:
    """Return why an id cannot name a page; None where it can."""
    if _PAGES.fullmatch(name):
        return Message("‘{id}’ is the name of a page that lists customers", {"id": name})
    if DEVICE_NAME.fullmatch(name):
        return Message("‘{id}’ is the name of a device on Windows", {"id": name})
    if found := _SIGNS.search(name):
        return Message(
            "the id ‘{id}’ has ‘{sign}’ where the name of a page cannot",
            {"id": name, "sign": found[0]},
        )
    return None
