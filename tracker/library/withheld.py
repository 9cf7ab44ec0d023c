"""Values that a site must not hold, and why some of them cannot be sought."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from tracker.translation import Message


class Sort(StrEnum):
    """What a value is, which decides how it is sought."""

    NAME = "name"
    PHONE = "phone"
    AMOUNT = "amount"
    DATE = "date"
    WORD = "word"
    PROSE = "prose"


class Withheld(Struct, frozen=True):
    """A value that must not be found.

    Attributes:
        value: The value as the record has it; an amount as a plain decimal, a day in ISO form.
        record: The record's path.
        field: The field's path, such as `contacts.phone`.
        sort: What it is.
        telling: Whether it is one customer's or one person's alone, wherever it stands.
    """

    value: str
    record: str
    field: str
    sort: Sort = Sort.WORD
    telling: bool = False


class Reason(StrEnum):
    """Why a value is not sought."""

    SHORT = "short"
    OWN_FILES = "own-files"
    FIGURES = "figures"
    SHOWN = "shown"

    @property
    def message(self) -> Message:
        """Return the reason in words."""
        return _REASONS[self]


_REASONS = {
    Reason.SHORT: Message("too short or too common to be told from other text"),
    Reason.OWN_FILES: Message("a day, which is sought in the files of its own record alone"),
    Reason.FIGURES: Message(
        "an amount that a figure on another page may equal by chance, as other amounts are shown"
    ),
    Reason.SHOWN: Message("it also stands where it is shown"),
}
