"""What reliability trials found: plain data, kept as JSON, from which a page is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from tracker.files import write_atomically

if TYPE_CHECKING:
    from pathlib import Path


class Outcome(msgspec.Struct, frozen=True):
    """What came of trying one thing many times.

    Attributes:
        subject: What was tried, in a few words of Markdown: a line of a table.
        tried: How often.
        failed: How often something was lost, or what must hold did not.
        remarks: Whole sentences that a reader of the numbers has to know; those about a failure
            say how to see it again.
    """

    subject: str
    tried: int
    failed: int
    remarks: list[str] = []

    @property
    def survived(self) -> int:
        """Return how often all was well."""
        return self.tried - self.failed


class TrialResult(msgspec.Struct, frozen=True):
    """One run of a trial.

    Attributes:
        title: What the trial is about.
        what: What was done and what must hold.
        outcomes: What came of it.
        processor_seconds: What it took, of the process and all that it started.
        day: When, as `2026-11-28`.
        program: The version of tracker, with its commit where git knows it.
        machine: What it ran on.
    """

    title: str
    what: str
    outcomes: list[Outcome]
    processor_seconds: float
    day: str
    program: str
    machine: str

    @property
    def tried(self) -> int:
        """Return how often anything was tried."""
        return sum(outcome.tried for outcome in self.outcomes)

    @property
    def failed(self) -> int:
        """Return how often it failed."""
        return sum(outcome.failed for outcome in self.outcomes)


Results = dict[str, TrialResult]
"""The last run of each trial, by the trial's name."""


def read_results(path: Path) -> Results:
    """Return the results that were kept; none where there is no file.

    Raises:
        OSError: The file cannot be read.
        msgspec.ValidationError: It holds something else.
    """
    return msgspec.json.decode(path.read_bytes(), type=Results) if path.exists() else {}


def keep_result(path: Path, name: str, result: TrialResult) -> None:
    """Keep a run of a trial in place of its last one, beside those of other trials.

    Raises:
        OSError: The file cannot be read or written.
        msgspec.ValidationError: It holds something else.
    """
    results = read_results(path) | {name: result}
    ordered = {each: results[each] for each in sorted(results)}
    write_atomically(path, msgspec.json.format(msgspec.json.encode(ordered), indent=1) + b"\n")
