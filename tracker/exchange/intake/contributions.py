"""What the rows of a file say of customers: values, people, offers, follow-ups, notes.

Nothing is written here and no record is looked at; a contribution is all that one row, or a few
rows of one follow-up, would add to a customer.
"""

from __future__ import annotations

import re
from enum import StrEnum
from itertools import chain, count
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct, field

from tracker.exchange.intake.targets import CONTACTS, ITEMS, OFFERS
from tracker.text import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from tracker.exchange.intake.cells import Value
    from tracker.exchange.intake.followups import FollowUpEntry
    from tracker.exchange.intake.notation import Notation
    from tracker.format.values import Fault
    from tracker.translation import Message

GROUP_LISTS = (CONTACTS, OFFERS, ITEMS)
"""The lists of groups, in the order in which they are written."""


NUMBER = "#"
"""Key of a group's place in its list, from 1, where the file says it."""


class Unfit(StrEnum):
    """What becomes of a text that its field does not take."""

    NOTE = "note"
    KEEP = "keep"
    REJECT = "reject"


class Origin(NamedTuple):
    """Where in the file a row stands.

    Attributes:
        sheet: Name of its sheet; empty where there is one only.
        row: Its number, from 1.
        part: Which of several rows of that number it is, from 0.
    """

    sheet: str
    row: int
    part: int = 0


class Misfit(Struct, frozen=True):
    """A text that its field does not take.

    Attributes:
        column: The heading of its column.
        text: The text.
        fault: Why.
    """

    column: str
    text: str
    fault: Fault


class Contribution(Struct):
    """What a row says of a customer.

    Attributes:
        origins: The rows that it was read from, at least one.
        values: Values of the front matter by path: `name`, `needs.core`, `deal.contract`.
        groups: Contacts, offers and lines of the deal, each with its values by key; the number
            under `#` is the place in its list, where the file says it.
        followups: Follow-ups.
        background: Text above all follow-ups.
        notes: Texts that have no field, with what they are.
        sections: Undated sections: heading, level, Markdown.
        misfits: Texts that their fields do not take.
        whole: Whether the file holds all of the record, so that what it leaves out is left out.
        refusal: Why the row cannot be taken; None where it can.
    """

    origins: tuple[Origin, ...]
    values: dict[str, Value] = field(default_factory=dict)
    groups: dict[str, list[dict[str, Value]]] = field(default_factory=dict)
    followups: list[FollowUpEntry] = field(default_factory=list)
    background: str = ""
    notes: list[tuple[str, str]] = field(default_factory=list)
    sections: list[tuple[str, int, str]] = field(default_factory=list)
    misfits: list[Misfit] = field(default_factory=list)
    whole: bool = False
    refusal: Message | None = None

    def text(self, path: str) -> str:
        """Return a value that is one text; empty where there is none."""
        value = self.values.get(path, "")
        return value if isinstance(value, str) else ""


class RowInHand(Struct):
    """A row of a table that is being read.

    Attributes:
        result: What it says, as far as it is read.
        notation: How its cells are to be understood.
        parts: The parts of its follow-up by the keys of their targets.
    """

    result: Contribution
    notation: Notation
    parts: dict[str, Value] = field(default_factory=dict)


STAND_INS = {"zh": "联系人", "en": "contact"}
"""What contacts are called whose names nobody wrote down, by the workspace's language."""

_STAND_IN = re.compile(rf"({'|'.join(STAND_INS.values())})( [0-9]+)?")


def is_stand_in(contact: Mapping[str, object]) -> bool:
    """Tell whether a contact's name stands in for one that nobody wrote down.

    Args:
        contact: The contact's values by key: its title is its name then, or one of `STAND_INS`.
    """
    name = str(contact.get("name", ""))
    return name == contact.get("title") or bool(_STAND_IN.fullmatch(name))


def free_name(name: str, taken: Collection[str]) -> str:
    """Return a stand-in that no other contact has: `contact`, `contact 2`.

    Args:
        name: The stand-in.
        taken: The names of the other contacts, folded.
    """
    names = chain((name,), (f"{name} {number}" for number in count(2)))
    return next(one for one in names if fold(one) not in taken)


class Policy(Struct, frozen=True):
    """How rows are read.

    Attributes:
        unfit: What becomes of texts that their fields do not take.
        keep_columns: Whether columns that no field takes become notes.
        today: The day of the import.
        day_first: Whether `3/5/2026` is the 3rd of May, where the file does not tell.
    """

    unfit: Unfit
    keep_columns: bool
    today: date
    day_first: bool | None = None
