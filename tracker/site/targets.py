"""What a site consists of: its files, each with what it is made from and how it is made.

A target is one file, or a few that are made together. Building a site makes all of them; whoever
keeps a site up to date (tracker/site/live.py) makes those whose basis, template or reading is not
what it was when they were last made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, partial
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from tracker.digests import digest
from tracker.exchange.entries import record_key
from tracker.exchange.feed import latest_followups
from tracker.site.data_files import (
    CALENDAR,
    FEED,
    ROWS,
    feed,
    record_calendar,
    record_cards,
    record_file,
    rows,
    shared_calendars,
)
from tracker.site.fingerprint import DATA, EVERYTHING, Fingerprints
from tracker.site.later import page_of_later, split_later
from tracker.site.pages import PAGE_GROUPS, SharedViews, record_page
from tracker.site.search_data import search_files
from tracker.site.table_data import table_files
from tracker.site.template_files import asset_files
from tracker.site.today import SCRIPT, tallies, today_script

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.site.page import Page, Site
    from tracker.site.reading import Reading
    from tracker.site.render import SiteRenderer

Files = Iterable[tuple[str, bytes]]
"""Paths in the site with their contents."""


_RECORDS_OF_A_PART = 25
"""Records whose pages are made in one go: some tenths of a second of work."""


class Target(Struct, frozen=True):
    """One file of the site, or a few that are made together.

    Attributes:
        path: The file, or the first of them.
        basis: Returns the fingerprint of what is in it, apart from what is noted in reading.
        rough: Returns a fingerprint that is quicker to find: as long as it is the same, so is the
            basis. None where there is none.
        make: Makes the files; what is read for it beyond the basis is noted in the argument, if
            there is one.
        template: The template; empty where none is used.
    """

    path: str
    basis: Callable[[Fingerprints], bytes]
    make: Callable[[Reading | None], Files]
    template: str = ""
    rough: Callable[[Fingerprints], bytes] | None = None


Part: TypeAlias = Callable[[], Iterable[Target]]
"""Targets that are worked out and made by one process."""


class _Group(Struct, frozen=True):
    """Targets that are worked out together.

    Attributes:
        places: Beginnings of their paths.
        targets: Yields them.
        whole: Whether there is one only, to which all files of these places belong.
    """

    places: tuple[str, ...]
    targets: Callable[[], Iterable[Target]]
    whole: bool = False


class SiteTargets:
    """The targets of one site; none is worked out before it is asked for.

    Args:
        site: The site.
        renderer: Renders its pages.
        root: The workspace, whose assets come before the built-in ones.
    """

    def __init__(self, site: Site, renderer: SiteRenderer, root: Path) -> None:
        self._site = site
        self._renderer = renderer
        self._root = root
        self._views = SharedViews(site)
        self._known: dict[int, dict[str, Target]] = {}

    def parts(self) -> list[Part]:
        """Return all targets but those of the records, as `parts_of_records` does.

        The part that takes longest comes first.
        """
        pages = [partial(self._pages_of, number) for number in range(len(PAGE_GROUPS))]
        shared = [partial(_one, target) for target in self._shared_data()]
        return [*pages, *shared, self.assets]

    def parts_of_records(self) -> list[Part]:
        """Return the targets of the records in parts that can be made apart from each other."""
        paths = list(self._site.urls.records)
        return [
            partial(self.of_records, paths[start : start + _RECORDS_OF_A_PART])
            for start in range(0, len(paths), _RECORDS_OF_A_PART)
        ]

    def of_records(self, paths: Iterable[str] | None = None) -> Iterator[Target]:
        """Yield the targets of records: their pages, and the files that belong to them.

        Args:
            paths: The records; all of them where none are named.
        """
        for path in self._site.urls.records if paths is None else paths:
            yield self._record_page(path)
            yield from self._record_files(path)

    def assets(self) -> Iterator[Target]:
        """Yield the files that pages load.

        Raises:
            OSError: One of them cannot be read.
            TemplateError: One of the workspace's is a link to a file outside its folder.
        """
        for path, data in asset_files(self._root):
            yield Target(path, partial(_fixed, digest(data)), partial(_as_is, path, data))

    def paths(self) -> set[str]:
        """Return the paths of all targets, without working out what is in them.

        Raises:
            OSError: An asset cannot be read.
            TemplateError: An asset is a link to a file outside its folder.
        """
        site = self._site
        found = {path for number in range(len(self._groups)) for path in self._group(number)}
        found |= set(site.urls.records.values())
        names = (name for row in site.rows for name in (record_calendar(row), record_cards(row)))
        return found.union(filter(None, names))

    def __iter__(self) -> Iterator[Target]:
        """Yield all of them, remembering those that are worked out together.

        Raises:
            OSError: An asset cannot be read.
            TemplateError: An asset is a link to a file outside its folder.
        """
        for number in range(len(self._groups)):
            yield from self._group(number).values()
        yield from self.of_records()

    def find(self, path: str) -> Target | None:
        """Return the target that a file belongs to; None where it is none of the site.

        Args:
            path: The file, relative to the site.

        Raises:
            OSError: An asset cannot be read.
            TemplateError: An asset is a link to a file outside its folder.
        """
        path = page_of_later(path) or path
        for number, group in enumerate(self._groups):
            if path.startswith(group.places):
                targets = self._group(number)
                if group.whole:
                    return next(iter(targets.values()))
                if path in targets:
                    return targets[path]
        record = self._records.get(path.rpartition(".")[0])
        if record is None:
            return None
        return next((each for each in self.of_records([record]) if each.path == path), None)

    @cached_property
    def _groups(self) -> tuple[_Group, ...]:
        pages = (
            _Group(group.places, partial(self._pages_of, number))
            for number, group in enumerate(PAGE_GROUPS)
        )
        shared = [
            _Group(places, partial(_one, target), whole=True)
            for places, target in zip(_SHARED_PLACES, self._shared_data(), strict=True)
        ]
        return (*pages, *shared, _Group(("assets/",), self.assets))

    def _group(self, number: int) -> dict[str, Target]:
        if number not in self._known:
            self._known[number] = {each.path: each for each in self._groups[number].targets()}
        return self._known[number]

    @cached_property
    def _records(self) -> dict[str, str]:
        """Return the records by the addresses of their pages without the ending."""
        records = self._site.urls.records
        return {address.removesuffix(".html"): path for path, address in records.items()}

    # --- Pages ---

    def _pages_of(self, number: int) -> Iterator[Target]:
        return map(self._page, PAGE_GROUPS[number].pages(self._views))

    def _page(self, page: Page) -> Target:
        # Nobody knows what templates of the workspace's own show.
        whole = not self._renderer.templates.is_builtin(page.template)
        counted = page.counted

        def basis(prints: Fingerprints) -> bytes:
            if counted is None:
                return prints.context(page.context, whole=whole)
            if counted.figures is None or whole:
                return rough(prints)
            return prints.of_data(counted.figures())

        def rough(prints: Fingerprints) -> bytes:
            if counted is None or counted.everything or whole:
                return prints.fact(EVERYTHING)
            return prints.all_data(counted.since) if counted.since else prints.fact(DATA)

        return Target(
            page.path,
            basis,
            lambda reading: self._rendered(page, reading),
            page.template,
            rough if counted else None,
        )

    def _record_page(self, path: str) -> Target:
        row = self._site.by_path.get(path)
        address = self._site.urls.records[path]
        is_builtin = self._renderer.templates.is_builtin("customer.html")

        def basis(prints: Fingerprints) -> bytes:
            if row is None:
                entry = self._site.day.library.by_path[path]
                return prints.of((path, entry.text, self._views.diagnostics.get(path)))
            history = self._site.git.history.of(path)
            gaps = self._site.git.history.gaps
            known = (self._site.edits.get(path), history.began, history.changes, gaps)
            neighbours = self._site.neighbours(row)
            beside = prints.of_data(neighbours) if is_builtin else prints.of(neighbours)
            return prints.of((row, beside, known))

        def make(reading: Reading | None) -> Files:
            return self._rendered(record_page(self._views, path), reading)

        return Target(address, basis, make, "customer.html" if row else "unreadable.html")

    def _rendered(self, page: Page, reading: Reading | None) -> Files:
        html = self._renderer.render(page, reading)
        html, script, later = split_later(page.path, html, self._site.today.isoformat())
        yield page.path, html.encode()
        if script:
            yield script, later

    # --- Data ---

    def _record_files(self, path: str) -> Iterator[Target]:
        row = self._site.by_path.get(path)
        if row is None:
            return
        key = record_key(row.customer, self._site.day.library)
        for name in (record_calendar(row), record_cards(row)):
            if name:
                yield Target(
                    name,
                    lambda prints: prints.of_data((row, key)),
                    partial(self._record_file, path, name),
                )

    def _record_file(self, record: str, path: str, reading: Reading | None) -> Files:
        del reading
        yield path, record_file(self._site, self._site.by_path[record], path)

    def _shared_data(self) -> Iterator[Target]:
        """Yield what is made from all records at once, in the order of `_SHARED_PLACES`."""
        site = self._site

        def latest(prints: Fingerprints) -> bytes:
            told = latest_followups(site.day)
            library = site.day.library
            return prints.of_data(
                [(site.by_path[who.path], record_key(who, library), each) for who, *each in told]
            )

        def data(prints: Fingerprints) -> bytes:
            return prints.fact(DATA)

        def counts(prints: Fingerprints) -> bytes:
            return prints.of(tallies(site))

        def everything(prints: Fingerprints) -> bytes:
            return prints.fact(EVERYTHING)

        made: tuple[tuple[str, Callable[[Fingerprints], bytes], Callable[[], Files]], ...] = (
            (CALENDAR, data, lambda: shared_calendars(site)),
            (FEED, latest, lambda: [(FEED, feed(site))]),
            (ROWS, data, lambda: [(ROWS, rows(site))]),
            ("data/search-0.js", everything, lambda: search_files(site)),
            ("data/customers.js", data, lambda: table_files(site)),
            (SCRIPT, counts, lambda: [today_script(site)]),
        )
        for path, basis, make in made:
            yield Target(path, basis, partial(_call, make))


_SHARED_PLACES = (
    (CALENDAR, "owners/"),
    (FEED,),
    (ROWS,),
    ("data/search-",),
    ("data/customers.js", "data/customers-"),
    (SCRIPT,),
)


def _fixed(basis: bytes, prints: Fingerprints) -> bytes:
    del prints
    return basis


def _as_is(path: str, data: bytes, reading: Reading | None) -> Files:
    del reading
    return [(path, data)]


def _call(make: Callable[[], Files], reading: Reading | None) -> Files:
    del reading
    return make()


def _one(target: Target) -> Iterable[Target]:
    return [target]
