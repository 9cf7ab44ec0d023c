"""What the targets of a site were made from, by which it is known which need not be made again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from tracker.digests import digest

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
        rough: The same with its rough basis; empty where it has none.
        facts: Names of what was read of the site beyond its basis, in order.
        records: Address of each record that was linked to, by path; None where there was none.
        attachments: Whether each file that was linked to was published.
        files: Fingerprints of the files that came of it, by their paths in the site.
    """

    source: bytes
    rough: bytes
    facts: tuple[str, ...]
    records: dict[str, str | None]
    attachments: dict[str, bool]
    files: dict[str, bytes]

    @classmethod
    def of_unknown_source(cls, reading: Reading, files: Mapping[str, bytes]) -> Made:
        """Return what is to be known of a target where nobody will ask what it was made from.

        Args:
            reading: What was read for it beyond its basis.
            files: Its files by their paths.
        """
        return cls(b"", b"", (), reading.records, reading.attachments, dict(files))

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

    def current(self, target: Target, made: Made | None) -> Made | None:
        """Return what is to be known of a target now if making it again would give the same files.

        Args:
            target: The target.
            made: What is known of it; None where nothing is.

        Returns:
            None where it has to be made.
        """
        if made is None or not self._links_hold(made):
            return None
        rough = self._rough(target, made.facts)
        if rough and rough == made.rough:
            return made
        if self._source(target, made.facts) != made.source:
            return None
        return msgspec.structs.replace(made, rough=rough)

    def _links_hold(self, made: Made) -> bool:
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
        return Made(
            self._source(target, facts),
            self._rough(target, facts),
            facts,
            reading.records,
            reading.attachments,
            dict(files),
        )

    def _source(self, target: Target, facts: tuple[str, ...]) -> bytes:
        basis = self._bases.get(target.path)
        if basis is None:
            basis = self._bases[target.path] = target.basis(self._prints)
        return self._with_facts(basis, target, facts)

    def _rough(self, target: Target, facts: tuple[str, ...]) -> bytes:
        if target.rough is None:
            return b""
        return self._with_facts(target.rough(self._prints), target, facts)

    def _with_facts(self, basis: bytes, target: Target, facts: tuple[str, ...]) -> bytes:
        parts = [basis, *map(self._prints.fact, facts)]
        if target.template:
            parts.append(self._renderer.templates.fingerprint(target.template))
            if not self._renderer.templates.is_builtin(target.template):
                # Nobody knows which settings it shows.
                parts.append(self._prints.site.config.fingerprint.encode())
        return digest(b"".join(parts))
