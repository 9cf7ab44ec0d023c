"""Writing dated sections: their text, their place in a file, ticking what was promised."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.dates import format_time
from tracker.diagnostics import NOT_EDITABLE, Problem
from tracker.format.frontmatter import body_of
from tracker.format.sections import split_body
from tracker.format.splice import Places, Splice
from tracker.schema import FOLLOWUP_FIELDS, by_spelling
from tracker.text import fold
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime, time

    from tracker.config import Config
    from tracker.format.sections import Section
    from tracker.model import Commitment, Customer, FollowUp
    from tracker.schema import Field

_BOX = re.compile(r"\[[ xX]?\][ \t]*$")
_KEY = re.compile(r"^[ \t]*[-*+][ \t]+([^:：\n]{1,40}?)[ \t]*[:：]", re.MULTILINE)
_IN_BULLET = re.compile(r"[ \t]*[-*+][ \t]|[ \t]+\S")
_FURTHER_LINE = re.compile(r"\n[ \t]+\S.*")
_NEXT = next(field for field in FOLLOWUP_FIELDS if field.key == "next")
_HEADING_LEVEL = 2
_AFTER_TASKS = frozenset({"attitude", "stage", "level", "offer", "service", "next"})
"""Fields that a reader looks for below what was promised."""


class SectionDraft(Struct, frozen=True):
    """What a new dated section is to say.

    Attributes:
        date: The day of the follow-up.
        time: Its time of day, where it is known.
        method: Label of the method; empty for none.
        who: Who followed up; empty for nobody named.
        summary: What was said, as Markdown; it may hold field and task bullets of its own.
        fields: Field bullets in their order.
        tasks: Texts of the task bullets, with their due days.
        ticked: Which of the tasks are done, by their place from 0.
    """

    date: date
    time: time | None = None
    method: str = ""
    who: str = ""
    summary: str = ""
    fields: Sequence[tuple[Field, str]] = ()
    tasks: Sequence[str] = ()
    ticked: frozenset[int] = frozenset()

    @property
    def heading(self) -> str:
        """Return the heading's text: day, time, method and who."""
        clock = format_time(self.time) if self.time else ""
        return " ".join(filter(None, (self.date.isoformat(), clock, self.method, self.who)))


def section_text(draft: SectionDraft, *, chinese: bool, level: int = _HEADING_LEVEL) -> str:
    r"""Return the Markdown of a section, without a line break at its end.

    Args:
        draft: What it says.
        chinese: Whether the keys of its fields are Chinese.
        level: Level of its heading, 2 or 3.
    """
    bullets = [
        f"- [{'x' if index in draft.ticked else ' '}] {_nested(task)}"
        for index, task in enumerate(draft.tasks)
    ]
    before: list[str] = []
    after: list[str] = []
    for field, value in draft.fields:
        key = field.zh if chinese and field.zh else field.key
        lines = after if field.key in _AFTER_TASKS else before
        lines.append(f"- {key}: {_nested(value)}")
    parts = [f"{'#' * level} {draft.heading}", draft.summary.strip("\n")]
    parts.append("\n".join((*before, *bullets, *after)))
    return "\n\n".join(filter(None, parts))


def _nested(text: str) -> str:
    """Indent the further lines of a bullet's text."""
    return text.strip().replace("\n", "\n  ")


def keys_are_chinese(text: str, config: Config) -> bool:
    """Tell whether a record's follow-ups have Chinese keys; the workspace's where none has any."""
    known = by_spelling(config.all_followup_fields)
    keys = [key for key in _KEY.findall(body_of(text)[0]) if fold(key) in known]
    foreign = sum(not key.isascii() for key in keys)
    return foreign * 2 > len(keys) if keys else config.language == "zh"


def usual_level(customer: Customer, text: str) -> int:
    """Return the level of the headings of a record's follow-ups; 2 where it has none."""
    if not customer.followups:
        return _HEADING_LEVEL
    line = text.split("\n")[customer.followups[0].span.line - 1].lstrip()
    level = len(line) - len(line.lstrip("#"))
    return level or _HEADING_LEVEL


def insert_section(
    text: str, customer: Customer, section: str, moment: datetime, config: Config
) -> Splice:
    """Return the splice that puts a section where the order of the sections wants it.

    That is the order which the file keeps throughout; where it keeps none, the team's.

    Args:
        text: The record's text.
        customer: The record.
        section: The section's Markdown.
        moment: Its day and time in the team's zone, without zone.
        config: The workspace's settings.
    """
    places = Places(text)
    followups = customer.followups
    newest_first = _newest_first(followups, config)
    following = next(
        (
            followup
            for followup in followups
            if (followup.order < moment if newest_first else followup.order > moment)
        ),
        None,
    )
    if following:
        at = places.line_start(places.offset(following.span.line, 1))
        return Splice(at, at, f"{_gap_before(text, at)}{section}\n\n")
    if followups:
        last = followups[-1]
        at = places.line_end(places.offset(last.end_line, 1))
    else:
        at = len(text.rstrip())
    rest = text[at:]
    end = "" if rest.startswith("\n\n") else "\n" if rest.startswith("\n") and rest.strip() else ""
    return Splice(at, at, f"\n\n{section}{end}" if rest else f"\n\n{section}\n")


def _gap_before(text: str, at: int) -> str:
    """Return what is missing for a blank line to stand before an offset at a line's start."""
    before = text[:at]
    if not before or before.endswith("\n\n"):
        return ""
    return "\n"


def _newest_first(followups: Sequence[FollowUp], config: Config) -> bool:
    moments = [followup.order for followup in followups]
    falls = any(later < earlier for earlier, later in pairwise(moments))
    rises = any(later > earlier for earlier, later in pairwise(moments))
    return config.newest_first if falls == rises else falls


def tick(text: str, commitments: Iterable[Commitment], day: date) -> list[Splice] | Problem:
    """Return the splices that tick commitments, each with the day on which it was done.

    Args:
        text: The record's text.
        commitments: Of that text.
        day: Written as `✅ 2026-11-28`, unless a day stands there already.
    """
    places = Places(text)
    splices = []
    for commitment in commitments:
        start, end = places.stretch(commitment.span)
        line = places.line_start(start)
        box = _BOX.search(text[line:start])
        if box is None:
            return Problem(
                NOT_EDITABLE, commitment.span, Message("the box of this task is not found")
            )
        at = line + box.start()
        if not commitment.done:
            splices.append(Splice(at, at + text[at:].index("]") + 1, "[x]"))
            if commitment.done_on is None:
                splices.append(Splice(end, end, f" ✅ {day.isoformat()}"))
    return splices


def put_next_step(text: str, followup: FollowUp, line: str, *, chinese: bool) -> Splice:
    """Return the splice that gives a follow-up a next step, in the place of the one it has.

    Args:
        text: The record's text.
        followup: The follow-up, of that text.
        line: The next step, as its bullet holds it.
        chinese: Whether the keys of the record's follow-ups are Chinese.
    """
    places = Places(text)
    if followup.next is None:
        end = places.line_end(places.offset(followup.end_line, 1))
        above = text[places.line_start(end) : end]
        gap = "\n" if _IN_BULLET.match(above) else "\n\n"
        key = _NEXT.zh if chinese else _NEXT.key
        return Splice(end, end, f"{gap}- {key}: {_nested(line)}")
    start = places.offset(followup.next.span.line, followup.next.span.column)
    end = places.line_end(start)
    # Indented lines below the bullet go on with its text.
    while below := _FURTHER_LINE.match(text, end):
        end = below.end()
    return Splice(start, end, _nested(line))


def name_authors(text: str, customer: Customer, name: str) -> list[Splice]:
    """Return the splices that name who followed up in headings that name nobody.

    Such a follow-up counts as the record's owner's; before the owner changes, the heading has to
    say whose it was.
    """
    places = Places(text)
    splices = []
    for followup in customer.followups:
        if not followup.who_written:
            end = places.stretch(followup.span)[1]
            splices.append(Splice(end, end, f" {name}"))
    return splices


def add_to_note(text: str, names: Iterable[str], heading: str, line: str) -> Splice:
    """Return the splice that adds a bullet to an undated section, which is begun where it lacks.

    Args:
        text: The record's text.
        names: Headings under which such a section may stand, in any language.
        heading: The one that a new section gets, at the end of the file.
        line: The bullet, one line.
    """
    wanted = set(map(fold, names))
    body, first_line = body_of(text)
    for section in split_body(body, first_line).sections[1:]:
        if not section.dated and fold(section.heading) in wanted:
            last = max((at for at, below, _ in section.lines if below.strip()), default=None)
            places = Places(text)
            end = places.line_end(places.offset(last or section.line, 1))
            start = text[places.line_start(end) : end].lstrip()
            gap = "\n" if start.startswith("- ") else "\n\n"
            return Splice(end, end, f"{gap}{line}")
    end = len(text.rstrip())
    return Splice(end, end, f"\n\n## {heading}\n\n{line}{'' if text[end:] else chr(10)}")


def insert_note(text: str, note: str) -> Splice:
    """Return the splice that puts an undated section behind the last one.

    Where there is none it stands before the first follow-up, as whatever is below that and
    deeper would belong to the follow-up.

    Args:
        text: The record's text.
        note: The section's Markdown; it begins with its heading.
    """
    sections = _sections(text)
    undated = [index for index, section in enumerate(sections) if not section.is_followup]
    return _after(text, sections[undated[-1]], note)


def add_to_background(text: str, paragraph: str) -> Splice:
    """Return the splice that adds a paragraph to what stands above the first heading."""
    return _after(text, _sections(text)[0], paragraph)


def _sections(text: str) -> list[Section]:
    body, first_line = body_of(text)
    return split_body(body, first_line).sections


def _after(text: str, section: Section, block: str) -> Splice:
    """Return the splice that puts a block behind a section, with a blank line on either side."""
    if section.level == 0 and not section.text:
        body = body_of(text)[0].lstrip("\n")
        if not body.strip():
            end = len(text.rstrip("\n"))
            return Splice(end, len(text), f"\n\n{block}\n")
        start = len(text) - len(body)
        return Splice(start, start, f"{_gap_before(text, start)}{block}\n\n")
    places = Places(text)
    last = max((line for line, below, _ in section.lines if below.strip()), default=section.line)
    at = places.line_end(places.offset(last, 1))
    rest = text[at:]
    gap = "" if rest.startswith("\n\n") or not rest.strip() else "\n"
    return Splice(at, at, f"\n\n{block}{gap}{'' if rest else chr(10)}")
