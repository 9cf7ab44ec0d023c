"""What a picture of counts over time is drawn from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from tracker.periods import Period


class Point(Struct, frozen=True):
    """One bar.

    Attributes:
        count: How high it is.
        address: Where its rows are; None where it has none.
        period: The days that it stands for.
        over: Whether these days are over, so that nothing is added.
    """

    count: int
    address: str | None
    period: Period
    over: bool
