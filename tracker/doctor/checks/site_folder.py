"""The folder of the site is free for a site, or holds one of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.config import OUTPUT_DIR
from tracker.diagnostics import Severity
from tracker.doctor.finding import Finding, command
from tracker.errors import OutputError
from tracker.site.writer import own_files
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.doctor.finding import Examined


def check(examined: Examined) -> Iterator[Finding]:
    """Yield a finding where a build would refuse to replace the folder."""
    folder = examined.root / OUTPUT_DIR
    try:
        own_files(folder)
    except OutputError as error:
        aside = folder.with_name(f"{OUTPUT_DIR}-1")
        yield Finding(
            Severity.WARNING,
            f"{OUTPUT_DIR}/",
            error.message,
            Message("no site can be built there"),
            command("mv", str(folder), str(aside)),
        )
