"""One object for values that are equal: follow-ups say the same words again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import force_setattr

if TYPE_CHECKING:
    from tracker.model import Customer

_NOTHING: dict[str, Any] = {}


class Sharing:
    """The values that the records of one library have in common."""

    def __init__(self) -> None:
        self._known: dict[Any, Any] = {}

    def share(self, customer: Customer) -> None:
        """Let a record that nobody else has yet share values with those before.

        Only what is often equal is looked at, and what is the same in every respect where it is
        equal: not times, which may be so in different zones.

        Args:
            customer: The record.
        """
        shared = self._known.setdefault
        value: Any
        for followup in customer.followups:
            # Written out, because this is done for every follow-up there is.
            force_setattr(followup, "method", shared(value := followup.method, value))
            force_setattr(followup, "who", shared(value := followup.who, value))
            force_setattr(followup, "attitude", shared(value := followup.attitude, value))
            force_setattr(followup, "contacts", shared(value := followup.contacts, value))
            force_setattr(followup, "span", shared(value := followup.span, value))
            if not followup.fields:
                force_setattr(followup, "fields", _NOTHING)
            for commitment in followup.commitments:
                force_setattr(commitment, "span", shared(value := commitment.span, value))
