"""The people at customers as cards for an address book."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.exchange.entries import record_key
from tracker.exchange.export import VCARD_VERSION
from tracker.exchange.vcard import Version, cards

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.exchange.export import Export


def write(export: Export, path: Path) -> None:
    """Write the cards to a file; see `tracker.exchange.export.Writer`."""
    version = Version(export.options.get(VCARD_VERSION, Version.V4))
    with path.open("wb") as stream:
        for standing in export.standings:
            customer = standing.customer
            key = record_key(customer, export.day.library)
            stream.write(cards(customer, export.config, key, version, export.today))
