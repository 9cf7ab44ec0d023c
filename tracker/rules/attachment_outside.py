r"""A file that the record names does not lie below `attachments/` of the workspace.

Why: a path of one computer means nothing on another, and the site carries only what lies below
`attachments/`, so that no record can publish a file from elsewhere. Absolute paths, drives,
backslashes, `..` out of the workspace, and symbolic links that lead out are refused.

Bad:

    ---
    name: Acme
    stage: proposal
    owner: Li Lei
    offers:
      - quote: Q-2026-031
        file: C:\Quotes\Q-2026-031.pdf
    ---

Good:

    ---
    name: Acme
    stage: proposal
    owner: Li Lei
    offers:
      - quote: Q-2026-031
        file: attachments/quote.pdf
    ---
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.diagnostics import Problem, Severity
from tracker.rules.references import Place, references_of
from tracker.rules.rule import Origin, RecordCase
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

SEVERITY = Severity.ERROR
ORIGIN = Origin.RECORD

_MESSAGES = {
    Place.ABSOLUTE: Message("this path begins at the root of one computer"),
    Place.BACKSLASH: Message("backslashes part folders on Windows only"),
    Place.ADDRESS: Message("this is an address, not the path of a file"),
    Place.ELSEWHERE: Message("the file does not lie below attachments/, so the site leaves it out"),
    Place.OUTSIDE: Message("the path leads out of the workspace"),
    Place.LINKED_OUT: Message("a symbolic link leads out of attachments/"),
}


def check(case: RecordCase) -> Iterator[Problem]:
    """Yield a problem at each name of a file that the workspace does not hold as an attachment."""
    for reference in references_of(case):
        if message := _MESSAGES.get(reference.place):
            example = "../attachments/FILE" if reference.folder else "attachments/FILE"
            yield Problem(
                "attachment-outside",
                reference.span,
                message,
                Message(
                    "put the file below attachments/, and write {example}", {"example": example}
                ),
            )
