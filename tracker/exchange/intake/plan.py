"""What an import would do: which rows begin a record, change one, say nothing new, cannot be taken.

A plan holds every changed record before and after, so that writing it is one file after the other,
each whole.
"""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct, field

from tracker.translation import Message

if TYPE_CHECKING:
    from tracker.diagnostics import Diagnostic
    from tracker.exchange.intake.changing import Kept
    from tracker.exchange.intake.contributions import Misfit, Origin
    from tracker.exchange.intake.identity import Twin
    from tracker.format.editor import RecordFile

SHARED = {
    "name": Message("the same name"),
    "phone": Message("the same telephone number"),
    "email": Message("the same e-mail address"),
    "wechat": Message("the same WeChat account"),
    "core": Message("the same name but for place and legal form"),
    "near": Message("a name like it"),
}
"""What a customer shares with another one, in words."""


class Outcome(StrEnum):
    """What becomes of a row."""

    CREATED = "created"
    UPDATED = "updated"
    SKIPPED = "skipped"
    REJECTED = "rejected"


class RowResult(Struct, frozen=True):
    """What becomes of one row.

    Attributes:
        origin: The row.
        outcome: What becomes of it.
        path: The record; empty where there is none.
        name: The customer's name; empty where it has none.
        changed: What is new in the record.
        kept: Values of the record that differ from the row's and stay.
        reason: Why the row cannot be taken.
    """

    origin: Origin
    outcome: Outcome
    path: str = ""
    name: str = ""
    changed: tuple[str, ...] = ()
    kept: tuple[Kept, ...] = ()
    reason: Message | None = None


class RecordChange(Struct, frozen=True):
    """One record that is written.

    Attributes:
        before: The file as it is; None for a new one.
        after: The file as it will be.
    """

    before: RecordFile | None
    after: RecordFile


class Likely(Struct, frozen=True):
    """A new customer that is like another one.

    Attributes:
        origin: Its row.
        name: Its name.
        twin: The other one.
        refused: Whether it is not begun for that.
    """

    origin: Origin
    name: str
    twin: Twin
    refused: bool


class Plan(Struct):
    """What an import would do.

    Attributes:
        records: The records that are written.
        rows: What becomes of each row, in the order of the file.
        misfits: Texts that their fields do not take, with how often each stands in the file.
        likely: New customers that are like others.
        problems: What `check` would find in the records that is not found now.
        plans: How many plans are added that no follow-up made.
        strangers: Names of salespeople that `check` will not know, with how often they stand.
    """

    records: list[RecordChange] = field(default_factory=list)
    rows: list[RowResult] = field(default_factory=list)
    misfits: dict[tuple[str, str], tuple[Misfit, int]] = field(default_factory=dict)
    likely: list[Likely] = field(default_factory=list)
    problems: list[Diagnostic] = field(default_factory=list)
    plans: int = 0
    strangers: Counter[str] = field(default_factory=Counter)

    @property
    def counts(self) -> Counter[Outcome]:
        """Return how many rows have each outcome."""
        return Counter(row.outcome for row in self.rows)

    @property
    def rejected(self) -> list[RowResult]:
        """Return the rows that cannot be taken."""
        return [row for row in self.rows if row.outcome is Outcome.REJECTED]
