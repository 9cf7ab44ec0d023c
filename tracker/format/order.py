"""The order in which the follow-ups of a record stand."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tracker.model import FollowUp


def moments_of(followups: Sequence[FollowUp]) -> list[datetime]:
    """Return the moment of each follow-up; one without a time may stand anywhere in its day.

    Args:
        followups: Follow-ups that are meant to stand oldest first.
    """
    moments: list[datetime] = []
    for index, followup in enumerate(followups):
        same_day = index > 0 and followups[index - 1].date == followup.date
        moments.append(moments[-1] if followup.time is None and same_day else followup.order)
    return moments


def is_sorted(moments: Sequence[datetime]) -> bool:
    """Tell whether no moment is before the one in front of it."""
    return all(earlier <= later for earlier, later in pairwise(moments))


def stand_in_order(followups: Sequence[FollowUp], *, newest_first: bool) -> bool:
    """Tell whether follow-ups stand in the order that a team keeps."""
    return is_sorted(moments_of(followups[::-1] if newest_first else followups))


def in_order(followups: Sequence[FollowUp], *, newest_first: bool) -> list[FollowUp]:
    """Return follow-ups in the order that a team keeps, unmoved where they stand in it already.

    One without a time is the first of its day. Of two at one moment, the later in the file is the
    newer, so these never change places.
    """
    if stand_in_order(followups, newest_first=newest_first):
        return list(followups)
    # A stable sort keeps those of one moment as they stand, in either direction.
    return sorted(followups, key=lambda followup: followup.order, reverse=newest_first)
