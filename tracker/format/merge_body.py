"""Three-way merge of what stands below the front matter, section by section."""

from __future__ import annotations

from collections import Counter
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.diagnostics import Problems
from tracker.format.followup import HEADING, read_followup
from tracker.format.merge_section import merge_section
from tracker.format.order import in_order, stand_in_order
from tracker.format.sections import Section, split_body
from tracker.format.three_way import (
    Method,
    Part,
    Taken,
    likeness,
    match,
    merge_order,
    pick,
    picked,
)
from tracker.text import fold

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from tracker.config import Config
    from tracker.model import FollowUp

_LIKENESS = 0.6
"""How alike the texts of two sections of one day are, at least, where only the heading differs."""

_SAME_TALK = 0.5
"""How many of the lines of two sections of one heading, added by both sides, must be the same."""


class Block(Struct, frozen=True):
    """A heading with what stands below it.

    Attributes:
        identity: What its heading says: level, day, time, method and who, or the text of a note.
        lines: Its lines, the heading first, without blank ones at the end; for what stands before
            the first heading, without one.
        blanks: The blank lines below it.
        section: The section as it was read.
        followup: What its heading is read as; None for a note.
    """

    identity: str
    lines: tuple[str, ...]
    blanks: tuple[str, ...]
    section: Section
    followup: FollowUp | None

    @property
    def heading(self) -> tuple[str, ...]:
        """Return the line of its heading; empty for what stands before the first one."""
        return self.lines[:1] if self.section.level else ()

    @property
    def text(self) -> str:
        """Return what stands below its heading."""
        return "\n".join(self.lines[len(self.heading) :]).strip()


def cut_body(body: str, config: Config) -> list[Block]:
    r"""Cut a body into its sections; the first is what stands before any heading.

    Args:
        body: The text below the front matter, with `\n` as the only line break.
        config: The workspace's settings.
    """
    written = body.split("\n")
    blocks = []
    for section in split_body(body, 1).sections:
        lines = [line for _, line, _ in section.lines]
        if section.level:
            lines.insert(0, written[section.line - 1])
        count = len(lines)
        while count and not lines[count - 1].strip():
            count -= 1
        bare = Section(section.level, section.heading, section.line, section.column, section.dated)
        followup = read_followup(bare, config, "", Problems()) if section.dated else None
        identity = _identity(section, followup)
        blocks.append(
            Block(identity, tuple(lines[:count]), tuple(lines[count:]), section, followup)
        )
    return blocks


def _identity(section: Section, followup: FollowUp | None) -> str:
    if followup is None:
        return f"{section.level} {fold(section.heading)}"
    method = followup.method
    if method is None and (match_ := HEADING.match(section.heading)):
        method = fold(match_["rest"] or "")
    return f"{followup.date} {followup.time or ''} {method} {fold(followup.who)}"


def merge_body(
    base: Sequence[Block],
    ours: Sequence[Block],
    theirs: Sequence[Block],
    config: Config,
    method: Method,
) -> list[Part]:
    """Merge bodies.

    Args:
        base: What both sides began with; empty where there was no file.
        ours: Ours.
        theirs: Theirs.
        config: The workspace's settings.
        method: How what both sides have changed is merged.

    Returns:
        The lines, without blank ones at the end unless both sides have nothing else.
    """
    return _Merger(config, method).blocks(base, ours, theirs)


class _Merger(Struct, frozen=True):
    config: Config
    method: Method

    def blocks(
        self, base: Sequence[Block], ours: Sequence[Block], theirs: Sequence[Block]
    ) -> list[Part]:
        keys = _keys(base, ours, theirs)
        old, one, other = (
            dict(zip(names, blocks, strict=True))
            for names, blocks in zip(keys, (base, ours, theirs), strict=True)
        )
        merged = {
            key: self._block(old.get(key), one.get(key), other.get(key))
            for key in dict.fromkeys((*one, *other))
        }
        # What stands before the first heading is always there, be it empty.
        kept = {key for key, parts in merged.items() if parts} | {keys[1][0]}
        followups = {
            key: _followup(old.get(key), one.get(key), other.get(key))
            for key in dict.fromkeys((*one, *other))
        }
        order = self._order(keys, kept, followups, {**other, **one})
        parts: list[Part] = []
        for key, following in pairwise([*order, ""]):
            parts += merged[key]
            if following:
                parts += _blanks_below(keys, (old, one, other), key)
        return parts

    def _order(
        self,
        keys: tuple[list[str], list[str], list[str]],
        kept: set[str],
        followups: dict[str, FollowUp | None],
        blocks: dict[str, Block],
    ) -> list[str]:
        """Return the order of the sections: what is added goes where its day belongs."""
        in_file = [followup for key in keys[0] or keys[1] if (followup := followups.get(key))]
        newest_first = stands_newest_first(in_file, self.config)

        def combine(added: list[str], others: list[str]) -> list[str]:
            return _by_day(added, others, followups, blocks, newest_first=newest_first)

        order = merge_order(keys[0], keys[1], keys[2], kept, combine)
        sides_in_order = all(
            _in_order([followups[key] for key in side if key in kept], self.config)
            for side in keys[1:]
        )
        if not sides_in_order:
            return order
        moved = [followups[key] for key in order]
        direction = stands_newest_first([found for found in moved if found], self.config)
        return _sorted(order, followups, blocks, newest_first=direction)

    def _block(self, base: Block | None, ours: Block | None, theirs: Block | None) -> list[Part]:
        """Merge what the sides made of one section; empty where it is gone."""
        if ours is None or theirs is None:
            return self.method.one_sided(
                base.lines if base else None,
                ours.lines if ours else None,
                theirs.lines if theirs else None,
            )
        before = base.lines if base else ()
        found = picked(before, ours.lines, theirs.lines)
        if found is not None:
            return list(found)
        if ours.followup is None or theirs.followup is None or (base and base.followup is None):
            return self.method.merge_lines(before, ours.lines, theirs.lines)
        below = merge_section(
            base.section if base else None, ours.section, theirs.section, self.config, self.method
        )
        return [*self._heading(base, ours, theirs), *below]

    def _heading(self, base: Block | None, ours: Block, theirs: Block) -> list[Part]:
        before = base.heading if base else ()
        found = picked(before, ours.heading, theirs.heading)
        if found is not None:
            return list(found)
        taken = pick(base.identity if base else "", ours.identity, theirs.identity)
        if taken is Taken.NEITHER:
            return self.method.conflict(before, ours.heading, theirs.heading)
        return list((ours if taken is Taken.OURS else theirs).heading)


def _followup(base: Block | None, ours: Block | None, theirs: Block | None) -> FollowUp | None:
    """Return what the merged heading of a section is read as; ours where it is in conflict."""
    left = ours or theirs
    if ours and theirs:
        taken = pick(base.identity if base else "", ours.identity, theirs.identity)
        left = theirs if taken is Taken.THEIRS else ours
    return left.followup if left else None


# --- Finding again ------------------------------------------------------------------------------


def _keys(
    base: Sequence[Block], ours: Sequence[Block], theirs: Sequence[Block]
) -> tuple[list[str], list[str], list[str]]:
    """Return a key for each section of base, ours and theirs; the same ones have the same key."""
    old = [f"base {index}" for index in range(len(base))]
    one = _keys_of_side(base, ours, "ours")
    other = _keys_of_side(base, theirs, "theirs")
    known = set(old)
    added = [index for index, key in enumerate(one) if key not in known]
    for index, key in enumerate(other):
        if key in known:
            continue
        likely = [at for at in added if _same_addition(ours[at], theirs[index])]
        if likely:
            at = max(likely, key=lambda at: likeness(ours[at].text, theirs[index].text))
            other[index] = one[at]
            added.remove(at)
    return old, one, other


def _keys_of_side(base: Sequence[Block], side: Sequence[Block], name: str) -> list[str]:
    found = match(base, side, lambda block: block.identity, lambda block: block.text, _any_likeness)
    # A corrected heading: another time alone, or much the same text on the same day.
    for kind_of, least in ((_without_time, _any_likeness), (_day, _much_likeness)):
        taken = set(found.values())
        left = [at for at in range(len(base)) if at not in taken and base[at].followup]
        new = [at for at in range(len(side)) if at not in found and side[at].followup]
        corrected = match(
            [base[at] for at in left],
            [side[at] for at in new],
            kind_of,
            lambda block: block.text,
            least,
        )
        found |= {new[at]: left[was] for at, was in corrected.items() if side[new[at]].text}
    return [
        f"base {found[index]}" if index in found else f"{name} {index}"
        for index in range(len(side))
    ]


def _any_likeness(_: Block) -> float:
    return 0


def _much_likeness(_: Block) -> float:
    return _LIKENESS


def _day(block: Block) -> Hashable:
    return block.followup.date if block.followup else None


def _without_time(block: Block) -> Hashable:
    """Return what a heading says beside its time, for a time that one writes down wrong."""
    followup = block.followup
    return (followup.date, followup.method, fold(followup.who)) if followup else None


def _same_addition(ours: Block, theirs: Block) -> bool:
    """Tell whether a section that both sides have added is one: a note, or the very same talk."""
    if ours.identity != theirs.identity:
        return False
    if ours.followup is None or ours.text == theirs.text:
        return True
    one, other = (Counter(line.strip() for line in block.lines[1:]) for block in (ours, theirs))
    del one[""], other[""]
    return 2 * (one & other).total() >= _SAME_TALK * (one + other).total()


# --- Order --------------------------------------------------------------------------------------


def stands_newest_first(followups: Sequence[FollowUp], config: Config) -> bool:
    """Tell in which order the follow-ups of a file stand; the team's where it shows none."""
    pairs = [(later.order < earlier.order) - (later.order > earlier.order)
             for earlier, later in pairwise(followups)]  # fmt: skip
    fallen = sum(pairs)
    return config.newest_first if fallen == 0 else fallen > 0


def _in_order(followups: Sequence[FollowUp | None], config: Config) -> bool:
    known = [followup for followup in followups if followup]
    return stand_in_order(known, newest_first=stands_newest_first(known, config))


def _sorted(
    order: list[str],
    followups: dict[str, FollowUp | None],
    blocks: dict[str, Block],
    *,
    newest_first: bool,
) -> list[str]:
    """Put dated sections in order between any two notes, as `tracker fmt` does."""
    result: list[str] = []
    for level, run in groupby(
        order, key=lambda key: blocks[key].section.level if followups[key] else None
    ):
        keys = list(run)
        if level is not None:
            by_place = {id(followups[key]): key for key in keys}
            known = [followup for key in keys if (followup := followups[key])]
            keys = [by_place[id(one)] for one in in_order(known, newest_first=newest_first)]
        result += keys
    return result


def _by_day(
    added: list[str],
    others: list[str],
    followups: dict[str, FollowUp | None],
    blocks: dict[str, Block],
    *,
    newest_first: bool,
) -> list[str]:
    """Put what two sides have added at one place into one order; each side keeps its own.

    Of two at the same moment, and of what has no moment, the text decides: the result must not
    depend on who merges.
    """
    result = []
    runs = [list(added), list(others)]
    while all(runs):
        one, other = (followups[run[0]] for run in runs)
        if one and other and one.order != other.order:
            first = (one.order > other.order) == newest_first
        else:
            first = blocks[runs[0][0]].lines <= blocks[runs[1][0]].lines
        result.append(runs[0 if first else 1].pop(0))
    return [*result, *runs[0], *runs[1]]


def _blanks_below(
    keys: tuple[list[str], list[str], list[str]],
    blocks: tuple[dict[str, Block], dict[str, Block], dict[str, Block]],
    key: str,
) -> Sequence[str]:
    """Return the blank lines below a section that is not the last one."""
    gaps = [
        # The break that ends the file becomes a blank line, which there may be none of yet.
        side[key].blanks or (("",) if names[-1] == key else ()) if key in side else None
        for names, side in zip(keys, blocks, strict=True)
    ]
    base, ours, theirs = gaps
    if ours is None or theirs is None:
        return ours or theirs or ()
    return picked(base, ours, theirs) or ours
