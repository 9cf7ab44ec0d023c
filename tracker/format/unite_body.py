"""One body out of two of the same customer: every section with its text, those of both once."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.format.frontmatter import body_of
from tracker.format.merge_body import Block, cut_body, stands_newest_first
from tracker.format.order import in_order, moments_of, stand_in_order
from tracker.format.splice import Places, Splice

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tracker.config import Config
    from tracker.format.editor import RecordFile
    from tracker.model import FollowUp


class UnitedBody(Struct, frozen=True):
    """What the other record's body adds to that of the one that stays.

    Attributes:
        splices: Of the text of the record that stays.
        background: What stands before any heading in the other one, where it is new.
        followups: Dated sections that are new.
        notes: Undated sections that are new.
    """

    splices: tuple[Splice, ...]
    background: str
    followups: tuple[Block, ...]
    notes: tuple[Block, ...]


def unite_body(ours: RecordFile, theirs: RecordFile, config: Config, last: str) -> UnitedBody:
    """Put the sections of another record among those of the one that stays.

    Dated ones stand in the order that the file keeps, or else the team; undated ones that stood
    above all dated ones do so again, the others come last. Each keeps its lines.

    Args:
        ours: The record that stays.
        theirs: The other one.
        config: The workspace's settings.
        last: A section for the end of the file, which begins with its heading; empty for none.
    """
    return _Uniter(ours, theirs, config).united(last)


class _Uniter:
    def __init__(self, ours: RecordFile, theirs: RecordFile, config: Config) -> None:
        self._text = ours.text
        body, self._line = body_of(ours.text)
        self._blocks = cut_body(body, config)
        self._theirs = cut_body(body_of(theirs.text)[0], config)
        self._newest_first = _newest_first(ours.customer.followups, config)
        self._moments = self._moments_of_blocks()

    def united(self, last: str) -> UnitedBody:
        background = self._new_background()
        followups, above, below = self._new_sections()
        placed = self._placed(followups)
        at_end = placed[-1][1] if placed and placed[-1][0] == self._end else self._blocks[-1]
        if below and _swallows(at_end, below[0]):
            above, below = above + below, []
        dated = (at for at, block in enumerate(self._blocks) if block.followup)
        top = next(dated, self._end)
        inserted = [
            *((top, block) for block in above),
            *placed,
            *((self._end, block) for block in below),
        ]
        splices = self._splices(background, inserted, last)
        return UnitedBody(splices, background, tuple(followups), (*above, *below))

    @property
    def _end(self) -> int:
        return len(self._blocks)

    # --- What is new ---

    def _new_background(self) -> str:
        ours, theirs = (_lines(blocks[0].section.text) for blocks in (self._blocks, self._theirs))
        stands = f"\n\n{theirs}\n\n" in f"\n\n{ours}\n\n"
        return "" if stands else self._theirs[0].section.text

    def _new_sections(self) -> tuple[list[Block], list[Block], list[Block]]:
        """Return what only the other record has: dated sections, and others above and below."""
        known = Counter(map(_said, self._blocks[1:]))
        followups: list[Block] = []
        above: list[Block] = []
        below: list[Block] = []
        into = above
        for block in self._theirs[1:]:
            into = below if block.followup else into
            if known[_said(block)]:
                known[_said(block)] -= 1
            else:
                (followups if block.followup else into).append(block)
        return followups, above, below

    # --- Where it goes ---

    def _placed(self, followups: Sequence[Block]) -> list[tuple[int, Block]]:
        """Return dated sections in order, each with the index of the block that it goes before."""
        blocks = {id(block.followup): block for block in followups}
        known = [block.followup for block in followups if block.followup]
        placed: list[tuple[int, Block]] = []
        least = 0
        for followup in in_order(known, newest_first=self._newest_first):
            block = blocks[id(followup)]
            at = max(least, self._place_of(block))
            while at < self._end and _swallows(block, self._blocks[at]):
                at += 1
            placed.append((at, block))
            least = at
        return placed

    def _place_of(self, block: Block) -> int:
        """Return the index of the first dated section that is to stand below another one."""
        last = self._end - 1
        for at, moment in self._moments.items():
            other = block.followup.order if block.followup else moment
            if (moment < other) if self._newest_first else (moment > other):
                return at
            last = at
        return last + 1

    def _moments_of_blocks(self) -> dict[int, datetime]:
        """Return the moments of the dated sections of the record that stays, by their indexes."""
        dated = [(at, each.followup) for at, each in enumerate(self._blocks) if each.followup]
        ordered = dated[::-1] if self._newest_first else dated
        moments = moments_of([followup for _, followup in ordered])
        found = {at: moment for (at, _), moment in zip(ordered, moments, strict=True)}
        return {at: found[at] for at, _ in dated}

    # --- Writing ---

    def _splices(
        self, background: str, inserted: Sequence[tuple[int, Block]], last: str
    ) -> tuple[Splice, ...]:
        parts: dict[int, list[str]] = {}
        if background:
            parts.setdefault(1, []).append(background)
        for at, block in inserted:
            parts.setdefault(at, []).append("\n".join(block.lines))
        if last:
            parts.setdefault(self._end, []).append(last)
        return tuple(self._splice(at, "\n\n".join(texts)) for at, texts in parts.items())

    def _splice(self, at: int, new: str) -> Splice:
        """Return the splice that puts text before a block, with a blank line on either side."""
        if at < self._end:
            line = self._line + self._blocks[at].section.line - 1
            start = Places(self._text).offset(line, 1)
            before = self._text[:start]
            gap = "" if before.endswith("\n\n") else "\n" if before.endswith("\n") else "\n\n"
            return Splice(start, start, f"{gap}{new}\n\n")
        end = len(self._text.rstrip("\n"))
        rest = self._text[end:]
        return Splice(end, end, f"\n\n{new}" if rest else f"\n\n{new}\n")


def _newest_first(followups: Sequence[FollowUp], config: Config) -> bool:
    """Tell in which order follow-ups stand: the team's where that fits."""
    if stand_in_order(followups, newest_first=config.newest_first):
        return config.newest_first
    return stands_newest_first(followups, config)


def _said(block: Block) -> tuple[int, str, str]:
    """Return what two sections that are the same have in common: all but blanks at line ends."""
    return block.section.level, block.section.heading, _lines(block.section.text)


def _lines(text: str) -> str:
    """Return a text without blanks at the ends of its lines."""
    return "\n".join(line.rstrip() for line in text.split("\n"))


def _swallows(block: Block, following: Block) -> bool:
    """Tell whether an undated section would be a part of the dated one that it stands below."""
    dated, undated = block.section, following.section
    return dated.is_followup and not undated.is_followup and undated.level > dated.level
