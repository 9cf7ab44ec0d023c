"""Git leaves alone what is made from the records: the site and the cache."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.config import OUTPUT_DIR
from tracker.diagnostics import Severity
from tracker.doctor.finding import Finding, command
from tracker.library.cache_files import CACHE_DIR
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tracker.doctor.finding import Examined


def check(examined: Examined) -> Iterator[Finding]:
    """Yield a finding for each folder that git has, or would take."""
    if not examined.in_repository:
        return
    why = Message("it changes with every build, so that each merge of two of them is a conflict")
    folder = str(examined.root)
    for name in (OUTPUT_DIR, CACHE_DIR):
        # Of a folder as it is found, `.gitignore` may be kept on purpose.
        tracked = (examined.git("ls-files", "--", name) or "").split("\n")
        if any(path and not path.endswith("/.gitignore") for path in tracked):
            yield Finding(
                Severity.WARNING,
                f"{name}/",
                Message("git has files of it"),
                why,
                command("git", "-C", folder, "rm", "-r", "--quiet", "--cached", name),
            )
        elif examined.git("check-ignore", "--quiet", f"{name}/file") is None:
            yield Finding(
                Severity.WARNING,
                f"{name}/",
                Message("git does not ignore it"),
                why,
                _added(examined.root / ".gitignore", f"/{name}/"),
            )


def _added(file: Path, line: str) -> str:
    """Return the command that adds a line to a file, which may not end with a line break."""
    text = file.read_bytes() if file.is_file() else b""
    words = ("printf", f"\\n{line}\\n") if text and not text.endswith(b"\n") else ("echo", line)
    return f"{command(*words)} >> {command(str(file))}"
