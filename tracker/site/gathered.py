"""Lists and numbers to which many contribute, kept from one state of a site to the next.

After an edit nearly all customers contribute what they did before. So what the others contributed
is taken out and put in, and nothing else is looked at; what comes of it is the same as if all of it
were gathered anew.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
    from typing import TypeAlias

    Key: TypeAlias = tuple[Any, ...]
    Contribution: TypeAlias = Mapping[str, Iterable[tuple[Key, Any]]]
    """Entries with the keys that order them, by the name of the list; no key is there twice."""

Source = TypeVar("Source")

_FEW = 8
"""The share, as a divisor, of those who contribute up to which it is quicker to follow changes."""


class Gathered(Struct, Generic[Source], frozen=True):
    """Lists of what was contributed, each in the order of its keys.

    Attributes:
        sources: Those who contributed.
        keys: The keys of each list by its name.
        items: The entries of each list by its name; a list without any may be missing.
    """

    sources: frozenset[Source]
    keys: Mapping[str, list[Key]]
    items: Mapping[str, tuple[Any, ...]]


class Difference(Struct, Generic[Source], frozen=True):
    """How those who contribute are others than before.

    Attributes:
        gone: Those who did before.
        new: Those who do now.
        is_small: Whether there are so few that it is quicker to follow the changes.
    """

    gone: frozenset[Source]
    new: frozenset[Source]
    is_small: bool

    @classmethod
    def between(cls, before: frozenset[Source], now: frozenset[Source]) -> Difference[Source]:
        """Return the difference between who contributed at two times."""
        gone, new = before - now, now - before
        return cls(gone, new, (len(gone) + len(new)) * _FEW <= len(now))


def gathered(
    sources: frozenset[Source],
    contribution: Callable[[Source], Contribution],
    before: Gathered[Source] | None,
    difference: Callable[[frozenset[Source], frozenset[Source]], Difference[Source]],
) -> Gathered[Source]:
    """Return lists in the order of their keys.

    Args:
        sources: Those who contribute.
        contribution: What one of them does: always the same.
        before: The lists of others, most of them the same; None where there are none.
        difference: `Difference.between`, or what remembers its results.
    """
    if before is None:
        return _gathered_anew(sources, contribution)
    if sources is before.sources:
        return before
    other = difference(before.sources, sources)
    if not other.is_small:
        return _gathered_anew(sources, contribution)
    keys = defaultdict(list, {name: list(each) for name, each in before.keys.items()})
    items = defaultdict(list, {name: list(each) for name, each in before.items.items()})
    for name, key, _item in _entries(other.gone, contribution):
        place = bisect_left(keys[name], key)
        del keys[name][place], items[name][place]
    for name, key, item in _entries(other.new, contribution):
        place = bisect_left(keys[name], key)
        keys[name].insert(place, key)
        items[name].insert(place, item)
    return Gathered(sources, dict(keys), {name: tuple(each) for name, each in items.items()})


def _gathered_anew(
    sources: frozenset[Source], contribution: Callable[[Source], Contribution]
) -> Gathered[Source]:
    lists: defaultdict[str, list[tuple[Key, Any]]] = defaultdict(list)
    for name, key, item in _entries(sources, contribution):
        lists[name].append((key, item))
    for entries in lists.values():
        entries.sort(key=itemgetter(0))
    return Gathered(
        sources,
        {name: [key for key, _item in entries] for name, entries in lists.items()},
        {name: tuple(item for _key, item in entries) for name, entries in lists.items()},
    )


def _entries(
    sources: Iterable[Source], contribution: Callable[[Source], Contribution]
) -> Iterator[tuple[str, Key, Any]]:
    for source in sources:
        for name, entries in contribution(source).items():
            for key, item in entries:
                yield name, key, item


class Counted(Struct, Generic[Source], frozen=True):
    """Numbers that were added up.

    Attributes:
        sources: Those who contributed.
        numbers: The sums by what was counted; one that is 0 may be missing.
    """

    sources: frozenset[Source]
    numbers: Counter[Any]


def counted(
    sources: frozenset[Source],
    share: Callable[[Source], Iterable[tuple[Hashable, int]]],
    before: Counted[Source] | None,
    difference: Callable[[frozenset[Source], frozenset[Source]], Difference[Source]],
) -> Counted[Source]:
    """Return sums.

    Args:
        sources: Those who contribute.
        share: What one of them adds to which number: always the same.
        before: The sums of others, most of them the same; None where there are none.
        difference: As for lists.
    """
    if before is not None and sources is before.sources:
        return before
    gone, new, numbers = frozenset[Source](), sources, Counter[Any]()
    if before is not None and (other := difference(before.sources, sources)).is_small:
        gone, new, numbers = other.gone, other.new, Counter(before.numbers)
    for source in gone:
        for name, number in share(source):
            numbers[name] -= number
    for source in new:
        for name, number in share(source):
            numbers[name] += number
    return Counted(sources, numbers)
