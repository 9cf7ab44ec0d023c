"""Two states of a workspace side by side: which records differ, and what became of their parts.

Parts have no names of their own, so they are told apart by what they say. A follow-up is another
one's newer version where its text is the same, or else where its day is and the text is the most
alike of that day, or else where the text is nearly the same; a promise likewise by its text.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct
from rapidfuzz import fuzz

from tracker.config import RECORDS_DIR
from tracker.text import fold
from tracker.vocabulary import StageKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date, time

    from tracker.config import Config, Stage
    from tracker.diagnostics import Span
    from tracker.library.library import Entry, Library
    from tracker.model import Change, Commitment, Customer, FollowUp

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


class Step(Struct, frozen=True):
    """A step from one stage to the next one.

    Attributes:
        old: Id of the stage before.
        new: Id of the stage after.
        span: Where the newer file says so: in a follow-up, or in the front matter alone.
    """

    old: str
    new: str
    span: Span


class RecordChange(Struct, frozen=True, dict=True):
    """A record that is not the same in two states.

    Attributes:
        before: Its file in the older state; None where it was not there.
        after: Its file in the newer state; None where it is gone.
        merged_into: The record of the newer state that has taken it in, where one has.
    """

    before: Entry | None
    after: Entry | None
    merged_into: Customer | None = None

    @property
    def path(self) -> str:
        """Return the path of the file, the newer one where there are two."""
        entry = self.after or self.before
        return entry.path if entry else ""

    @property
    def renamed_from(self) -> str | None:
        """Return the path that the file had; None where it is the same."""
        moved = self.before and self.after and self.before.path != self.after.path
        return self.before.path if self.before and moved else None

    @property
    def old(self) -> Customer | None:
        """Return the record of the older state; None where there is none that can be read."""
        return self.before.customer if self.before else None

    @property
    def new(self) -> Customer | None:
        """Return the record of the newer state; None where there is none that can be read."""
        return self.after.customer if self.after else None

    @cached_property
    def followups(self) -> Pairs:
        """Return what became of the follow-ups; nothing where one side cannot be read."""
        old, new = self.old, self.new
        if not all(map(_has_body, (self.before, self.after))):
            return Pairs()
        olds = _texts(old.followups if old else (), self.before)
        news = _texts(new.followups if new else (), self.after)
        found = _match_followups(olds, news)
        taken = set(found.values())
        return Pairs(
            tuple((olds[found[at]].followup, news[at].followup) for at in sorted(found)),
            tuple(each.followup for at, each in enumerate(news) if at not in found),
            tuple(each.followup for at, each in enumerate(olds) if at not in taken),
        )

    @cached_property
    def promises(self) -> tuple[PromisePair, ...]:
        """Return what became of the promises; nothing where one side cannot be read."""
        pairs = self.followups
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
        found += [
            PromisePair((old, each), None) for old in pairs.removed for each in old.commitments
        ]
        return tuple(found)

    @cached_property
    def stages_told(self) -> tuple[tuple[FollowUp, Change], ...]:
        """Return the changes of stage that were written down since, oldest first.

        They are those of follow-ups that are new, and those that older ones did not tell before.
        """
        found = [(each, each.stage) for each in self.followups.added if each.stage]
        found += [
            (new, new.stage)
            for old, new in self.followups.kept
            if new.stage and (old.stage is None or old.stage.new != new.stage.new)
        ]
        return tuple(sorted(found, key=lambda pair: pair[0].order))

    @cached_property
    def stage_steps(self) -> tuple[Step, ...]:
        """Return the way from the older stage to the newer one, as far as it is told."""
        old, new = self.old, self.new
        if not (old and new and old.stage and new.stage) or old.stage == new.stage:
            return ()
        way = [(told.new, told.span) for _, told in self.stages_told]
        if not way or way[-1][0] != new.stage:
            way.append((new.stage, new.span("stage")))
        starts = [old.stage, *(stage for stage, _ in way)]
        return tuple(
            Step(start, stage, span)
            for start, (stage, span) in zip(starts, way, strict=False)
            if start != stage
        )


def skipped_stages(old: str, new: str, config: Config) -> tuple[Stage, ...]:
    """Return the open stages that a step skips, in the order of the settings.

    Only a step forward skips stages, and only one between open stages or to a won one. Optional
    stages may be passed over.

    Args:
        old: Id of the stage before.
        new: Id of the stage after.
        config: The settings.
    """
    stages = list(config.stages)
    ids = [stage.id for stage in stages]
    if old not in ids or new not in ids:
        return ()
    first, last = ids.index(old), ids.index(new)
    if stages[first].kind is not StageKind.OPEN or stages[last].kind is StageKind.LOST:
        return ()
    return tuple(
        stage
        for stage in stages[first + 1 : last]
        if stage.kind is StageKind.OPEN and not stage.optional
    )


class Comparison(Struct, frozen=True, dict=True):
    """Two states of a workspace, both read with the settings of the newer one.

    Attributes:
        before: The older state.
        after: The newer one.
        changes: Records that are not the same in both, in the order of their paths.
    """

    before: Library
    after: Library
    changes: tuple[RecordChange, ...]

    def is_told_elsewhere(self, followup: FollowUp) -> bool:
        """Tell whether some record of the newer state got a follow-up that says just this."""
        return _identity(followup) in self._added

    def was_told_elsewhere(self, followup: FollowUp) -> bool:
        """Tell whether some record of the older state lost a follow-up that said just this."""
        return _identity(followup) in self._removed

    @cached_property
    def _removed(self) -> frozenset[object]:
        return frozenset(
            _identity(followup) for change in self.changes for followup in change.followups.removed
        )

    @cached_property
    def _added(self) -> frozenset[object]:
        return frozenset(
            _identity(followup) for change in self.changes for followup in change.followups.added
        )


def compare(before: Library, after: Library, renames: Mapping[str, str]) -> Comparison:
    """Put two states of a workspace side by side.

    Files are the same record where their path is; where git says that one was renamed, and the
    records have a name, an id, a contact or a follow-up in common, since records made from one
    template are alike; or else where one is gone, one is new, and they have the name or the id of
    the customer in common.

    Args:
        before: The older state.
        after: The newer state.
        renames: The older path by the newer one, as git finds them.
    """
    olds = _records(before)
    news = _records(after)
    old_path = {path: path for path in news if path in olds}
    old_path |= {
        new: old
        for new, old in renames.items()
        if new in news and new not in olds and old in olds and old not in news
        if _may_be_same(olds[old].customer, news[new].customer)
    }
    for key_of in (_name_key, _id_key):
        gone = _by_key(olds, set(old_path.values()), key_of)
        begun = _by_key(news, set(old_path), key_of)
        old_path |= {begun[key]: gone[key] for key in begun.keys() & gone.keys()}
    changes = [
        RecordChange(olds[old_path[path]] if path in old_path else None, entry)
        for path, entry in news.items()
        if path not in old_path or old_path[path] != path or olds[path].text != entry.text
    ]
    new_followups = _owners_of_followups(change.new for change in changes)
    names = {fold(customer.name): customer for customer in after.customers}
    aliases = {fold(alias): each for each in after.customers for alias in each.aliases}
    for path in olds.keys() - set(old_path.values()):
        entry = olds[path]
        gone_customer = entry.customer
        merged = gone_customer and (
            aliases.get(fold(gone_customer.id)) or _merged_into(gone_customer, new_followups, names)
        )
        changes.append(RecordChange(entry, None, merged))
    return Comparison(before, after, tuple(sorted(changes, key=lambda change: change.path)))


def _has_body(entry: Entry | None) -> bool:
    """Tell whether the follow-ups of a file can be read; there are none where there is no file."""
    return entry is None or (
        entry.customer is not None
        # Without its end the whole file is front matter.
        and all(problem.code != "front-matter-unterminated" for problem in entry.problems)
    )


def _records(library: Library) -> dict[str, Entry]:
    return {
        path: entry for path, entry in library.by_path.items() if path.startswith(f"{RECORDS_DIR}/")
    }


def _may_be_same(old: Customer | None, new: Customer | None) -> bool:
    """Tell whether two records have anything of their own in common, or cannot be read."""
    return old is None or new is None or not _marks(old).isdisjoint(_marks(new))


def _marks(customer: Customer) -> set[tuple[object, ...]]:
    return {
        ("name", fold(customer.name)),
        ("id", fold(customer.id)),
        *(("contact", fold(contact.name)) for contact in customer.contacts),
        *(("followup", *_identity(followup)) for followup in customer.followups),
    }


def _name_key(customer: Customer) -> str:
    return fold(customer.name)


def _id_key(customer: Customer) -> str:
    return fold(customer.id)


def _by_key(
    entries: Mapping[str, Entry], known: set[str], key_of: Callable[[Customer], str]
) -> dict[str, str]:
    """Return the paths of the records that are not known yet by a key that only one of them has."""
    paths: defaultdict[str, list[str]] = defaultdict(list)
    for path, entry in entries.items():
        if entry.customer and path not in known:
            paths[key_of(entry.customer)].append(path)
    return {key: found[0] for key, found in paths.items() if len(found) == 1}


def _identity(followup: FollowUp) -> tuple[object, ...]:
    """Return what tells a follow-up from others wherever it stands, whoever owns the record."""
    return (
        followup.date,
        followup.time,
        followup.method,
        " ".join(followup.summary.split()),
        tuple(sorted((key, " ".join(text.split())) for key, text in followup.texts.items())),
        tuple(each.text for each in followup.commitments),
    )


def _owners_of_followups(
    customers: Iterable[Customer | None],
) -> dict[tuple[object, ...], Customer]:
    return {
        _identity(followup): customer
        for customer in customers
        if customer
        for followup in customer.followups
    }


def _merged_into(
    gone: Customer,
    followups: Mapping[tuple[object, ...], Customer],
    names: Mapping[str, Customer],
) -> Customer | None:
    """Return the record that has taken in one that is gone.

    It has all follow-ups of that one; or, where there were none, its name.
    """
    if not gone.followups:
        return names.get(fold(gone.name))
    owners = [followups.get(_identity(followup)) for followup in gone.followups]
    first = owners[0]
    return first if all(owner is first for owner in owners) else None


# --- Follow-ups and promises ------------------------------------------------------------------


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


def _texts(followups: Iterable[FollowUp], entry: Entry | None) -> list[_Text]:
    lines = entry.text.split("\n") if entry else []
    return [_Text(each, _section_text(each, lines)) for each in followups]


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
