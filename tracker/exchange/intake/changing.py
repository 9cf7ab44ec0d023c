"""What one contribution changes in one record, through the editor that keeps every other byte.

A value that is equal is left alone, an empty one is filled in, another one stays as it is unless
overwriting was asked for. Lists get what they lack. Follow-ups are added where they are not there.
Where a row of the same file has given the value, what a further row says instead becomes a note.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from tracker.diagnostics import Problem
from tracker.exchange.intake.contributions import NUMBER, free_name, is_stand_in
from tracker.exchange.intake.matching import (
    LISTS,
    TELLS,
    groups_of,
    heading_of,
    is_same_followup,
    is_same_group,
    likeness_of,
    plans_the_same,
)
from tracker.exchange.intake.placing import CHANGES
from tracker.exchange.intake.targets import CONTACTS, GROUPS
from tracker.exchange.intake.told import squeezed, stands_in, title_of
from tracker.format.assignment import NewGroup, Operation, Step, Way, way_to
from tracker.format.editor import (
    RecordFile,
    add_background,
    add_note,
    add_section,
    add_text_note,
    read_section,
    set_next_step,
    set_value,
)
from tracker.format.section_editor import keys_are_chinese, section_text, usual_level
from tracker.format.values import Fault, read_value
from tracker.library.status import status_of
from tracker.schema import Field, Kind, by_spelling
from tracker.text import fold

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from tracker.config import Config
    from tracker.exchange.intake.cells import Value
    from tracker.exchange.intake.contributions import Contribution
    from tracker.exchange.intake.followups import FollowUpEntry
    from tracker.model import Customer, FollowUp, NextStep

NOTE_HEADINGS = {"zh": ("导入的其他信息", "Imported"), "en": ("Imported", "导入的其他信息")}
"""Headings of the note with texts that no field takes; the first one is written."""

_NEVER_OVERWRITTEN = frozenset({"id"})


class Kept(Struct, frozen=True):
    """A value of the record that differs from the file's and stays.

    Attributes:
        path: Which one.
        text: What the file says.
    """

    path: str
    text: str


class RefusedError(Exception):
    """A contribution cannot be written into its record; carries why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


class Changer:
    """Changes one record, contribution by contribution.

    Args:
        file: The record as it is.
        config: The workspace's settings.
        today: The day of the import.
        overwrite: Whether values that differ are replaced.

    Attributes:
        file: The record as it is by now.
        changed: The paths of what was changed, and `followups`, `notes`, `background`.
        kept: Values that differ from the file's and stay.
        plans: How many plans were added that no follow-up made.
    """

    def __init__(self, file: RecordFile, config: Config, today: date, *, overwrite: bool) -> None:
        self.file = file
        self.changed: list[str] = []
        self.kept: list[Kept] = []
        self.plans = 0
        self._config = config
        self._today = today
        self._overwrite = overwrite
        # Numbered rows of a file stand for one part of the record each, though two may be alike.
        self._claimed_groups: dict[str, set[int]] = defaultdict(set)
        self._claimed_followups: Counter[tuple[object, ...]] = Counter()
        self._claimed_notes: Counter[object] = Counter()
        self._fields = {field.key: field for field in config.front_matter_fields}
        # The paths of what rows of this file have said, in the order in which they did.
        self._told: dict[str, None] = {}
        self._dated = frozenset(key for key in CHANGES if self._is_dated(key))

    def begin(self, contribution: Contribution) -> None:
        """Take a new record for what a row of the file has said, which further rows leave alone.

        Args:
            contribution: The row that the record was begun with.
        """
        self._told.update(dict.fromkeys(contribution.values))
        for group, found in contribution.groups.items():
            for index, values in enumerate(found):
                self._told.update({f"{group}[{index}].{key}": None for key in values})
        if contribution.background:
            self._told["background"] = None
        for heading, _, text in contribution.sections:
            self._claimed_notes.update((heading, (heading, text)))
        if any(entry.followup.next for entry in contribution.followups):
            self._told["next"] = None

    def apply(self, contribution: Contribution) -> bool:
        """Write what a contribution adds, all of it or nothing; tell whether there was anything.

        Raises:
            RefusedError: It cannot be written; the record is as it was.
        """
        before, changed, kept = self.file, len(self.changed), len(self.kept)
        told = len(self._told)
        try:
            self._apply(contribution)
        except RefusedError:
            self.file = before
            del self.changed[changed:], self.kept[kept:]
            while len(self._told) > told:
                self._told.popitem()
            raise
        return self.file.data != before.data

    def _apply(self, contribution: Contribution) -> None:
        for path, value in contribution.values.items():
            self._value(path, value)
        for group, found in contribution.groups.items():
            for values in found:
                self._group(group, values)
        if contribution.background:
            self._background(contribution.background)
        for heading, level, text in contribution.sections:
            self._section_note(heading, level, text)
        for entry in contribution.followups:
            self._followup(entry)
        for title, text in contribution.notes:
            self._note(title, text)

    def _take(self, result: RecordFile | Problem, what: str) -> None:
        if isinstance(result, Problem):
            raise RefusedError(result)
        if result.data != self.file.data:
            self.file = result
            self.changed.append(what)

    def _keep(self, path: str, text: str, title: str) -> None:
        """Leave a value as it is: the file's is a note where one of its rows has said that one."""
        if path in self._told:
            self._note(title, text)
        else:
            self.kept.append(Kept(path, text))

    # --- Values ---

    def _value(self, path: str, value: Value) -> None:
        first, *rest = path.split(".")
        field = self._fields.get(first)
        if field is None or (path == "id" and self._is_id(value)):
            return
        steps = [Step(field)]
        for key in rest:
            field = by_spelling(field.children)[fold(key)]
            steps.append(Step(field))
        customer = self.file.customer
        there = customer.fields.get(first) if field in self._config.fields else customer
        for step in steps if there is customer else ():
            there = getattr(there, step.field.key, None)
        self._assign(tuple(steps), path, value, there, written=self._is_written(path))

    def _is_written(self, path: str) -> bool:
        """Tell whether the file has a text for a value, be it one that cannot be read."""
        span = self.file.customer.spans.get(path)
        if span is None:
            return False
        # The place of an entry without a value is its key.
        line = self.file.text.split("\n")[span.end_line - 1]
        return not line[span.end_column - 1 :].lstrip().startswith((":", "："))

    def _is_id(self, value: Value) -> bool:
        """Tell whether a record has an id, by itself or as a former one."""
        customer = self.file.customer
        return isinstance(value, str) and fold(value) in map(fold, (customer.id, *customer.aliases))

    def _assign(self, way: Way, path: str, value: Value, there: object, *, written: bool) -> None:
        """Set one value, unless it is so already or another one is there."""
        field = way[-1].field
        if field.kind is Kind.LIST:
            self._assign_list(way, path, value, there)
            return
        if not isinstance(value, str):
            return
        if path == "name" and self._same_name(value):
            self._told[path] = None
            return
        typed = read_value(field, value, self._config)
        empty = there in (None, "") and not written
        if not empty:
            if there == typed or (isinstance(typed, Fault) and str(there or "") == value):
                self._told[path] = None
                return
            if field.kind is Kind.BOOL and not written and typed is False:
                return
            if not self._overwrite or path in _NEVER_OVERWRITTEN or path in self._told:
                self._keep(path, value, title_of(way, self._config))
                return
        self._take(set_value(self.file, self._config, way, Operation.SET, value), path)
        self._told[path] = None

    def _same_name(self, value: str) -> bool:
        customer = self.file.customer
        return fold(value) in {fold(customer.name), fold(customer.short or "")}

    def _assign_list(self, way: Way, path: str, value: Value, there: object) -> None:
        present = there if isinstance(there, tuple) else ()
        wanted = value if isinstance(value, tuple) else (value,)
        known = set(map(fold, present))
        missing = tuple(item for item in wanted if fold(item) not in known)
        overwrite = self._overwrite and path not in self._told
        if overwrite and present and set(map(fold, wanted)) != known:
            result = set_value(self.file, self._config, way, Operation.SET, wanted)
            self._take(result, path)
        elif missing:
            result = set_value(self.file, self._config, way, Operation.ADD, missing)
            self._take(result, path)
        self._told[path] = None

    # --- Groups ---

    def _group(self, group: str, values: Mapping[str, Value]) -> None:
        steps = self._steps(group)
        field = steps[-1].field
        number = values.get(NUMBER)
        index = self._matching(group, values, int(number) if isinstance(number, str) else None)
        claimed = self._claimed_groups[group]
        if index is None:
            values = self._with_free_name(group, values)
            written = written_values(group, values, self._config)
            entries = tuple(
                (child, written[child.key]) for child in field.children if written.get(child.key)
            )
            if not entries:
                return
            place = len(groups_of(self.file.customer, group))
            claimed.add(place)
            result = set_value(self.file, self._config, steps, Operation.ADD, NewGroup(entries))
            self._take(result, group)
            self._told.update({f"{group}[{place}].{child.key}": None for child, _ in entries})
            return
        claimed.add(index)
        there = groups_of(self.file.customer, group)[index]
        identity = self._identity(group, index)
        for child in field.children:
            value = values.get(child.key)
            if value is None or child.key in TELLS[group]:
                continue
            path = f"{group}[{index}].{child.key}"
            shown = getattr(there, child.key)
            if identity is None:
                if not self._is_so(child, value, shown):
                    text = value if isinstance(value, str) else "; ".join(value)
                    self._keep(path, text, title_of((*steps, Step(child)), self._config))
                continue
            way = (*steps[:-1], Step(field, identity), Step(child))
            self._assign(way, path, value, shown, written=self._is_written(path))

    def _with_free_name(self, group: str, values: Mapping[str, Value]) -> Mapping[str, Value]:
        """Return values of a new contact that nobody named under a name that no other one has."""
        if group != CONTACTS or not is_stand_in(values):
            return values
        taken = {fold(contact.name) for contact in self.file.customer.contacts}
        return {**values, "name": free_name(str(values["name"]), taken)}

    def _steps(self, group: str) -> tuple[Step, ...]:
        first, *rest = LISTS[group]
        steps = [Step(self._fields[first])]
        for key in rest:
            steps.append(Step(by_spelling(steps[-1].field.children)[fold(key)]))
        return tuple(steps)

    def _is_so(self, field: Field, value: Value, there: object) -> bool:
        if isinstance(value, tuple):
            return isinstance(there, tuple) and set(map(fold, value)) <= set(map(fold, there))
        typed = read_value(field, value, self._config)
        return there == typed or (typed is False and not there)

    def _identity(self, group: str, index: int) -> str | None:
        """Return what tells a group from all others of its list; None where nothing does."""
        names = [
            fold(getattr(one, TELLS[group][0]) or "")
            for one in groups_of(self.file.customer, group)
        ]
        name = getattr(groups_of(self.file.customer, group)[index], TELLS[group][0])
        return name if name and names.count(fold(name)) == 1 else None

    def _matching(self, group: str, values: Mapping[str, Value], number: int | None) -> int | None:
        """Return the place of the group that a row means; None for a new one."""
        there = groups_of(self.file.customer, group)
        claimed = self._claimed_groups[group] if number is not None else set()
        free = [index for index in range(len(there)) if index not in claimed]
        same = [index for index in free if is_same_group(group, there[index], values, self._config)]
        if number is not None and number - 1 in same:
            return number - 1
        return same[0] if same else None

    # --- Body ---

    def _background(self, text: str) -> None:
        customer = self.file.customer
        notes = (f"{'#' * one.level} {one.heading}\n{one.text}" for one in customer.notes)
        if not stands_in("\n".join((customer.background, *notes)), text):
            if customer.background and not self._overwrite and "background" not in self._told:
                self.kept.append(Kept("background", text))
                return
            self._take(add_background(self.file, self._config, text), "background")
        self._told["background"] = None

    def _section_note(self, heading: str, level: int, text: str) -> None:
        same = [note for note in self.file.customer.notes if fold(note.heading) == fold(heading)]
        equal = sum(squeezed(note.text) == squeezed(text) for note in same)
        claimed, claimed_equal = self._claimed_notes[heading], self._claimed_notes[heading, text]
        self._claimed_notes.update((heading, (heading, text)))
        if equal > claimed_equal:
            return
        if len(same) > claimed and not self._overwrite:
            self.kept.append(Kept(heading, text))
            return
        self._take(add_text_note(self.file, self._config, heading, level, text), "notes")

    def _note(self, title: str, text: str) -> None:
        line = note_line(title, text)
        if any(stands_in(note.text, line) for note in self.file.customer.notes):
            return
        names = NOTE_HEADINGS[self._config.language]
        if not any(fold(note.heading) in map(fold, names) for note in self.file.customer.notes):
            self._take(add_text_note(self.file, self._config, names[0], 2, line), "notes")
        else:
            self._take(add_note(self.file, self._config, names, line), "notes")

    # --- Follow-ups ---

    def _followup(self, entry: FollowUpEntry) -> None:
        if entry.is_plan and entry.followup.next is not None:
            self._next_step(entry, entry.followup.next)
            return
        entry = self._attributed(entry)
        followup = entry.followup
        there = sum(is_same_followup(followup, known) for known in self.file.customer.followups)
        numbered = entry.number is not None
        claimed = self._claimed_followups[likeness_of(followup)] if numbered else 0
        self._claimed_followups[likeness_of(followup)] += 1
        if followup.next:
            self._told["next"] = None
        if there > claimed:
            return
        self._add_section(entry)

    def _attributed(self, entry: FollowUpEntry) -> FollowUpEntry:
        """Name whoever followed up where that is the row's owner and not the record's.

        Where the heading cannot hold the name, the follow-up is taken for the owner's.
        """
        owner = self.file.customer.owner or ""
        who = entry.followup.who
        if entry.draft.who or fold(who) in {"", fold(owner)}:
            return entry
        named = replace(entry, draft=replace(entry.draft, who=who))
        chinese = keys_are_chinese(self.file.text, self._config)
        read = read_section(section_text(named.draft, chinese=chinese), self._config, owner)
        if not isinstance(read, Problem) and heading_of(read[0]) == heading_of(entry.followup):
            return named
        return replace(entry, followup=replace(entry.followup, who=owner))

    def _add_section(self, entry: FollowUpEntry) -> None:
        text = section_text(
            entry.draft,
            chinese=keys_are_chinese(self.file.text, self._config),
            level=usual_level(self.file.customer, self.file.text),
        )
        self._take(add_section(self.file, self._config, text, entry.followup.order), "followups")

    def _next_step(self, entry: FollowUpEntry, step: NextStep) -> None:
        """Write a plan that no follow-up made: the customer's next step, as it has one only."""
        customer = self.file.customer
        if any(plans_the_same(entry.followup, known) for known in customer.followups):
            self._told["next"] = None
            return
        standing = status_of(customer, self._config, self._today).next
        heading = (entry.followup.order, entry.followup.time, None, customer.owner or "")
        place = next(
            (
                known
                for known in customer.followups
                if (known.next is standing if standing else heading_of(known) == heading)
            ),
            None,
        )
        line = next(text for field, text in entry.draft.fields if field.kind is Kind.NEXT)
        if place is None or place.next is None:
            self._add_next_step(entry, place, line)
        else:
            self._replace_next_step(place, step, line)

    def _add_next_step(self, entry: FollowUpEntry, place: FollowUp | None, line: str) -> None:
        """Add a plan to the follow-up that has its heading, or in a section of its own."""
        self.plans += 1
        self._told["next"] = None
        result = set_next_step(self.file, self._config, place, line) if place else None
        if isinstance(result, RecordFile):
            self._take(result, "next")
        else:
            self._add_section(entry)

    def _replace_next_step(self, place: FollowUp, step: NextStep, line: str) -> None:
        """Put a plan in the place of another one, or say that the other one stays."""
        looks_ahead = step.date is None or step.date >= place.date
        if self._overwrite and looks_ahead and "next" not in self._told:
            result = set_next_step(self.file, self._config, place, line)
            if isinstance(result, RecordFile):
                self._take(result, "next")
                self._told["next"] = None
                return
        self._keep("next", line, "下次" if self._config.language == "zh" else "next")

    # --- Changes ---

    def carry(self, followup: FollowUp, key: str) -> bool:
        """Carry the newest change of the file into the front matter; tell whether that changed it.

        It is carried if it is the newest one of the record as well. The record keeps its own where
        another row gives it, or where nobody knows since when it has it, unless overwriting was
        asked for.

        Args:
            followup: The newest follow-up of the file that tells the stage or the level.
            key: `stage` or `level`.
        """
        customer, change = self.file.customer, getattr(followup, key)
        newest, way = _newest_change(customer, key), way_to(key, self._config)
        if (
            change is None
            or newest is None
            or isinstance(way, Problem)
            or newest.order > followup.order
            or getattr(newest, key).new != change.new
            or getattr(customer, key) == change.new
        ):
            return False
        label = self._config.terms(f"{key}s").label(change.new)
        if key not in self._told and (self._overwrite or key in self._dated):
            result = set_value(self.file, self._config, way, Operation.SET, label)
            if isinstance(result, RecordFile):
                self._take(result, key)
                return True
        self.kept.append(Kept(key, label))
        return False

    def _is_dated(self, key: str) -> bool:
        """Tell whether follow-ups say since when a record has the stage or level that it has."""
        there, newest = getattr(self.file.customer, key), _newest_change(self.file.customer, key)
        if there is None:
            return not self._is_written(key)
        return newest is not None and getattr(newest, key).new == there


def _newest_change(customer: Customer, key: str) -> FollowUp | None:
    """Return the newest follow-up that changes the stage or the level; None where none does."""
    return next((one for one in reversed(customer.chronological) if getattr(one, key)), None)


def written_values(group: str, values: Mapping[str, Value], config: Config) -> dict[str, Value]:
    """Return what a record writes of a new group: not its place, nor `primary: no`.

    Args:
        group: Which list it is of.
        values: Its values by key.
        config: The workspace's settings.
    """
    return {
        field.key: value
        for field in GROUPS[group]
        if (value := values.get(field.key))
        and not (
            field.kind is Kind.BOOL
            and isinstance(value, str)
            and read_value(field, value, config) is False
        )
    }


def note_line(title: str, text: str) -> str:
    """Return the bullet of a text that no field takes."""
    return f"- {' '.join(title.split())}: {' '.join(text.split())}"
