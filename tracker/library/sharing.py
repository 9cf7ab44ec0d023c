"""One object for values that are equal: follow-ups say the same words again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import force_setattr

if TYPE_CHECKING:
    from tracker.model import Customer

_NOTHING: dict[str, Any] = {}

_WORDS_OF_CUSTOMER = ("industry", "size", "region", "source", "level", "stage", "owner", "tags")
_WORDS_OF_CONTACT = ("title", "gender", "age", "authority", "influence")


class Sharing:
    """The values that the records of one library have in common."""

    def __init__(self) -> None:
        self._known: dict[Any, Any] = {}

    def share(self, customer: Customer) -> None:
        """Let a record that nobody else has yet share values with those before.

        Only what is often equal is looked at, and what is the same in every respect where it is
        equal: not times of a zone, which may be so in different ones.

        Args:
            customer: The record.
        """
        shared = self._known.setdefault
        value: Any
        for name in _WORDS_OF_CUSTOMER:
            force_setattr(customer, name, shared(value := getattr(customer, name), value))
        for contact in customer.contacts:
            for name in _WORDS_OF_CONTACT:
                force_setattr(contact, name, shared(value := getattr(contact, name), value))
        for followup in customer.followups:
            # Written out, because this is done for every follow-up there is.
            force_setattr(followup, "date", shared(value := followup.date, value))
            if followup.time is not None and followup.time.tzinfo is None:
                force_setattr(followup, "time", shared(value := followup.time, value))
            force_setattr(followup, "method", shared(value := followup.method, value))
            force_setattr(followup, "who", shared(value := followup.who, value))
            force_setattr(followup, "attitude", shared(value := followup.attitude, value))
            force_setattr(followup, "contacts", shared(value := followup.contacts, value))
            force_setattr(followup, "span", shared(value := followup.span, value))
            if not followup.fields:
                force_setattr(followup, "fields", _NOTHING)
            for commitment in followup.commitments:
                force_setattr(commitment, "due", shared(value := commitment.due, value))
                force_setattr(commitment, "span", shared(value := commitment.span, value))
