"""Fingerprints of what pages show, by which it is known what need not be made again.

Two values with one fingerprint give the same page; values with different ones may give the same
page all the same. Fingerprints are the same in every process, so they can be kept.

A customer has three: of its whole record, of its data, which is all but what was said in so many
words, and of what was said lately. Built-in templates of lists and numbers show nothing of a row
but data; a follow-up or promise whose words they show stands in the page's context itself.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import msgspec

from tracker.config import Terms
from tracker.digests import digest
from tracker.library.cache_files import NOT_KEPT, to_plain
from tracker.library.commit_log import Gap
from tracker.library.record_digests import words_of_followup
from tracker.library.status import Reference
from tracker.site.page import Row
from tracker.spans import Spans

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from tracker.config import Config
    from tracker.library.record_digests import RecordDigests
    from tracker.model import FollowUp
    from tracker.site.page import Site

_ANY_TEXT = ("utf-8", "surrogatepass")
"""How texts become bytes; half a surrogate pair in one is no error."""

_NOT_FOR_PAGES = {"rules", "rule_spans", "profiles", "file_names", "fingerprint"}
"""Settings that change no page by themselves."""


class Fingerprints:
    """Fingerprints of values of one site.

    Args:
        site: The site. Its settings and its day are part of every fingerprint that is not a
            row's.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._frame = repr((_settings_of_pages(site.config), site.today)).encode(*_ANY_TEXT)
        self._whole = msgspec.msgpack.Encoder(enc_hook=self._with_whole_rows)
        self._data = msgspec.msgpack.Encoder(enc_hook=self._with_data)
        self._facts: dict[str, bytes] = {}
        self._followups: dict[int, tuple[FollowUp, bytes]] = {}

    def of(self, value: object) -> bytes:
        """Return the fingerprint of something that a template is given.

        A row counts with everything that its record says.
        """
        return self._of(value, self._whole)

    def of_data(self, value: object) -> bytes:
        """Return the fingerprint of something of whose rows nothing but data is shown."""
        return self._of(value, self._data)

    def context(self, context: Mapping[str, object], *, whole: bool) -> bytes:
        """Return the fingerprint of what a page is given.

        The site itself does not count: what templates read of it is noted when they do, and is
        a `fact` then.

        Args:
            context: What the page is given.
            whole: Whether a row counts with everything that its record says, or with its data.
        """
        given = {name: value for name, value in context.items() if name != "site"}
        return self.of(given) if whole else self.of_data(given)

    def row(self, row: Row) -> bytes:
        """Return the fingerprint of a customer with all that is known of it on the day."""
        return row.once("fingerprint", self._of_row)

    def data(self, row: Row) -> bytes:
        """Return the fingerprint of the same, apart from what was said in so many words."""
        return row.once("fingerprint of data", self._of_row_data)

    def all_data(self, since: date) -> bytes:
        """Return the fingerprint of the data of all customers and of what was said lately.

        Args:
            since: The first day of follow-ups that count with what was said.
        """

        def said(row: Row) -> bytes:
            late = (each for each in row.customer.followups if each.date >= since)
            return digest(repr([words_of_followup(each) for each in late]).encode(*_ANY_TEXT))

        lately = [row.once(f"fingerprint since {since}", said) for row in self._site.rows]
        return digest(self.fact(DATA) + b"".join(lately))

    def fact(self, name: str) -> bytes:
        """Return the fingerprint of something that templates can read of the site.

        Args:
            name: An attribute, `urls.NAME`, or `NAME.length`; `DATA` stands for the data of all
                customers; anything but those and what `WatchedSite` has stands for all that the
                site knows.
        """
        if name not in self._facts:
            self._facts[name] = FACTS.get(name, _everything)(self)
        return self._facts[name]

    @property
    def site(self) -> Site:
        """Return the site."""
        return self._site

    def _of(self, value: object, encoder: msgspec.msgpack.Encoder) -> bytes:
        try:
            written = encoder.encode(value)
        except NOT_KEPT:
            # Such as half a surrogate pair in a name: the page is made anew each time.
            written = os.urandom(16)
        return digest(self._frame + written)

    def _of_row(self, row: Row) -> bytes:
        return digest(self._of_standing(row) + self._digests(row).text)

    def _of_row_data(self, row: Row) -> bytes:
        return digest(self._of_standing(row) + self._digests(row).data)

    def _digests(self, row: Row) -> RecordDigests:
        return self._site.day.library.by_path[row.customer.path].digests

    def _of_standing(self, row: Row) -> bytes:
        return row.once("fingerprint of standing", self._of_standing_now)

    def _of_standing_now(self, row: Row) -> bytes:
        standing = row.standing
        parts = (
            standing.customer.path,
            row.address,
            row.stage_address,
            row.owner_address,
            standing.status.stage_history,
            standing.diagnostics,
        )
        return digest(self._frame + repr(parts).encode(*_ANY_TEXT))

    def _with_whole_rows(self, value: object) -> object:
        """Return what stands for a value that cannot be written as it is."""
        return self.row(value) if isinstance(value, Row) else self._other(value)

    def _with_data(self, value: object) -> object:
        """Return the same where of rows nothing but data is shown."""
        return self.data(value) if isinstance(value, Row) else self._other(value)

    def _other(self, value: object) -> object:
        if isinstance(value, Spans):
            return to_plain(value)
        if not isinstance(value, Reference):
            return repr(value)
        followup = value.followup
        known = self._followups.get(id(followup))
        if known is None:
            # It is kept with its fingerprint, so that no other one comes to stand in its place.
            known = self._followups[id(followup)] = followup, self._of(followup, self._data)
        return known[1]


def _settings_of_pages(config: Config) -> object:
    """Return the settings that pages can differ by, without their places in the file.

    What rules find is shown as it was found; a profile makes a site of its own.
    """
    settings: list[tuple[str, object]] = []
    for name in config.__struct_fields__:
        value = getattr(config, name)
        if name == "views":
            value = [(view.name, view.label, view.query) for view in config.views]
        elif isinstance(value, Terms):
            value = tuple(value)
        if name not in _NOT_FOR_PAGES:
            settings.append((name, value))
    return settings


def _read(name: str) -> Callable[[Fingerprints], bytes]:
    return lambda found: found.of(getattr(found.site, name))


def _read_address(name: str) -> Callable[[Fingerprints], bytes]:
    return lambda found: found.of(getattr(found.site.urls, name))


def _read_length(name: str) -> Callable[[Fingerprints], bytes]:
    return lambda found: found.of(len(getattr(found.site, name)))


def _everything(found: Fingerprints) -> bytes:
    rows = b"".join(map(found.row, found.site.rows))
    return digest(rows + found.of(_beside_rows(found.site)))


def _all_data(found: Fingerprints) -> bytes:
    rows = b"".join(map(found.data, found.site.rows))
    return digest(rows + found.of(_beside_rows(found.site)))


def _beside_rows(site: Site) -> object:
    """Return what the site knows beside its rows, whose own problems count with them."""
    readable = site.by_path
    left_out = [(entry.path, entry.text, entry.problems) for entry in site.day.library.left_out]
    problems = [each for each in site.day.diagnostics if each.path not in readable]
    history = site.git.history
    told = history.head, history.telling, history.gaps
    git = repr((told, sorted(site.edits.items()), _earlier(site)))
    return left_out, problems, git


def _earlier(site: Site) -> object:
    earlier = site.git.earlier
    if isinstance(earlier, Gap):
        return earlier
    return earlier.point, sorted(earlier.renames.items()), sorted(earlier.left_out)


PLAIN_FACTS = ("today", "horizon", "title", "left_out", "broken", "problems")
"""Attributes of a site that are plain values."""

ADDRESSES = ("records", "stages", "owners", "views")
"""Attributes of a site's addresses."""

LISTS = ("rows", "overdue", "by_importance")
"""Attributes that are rows, of which most templates ask how many there are."""

DATA = "data"
"""Name of the fact that stands for the data of all customers."""

FACTS: dict[str, Callable[[Fingerprints], bytes]] = {
    **{name: _read(name) for name in (*PLAIN_FACTS, *LISTS)},
    **{f"urls.{name}": _read_address(name) for name in ADDRESSES},
    **{f"{name}.length": _read_length(name) for name in LISTS},
    DATA: _all_data,
}
"""What can be read of a site one by one."""

EVERYTHING = "everything"
"""Name of the fact that stands for all that the site knows."""
