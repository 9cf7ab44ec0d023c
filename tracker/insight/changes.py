"""What is different between two states of the records: customers won and lost, promises kept.

`tracker.insight.range_changes` finds it out.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from msgspec import Struct

from tracker.diagnostics import FILE_START, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tracker.diagnostics import Diagnostic
    from tracker.library.status import Plan, Promise
    from tracker.model import Customer, FollowUp, NextStep
    from tracker.money import Money

What_co = TypeVar("What_co", covariant=True)


class Direction(StrEnum):
    """Where a stage went.

    `won` and `lost` are stages of these kinds, `reopened` is an open stage after one of them.
    `forward` and `backward` go by the order of the stages in the settings.
    """

    FORWARD = "forward"
    BACKWARD = "backward"
    WON = "won"
    LOST = "lost"
    REOPENED = "reopened"


class StageMove(Struct, frozen=True):
    """A stage that is another one.

    Attributes:
        old: Id of the stage before; None for a customer who is new.
        new: Id of the stage after.
        direction: Where it went.
        skipped: Ids of the open stages that it passed over, as far as no follow-up tells of them.
        value: What the customer is worth: the amount of the deal for one that is won, where it is
            written, and the expected value otherwise.
    """

    old: str | None
    new: str
    direction: Direction
    skipped: tuple[str, ...]
    value: Money | None


class Move(Struct, Generic[What_co], frozen=True):
    """A value that is another one; None where there is none."""

    old: What_co | None
    new: What_co | None


class Item(Struct, Generic[What_co], frozen=True):
    """One thing that is different.

    Attributes:
        customer: Whom it is about, as the newer state has them; of a record that is gone, as the
            older state had them.
        what: What it is.
        people: Whose it is: the owner, or whoever followed up or promised.
        span: Where the file says so; the start of the file for what no line says.
    """

    customer: Customer
    what: What_co
    people: tuple[str | None, ...]
    span: Span = FILE_START


class NewProblem(Struct, frozen=True):
    """A problem that was not there before.

    Attributes:
        diagnostic: The problem.
        customer: In whose record; None where that cannot be read.
    """

    diagnostic: Diagnostic
    customer: Customer | None


class Changes(Struct, frozen=True):
    """What is different, each kind in the order of the records' paths.

    Attributes:
        new: Customers whose record is new, and is neither renamed nor split off.
        recorded: Likewise new records, but of customers that came before the older state. Of what
            they tell, only what is dated since is in the other kinds.
        won: Customers in a stage of the kind `won` who were in none before.
        lost: Customers in a stage of the kind `lost` who were in none before.
        stages: Every customer whose stage is another one, won and lost ones included.
        levels: Customers whose level is another one.
        values: Customers whose expected value is another one.
        owners: Customers whose owner is another one.
        followups: Dated sections that are new, but not those that another record had before.
        made: Promises that are new, likewise.
        kept: Promises that are ticked and were not, whether on time or late.
        missed: Promises of all customers that are not ticked, and whose day lies between the two
            states: it is not before the day of the older and before that of the newer.
        plans_kept: Next steps followed by contact on their day or later, which were not before.
        plans_moved: Next steps replaced by another one before their day, and those whose day was
            changed in place.
        plans_ended: Next steps that were ended on purpose.
        renamed: Records whose file has another path; with the older one.
        merged: Records that are gone because another one has taken them in; with that one.
        removed: Records that are gone for no such reason.
        problems: Errors and warnings that a file did not have before; what the rules about
            changes find is among them. What the settings or the day alone bring is not.
    """

    new: tuple[Item[StageMove | None], ...] = ()
    recorded: tuple[Item[StageMove | None], ...] = ()
    won: tuple[Item[StageMove], ...] = ()
    lost: tuple[Item[StageMove], ...] = ()
    stages: tuple[Item[StageMove], ...] = ()
    levels: tuple[Item[Move[str]], ...] = ()
    values: tuple[Item[Move[Money]], ...] = ()
    owners: tuple[Item[Move[str]], ...] = ()
    followups: tuple[Item[FollowUp], ...] = ()
    made: tuple[Item[Promise], ...] = ()
    kept: tuple[Item[Promise], ...] = ()
    missed: tuple[Item[Promise], ...] = ()
    plans_kept: tuple[Item[Plan], ...] = ()
    plans_moved: tuple[Item[Move[NextStep]], ...] = ()
    plans_ended: tuple[Item[Plan], ...] = ()
    renamed: tuple[Item[str], ...] = ()
    merged: tuple[Item[Customer], ...] = ()
    removed: tuple[Item[None], ...] = ()
    problems: tuple[NewProblem, ...] = ()

    def of(self, takes: Callable[[str | None], bool]) -> Changes:
        """Return what concerns some people.

        Args:
            takes: Tells of a name whether it is one of theirs. Problems go by the owner.
        """
        parts: dict[str, Any] = {
            kind: tuple(item for item in getattr(self, kind) if any(map(takes, item.people)))
            for kind in self.__struct_fields__
            if kind != "problems"
        }
        parts["problems"] = tuple(
            found
            for found in self.problems
            if takes(found.customer.owner if found.customer else None)
        )
        return Changes(**parts)

    def __bool__(self) -> bool:
        """Tell whether anything is different."""
        return any(getattr(self, kind) for kind in self.__struct_fields__)


OF_MONEY = ("won", "lost", "new", "recorded")
"""The kinds that are worth something together."""


def worth_of(kind: str, items: Iterable[Item[Any]]) -> Iterator[Money | None]:
    """Yield what changes of a kind of `OF_MONEY` are worth, as the line of each says it.

    A new customer is worth what is expected of it; what it was won for is told of the winning.
    """
    for item in items:
        yield item.what.value if kind in ("won", "lost") else item.customer.value
