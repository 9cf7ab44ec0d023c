"""Eight processes append to one record at the same time."""

from __future__ import annotations

import re
import tempfile
import time
from collections import Counter
from pathlib import Path

from trials.commands import prepare_workspace, run_command_here
from trials.forking import Copy, memory_folder, run_command
from trials.results import Outcome
from trials.trial import Trial

WRITERS = 8

_RECORD = "records/acme-1.md"
_MARK = re.compile(r"^Said (\d+-\d+)\.$", re.MULTILINE)
_BUSY = 3
"""Exit code of a command that has waited in vain: its writer tries again."""


def append(writer: int, count: int) -> int:
    """Write follow-ups down one after the other; return 1 where one is refused for good."""
    for number in range(count):
        arguments = ("log", "acme-1", f"Said {writer}-{number}.", "-m", "call", "--when")
        moment = f"2026-11-{1 + number % 24:02} {8 + writer:02}:{number // 24:02}"
        while code := run_command([*arguments, moment, "--today", "2026-11-24"]):
            if code != _BUSY:
                return 1
            time.sleep(0.1)
    return 0


def run(count: int) -> list[Outcome]:
    """Let each writer append so many times."""
    with tempfile.TemporaryDirectory(dir=memory_folder()) as folder:
        root = Path(folder) / "workspace"
        prepare_workspace(root)
        # Loads what is loaded late, so that the copies have it.
        run_command_here(("log", "acme-2", "Hello.", "-m", "call", "--dry-run"), root)
        copies = [
            Copy(lambda writer=writer: append(writer, count), root)  # type: ignore[misc]  # bound early
            for writer in range(WRITERS)
        ]
        ends = [copy.wait() for copy in copies]
        found = Counter(_MARK.findall((root / _RECORD).read_text("utf-8")))
        listed = run_in_peace(root)
    wanted = {f"{writer}-{number}" for writer in range(WRITERS) for number in range(count)}
    lost = wanted - found.keys()
    twice = [mark for mark, times in found.items() if times > 1]
    remarks = [f"Lost: {', '.join(sorted(lost))}."] if lost else []
    remarks += [f"Written twice: {', '.join(sorted(twice))}."] if twice else []
    remarks += [f"A writer gave up: {end.err}" for end in ends if end.code]
    remarks += [listed] if listed else []
    waited = sum(end.err.count("another command") for end in ends)
    if waited:
        remarks.append(f"{waited} times a command waited for 30 s in vain, and was run again.")
    return [Outcome(f"{WRITERS} writers, one record", len(wanted), len(lost) + len(twice), remarks)]


def run_in_peace(root: Path) -> str:
    """Return what `tracker check` has to say against the record; nothing where all is well."""
    ended = Copy(lambda: run_command(["check", _RECORD, "--today", "2026-11-24"]), root).wait()
    return f"The record has errors: {ended.out}" if ended.code else ""


TRIAL = Trial(
    title="Many writers",
    what=(
        f"{WRITERS} processes write follow-ups into one record at the same time with "
        "`tracker log`, one after the other each. Every follow-up is in the record afterwards, "
        "once, and the record has no error."
    ),
    full=500,
    run=run,
)
