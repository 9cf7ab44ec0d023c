"""Notes what a template reads beyond what it is given, while it is rendered.

A page is the same as long as what it is given is the same, its templates are, and whatever else it
read. The latter cannot be known before: a workspace's own templates may read anything of the site,
and a record's Markdown may link to any other record or attachment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import Struct, field

from tracker.site.fingerprint import ADDRESSES, EVERYTHING, LISTS, PLAIN_FACTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tracker.site.page import Row, Site
    from tracker.site.urls import SiteUrls


class Reading(Struct):
    """What was read for one page.

    Attributes:
        facts: Names of what was read of the site, as `Fingerprints.fact` takes them.
        records: Address of each record that was linked to, by path; None where there is none.
        attachments: Whether each file that was linked to is published, by its path in the site.
        links: How often a record or a file was asked for.
    """

    facts: set[str] = field(default_factory=set)
    records: dict[str, str | None] = field(default_factory=dict)
    attachments: dict[str, bool] = field(default_factory=dict)
    links: int = 0


class _Fragment(NamedTuple):
    """A piece of pages, and what it read of the site, as `Reading.facts` says it."""

    html: str
    facts: frozenset[str]


class Fragments:
    """Pieces that several pages have in common: each is written once, and read for all of them."""

    __slots__ = ("_kept",)

    def __init__(self) -> None:
        self._kept: dict[object, _Fragment] = {}

    def html(self, key: object, reading: Reading, write: Callable[..., str], *given: object) -> str:
        """Return a piece of a page.

        Args:
            key: All that it depends on beyond what it reads of the site.
            reading: Where it is noted what it read.
            write: Writes it. A piece that asks for records or files that texts link to, as one of
                a workspace's own may, is written for each page.
            given: What `write` is given.
        """
        fragment = self._kept.get(key)
        if fragment is None:
            links, before, reading.facts = reading.links, reading.facts, set()
            html = write(*given)
            fragment = _Fragment(html, frozenset(reading.facts))
            reading.facts = before
            if reading.links == links:
                self._kept[key] = fragment
        if fragment.facts:
            reading.facts |= fragment.facts
        return fragment.html


class WatchedSite:
    """A site as templates see it, where what they read of it is noted.

    Args:
        site: The site.
        reading: Where it is noted.
    """

    __slots__ = ("_reading", "_site")

    def __init__(self, site: Site, reading: Reading) -> None:
        self._site = site
        self._reading = reading

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # any attribute of a site
        """Return an attribute of the site."""
        value = getattr(self._site, name)
        if name in PLAIN_FACTS:
            self._reading.facts.add(name)
        elif name in LISTS:
            return _WatchedRows(name, value, self._reading)
        elif name == "urls":
            return _WatchedUrls(value, self._reading)
        elif name != "config":  # The settings are part of every fingerprint.
            self._reading.facts.add(EVERYTHING)
        return value


class _WatchedUrls:
    __slots__ = ("_reading", "_urls")

    def __init__(self, urls: SiteUrls, reading: Reading) -> None:
        self._urls = urls
        self._reading = reading

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # any attribute of the addresses
        value = getattr(self._urls, name)
        self._reading.facts.add(f"urls.{name}" if name in ADDRESSES else EVERYTHING)
        return value


class _WatchedRows:
    __slots__ = ("_name", "_reading", "_rows")

    def __init__(self, name: str, rows: tuple[Row, ...], reading: Reading) -> None:
        self._name = name
        self._rows = rows
        self._reading = reading

    def __len__(self) -> int:
        self._reading.facts.add(f"{self._name}.length")
        return len(self._rows)

    def __iter__(self) -> Iterator[Row]:
        self._reading.facts.add(self._name)
        return iter(self._rows)

    def __getitem__(self, place: Any) -> Any:  # noqa: ANN401  # a number or a slice
        self._reading.facts.add(self._name)
        return self._rows[place]
