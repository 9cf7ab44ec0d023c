"""Which follow-ups and promises of two states of a record are versions of one another.

They have no names of their own, so they are told apart by what they say. A follow-up is another
one's newer version where its text is the same, or else where its day is and the text is the most
alike of that day, or else where the text is nearly the same; a promise likewise by its text.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct
from rapidfuzz import fuzz

from tracker.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date, time

    from tracker.library.library import Entry
    from tracker.model import Commitment, FollowUp

SAME_TEXT = 80.0
"""Similarity, of 100, from which two texts are versions of one (share of equal characters)."""

SAME_DAY_TEXT = 50.0
"""The same for two follow-ups of one day at different times."""

SAME_PROMISE = 60.0
"""The same for two promises of one follow-up."""

_FEWEST_CHARACTERS = 10
"""Length below which a text is like another one too easily."""

_LONGEST_COMPARED = 500
"""Characters of a text that are compared; how it begins tells enough."""

_MOST_COMPARED = 40_000
"""Pairs of texts beyond which similar ones are not looked for: nobody writes so, and a file made
to be slow must not be."""

Part = TypeVar("Part")
Side = tuple["FollowUp", "Commitment"]


class Pairs(Struct, frozen=True):
    """What became of the follow-ups of a record.

    Attributes:
        kept: Older and newer version of those that are in both states, in the newer order.
        added: Those of the newer state alone.
        removed: Those of the older state alone.
    """

    kept: tuple[tuple[FollowUp, FollowUp], ...] = ()
    added: tuple[FollowUp, ...] = ()
    removed: tuple[FollowUp, ...] = ()


class PromisePair(Struct, frozen=True):
    """What became of one promise.

    Attributes:
        old: It and the follow-up that made it, in the older state; None where it is new.
        new: The same in the newer state; None where it is gone.
    """

    old: Side | None
    new: Side | None


def followup_pairs(before: Entry | None, after: Entry | None) -> Pairs:
    """Return what became of the follow-ups of a record; nothing where one side cannot be read.

    Args:
        before: Its file in the older state; None where it was not there.
        after: Its file in the newer state; None where it is gone.
    """
    if not all(map(_has_body, (before, after))):
        return Pairs()
    olds, news = _texts(before), _texts(after)
    found = _match_followups(olds, news)
    taken = set(found.values())
    return Pairs(
        tuple((olds[found[at]].followup, news[at].followup) for at in sorted(found)),
        tuple(each.followup for at, each in enumerate(news) if at not in found),
        tuple(each.followup for at, each in enumerate(olds) if at not in taken),
    )


def promise_pairs(pairs: Pairs) -> tuple[PromisePair, ...]:
    """Return what became of the promises of a record.

    Args:
        pairs: What became of its follow-ups.
    """
    found: list[PromisePair] = []
    for old, new in pairs.kept:
        matched = _match(old.commitments, new.commitments, lambda each: each.text, SAME_PROMISE)
        taken = set(matched.values())
        for at, each in enumerate(new.commitments):
            origin = (old, old.commitments[matched[at]]) if at in matched else None
            found.append(PromisePair(origin, (new, each)))
        found += [
            PromisePair((old, each), None)
            for at, each in enumerate(old.commitments)
            if at not in taken
        ]
    found += [PromisePair(None, (new, each)) for new in pairs.added for each in new.commitments]
    found += [PromisePair((old, each), None) for old in pairs.removed for each in old.commitments]
    return tuple(found)


def _has_body(entry: Entry | None) -> bool:
    """Tell whether the follow-ups of a file can be read; there are none where there is no file."""
    return entry is None or (
        entry.customer is not None
        # Without its end the whole file is front matter.
        and all(problem.code != "front-matter-unterminated" for problem in entry.problems)
    )


def section_text(followup: FollowUp, entry: Entry) -> str:
    """Return what a follow-up says in its file, without heading, promises and line breaks.

    Promises are ticked and postponed in place, so they are looked at by themselves.

    Args:
        followup: The follow-up.
        entry: The file that it stands in.
    """
    return _section_text(followup, entry.text.split("\n"))


def _section_text(followup: FollowUp, lines: Sequence[str]) -> str:
    tasks = {each.span.line for each in followup.commitments}
    numbers = range(followup.span.line + 1, followup.end_line + 1)
    words = (word for at in numbers if at not in tasks for word in lines[at - 1].split())
    return " ".join(words)


class _Text(Struct, frozen=True):
    followup: FollowUp
    text: str

    @property
    def moment(self) -> tuple[date, time | None]:
        return (self.followup.date, self.followup.time)


def _texts(entry: Entry | None) -> list[_Text]:
    if entry is None or entry.customer is None:
        return []
    lines = entry.text.split("\n")
    return [_Text(each, _section_text(each, lines)) for each in entry.customer.followups]


def _match_followups(olds: Sequence[_Text], news: Sequence[_Text]) -> dict[int, int]:
    """Return the place of the older version by the place of the newer one."""
    found: dict[int, int] = {}
    _pair_equal(olds, news, lambda each: (each.moment, each.text), found)
    _pair_groups(olds, news, lambda each: each.moment, 0, found)
    _pair_groups(olds, news, lambda each: each.followup.date, SAME_DAY_TEXT, found)
    _pair_groups(
        olds,
        news,
        lambda each: len(each.text) >= _FEWEST_CHARACTERS or None,
        SAME_TEXT,
        found,
    )
    return found


def _pair_groups(
    olds: Sequence[_Text],
    news: Sequence[_Text],
    key_of: Callable[[_Text], object],
    similarity: float,
    found: dict[int, int],
) -> None:
    """Pair what is left of each group, the most alike first."""
    old_groups = _groups(olds, found.values(), key_of)
    new_groups = _groups(news, found, key_of)
    for key, new_places in new_groups.items():
        old_places = old_groups.get(key, [])
        if key is None or len(old_places) * len(new_places) > _MOST_COMPARED:
            continue
        scores = sorted(
            (-score, new, old)
            for new in new_places
            for old in old_places
            if (score := _likeness(olds[old].text, news[new].text)) >= similarity
        )
        _take_best(scores, found)


def _groups(
    items: Sequence[_Text], known: Iterable[int], key_of: Callable[[_Text], object]
) -> dict[object, list[int]]:
    groups: defaultdict[object, list[int]] = defaultdict(list)
    for at in sorted(set(range(len(items))).difference(known)):
        groups[key_of(items[at])].append(at)
    return groups


def _pair_equal(
    olds: Sequence[Part],
    news: Sequence[Part],
    key_of: Callable[[Part], object],
    found: dict[int, int],
) -> None:
    """Pair what has the same key, in the order of the lists."""
    places: defaultdict[object, list[int]] = defaultdict(list)
    for at, each in enumerate(olds):
        places[key_of(each)].append(at)
    waiting: dict[object, Iterator[int]] = {key: iter(found) for key, found in places.items()}
    for at, each in enumerate(news):
        old = next(waiting.get(key_of(each), iter(())), None)
        if old is not None:
            found[at] = old


def _match(
    olds: Sequence[Part],
    news: Sequence[Part],
    text_of: Callable[[Part], str],
    similarity: float,
) -> dict[int, int]:
    """Return the place of the older version by the place of the newer one, by text alone."""
    found: dict[int, int] = {}
    _pair_equal(olds, news, lambda each: fold(text_of(each)), found)
    old_left = [at for at in range(len(olds)) if at not in set(found.values())]
    new_left = [at for at in range(len(news)) if at not in found]
    if len(old_left) * len(new_left) <= _MOST_COMPARED:
        scores = sorted(
            (-score, new, old)
            for new in new_left
            for old in old_left
            if (score := _likeness(text_of(olds[old]), text_of(news[new]))) >= similarity
        )
        _take_best(scores, found)
    return found


def _likeness(old: str, new: str) -> float:
    return fuzz.ratio(old[:_LONGEST_COMPARED], new[:_LONGEST_COMPARED])


def _take_best(scores: Iterable[tuple[float, int, int]], found: dict[int, int]) -> None:
    taken = set(found.values())
    for _, new, old in scores:
        if new not in found and old not in taken:
            found[new] = old
            taken.add(old)
