"""Long lists cut into pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Sequence

Item = TypeVar("Item")

WHOLE = 400
"""Rows up to which a page shows its lists whole, as those of a small team always are."""

ROWS_PER_PAGE = 200
"""Rows of one page of a list that is longer: few enough for a phone."""

_LINKS = 12
"""Pages up to which each page links to all others."""

_BESIDE = 2
"""Pages on either side that a page of a longer list links to."""


class Chunk(Struct, Generic[Item], frozen=True):
    """One page's part of a list.

    Attributes:
        items: What the page shows.
        number: Number of the page, from 1.
        first: Number of the first item in the whole list, from 1.
        last: Number of the last one.
        total: Length of the whole list.
        addresses: Addresses of all pages of the list, in order.
        links: Numbers of the pages that it links to, itself included; None stands for those
            between that are left out.
    """

    items: Sequence[Item]
    number: int
    first: int
    last: int
    total: int
    addresses: tuple[str, ...]
    links: tuple[int | None, ...]

    @property
    def address(self) -> str:
        """Return the address of this page."""
        return self.addresses[self.number - 1]


def page_size(total: int) -> int:
    """Return how many rows of a list of so many stand on one page."""
    return ROWS_PER_PAGE if total > WHOLE else max(total, 1)


def within(address: str) -> str:
    """Return where the pages lie that belong to a page: `owners/Li/` for `owners/Li.html`."""
    return f"{address.removesuffix('.html')}/"


def chunks(
    items: Sequence[Item], first_address: str, further: str, size: int | None = None
) -> list[Chunk[Item]]:
    """Cut a list into pages; an empty list has one.

    Args:
        items: The whole list.
        first_address: Address of the first page.
        further: Beginning of the addresses of the others, up to the page's number.
        size: Items of a page; None for `page_size`.
    """
    size = size or page_size(len(items))
    starts = range(0, len(items), size) or range(1)
    addresses = page_addresses(len(starts), first_address, further)
    return [
        Chunk(
            part := items[start : start + size],
            number,
            start + 1,
            start + len(part),
            len(items),
            addresses,
            page_links(number, len(addresses), len(addresses)),
        )
        for number, start in enumerate(starts, 1)
    ]


def page_addresses(count: int, first_address: str, further: str) -> tuple[str, ...]:
    """Return the addresses of the pages of a list; the arguments are those of `chunks`."""
    return (first_address, *(f"{further}{number}.html" for number in range(2, count + 1)))


def page_links(number: int, filled: int, count: int) -> tuple[int | None, ...]:
    """Return the numbers of the pages that a page links to, None for each gap between them.

    They are all where they are few; of many the first, the last, and those around the page. Pages
    that are empty on the day of the site are linked for the days on which they are not.

    Args:
        number: The page itself, from 1.
        filled: How many pages, from the first, have rows on the day of the site.
        count: How many pages there are.
    """
    near = range(number - _BESIDE, number + _BESIDE + 1)
    wanted = [
        page
        for page in range(1, count + 1)
        if filled <= _LINKS or page in near or page in (1, filled) or page > filled
    ]
    links: list[int | None] = []
    last = 0
    for page in wanted:
        between = page - last - 1
        # A single one takes no more room than the sign for it.
        links += [] if not between else [last + 1] if between == 1 else [None]
        links.append(page)
        last = page
    return tuple(links)
