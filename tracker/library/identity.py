"""What tells a customer from all others, kept apart from the rest of its record.

Rules that look at all records together look at nothing else, so that a check need not read every
record when one has changed.
"""

from __future__ import annotations

from functools import lru_cache

from tracker.model import Contact, Customer

_PLACES = frozenset({"id", "name", "aliases", "not_duplicate_of", "contacts"})


def identity_of(customer: Customer) -> Customer:
    """Return a record reduced to its ids, its name, how people are reached, and where these stand.

    Args:
        customer: The record.
    """
    return Customer(
        path=customer.path,
        id=customer.id,
        name=customer.name,
        contacts=tuple(
            Contact(each.name, phone=each.phone, email=each.email, wechat=each.wechat)
            for each in customer.contacts
        ),
        aliases=customer.aliases,
        not_duplicate_of=customer.not_duplicate_of,
        spans=customer.spans.at(_places(customer.spans.names)),
    )


@lru_cache(maxsize=1000)  # many records have the same names
def _places(names: tuple[str, ...]) -> tuple[int, ...]:
    """Return the indices of the names of what is kept."""
    return tuple(
        place
        for place, name in enumerate(names)
        if name.partition("[")[0].partition(".")[0] in _PLACES
    )
