"""How much is measured: over how many customers, how often, and for how long."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.interleaving import Effort

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Size:
    """What is done with records of one number.

    Attributes:
        customers: How many.
        cold: The effort for cold builds.
        commands: The effort for the commands; None leaves them out.
        stages: How often the stages are timed.
        edits: How many edits a server has to show.
        openings: How often pages are opened in a browser.
        peers: Whether all peers build, or Hugo alone.
        variants: Whether to build in one process too, and from records in git.
    """

    customers: int
    cold: Effort
    commands: Effort | None = None
    stages: int = 0
    edits: int = 0
    openings: int = 0
    peers: bool = True
    variants: bool = True


@dataclass(frozen=True)
class Scope:
    """What one run measures.

    Attributes:
        sizes: The sizes, the smallest first.
        seconds: After how many seconds no further round begins, and nothing that can be left out.
    """

    sizes: tuple[Size, ...]
    seconds: float = math.inf


_HUNDRED = Size(100, Effort(5, 30), variants=False)
_THOUSAND = Size(1_000, Effort(7, 80, 60, 20), Effort(7, 45), stages=3, edits=10)

SCOPES: Mapping[str, Scope] = {
    "tiny": Scope((Size(10, Effort(1), Effort(1), stages=1, variants=False),)),
    "quick": Scope(
        (
            Size(100, Effort(2, 15), variants=False),
            Size(1_000, Effort(3, 60, 60, 5), Effort(3, 15), stages=1),
        )
    ),
    # What is begun last, the commands at 10,000, may take five minutes more.
    "standard": Scope(
        (
            _HUNDRED,
            _THOUSAND,
            Size(
                10_000,
                Effort(3, patience=30, side_seconds=5),
                Effort(3),
                stages=1,
                openings=1,
                variants=False,
            ),
        ),
        seconds=600,
    ),
    # Builds of 100,000 take minutes, so one round has to do there.
    "full": Scope(
        (
            _HUNDRED,
            _THOUSAND,
            Size(
                10_000,
                Effort(3, patience=900, side_seconds=60),
                Effort(3),
                stages=1,
                edits=5,
                openings=3,
            ),
            Size(100_000, Effort(1, patience=3600), Effort(1), peers=False, variants=False),
        )
    ),
}
