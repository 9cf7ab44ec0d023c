"""Lists that share a page: whole where there is room, or their beginning and pages of their own.

The page of a small team shows all of its lists. Where they come to more rows than `WHOLE`, each
shows as many as its share of the room, and leads to pages on which it goes on. Such a page has the
same rows on every day: those that belong to the list only later stand there from the day of the
build on, and `assets/today.js` shows and hides them, and counts what is left of each page.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from msgspec import Struct

from tracker.site.chunks import WHOLE, Chunk, page_addresses, page_links, page_size, within
from tracker.site.page import Page
from tracker.site.recount import Listed, changes, heads, tally, upcoming, written

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from tracker.site.page import Site

Item = TypeVar("Item")

LEAST = 10
"""Rows that a list shows at least, however many lists share the page."""


class Section(Struct, Generic[Item], frozen=True):
    """A list on a page.

    Attributes:
        name: Its name on the page, where it also is the anchor of its heading.
        every: What belongs to it on the day of the site or soon, in its order.
        rows: What the page holds of that: all, or what is among the first `limit` rows on the day
            of the site or soon.
        count: How long the list is on the day of the site.
        limit: How many rows are shown at once; 0 where all are.
        tally: How long the list is and will be.
        address: The page with all rows; empty where this one has them.
    """

    name: str
    every: tuple[Listed[Item], ...]
    rows: tuple[Listed[Item], ...]
    count: int
    limit: int
    tally: str
    address: str = ""

    @classmethod
    def of(
        cls,
        name: str,
        listed: Sequence[Listed[Item]],
        today: date,
        limit: int = 0,
        address: str = "",
    ) -> Section[Item]:
        """Return a list as a page shows it: whole, or with a limit its first rows."""
        soon = upcoming(listed, today)
        count = sum(each.now for each in soon)
        rows = heads(soon, today, limit) if limit else soon
        return cls(name, soon, rows, count, limit, tally(listed, today), address)

    @classmethod
    def head(  # noqa: PLR0913, PLR0917  # all that a list is shown by
        cls,
        name: str,
        listed: Sequence[Listed[Item]],
        today: date,
        limit: int,
        address: str,
        growth: Counter[int],
    ) -> Section[Item]:
        """Return no more than the first rows of a list that is shown on another page.

        Args:
            name: Its name.
            listed: The list, in its order.
            today: The day of the site.
            limit: How many rows are shown at once.
            address: The other page.
            growth: By how much the list grows, as `changes` has it.
        """
        rows = heads(listed, today, limit)
        return cls(name, (), rows, growth[0], limit, written(growth), address)

    @property
    def items(self) -> tuple[Item, ...]:
        """Return what the page shows on the day of the site."""
        return tuple(each.item for each in self.rows if each.now)


def share(total: int, lists: int) -> int:
    """Return how many rows each list of a page shows at most; 0 where there is room for all.

    Args:
        total: Rows of all lists together.
        lists: How many lists there are.
    """
    return max(WHOLE // lists, LEAST) if total > WHOLE else 0


def sections(
    page: str, today: date, lists: Mapping[str, Sequence[Listed[Any]]]
) -> dict[str, Section[Any]]:
    """Return the lists of a page by their names.

    Args:
        page: The page's address.
        today: The day of the site.
        lists: The lists by their names, each whole and in its order.
    """
    lengths = {name: len(upcoming(listed, today)) for name, listed in lists.items()}
    limit = share(sum(lengths.values()), len(lists)) if lists else 0
    return {
        name: Section.of(name, listed, today, limit, f"{within(page)}{name}.html")
        if limit and lengths[name] > limit
        else Section.of(name, listed, today)
        for name, listed in lists.items()
    }


# --- a list on pages of its own ---


class Further(Struct, frozen=True):
    """What is said of a list on pages of its own.

    Attributes:
        kind: How its rows are shown; a name that `list.html` knows.
        title: The heading of the pages.
        omit: Columns that the title makes needless.
    """

    kind: str
    title: str
    omit: tuple[str, ...] = ()


class Tallies(Struct, frozen=True):
    """How the numbers of a page of a list change from day to day.

    Attributes:
        first: Number of the first row that is left on the page, in what is left of the list.
        last: Number of the last one.
        total: Length of the list.
        pages: Rows that are left, by page.
        now: Rows on the day of the site, by page.
    """

    first: str
    last: str
    total: str
    pages: tuple[str, ...]
    now: tuple[int, ...]


def further_pages(
    site: Site,
    home: tuple[str, str],
    shown: Mapping[str, Section[Any]],
    further: Mapping[str, Further],
) -> Iterator[Page]:
    """Yield the pages of those lists of a page that it has no room for.

    Args:
        site: The site.
        home: Address and name of the page.
        shown: Its lists by their names.
        further: What is said of those that have pages of their own where there is no room.
    """
    address, name = home
    for key, said in further.items():
        section = shown[key]
        if section.address:
            back = {"home": f"{address}#{section.name}", "home_title": name}
            context = {"site": site, "list": said, **back}
            yield from _list_pages(site.today, section, context)


def _list_pages(today: date, section: Section[Any], context: Mapping[str, Any]) -> Iterator[Page]:
    rows = section.every
    size = page_size(len(rows))
    parts = [rows[start : start + size] for start in range(0, len(rows), size)]
    growth = [changes(part, today) for part in parts]
    now = tuple(each[0] for each in growth)
    filled = max((number for number, count in enumerate(now, 1) if count), default=1)
    addresses = page_addresses(len(parts), section.address, f"{within(section.address)}page-")
    pages, total = tuple(map(written, growth)), tally(rows, today)
    before = Counter({0: 0})
    for number, part in enumerate(parts, 1):
        begins = Counter(before)
        begins[0] += 1
        before.update(growth[number - 1])
        links = page_links(number, filled, len(parts))
        chunk = Chunk(part, number, begins[0], before[0], section.count, addresses, links)
        yield Page(
            chunk.address,
            "list.html",
            {
                **context,
                "chunk": chunk,
                "section": Section.of("rows", part, today),
                "tallies": Tallies(written(begins), written(before), total, pages, now),
            },
        )
