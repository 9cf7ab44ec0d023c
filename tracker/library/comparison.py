"""Two states of a workspace side by side: which records differ, and in what.

Files of both are the same record by their path, by what git says of renames, or by the customer;
`tracker.library.followup_versions` says what became of the parts of a record.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.config import RECORDS_DIR
from tracker.library.followup_versions import followup_pairs, promise_pairs
from tracker.text import fold
from tracker.vocabulary import StageKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from tracker.config import Config, Stage
    from tracker.diagnostics import Span
    from tracker.library.followup_versions import Pairs, PromisePair
    from tracker.library.library import Entry, Library
    from tracker.model import Change, Customer, FollowUp


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
        return followup_pairs(self.before, self.after)

    @cached_property
    def promises(self) -> tuple[PromisePair, ...]:
        """Return what became of the promises; nothing where one side cannot be read."""
        return promise_pairs(self.followups)

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
