"""Edits of a record's file that keep every byte they do not concern.

An edit is a set of splices. Before it is given out the new file is read back, and the record must
differ from the old one just as was asked; where it does not, nothing is given out but the reason.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from tracker.diagnostics import FILE_START, NOT_EDITABLE, Problem, Problems
from tracker.format.assignment import (
    IDENTITIES,
    NewGroup,
    Operation,
    changed_items,
    items_of,
    matching_groups,
    refusal,
)
from tracker.format.comparison import content_of
from tracker.format.followup import read_followup
from tracker.format.front_matter_editor import assign
from tracker.format.parser import MODELS, parse_record
from tracker.format.section_editor import (
    add_to_background,
    add_to_note,
    insert_note,
    insert_section,
    keys_are_chinese,
    name_authors,
    put_next_step,
    tick,
)
from tracker.format.sections import split_body
from tracker.format.splice import Places, splice_bytes
from tracker.format.values import Fault, read_value
from tracker.schema import FRONT_MATTER, Kind
from tracker.text import fold
from tracker.text_files import decode
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from tracker.config import Config
    from tracker.format.assignment import Value, Way
    from tracker.format.splice import Splice
    from tracker.model import Commitment, Customer, FollowUp
    from tracker.schema import Field

_ID = next(field for field in FRONT_MATTER if field.key == "id")
_AMBIGUOUS = frozenset({"conflict-marker", "front-matter-unterminated", "front-matter-size"})
"""Problems with which no place in a file is certain."""


class RecordFile(Struct, frozen=True):
    """A record's file, read whole.

    Attributes:
        path: Relative to the workspace, with `/`.
        data: Its bytes.
        text: Its text, with one kind of line break.
        customer: What it says.
        problems: What reading it found.
    """

    path: str
    data: bytes
    text: str
    customer: Customer
    problems: tuple[Problem, ...]


def read_record_file(path: str, data: bytes, config: Config) -> RecordFile | Problem:
    """Read a file that is to be edited; the problem where its places are not certain."""
    content = decode(data)
    if isinstance(content, Problem):
        return content
    parsed = parse_record(content.text, path, config)
    blocking = [problem for problem in parsed.problems if problem.code in _AMBIGUOUS]
    if blocking or parsed.customer is None:
        return next(iter((*blocking, *parsed.problems)))
    return RecordFile(path, data, content.text, parsed.customer, parsed.problems)


def set_value(
    file: RecordFile, config: Config, way: Way, operation: Operation, value: Value
) -> RecordFile | Problem:
    """Change one value of the front matter, or add a group to a list of them.

    Where the owner changes, headings that name nobody get the old owner's name first: what was
    done stays the work of whoever did it.

    Args:
        file: The record's file.
        config: The workspace's settings.
        way: The field.
        operation: What to do.
        value: The value in any spelling that a record may have; empty for none. A `NewGroup` is
            added even where one of its name is there.

    Returns:
        The file as it is then; the same file where nothing was to be changed; or why not.
    """
    field = way[-1].field
    typed = _typed(field, value, file.path, config)
    if isinstance(typed, Fault):
        return Problem(typed.code, FILE_START, typed.message, typed.hint)
    if field.kind is Kind.OWNER:
        file = _named_authors(file, config)
    splices = assign(file.text, config, way, operation, _as_written(field, value, typed, config))
    if isinstance(splices, Problem) or not splices:
        return splices if isinstance(splices, Problem) else file
    wanted = content_of(file.customer)
    place, key = _place(wanted, way, config)
    if field.kind is Kind.LIST:
        typed = changed_items(tuple(place.get(key, ())), operation, items_of(value))
    elif field.kind is Kind.GROUPS:
        typed = _changed_groups(place[key], field, operation, value, config)
        if isinstance(typed, Fault):
            return Problem(typed.code, FILE_START, typed.message, typed.hint)
    place[key] = content_of(typed)
    if place is wanted["fields"] and not typed and not isinstance(typed, (bool, Decimal)):
        del place[key]  # A declared field that says nothing is not there.
    return _spliced(file, config, splices, wanted)


def add_section(
    file: RecordFile, config: Config, section: str, moment: datetime
) -> RecordFile | Problem:
    """Add a dated section where the order of the sections wants it.

    Args:
        file: The record's file.
        config: The workspace's settings.
        section: The section's Markdown; it begins with its heading.
        moment: Its day and time in the team's zone, without zone.

    Returns:
        The file as it is then, or why the section cannot be added.
    """
    new = read_section(section, config, file.customer.owner or "")
    if isinstance(new, Problem):
        return new
    followup, problems = new
    splice = insert_section(file.text, file.customer, section, moment, config)
    places = Places(file.text)
    at = sum(places.offset(known.span.line, 1) < splice.start for known in file.customer.followups)
    wanted = content_of(file.customer)
    wanted["followups"].insert(at, content_of(followup))
    return _spliced(file, config, [splice], wanted, problems)


def set_next_step(
    file: RecordFile, config: Config, followup: FollowUp, line: str
) -> RecordFile | Problem:
    """Give a follow-up a next step, in the place of the one that it has.

    Args:
        file: The record's file.
        config: The workspace's settings.
        followup: One of the record's.
        line: The next step as it stands in a record: day, time, method, text and goal.

    Returns:
        The file as it is then, or why that cannot be written.
    """
    new = read_section(f"## {followup.date.isoformat()}\n\n- next: {line}", config, "")
    if isinstance(new, Problem):
        return new
    chinese = keys_are_chinese(file.text, config)
    splice = put_next_step(file.text, followup, line, chinese=chinese)
    at = next(at for at, known in enumerate(file.customer.followups) if known is followup)
    wanted = content_of(file.customer)
    wanted["followups"][at]["next"] = content_of(new[0].next)
    return _spliced(file, config, [splice], wanted)


def read_section(
    section: str, config: Config, owner: str
) -> tuple[FollowUp, list[Problem]] | Problem:
    """Read a section that stands alone.

    Args:
        section: Its Markdown; it begins with its heading.
        config: The workspace's settings.
        owner: Who followed up where the heading names nobody.

    Returns:
        The follow-up and what is wrong in it, by the lines of the text; or why it is none.
    """
    first, *sections = split_body(section, 1).sections
    if first.text.strip() or not sections or not sections[0].dated:
        return refusal(Message("a follow-up begins with a heading: ## 2026-11-20 14:30 METHOD WHO"))
    problems = Problems()
    followup = read_followup(sections[0], config, owner, problems)
    if followup is None:
        return next(iter(problems))
    if len(sections) > 1:
        return Problem(
            NOT_EDITABLE,
            sections[1].span,
            Message("a second heading stands here; one follow-up has one"),
            Message("give headings within a follow-up one # more than its own"),
        )
    return followup, list(problems)


def add_note(
    file: RecordFile, config: Config, names: Sequence[str], line: str
) -> RecordFile | Problem:
    """Add a bullet to an undated section of the body.

    Args:
        file: The record's file.
        config: The workspace's settings.
        names: Headings under which the section may stand; a new one gets the first.
        line: The bullet, one line.

    Returns:
        The file as it is then, or why the note cannot be added.
    """
    splice = add_to_note(file.text, names, names[0], line)
    wanted = content_of(file.customer)
    known = set(map(fold, names))
    note = next((note for note in wanted["notes"] if fold(note["heading"]) in known), None)
    if note is None:
        note = {"heading": names[0], "level": 2, "text": ""}
        wanted["notes"].append(note)
    gap = splice.text[: splice.text.index(line)] if note["text"] else ""
    note["text"] += f"{gap}{line}"
    return _spliced(file, config, [splice], wanted)


def add_text_note(
    file: RecordFile, config: Config, heading: str, level: int, text: str
) -> RecordFile | Problem:
    """Add an undated section, behind the last one or before the first follow-up.

    Args:
        file: The record's file.
        config: The workspace's settings.
        heading: Its heading.
        level: Level of the heading, 1 to 6.
        text: Its Markdown.

    Returns:
        The file as it is then, or why the section cannot be added.
    """
    wanted = content_of(file.customer)
    wanted["notes"].append({"heading": heading, "level": level, "text": text})
    note = f"{'#' * level} {heading}".rstrip() + (f"\n\n{text}" if text else "")
    return _spliced(file, config, [insert_note(file.text, note)], wanted)


def add_background(file: RecordFile, config: Config, text: str) -> RecordFile | Problem:
    """Add a paragraph to what stands above the first heading.

    Args:
        file: The record's file.
        config: The workspace's settings.
        text: The paragraph, as Markdown.

    Returns:
        The file as it is then, or why the text cannot be added.
    """
    wanted = content_of(file.customer)
    wanted["background"] = "\n\n".join(filter(None, (file.customer.background, text)))
    return _spliced(file, config, [add_to_background(file.text, text)], wanted)


def tick_commitments(
    file: RecordFile, config: Config, commitments: Sequence[Commitment], day: date
) -> RecordFile | Problem:
    """Tick promises, and write down the day on which they were kept.

    Args:
        file: The record's file.
        config: The workspace's settings.
        commitments: Those of the file's record that are done.
        day: When they were done.

    Returns:
        The file as it is then; the same file where all were ticked before; or why not.
    """
    splices = tick(file.text, commitments, day)
    if isinstance(splices, Problem):
        return splices
    wanted = content_of(file.customer)
    for followup, content in zip(file.customer.followups, wanted["followups"], strict=True):
        for known, task in zip(followup.commitments, content["commitments"], strict=True):
            if known in commitments and not known.done:
                task["done"] = True
                task["done_on"] = known.done_on or day
    return _spliced(file, config, splices, wanted)


# --- Front matter -----------------------------------------------------------------------------


def _typed(field: Field, value: Value, path: str, config: Config) -> object:
    """Return a value as it is read, a `Fault` where it cannot be; lists are left to others."""
    if not isinstance(value, str):
        return None
    if not value and field.required:
        return Fault(NOT_EDITABLE, Message("‘{key}’ cannot be empty", {"key": field.key}))
    if field is _ID and not value:
        return PurePosixPath(path).stem  # The id of a record that names none.
    if not value or field.kind in (Kind.LIST, Kind.GROUPS, Kind.GROUP):
        return None
    return read_value(field, value, config)


def _as_written(field: Field, value: Value, typed: object, config: Config) -> Value:
    """Return a value as a record of this workspace spells it: words by their labels."""
    if isinstance(value, NewGroup):
        return NewGroup(
            tuple(
                (child, text if isinstance(text, tuple) else _written_text(child, text, config))
                for child, text in value.entries
            )
        )
    if isinstance(typed, str) and field.kind is Kind.WORD:
        return config.terms(field.vocabulary or "").label(typed)
    if isinstance(typed, str) and field.kind in (Kind.CHOICE, Kind.OWNER):
        return typed
    return value


def _written_text(field: Field, text: str, config: Config) -> str:
    written = _as_written(field, text, read_value(field, text, config), config)
    return written if isinstance(written, str) else text


def _named_authors(file: RecordFile, config: Config) -> RecordFile:
    """Name the owner in headings that name nobody, where that can be done for certain."""
    owner = file.customer.owner
    if not owner:
        return file
    wanted = content_of(file.customer)
    for followup in wanted["followups"]:
        followup["who_written"] = True
    named = _spliced(file, config, name_authors(file.text, file.customer, owner), wanted)
    return file if isinstance(named, Problem) else named


def _place(content: Any, way: Way, config: Config) -> tuple[Any, str]:  # noqa: ANN401  # nested plain values
    """Return what holds the value at the end of a way, and the key it has there."""
    if way[0].field in config.fields:
        return content["fields"], way[0].field.key
    for step in way[:-1]:
        name = step.field.key
        if step.identity is not None:
            groups = content[name]
            names = [group[IDENTITIES[name]] or "" for group in groups]
            content = groups[matching_groups(names, step.identity)[0]]
        else:
            if content[name] is None:
                content[name] = content_of(MODELS[name]())
            content = content[name]
    return content, way[-1].field.key


def _changed_groups(
    groups: list[dict[str, Any]], field: Field, operation: Operation, value: Value, config: Config
) -> tuple[Any, ...] | Fault:
    identity = IDENTITIES[field.key]
    if operation is Operation.SET:
        return ()
    if isinstance(value, NewGroup):
        typed = {
            child.key: text if isinstance(text, tuple) else read_value(child, text, config)
            for child, text in value.entries
        }
        fault = next((found for found in typed.values() if isinstance(found, Fault)), None)
        return fault or (*groups, content_of(MODELS[field.key](**typed)))
    if not isinstance(value, str):
        return tuple(groups)
    if operation is Operation.ADD:
        return (*groups, content_of(MODELS[field.key](**{identity: value})))
    gone = matching_groups([group[identity] or "" for group in groups], value)
    return tuple(group for index, group in enumerate(groups) if index not in gone)


# --- Safety -----------------------------------------------------------------------------------


def _spliced(
    file: RecordFile,
    config: Config,
    splices: Sequence[Splice],
    wanted: Any,  # noqa: ANN401  # nested plain values
    allowed: Sequence[Problem] = (),
) -> RecordFile | Problem:
    """Carry splices out and read the file back.

    Args:
        file: The file.
        config: The workspace's settings.
        splices: Of its text.
        wanted: The content that the record is to have then.
        allowed: Problems that what is spliced in may bring.
    """
    if not splices:
        return file
    after = read_record_file(file.path, splice_bytes(file.data, splices), config)
    if isinstance(after, Problem):
        return _unsafe(file, after)
    new = _counted(after.problems) - _counted(file.problems) - _counted(allowed)
    if new:
        code = next(iter(new))
        return _unsafe(file, next(found for found in after.problems if found.code == code))
    if content_of(after.customer) != wanted:
        return _unsafe(file, None)
    return after


def _counted(problems: Iterable[Problem]) -> Counter[str]:
    return Counter(problem.code for problem in problems)


def _unsafe(file: RecordFile, found: Problem | None) -> Problem:
    """Return why an edit is not made: what it would bring, else what is wrong with the file."""
    reason = found or next(iter(file.problems), None)
    if reason is None:
        return refusal(
            Message("this change cannot be made without touching more than it should"),
            Message("make it in an editor"),
        )
    return reason
