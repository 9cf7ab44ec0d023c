"""Places in a file, and what is wrong there.

A `Problem` is a fact found while reading or checking one file. How serious it is, is the
workspace's decision: the rules make a `Diagnostic` of it, with severity and path.
"""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from tracker.command_lines import command_line
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


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


class Problem(Struct, frozen=True):
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


MEANT = Message("did you mean ‘{word}’?")
"""The hint that names what was probably meant."""


def did_you_mean(word: str | None) -> Message | None:
    """Return the hint that names the word which was probably meant; None where none is near."""
    return Message(MEANT.template, {"word": word}) if word else None


def meant_word(hint: Message | None) -> str | None:
    """Return the word that a hint says was meant; None for any other hint."""
    return str(hint.values["word"]) if hint and hint.template == MEANT.template else None


_FILE = "file"

THIS_FILE = {_FILE: Message("FILE")}
"""Values of a hint that names the file, before it is known which one it is."""


def in_file(problem: Problem, path: str) -> Problem:
    """Return a problem whose hint names the file where it has to.

    Args:
        problem: The problem.
        path: The file, relative to the workspace, with `/`.
    """
    hint = problem.hint
    if hint is None or _FILE not in hint.values:
        return problem
    named = Message(hint.template, {**hint.values, _FILE: command_line(path)})
    return Problem(problem.code, problem.span, problem.message, named)


MOST_OF_A_KIND = 200
"""Problems of one kind in one record beyond which no more are told: nobody reads them, and a file
made to be slow must not be."""


class Problems:
    """What is found wrong in one record: so many problems of each code, and the number of others.

    Args:
        found: Problems to begin with.
    """

    def __init__(self, found: Iterable[Problem] = ()) -> None:
        self._told: list[Problem] = []
        self._counts: Counter[str] = Counter()
        self._first_left_out: dict[str, Span] = {}
        self.extend(found)

    def report(self, code: str, span: Span, message: Message, hint: Message | None = None) -> None:
        """Add a problem."""
        self._counts[code] += 1
        if self._counts[code] <= MOST_OF_A_KIND:
            self._told.append(Problem(code, span, message, hint))
        else:
            self._first_left_out.setdefault(code, span)

    def extend(self, found: Iterable[Problem]) -> None:
        """Add problems."""
        for problem in found:
            self.report(problem.code, problem.span, problem.message, problem.hint)

    def has(self, code: str) -> bool:
        """Tell whether there is a problem of a code."""
        return code in self._counts

    def codes(self) -> list[str]:
        """Return the code of each problem that is told, in the order of finding."""
        return [problem.code for problem in self._told]

    def __len__(self) -> int:
        """Return the number of problems, those included that are not told."""
        return self._counts.total()

    def __iter__(self) -> Iterator[Problem]:
        """Yield what is told as it was found, then how many more there are of each code."""
        yield from self._told
        for code, span in self._first_left_out.items():
            yield Problem(
                code,
                span,
                Message(
                    "more problems of this kind, from here on: {count}",
                    {"count": self._counts[code] - MOST_OF_A_KIND},
                ),
            )

    def by_place(self) -> tuple[Problem, ...]:
        """Return what is told in the order of the file."""
        return tuple(sorted(self, key=lambda problem: problem.span))


class Diagnostic(Struct, frozen=True):
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
