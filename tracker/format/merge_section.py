"""Three-way merge of what stands below one dated heading: its fields, commitments and free text."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from msgspec import Struct

from tracker.diagnostics import Problems
from tracker.format.comparison import content_of
from tracker.format.followup import DONE, DUE, SINGLE, read_followup
from tracker.format.sections import Piece, Section, read_content
from tracker.format.three_way import Method, Part, Taken, match, merge_order, pick, picked
from tracker.schema import FOLLOWUP_FIELDS, Field, Kind, by_spelling
from tracker.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.config import Config

_TASK = re.compile(r"(?P<bullet>[ \t]*(?:[-*+]|[0-9]{1,9}[.)])[ \t]+)\[[ xX]?\][ \t]*(?P<text>.*)$")
_TASK_LIKENESS = 0.5
"""How alike two commitments are, at least, where one is the other in other words."""

_TASK_RANK = next(rank for rank, field in enumerate(FOLLOWUP_FIELDS) if field.kind is Kind.ATTITUDE)
"""Where commitments stand among the fields."""


class _Unit(Struct, frozen=True):
    """A field or a commitment with all its lines, or the free text between two of them.

    Attributes:
        kind: What it can be found again among: the key of a field, `task` or `text`.
        lines: Its lines, without blank ones at the end.
        blanks: The blank lines below it; None where the section ends with it.
        field: The field; None for a commitment and for text.
        below: The lines below the first one as units, where commitments are among them.
    """

    kind: str
    lines: tuple[str, ...]
    blanks: tuple[str, ...] | None
    field: Field | None = None
    below: tuple[_Unit, ...] = ()

    @property
    def text(self) -> str:
        """Return what tells how alike it is to others; of a commitment without box and days."""
        if self.kind == "task" and (task := _read_task(self.lines[0])):
            return task.core
        return "\n".join(self.lines)


def merge_section(
    base: Section | None, ours: Section, theirs: Section, config: Config, method: Method
) -> list[Part]:
    """Merge the lines below a dated heading, without blank ones at the end.

    Args:
        base: What both sides began with; None where both have added it.
        ours: Ours.
        theirs: Theirs.
        config: The workspace's settings.
        method: How what both sides have changed is merged.
    """
    merger = _Merger(config, method)
    sides = [_cut_section(side, config) if side else ([], []) for side in (base, ours, theirs)]
    lead = picked(*(tuple(blanks) for blanks, _ in sides)) or ()
    old, one, other = (units for _, units in sides)
    return [*lead, *merger.units(old, one, other)]


def _cut_section(section: Section, config: Config) -> tuple[list[str], list[_Unit]]:
    """Return the blank lines below a heading, and what follows them as units."""
    fields = by_spelling(config.all_followup_fields)
    content = read_content(section, lambda key: fold(key) in fields)
    pieces = {piece.span.line: piece for piece in (*content.fields, *content.tasks)}
    lines = [(number, line) for number, line, _ in section.lines]
    while lines and not lines[-1][1].strip():
        lines.pop()
    first = next((at for at, (_, line) in enumerate(lines) if line.strip()), len(lines))
    return [line for _, line in lines[:first]], _cut(lines[first:], pieces, fields)


def _cut(
    lines: Sequence[tuple[int, str]], pieces: dict[int, Piece], fields: dict[str, Field]
) -> list[_Unit]:
    """Cut lines, the first of which is not blank, at the fields and commitments in them."""
    starts: list[tuple[int, Piece | None]] = []
    end = 0
    for at, (number, line) in enumerate(lines):
        piece = pieces.get(number)
        if number <= end or not line.strip():
            continue
        if piece:
            starts.append((at, piece))
            end = piece.last_line
        elif not starts or starts[-1][1] is not None:
            starts.append((at, None))
    units = []
    for (start, piece), (stop, _) in pairwise([*starts, (len(lines), None)]):
        own = lines[start:stop]
        count = len(own)
        while not own[count - 1][1].strip():
            count -= 1
        field = fields[fold(piece.key)] if piece and piece.key else None
        units.append(
            _Unit(
                kind=field.key if field else "task" if piece else "text",
                lines=tuple(line for _, line in own[:count]),
                blanks=tuple(line for _, line in own[count:]) if stop < len(lines) else None,
                field=field,
                below=_cut_below(own[1:count], pieces, fields) if piece else (),
            )
        )
    return units


def _cut_below(
    lines: Sequence[tuple[int, str]], pieces: dict[int, Piece], fields: dict[str, Field]
) -> tuple[_Unit, ...]:
    if not any(number in pieces for number, _ in lines) or not lines[0][1].strip():
        return ()
    return tuple(_cut(lines, pieces, fields))


class _Task(NamedTuple):
    """The first line of a commitment, taken apart.

    Attributes:
        bullet: What stands before its box.
        done: Whether it is ticked.
        text: What stands behind the box.
        core: The same without the days.
        due: The due day, as marked; empty for none.
        ticked: The day on which it was done, as marked; empty for none.
    """

    bullet: str
    done: bool
    text: str
    core: str
    due: str
    ticked: str


def _read_task(line: str) -> _Task | None:
    found = _TASK.match(line)
    if found is None:
        return None
    text = found["text"].rstrip()
    marks = [pattern.search(text) for pattern in (DUE, DONE)]
    core = text
    for mark in marks:
        core = core.replace(mark[0], " ") if mark else core
    due, ticked = (mark[0] if mark else "" for mark in marks)
    done = line[len(found["bullet"]) + 1] in "xX"
    return _Task(found["bullet"], done, text, " ".join(core.split()), due, ticked)


class _Merger(Struct, frozen=True):
    config: Config
    method: Method

    # --- units ---

    def units(
        self, base: Sequence[_Unit], ours: Sequence[_Unit], theirs: Sequence[_Unit]
    ) -> list[Part]:
        """Merge two sequences of units."""
        keys = _keys(base, ours, theirs)
        old, one, other = (
            dict(zip(names, units, strict=True))
            for names, units in zip(keys, (base, ours, theirs), strict=True)
        )
        merged = {
            key: self._unit(old.get(key), one.get(key), other.get(key))
            for key in dict.fromkeys((*one, *other))
        }

        def combine(added: list[str], others: list[str]) -> list[str]:
            def place(key: str) -> tuple[int, tuple[str, ...]]:
                unit = one.get(key) or other[key]
                return self._rank(unit), unit.lines

            # Text belongs to what stands above it, so that its side's order is kept.
            if any((one.get(key) or other[key]).kind == "text" for key in (*added, *others)):
                runs = sorted((added, others), key=lambda run: place(run[0]))
                return [*runs[0], *runs[1]]
            return sorted((*added, *others), key=place)

        kept = {key for key, parts in merged.items() if parts}
        order = merge_order(keys[0], keys[1], keys[2], kept, combine)
        parts: list[Part] = []
        for key, following in pairwise([*order, ""]):
            parts += merged[key]
            if following:
                neighbours = one.get(following) or other[following]
                parts += _gap(keys, (old, one, other), key, neighbours.kind, following)
        return parts

    def _rank(self, unit: _Unit) -> int:
        """Return the place of a field among the others; commitments stand before the mood."""
        fields = self.config.all_followup_fields
        return fields.index(unit.field) if unit.field else _TASK_RANK

    def _unit(self, base: _Unit | None, ours: _Unit | None, theirs: _Unit | None) -> list[Part]:
        """Merge what the sides made of one unit; empty where it is gone."""
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
        if ours.kind == "task":
            return self._task(base, ours, theirs)
        if ours.field and len(ours.lines) == len(theirs.lines) == 1:
            return self._field(base, ours, theirs)
        head = picked(before[:1], ours.lines[:1], theirs.lines[:1])
        if head and (ours.below or theirs.below):
            return [*head, *self._below(base, ours, theirs)]
        return self.method.merge_lines(before, ours.lines, theirs.lines)

    def _field(self, base: _Unit | None, ours: _Unit, theirs: _Unit) -> list[Part]:
        old = self._meaning(base) if base else None
        taken = pick(old, self._meaning(ours), self._meaning(theirs))
        if taken is Taken.NEITHER:
            before = base.lines if base else ()
            return self.method.conflict(before, ours.lines, theirs.lines)
        return list((ours if taken is Taken.OURS else theirs).lines)

    def _meaning(self, unit: _Unit) -> object:
        """Return what a field of one line says, whatever way it is written."""
        section = Section(2, "2000-01-01", 1, 1, dated=True)
        section.lines.append((2, unit.lines[0].lstrip(), False))
        problems = Problems()
        followup = read_followup(section, self.config, "", problems)
        return content_of(followup), problems.codes()

    # --- commitments ---

    def _task(self, base: _Unit | None, ours: _Unit, theirs: _Unit) -> list[Part]:
        sides = [_read_task(unit.lines[0]) if unit else None for unit in (base, ours, theirs)]
        before = base.lines if base else ()
        head = _merged_task(sides[0], sides[1], sides[2])
        if head is None:
            if len(ours.lines) == len(theirs.lines) == 1:
                return self.method.conflict(before, ours.lines, theirs.lines)
            first = self.method.conflict(before[:1], ours.lines[:1], theirs.lines[:1])
            return [*first, *self._below(base, ours, theirs)]
        return [head, *self._below(base, ours, theirs)]

    def _below(self, base: _Unit | None, ours: _Unit, theirs: _Unit) -> list[Part]:
        """Merge what belongs to a field or commitment below its first line."""
        before, one, other = (unit.lines[1:] if unit else () for unit in (base, ours, theirs))
        found = picked(before, one, other)
        if found is not None:
            return list(found)
        if all(side is None or side.below or not side.lines[1:] for side in (base, ours, theirs)):
            return self.units(base.below if base else (), ours.below, theirs.below)
        return self.method.merge_lines(before, one, other)


# --- Finding again ------------------------------------------------------------------------------


def _keys(
    base: Sequence[_Unit], ours: Sequence[_Unit], theirs: Sequence[_Unit]
) -> tuple[list[str], list[str], list[str]]:
    """Return a key for each unit of base, ours and theirs; what is the same has the same key."""
    old = [f"base {index}" for index in range(len(base))]
    one = _keys_of_side(base, ours, "ours")
    other = _keys_of_side(base, theirs, "theirs")
    added = [index for index, key in enumerate(one) if key not in old]
    for index, key in enumerate(other):
        if key in old:
            continue
        before = other[index - 1] if index else ""
        for at in added:
            if _same_addition(
                ours[at], theirs[index], same_place=(one[at - 1] if at else "") == before
            ):
                other[index] = one[at]
                added.remove(at)
                break
    return old, one, other


def _keys_of_side(base: Sequence[_Unit], side: Sequence[_Unit], name: str) -> list[str]:
    found = match(
        base,
        side,
        lambda unit: unit.kind,
        lambda unit: unit.text,
        lambda unit: _TASK_LIKENESS if unit.kind == "task" else 0,
    )
    return [
        f"base {found[index]}" if index in found else f"{name} {index}"
        for index in range(len(side))
    ]


def _same_addition(ours: _Unit, theirs: _Unit, *, same_place: bool) -> bool:
    """Tell whether what both sides have added is one thing."""
    if ours.kind != theirs.kind:
        return False
    if ours.field and ours.field.kind in SINGLE:
        return True
    if ours.kind == "text" and same_place:
        return True
    return ours.text == theirs.text


_BySide: TypeAlias = "tuple[dict[str, _Unit], dict[str, _Unit], dict[str, _Unit]]"


def _gap(
    keys: tuple[list[str], list[str], list[str]],
    units: _BySide,
    key: str,
    kind: str,
    following: str,
) -> Sequence[str]:
    """Return the blank lines between two units that follow one another in the result.

    Args:
        keys: The keys of base, ours and theirs, in their order.
        units: The units by their keys.
        key: The upper unit.
        kind: The kind of the lower one.
        following: The lower one.
    """
    gaps = [
        side[key].blanks if (key, following) in pairwise(names) else None
        for names, side in zip(keys, units, strict=True)
    ]
    base, ours, theirs = gaps
    if ours is not None and theirs is not None:
        return picked(base, ours, theirs) or ours
    if ours is not None or theirs is not None:
        return ours or theirs or ()
    upper = units[1].get(key) or units[2][key]
    return ("",) if "text" in (upper.kind, kind) else ()


# --- Commitments --------------------------------------------------------------------------------


def _merged_task(base: _Task | None, ours: _Task | None, theirs: _Task | None) -> str | None:
    """Return the first line of a commitment with the changes of both sides; None in conflict."""
    if ours is None or theirs is None:
        return None
    if base is None:
        # Both have added it; a box that one of them has ticked since is ticked.
        base = ours._replace(done=False, due="", ticked="")
    taken = pick(base.core, ours.core, theirs.core)
    due = picked(base.due, ours.due, theirs.due)
    ticked = picked(base.ticked, ours.ticked, theirs.ticked)
    if taken is Taken.NEITHER or due is None or ticked is None:
        return None
    side = theirs if taken is Taken.THEIRS else ours
    done = ours.done if ours.done != base.done else theirs.done
    text = _with_mark(side.text, side.due, due, before=side.ticked)
    text = _with_mark(text, side.ticked, ticked)
    line = f"{side.bullet}[{'x' if done else ' '}] {text}"
    wanted = (done, side.core, due, ticked)
    read = _read_task(line)
    return line if read and (read.done, read.core, read.due, read.ticked) == wanted else None


def _with_mark(text: str, old: str, new: str, before: str = "") -> str:
    """Return the text of a commitment with one of its days changed.

    Args:
        text: The text.
        old: The day as it is marked; empty for none.
        new: The day as it is to be marked; empty for none.
        before: What a day that was not there is put in front of; empty for the end.
    """
    if old == new:
        return text
    if old:
        return text.replace(old, new, 1) if new else text.replace(old, "", 1).rstrip()
    at = text.index(before) if before else len(text)
    return " ".join(filter(None, (text[:at].rstrip(), new, text[at:])))
