"""Places in a file, and what is wrong there.

A `Problem` is a fact found while reading or checking one file. How serious it is, is the
workspace's decision: the rules make a `Diagnostic` of it, with severity and path.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from tracker.translation import Message  # noqa: TC001  # the cache reads it at run time


class Severity(StrEnum):
    """How serious a diagnostic is; only errors make a command exit with 1."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Span(NamedTuple):
    """A stretch of text; lines and columns (characters) count from 1, the end is excluded."""

    line: int
    column: int
    end_line: int
    end_column: int

    @classmethod
    def of_line(cls, line: int, column: int = 1, length: int = 1) -> Span:
        """Return a span of `length` characters within one line."""
        return cls(line, column, line, column + length)


FILE_START = Span(1, 1, 1, 1)

NOT_EDITABLE = "not-editable"
"""Code of a change that a command refuses to make. No rule has it: no file is found to have it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong at one place of one file.

    Attributes:
        code: Stable name of the rule, such as `unknown-key`.
        span: Where.
        message: What is wrong, in one sentence.
        hint: What was probably meant or how to mend it, where that is known.
    """

    code: str
    span: Span
    message: Message
    hint: Message | None = None


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A problem with its file and its severity: what a person or a program is shown.

    Attributes:
        path: The file, relative to the workspace, with `/`.
        severity: As the rule's default or `tracker.yaml` has it.
        problem: What is wrong, and where.
    """

    path: str
    severity: Severity
    problem: Problem

    @property
    def code(self) -> str:
        """Return the stable name of the rule."""
        return self.problem.code

    @property
    def span(self) -> Span:
        """Return the place in the file."""
        return self.problem.span

    @property
    def sort_key(self) -> tuple[str, Span, str, str]:
        """Return the key that orders diagnostics by file and place."""
        return (self.path, self.span, self.code, str(self.problem.message))
