"""The loaded workspace: every file with its record, and indexes over the records."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.config import RECORDS_DIR
from tracker.library.record_digests import RecordDigests
from tracker.text import fold

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.config import Config
    from tracker.diagnostics import Problem
    from tracker.model import Customer


@dataclass(frozen=True, slots=True)
class Entry:
    r"""One file.

    Attributes:
        path: Relative to the workspace, with `/`.
        text: Its text, with `\n` as the only line break; empty where it cannot be read.
        customer: Its record; None where it has none that can be read.
        problems: What reading it found.
        known_digests: Digests of the text and of its record, where they have been found out.
    """

    path: str
    text: str
    customer: Customer | None
    problems: tuple[Problem, ...] = ()
    known_digests: RecordDigests | None = field(default=None, compare=False, repr=False)

    @property
    def digests(self) -> RecordDigests:
        """Return the digests of the text and of its record."""
        return self.known_digests or RecordDigests.of(self.text, self.customer)

    @property
    def refused(self) -> bool:
        """Tell whether the system, or its name, kept the file from being read.

        Another person may read it all the same, or anybody a moment later, though the file has not
        changed in between: nothing that depends on this may be known by the state of the file.
        """
        return any(problem.code == "unreadable-file" for problem in self.problems)


class Library(Struct, frozen=True, dict=True):
    """A workspace as it was read.

    Attributes:
        root: The workspace's folder.
        config: Its settings.
        entries: Its files in the order of their paths; `tracker.yaml` first where it has problems.
    """

    root: Path
    config: Config
    entries: tuple[Entry, ...]

    @cached_property
    def customers(self) -> tuple[Customer, ...]:
        """Return the records that could be read, in the order of their paths."""
        return tuple(entry.customer for entry in self.entries if entry.customer)

    @cached_property
    def left_out(self) -> tuple[Entry, ...]:
        """Return the files of records that could not be read at all."""
        return tuple(
            entry
            for entry in self.entries
            if entry.customer is None and entry.path.startswith(f"{RECORDS_DIR}/")
        )

    @cached_property
    def by_path(self) -> dict[str, Entry]:
        """Return the files by path."""
        return {entry.path: entry for entry in self.entries}

    @cached_property
    def by_id(self) -> dict[str, tuple[Customer, ...]]:
        """Return the records by id; more than one under an id is an error that a rule reports."""
        index: defaultdict[str, list[Customer]] = defaultdict(list)
        for customer in self.customers:
            index[customer.id].append(customer)
        return {key: tuple(customers) for key, customers in index.items()}

    @cached_property
    def by_any_id(self) -> dict[str, Customer]:
        """Return the records by folded id and former id; an id comes before an alias."""
        index: dict[str, Customer] = {}
        for customer in self.customers:
            index.setdefault(fold(customer.id), customer)
        for customer in self.customers:
            for alias in customer.aliases:
                index.setdefault(fold(alias), customer)
        return index

    def told_apart(self, one: Customer, other: Customer) -> bool:
        """Tell whether either of two records says that it is not the same customer as the other."""
        return (one.path, other.path) in self._told_apart

    @cached_property
    def _told_apart(self) -> frozenset[tuple[str, str]]:
        pairs: set[tuple[str, str]] = set()
        for customer in self.customers:
            for name in customer.not_duplicate_of:
                if other := self.by_any_id.get(fold(name)):
                    pairs |= {(customer.path, other.path), (other.path, customer.path)}
        return frozenset(pairs)
