"""Three-way merging of lines and of ordered things: what the parts of a record are merged with.

Everywhere `base` is what both sides began with, `ours` and `theirs` are what became of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from enum import Enum
from itertools import takewhile
from typing import Literal, TypeAlias, TypeVar

from msgspec import Struct

Value = TypeVar("Value")


class Taken(Enum):
    """Which side a three-way comparison takes."""

    OURS = "ours"
    THEIRS = "theirs"
    NEITHER = "neither"
    """Both have changed, and not to the same."""


class Conflict(Struct, frozen=True):
    """Lines that both sides have changed, and not to the same.

    Attributes:
        base: What the lines were.
        ours: What they are on our side; empty where it has none of them.
        theirs: The same for the other side.
    """

    base: tuple[str, ...]
    ours: tuple[str, ...]
    theirs: tuple[str, ...]


Part: TypeAlias = "str | Conflict"
"""A line, or a conflict in the place of some."""

Lines: TypeAlias = Sequence[str]

Style: TypeAlias = Literal["merge", "diff3", "zdiff3"]
"""How conflicts are shown: git's setting `merge.conflictStyle`."""

LineMerger: TypeAlias = Callable[[Lines, Lines, Lines], list[Part]]
"""Merges base, ours and theirs line by line."""


class Method(Struct, frozen=True):
    """How what both sides have changed is merged.

    Attributes:
        merge_lines: Merges free text, and cuts conflicts in the same style.
        style: How conflicts are shown.
    """

    merge_lines: LineMerger
    style: Style = "merge"

    def conflict(self, base: Lines, ours: Lines, theirs: Lines) -> list[Part]:
        """Return lines in conflict; those at either end that both sides share stand around it.

        In the style `diff3` these belong to it too, because what they were stands in it.

        Args:
            base: What the lines were.
            ours: What they are on our side.
            theirs: The same for the other side.
        """
        head = tail = 0
        if self.style != "diff3":
            head = _equal_at_start(ours, theirs)
            tail = _equal_at_start(ours[head:][::-1], theirs[head:][::-1])
        middle = [tuple(side[head : len(side) - tail]) for side in (ours, theirs)]
        inner = Conflict(tuple(base), middle[0], middle[1])
        return [*ours[:head], inner, *ours[len(ours) - tail :]]

    def one_sided(self, base: Lines | None, ours: Lines | None, theirs: Lines | None) -> list[Part]:
        """Return what becomes of lines that a side lacks; None stands for a side without them.

        What one side has added stays, what it has taken away is gone, and what the other has
        changed all the same is in conflict.
        """
        left = theirs if ours is None else ours
        if left is None or left == base:
            return []
        return list(left) if base is None else self.conflict(base, ours or (), theirs or ())


class Labels(Struct, frozen=True):
    """How the sides are called behind the markers of a conflict."""

    base: str = "base"
    ours: str = "ours"
    theirs: str = "theirs"


def pick(base: Value, ours: Value, theirs: Value) -> Taken:
    """Return the side that has changed something; ours where both have changed it to the same."""
    if theirs in (ours, base):
        return Taken.OURS
    return Taken.THEIRS if ours == base else Taken.NEITHER


def picked(base: Value, ours: Value, theirs: Value) -> Value | None:
    """Return the value that `pick` takes; None where it takes neither."""
    taken = pick(base, ours, theirs)
    return {Taken.OURS: ours, Taken.THEIRS: theirs}.get(taken)


def _equal_at_start(one: Lines, other: Lines) -> int:
    """Return how many lines are the same before the first one that is not."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def side_lines(parts: Sequence[Part], side: Taken) -> list[str]:
    """Return the lines with every conflict resolved to one side."""
    lines: list[str] = []
    for part in parts:
        if isinstance(part, str):
            lines.append(part)
        else:
            lines += part.theirs if side is Taken.THEIRS else part.ours
    return lines


def marked_lines(
    parts: Sequence[Part], labels: Labels, marker_size: int, *, with_base: bool
) -> tuple[list[str], list[tuple[int, Conflict]]]:
    """Return the lines with the conflicts between git's markers.

    Args:
        parts: What was merged.
        labels: What stands behind the markers.
        marker_size: The number of signs in a marker.
        with_base: Show also what the lines were.

    Returns:
        The lines; and each conflict with the number of the line of its first marker, from 1.
    """
    lines: list[str] = []
    conflicts = []
    for part in parts:
        if isinstance(part, str):
            lines.append(part)
            continue
        conflicts.append((len(lines) + 1, part))
        lines += (_marker("<", marker_size, labels.ours), *part.ours)
        if with_base:
            lines += (_marker("|", marker_size, labels.base), *part.base)
        lines += ("=" * marker_size, *part.theirs, _marker(">", marker_size, labels.theirs))
    return lines, conflicts


def _marker(sign: str, size: int, label: str) -> str:
    return f"{sign * size} {label}".rstrip()


# --- Order --------------------------------------------------------------------------------------

Key = TypeVar("Key", bound=Hashable)


def merge_order(
    base: Sequence[Key],
    ours: Sequence[Key],
    theirs: Sequence[Key],
    kept: set[Key],
    combine: Callable[[list[Key], list[Key]], list[Key]],
) -> list[Key]:
    """Return the order of what is kept: moves of either side stay, additions behind what was there.

    Args:
        base: The keys in their order, none twice; likewise for the sides.
        ours: Ours.
        theirs: Theirs.
        kept: Those that are in the result; each is on one side at least.
        combine: Puts what the two sides have added at one place into an order.
    """
    in_both = kept.intersection(ours).intersection(theirs)
    core = _core_order(base, ours, theirs, in_both)
    added_ours = _by_predecessor(ours, in_both, kept)
    added_theirs = _by_predecessor(theirs, in_both, kept)
    order: list[Key] = []
    for key in (None, *core):
        if key is not None:
            order.append(key)
        one, other = added_ours.get(key, []), added_theirs.get(key, [])
        order += combine(one, other) if one and other else one or other
    return order


def _core_order(
    base: Sequence[Key], ours: Sequence[Key], theirs: Sequence[Key], in_both: set[Key]
) -> list[Key]:
    """Return the order of what both sides have: that of the side that has moved something."""
    old = [key for key in base if key in in_both]
    by_side = [[key for key in side if key in in_both] for side in (ours, theirs)]
    known = set(old)
    moved = [[key for key in order if key in known] != old for order in by_side]
    if moved[0] != moved[1]:
        return by_side[moved.index(True)]
    # Either will do; the choice must not depend on who merges.
    ranks = {key: rank for rank, key in enumerate(old)}
    return min(by_side, key=lambda order: [ranks.get(key, len(old)) for key in order])


def _by_predecessor(
    side: Sequence[Key], in_both: set[Key], kept: set[Key]
) -> dict[Key | None, list[Key]]:
    """Return what only one side has, by what stands before it on both."""
    added: defaultdict[Key | None, list[Key]] = defaultdict(list)
    before: Key | None = None
    for key in side:
        if key in in_both:
            before = key
        elif key in kept:
            added[before].append(key)
    return added


# --- Finding again ------------------------------------------------------------------------------


_MOST_COMPARISONS = 10_000
"""Pairs whose likeness is looked at, of one kind; beyond, things are found again by their place."""


def match(
    before: Sequence[Value],
    after: Sequence[Value],
    kind_of: Callable[[Value], Hashable],
    text_of: Callable[[Value], str],
    least: Callable[[Value], float],
) -> dict[int, int]:
    """Find things again after a change: equal ones first, then the ones most alike.

    Args:
        before: What there was.
        after: What there is.
        kind_of: Only things of one kind are the same.
        text_of: What tells how alike two of them are.
        least: How alike, 0 to 1, another must be at least to be this one changed.

    Returns:
        For the index of a thing after the change, that of the one that it was before.
    """
    found: dict[int, int] = {}
    equal: defaultdict[tuple[Hashable, str], list[int]] = defaultdict(list)
    for index, thing in reversed(list(enumerate(before))):
        equal[kind_of(thing), text_of(thing)].append(index)
    for index, thing in enumerate(after):
        if same := equal.get((kind_of(thing), text_of(thing))):
            found[index] = same.pop()
    taken = set(found.values())
    kinds: defaultdict[Hashable, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for index in (index for index in range(len(before)) if index not in taken):
        kinds[kind_of(before[index])][0].append(index)
    for index in (index for index in range(len(after)) if index not in found):
        kinds[kind_of(after[index])][1].append(index)
    for old, new in kinds.values():
        found |= _most_alike(before, after, (old, new), text_of, least)
    return found


def _most_alike(
    before: Sequence[Value],
    after: Sequence[Value],
    indexes: tuple[list[int], list[int]],
    text_of: Callable[[Value], str],
    least: Callable[[Value], float],
) -> dict[int, int]:
    """Find again, as `match` does, the things of one kind that have these indexes."""
    found: dict[int, int] = {}
    taken: set[int] = set()
    old, new = indexes
    if len(old) * len(new) > _MOST_COMPARISONS:
        return dict(zip(new, old, strict=False))
    pairs = [
        (-like, abs(rank - place), one, other)
        for rank, one in enumerate(old)
        for place, other in enumerate(new)
        if (like := likeness(text_of(before[one]), text_of(after[other]))) >= least(before[one])
    ]
    for _, _, one, other in sorted(pairs):
        if one not in taken and other not in found:
            found[other] = one
            taken.add(one)
    return found


def likeness(one: str, other: str) -> float:
    """Return how alike two texts are, 0 to 1."""
    if one == other:
        return 1.0
    # Imported late: most merges change nothing that has to be searched for.
    from rapidfuzz import fuzz

    return fuzz.ratio(one, other) / 100
