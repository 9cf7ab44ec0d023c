"""Digests of what a record holds, by which it is known whether it is another."""

from __future__ import annotations

from operator import attrgetter
from typing import NamedTuple

import msgspec

from tracker.digests import digest, digest_of
from tracker.library.cache_files import NOT_KEPT, to_plain
from tracker.model import Customer, FollowUp
from tracker.spans import Spans

_WORDS = {
    Customer: {"background", "notes", "followups"},
    FollowUp: {"summary", "texts", "attitude_note"},
}
"""What is said in so many words, by where it stands in the model, and what is looked at apart."""

_data_of_followup = attrgetter(
    *(name for name in FollowUp.__struct_fields__ if name not in _WORDS[FollowUp])
)
_data_of_customer = attrgetter(
    *(name for name in Customer.__struct_fields__ if name not in _WORDS[Customer])
)

words_of_followup = attrgetter(*sorted(_WORDS[FollowUp]))
"""Returns what a follow-up says in so many words."""


class RecordDigests(NamedTuple):
    """What no two records have in common.

    Attributes:
        text: Of the whole text.
        data: Of what it says but not in so many words, and of the places where that stands; by
            the headings of follow-ups, commits are known that first had them. Where that cannot be
            told, of the whole text.
    """

    text: bytes
    data: bytes

    @classmethod
    def of(cls, text: str, customer: Customer | None) -> RecordDigests:
        """Return the digests of a record, the same in every process.

        Args:
            text: Its text.
            customer: What the text says; None where it cannot be read.
        """
        whole = digest_of(text)
        if customer is None:
            return cls(whole, whole)
        data = (_data_of_customer(customer), list(map(_data_of_followup, customer.followups)))
        try:
            written = _ENCODER.encode(data)
        except NOT_KEPT:
            return cls(whole, whole)
        lines = text.split("\n")
        headings = "\n".join(lines[each.span.line - 1] for each in customer.followups)
        return cls(whole, digest(written + digest_of(headings)))


def _plain(value: object) -> object:
    return to_plain(value) if isinstance(value, Spans) else repr(value)


_ENCODER = msgspec.msgpack.Encoder(enc_hook=_plain)
