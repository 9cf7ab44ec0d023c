"""Every record is a text in UTF-8, and not too large to be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.diagnostics import Problem, Severity
from tracker.doctor.finding import Finding, command
from tracker.text_files import read_text_file
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.doctor.finding import Examined


def check(examined: Examined) -> Iterator[Finding]:
    """Yield a finding for each record that cannot be read as a text."""
    for found in examined.files:
        if found.problem:
            continue
        problem = read_text_file(examined.root / found.path, examined.config.limits.file_size)
        if isinstance(problem, Problem) and problem.code != "unreadable-file":
            encoding = problem.message.values.get("encoding")
            path = str(examined.root / found.path)
            yield Finding(
                Severity.ERROR,
                f"{found.path}:{problem.span.line}",
                problem.message,
                Message("the customer is on no list and no page"),
                command("tracker", "fmt", "--from", str(encoding), path)
                if encoding
                else command("tracker", "check", path),
            )
