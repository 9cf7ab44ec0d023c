"""Git knows who works here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.diagnostics import Severity
from tracker.doctor.finding import Finding, command
from tracker.library.git import git_person
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.doctor.finding import Examined

_EXAMPLES = {"user.name": "Li Lei", "user.email": "lilei@example.com"}


def check(examined: Examined) -> Iterator[Finding]:
    """Yield a finding for each of name and address that git does not know."""
    if not examined.in_repository:
        return
    for key, known in zip(_EXAMPLES, git_person(examined.root), strict=True):
        if not known:
            yield Finding(
                Severity.WARNING,
                key,
                Message("git does not know who you are"),
                Message("it makes no commits, and --mine finds none of your customers"),
                command("git", "config", "--global", key, _EXAMPLES[key]),
            )
