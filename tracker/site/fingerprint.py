"""Fingerprints of what pages show, by which it is known what need not be made again.

Two values with one fingerprint give the same page; values with different ones may give the same
page all the same. Fingerprints are the same in every process, so they can be kept.
"""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

import msgspec

from tracker.library.commit_log import Gap
from tracker.site.page import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tracker.site.page import Site

_DIGEST_BYTES = 16


def digest(data: bytes) -> bytes:
    """Return the fingerprint of bytes."""
    return hashlib.blake2b(data, digest_size=_DIGEST_BYTES).digest()


class Fingerprints:
    """Fingerprints of values of one site.

    Args:
        site: The site. Its settings and its day are part of every fingerprint that is not a
            row's.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        config = site.config
        self._frame = repr((config.fingerprint, config.title, site.today)).encode()
        self._encoder = msgspec.msgpack.Encoder(enc_hook=self._plain)
        self._facts: dict[str, bytes] = {}

    def of(self, value: object) -> bytes:
        """Return the fingerprint of something that a template is given.

        A row counts with everything that its record says.
        """
        try:
            written = self._encoder.encode(value)
        except (ValueError, TypeError, OverflowError):
            # Such as half a surrogate pair in a name: the page is made anew each time.
            written = os.urandom(_DIGEST_BYTES)
        return digest(self._frame + written)

    def context(self, context: Mapping[str, object]) -> bytes:
        """Return the fingerprint of what a page is given.

        The site itself does not count: what templates read of it is noted when they do, and is
        a `fact` then.
        """
        return self.of({name: value for name, value in context.items() if name != "site"})

    def row(self, row: Row) -> bytes:
        """Return the fingerprint of a customer with all that is known of it on the day."""
        return row.once("fingerprint", self._of_row)

    def fact(self, name: str) -> bytes:
        """Return the fingerprint of something that templates can read of the site.

        Args:
            name: An attribute, `urls.NAME`, or `NAME.length`; anything but those of
                `WatchedSite` stands for all that the site knows.
        """
        if name not in self._facts:
            self._facts[name] = FACTS.get(name, _everything)(self)
        return self._facts[name]

    @property
    def site(self) -> Site:
        """Return the site."""
        return self._site

    def _of_row(self, row: Row) -> bytes:
        standing = row.standing
        text = self._site.day.library.by_path[standing.customer.path].text
        parts = (
            standing.customer.path,
            row.address,
            row.stage_address,
            row.owner_address,
            standing.status.stage_history,
            standing.diagnostics,
        )
        return digest(self._frame + repr(parts).encode("utf-8", "backslashreplace") + _bytes(text))

    def _plain(self, value: object) -> object:
        """Return what stands for a value that cannot be written as it is."""
        return self.row(value) if isinstance(value, Row) else repr(value)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _read(name: str) -> Callable[[Fingerprints], bytes]:
    return lambda found: found.of(getattr(found.site, name))


def _read_address(name: str) -> Callable[[Fingerprints], bytes]:
    return lambda found: found.of(getattr(found.site.urls, name))


def _read_length(name: str) -> Callable[[Fingerprints], bytes]:
    return lambda found: found.of(len(getattr(found.site, name)))


def _everything(found: Fingerprints) -> bytes:
    site = found.site
    left_out = [(entry.path, entry.text, entry.problems) for entry in site.day.library.left_out]
    history = site.git.history
    git = repr((history.head, history.gaps, sorted(site.edits.items()), _earlier(site)))
    return found.of((site.rows, left_out, site.day.diagnostics, git))


def _earlier(site: Site) -> object:
    earlier = site.git.earlier
    return earlier if isinstance(earlier, Gap) else earlier.point


PLAIN_FACTS = ("today", "horizon", "title", "left_out", "broken", "problems")
"""Attributes of a site that are plain values."""

ADDRESSES = ("records", "stages", "owners", "views")
"""Attributes of a site's addresses."""

LISTS = ("rows", "overdue", "by_importance")
"""Attributes that are rows, of which most templates ask how many there are."""

FACTS: dict[str, Callable[[Fingerprints], bytes]] = {
    **{name: _read(name) for name in (*PLAIN_FACTS, *LISTS)},
    **{f"urls.{name}": _read_address(name) for name in ADDRESSES},
    **{f"{name}.length": _read_length(name) for name in LISTS},
}
"""What can be read of a site one by one."""

EVERYTHING = "everything"
"""Name of the fact that stands for all that the site knows."""
