"""`tracker.yaml` can be read, and every setting means something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.config import CONFIG_NAME
from tracker.diagnostics import Severity
from tracker.doctor.finding import Finding, command
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.doctor.finding import Examined


def check(examined: Examined) -> Iterator[Finding]:
    """Yield a finding where something is wrong in the settings."""
    problems = examined.config_problems
    if problems:
        yield Finding(
            Severity.ERROR,
            f"{CONFIG_NAME}:{problems[0].span.line}",
            Message(
                "problems in the settings: {count}, the first: {message}",
                {"count": len(problems), "message": problems[0].message},
            ),
            Message("a setting that cannot be read stays at its default, for everybody"),
            command("tracker", "check", CONFIG_NAME),
        )
