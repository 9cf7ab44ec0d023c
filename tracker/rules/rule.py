"""What a rule is."""

from __future__ import annotations

from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from tracker.diagnostics import Span
from tracker.format.frontmatter import body_of
from tracker.format.sections import split_body

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from tracker.config import Config
    from tracker.diagnostics import Problem, Severity
    from tracker.format.sections import Section
    from tracker.library.comparison import Comparison, RecordChange
    from tracker.library.library import Entry, Library
    from tracker.library.status import Status
    from tracker.model import Change, Customer


class RecordCase(Struct, frozen=True, dict=True):
    """One record to check.

    Attributes:
        entry: Its file.
        customer: The record.
        status: What it means on the day.
        library: The workspace.
        today: The day.
    """

    entry: Entry
    customer: Customer
    status: Status
    library: Library
    today: date

    @property
    def config(self) -> Config:
        """Return the workspace's settings."""
        return self.library.config

    @cached_property
    def lines(self) -> list[str]:
        """Return the lines of the file."""
        return self.entry.text.split("\n")

    @cached_property
    def changes(self) -> dict[str, list[Change]]:
        """Return the changes of `stage` and of `level`, oldest first.

        Of one moment, the later in the file comes last.
        """
        followups = [each for each in self.customer.followups if each.stage or each.level]
        followups.sort(key=lambda followup: followup.order)
        return {
            "stage": [each.stage for each in followups if each.stage],
            "level": [each.level for each in followups if each.level],
        }

    def place_of(self, text: str, within: Span) -> Span:
        """Return where a text stands in the first line of a place, or the place itself."""
        line = self.lines[within.line - 1]
        column = line.find(text, within.column - 1) + 1
        return Span.of_line(within.line, column, len(text)) if column and text else within

    def is_faulty(self, path: str) -> bool:
        """Tell whether reading found a problem at a value of the front matter, or within it."""
        return any(
            self.is_faulty_at(span)
            for key, span in self.customer.spans.items()
            if key == path or key.startswith((f"{path}.", f"{path}["))
        )

    def is_faulty_at(self, span: Span | None) -> bool:
        """Tell whether reading found a problem at just this place."""
        return span in self._faulty_spans

    @cached_property
    def _faulty_spans(self) -> frozenset[Span]:
        return frozenset(problem.span for problem in self.entry.problems)

    def sections(self) -> list[Section]:
        """Return the sections of the body as they were split; the first has no heading."""
        return split_body(*body_of(self.entry.text)).sections


class WorkspaceCase(Struct, frozen=True):
    """All records to check together.

    Attributes:
        library: The workspace. Its records may be reduced to what tells customers apart, as
            `tracker.library.identity` has it; rules of this kind look at nothing else of them.
    """

    library: Library


class ChangeCase(Struct, frozen=True):
    """One record that is not the same in two states of the workspace.

    Attributes:
        change: Both its states, and what became of its follow-ups and promises.
        comparison: Both states of the workspace.
    """

    change: RecordChange
    comparison: Comparison

    @property
    def config(self) -> Config:
        """Return the workspace's settings."""
        return self.comparison.after.config


RecordCheck: TypeAlias = "Callable[[RecordCase], Iterator[Problem]]"
WorkspaceCheck: TypeAlias = "Callable[[WorkspaceCase], Iterator[tuple[str, Problem]]]"

ChangeCheck: TypeAlias = "Callable[[ChangeCase], Iterator[Problem]]"


class Origin(Enum):
    """Who finds a rule's problems."""

    READING = "reading a file"
    RECORD = "one record"
    WORKSPACE = "all records together"
    CHANGE = "two states of one record"


class Rule(Struct, frozen=True):
    """A kind of problem.

    Attributes:
        code: Its stable name.
        severity: How serious it is where `tracker.yaml` does not say otherwise.
        origin: Who finds it. Problems found in reading come with the file; the others come from
            the `check` function beside the rule.
        depends_on_day: Whether the same files can pass on one day and fail on another.
        summary: First sentence of the rule's documentation.
        documentation: The whole of it: what, why, a bad and a good example.
    """

    code: str
    severity: Severity
    origin: Origin
    depends_on_day: bool
    summary: str
    documentation: str
    check_record: RecordCheck | None = None
    check_workspace: WorkspaceCheck | None = None
    check_change: ChangeCheck | None = None
