"""Records have the same line breaks in every clone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.diagnostics import Severity
from tracker.doctor.finding import Finding, command
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.doctor.finding import Examined

_SAMPLE = "records/record.md"
_CONVERTING = ("true", "input")


def check(examined: Examined) -> Iterator[Finding]:
    """Yield a finding where this clone's own setting decides about them."""
    if not examined.in_repository:
        return
    attributes = (examined.git("check-attr", "-z", "eol", "--", _SAMPLE) or "").split("\0")
    is_settled = len(attributes) > 2 and attributes[2] in ("lf", "crlf")  # noqa: PLR2004  # path, name, value
    setting = examined.setting("core.autocrlf")
    if setting in _CONVERTING and not is_settled:
        file = str(examined.root / ".gitattributes")
        yield Finding(
            Severity.WARNING,
            "core.autocrlf",
            Message("git converts line breaks here, and .gitattributes does not say how"),
            Message("whole records look changed where two clones do it differently"),
            f"{command('echo', '*.md text eol=lf')} >> {command(file)}",
        )
