"""What the targets of a site were made from, by which it is known which need not be made again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from tracker.site.fingerprint import digest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.site.attachments import Attachments
    from tracker.site.fingerprint import Fingerprints
    from tracker.site.reading import Reading
    from tracker.site.render import SiteRenderer
    from tracker.site.targets import Target


class Made(msgspec.Struct, frozen=True, array_like=True):
    """A target when it was made last.

    Attributes:
        source: Fingerprint of what it was made from: its basis, its templates, and the facts.
        facts: Names of what was read of the site beyond its basis, in order.
        records: Address of each record that was linked to, by path; None where there was none.
        attachments: Whether each file that was linked to was published.
        files: Fingerprints of the files that came of it, by their paths in the site.
    """

    source: bytes
    facts: tuple[str, ...]
    records: dict[str, str | None]
    attachments: dict[str, bool]
    files: dict[str, bytes]

    @property
    def published(self) -> list[str]:
        """Return the attachments that its pages link to."""
        return [path for path, published in self.attachments.items() if published]


class Sources:
    """What the targets of one site are made from, now.

    Args:
        prints: Fingerprints of what the site says.
        renderer: Knows the templates.
        attachments: Knows which files are published.
    """

    def __init__(
        self, prints: Fingerprints, renderer: SiteRenderer, attachments: Attachments
    ) -> None:
        self._prints = prints
        self._renderer = renderer
        self._attachments = attachments
        self._bases: dict[str, bytes] = {}

    def is_current(self, target: Target, made: Made | None) -> bool:
        """Tell whether making a target again would give the same files."""
        if made is None or made.source != self._source(target, made.facts):
            return False
        addresses = self._prints.site.urls.records
        is_published = self._attachments.is_published
        return all(addresses.get(path) == at for path, at in made.records.items()) and all(
            is_published(path) == published for path, published in made.attachments.items()
        )

    def made(self, target: Target, reading: Reading, files: Mapping[str, bytes]) -> Made:
        """Return what is to be known of a target that has just been made.

        Args:
            target: The target.
            reading: What was read for it beyond its basis.
            files: Fingerprints of its files by their paths.
        """
        facts = tuple(sorted(reading.facts))
        source = self._source(target, facts)
        return Made(source, facts, reading.records, reading.attachments, dict(files))

    def _source(self, target: Target, facts: tuple[str, ...]) -> bytes:
        template = self._renderer.template_fingerprint(target.template) if target.template else b""
        basis = self._bases.get(target.path)
        if basis is None:
            basis = self._bases[target.path] = target.basis(self._prints)
        return digest(b"".join((basis, template, *map(self._prints.fact, facts))))
