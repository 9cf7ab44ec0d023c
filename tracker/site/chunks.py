"""Long lists cut into pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

Item = TypeVar("Item")

ROWS_PER_PAGE = 500
"""Rows of one page: few enough for a phone."""


@dataclass(frozen=True, slots=True)
class Chunk(Generic[Item]):
    """One page's part of a list.

    Attributes:
        items: What the page shows.
        number: Number of the page, from 1.
        first: Number of the first item in the whole list, from 1.
        total: Length of the whole list.
        addresses: Addresses of all pages of the list, in order.
    """

    items: Sequence[Item]
    number: int
    first: int
    total: int
    addresses: tuple[str, ...]

    @property
    def address(self) -> str:
        """Return the address of this page."""
        return self.addresses[self.number - 1]

    @property
    def last(self) -> int:
        """Return the number of the last item in the whole list."""
        return self.first + len(self.items) - 1


def chunks(
    items: Sequence[Item], first_address: str, further: str, size: int = ROWS_PER_PAGE
) -> list[Chunk[Item]]:
    """Cut a list into pages; an empty list has one.

    Args:
        items: The whole list.
        first_address: Address of the first page.
        further: Address of the others, with `{}` for the page's number.
        size: Items of a page.
    """
    starts = range(0, len(items), size) or range(1)
    addresses = tuple(
        first_address if number == 1 else further.format(number)
        for number in range(1, len(starts) + 1)
    )
    return [
        Chunk(items[start : start + size], number, start + 1, len(items), addresses)
        for number, start in enumerate(starts, 1)
    ]
