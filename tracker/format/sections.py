"""The follow-up grammar: from the body's lines to raw sections, fields and tasks.

Nothing is typed here; every piece keeps its place, and every line belongs to exactly one piece.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tracker.diagnostics import Span

if TYPE_CHECKING:
    from collections.abc import Callable

_HEADING = re.compile(r"(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$")
_DATE_LIKE = re.compile(
    r"[0-9０-９]{4}\s?[-/年.．－／]\s?[0-9０-９]{1,2}\s?[-/月.．－／]\s?[0-9０-９]"
    r"|[0-9０-９]{1,2}月[0-9０-９]{1,2}日|[0-9]{2}-[0-9]{1,2}-[0-9]{1,2}\b"
)
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_TASK = re.compile(r"([ \t]*)[-*+][ \t]+\[([ xX])\](?:[ \t]+(.*))?$")
_BULLET = re.compile(r"([ \t]*)[-*+][ \t]+(\S.*)$")
_FIELD = re.compile(r"(\*{0,2})([^:：*`\[\]()<>|]{1,24}?)[ \t]*(?:\1[:：]|[:：]\1)(?!//)[ \t]*(.*)$")
_CONFLICT = re.compile(r"(?:<{7,}|>{7,}|\|{7,})(?: |$)|={7,}$")
_INTERRUPTS = re.compile(r"[ \t]*(?:#{1,6}[ \t]|>|`{3}|~{3}|[-*+][ \t]|[0-9]{1,9}[.)][ \t]|\||[-*_]{3,}[ \t]*$)")
_FIRST_SIGNS = ("#", "<", ">", "|", "=")
_FIELD_DEPTH = 2
FOLLOWUP_LEVELS = (2, 3)
"""Levels of the headings that can begin a follow-up."""


@dataclass(slots=True)
class Piece:
    """A field bullet or a task bullet with all the lines that belong to it.

    Attributes:
        key: The field's key as written; empty for a task.
        text: The value; further lines follow, without the bullet's indent.
        span: The value, within its first line.
        key_span: The key; for a task its box.
        done: For a task: whether it is ticked.
    """

    key: str
    text: str
    span: Span
    key_span: Span
    done: bool = False


@dataclass(slots=True)
class Section:
    """A heading with what stands below it.

    Attributes:
        level: Level of the heading; 0 for what stands before the first one.
        heading: Its text.
        line: Number of its line in the file.
        column: Column of its text.
        dated: Whether the text begins like a date.
        lines: The lines below it, each with its number and whether it is fenced code.
    """

    level: int
    heading: str
    line: int
    column: int
    dated: bool
    lines: list[tuple[int, str, bool]] = field(default_factory=list)

    @property
    def span(self) -> Span:
        """Return the place of the heading's text."""
        return Span.of_line(self.line, self.column, max(len(self.heading), 1))

    @property
    def is_followup(self) -> bool:
        """Tell whether this is a dated section of a level that makes it a follow-up."""
        return self.dated and self.level in FOLLOWUP_LEVELS

    @property
    def text(self) -> str:
        """Return the lines below the heading as one text."""
        return "\n".join(line for _, line, _ in self.lines).strip("\n")


@dataclass(slots=True)
class Body:
    """The sections of a body in order, and the lines with markers of a merge conflict."""

    sections: list[Section]
    conflicts: list[Span]


def split_body(body: str, first_line: int) -> Body:
    """Split a body at its headings.

    A dated heading of level 2 or 3 begins a follow-up; an undated heading begins a note, unless
    it lies deeper than the follow-up that it stands in: then it is part of that one's text.
    Lines in code fences are never headings.

    Args:
        body: The text below the front matter.
        first_line: The number of its first line in the file.
    """
    current = Section(0, "", first_line, 1, dated=False)
    sections = [current]
    conflicts: list[Span] = []
    lines = body.split("\n")
    fenced = _fenced_lines(lines) if "```" in body or "~~~" in body else frozenset()
    for index, line in enumerate(lines):
        number = first_line + index
        in_fence = index in fenced
        if not in_fence and line.startswith(_FIRST_SIGNS):
            if _CONFLICT.match(line):
                conflicts.append(Span.of_line(number, 1, len(line)))
            elif match := _HEADING.match(line):
                level, heading = len(match[1]), match[2] or ""
                dated = bool(_DATE_LIKE.match(heading))
                if dated or not (current.is_followup and level > current.level):
                    column = match.start(2) + 1 if match[2] else 1
                    current = Section(level, heading, number, column, dated)
                    sections.append(current)
                    continue
        current.lines.append((number, line, in_fence))
    return Body(sections, conflicts)


def _fenced_lines(lines: list[str]) -> frozenset[int]:
    """Return the indexes of the lines of fenced code; a fence that is never closed is none."""
    fenced: set[int] = set()
    start, fence = 0, ""
    for index, line in enumerate(lines):
        match = _FENCE.match(line)
        if not match:
            continue
        rest = line[match.end() :]
        if fence:
            if match[1].startswith(fence) and not rest.strip():
                fenced.update(range(start, index + 1))
                fence = ""
        elif match[1][0] == "~" or "`" not in rest:
            start, fence = index, match[1]
    return frozenset(fenced)


@dataclass(slots=True)
class Content:
    """What a dated section says: its fields, its tasks, and the Markdown that is neither."""

    fields: list[Piece] = field(default_factory=list)
    tasks: list[Piece] = field(default_factory=list)
    summary: str = ""
    near_misses: list[Piece] = field(default_factory=list)


def read_content(section: Section, is_key: Callable[[str], bool]) -> Content:
    """Take a dated section's lines apart.

    A bullet `- KEY: text` whose key `is_key` knows is a field, and owns its continuation lines
    and nested bullets as Markdown would have it; a task bullet is a task at any depth; every
    other line is the summary's. Bullets of the form of a field with an unknown key are the
    summary's too, and named in `near_misses`.
    """
    content = Content()
    summary: list[str] = []
    owners: list[tuple[Piece, int]] = []
    after_blank = False
    for number, line, in_fence in section.lines:
        depth = _depth(line)
        piece = None if in_fence else _piece(line, number, depth, is_key, content)
        if not line.strip():
            after_blank = True
            if not owners:
                summary.append(line)
            elif not owners[-1][0].text.endswith("\n\n"):
                owners[-1][0].text += "\n"
            continue
        opens_block = piece or after_blank or _INTERRUPTS.match(line)
        after_blank = False
        if opens_block and not (in_fence and owners and depth > owners[-1][1]):
            had_owner = bool(owners)
            while owners and depth <= owners[-1][1]:
                owners.pop()
            if had_owner and not owners and not piece:
                summary.append("")
        if piece:
            owners.append((piece, depth))
        elif owners:
            owner, indent = owners[-1]
            owner.text += "\n" + _dedent(line, indent + 2)
        else:
            summary.append(line)
    for owned in (*content.fields, *content.tasks):
        owned.text = owned.text.strip()
    content.summary = "\n".join(summary).strip("\n")
    return content


def _piece(
    line: str, number: int, depth: int, is_key: Callable[[str], bool], content: Content
) -> Piece | None:
    """Return the field or task that begins in a line, and file it under its kind."""
    if task := _TASK.match(line):
        piece = Piece(
            "",
            task[3] or "",
            Span.of_line(number, task.start(3) + 1, len(task[3] or " ")),
            Span.of_line(number, task.start(2), 3),
            done=task[2] != " ",
        )
        content.tasks.append(piece)
        return piece
    bullet = _BULLET.match(line)
    match = _FIELD.match(bullet[2]) if bullet and depth < _FIELD_DEPTH else None
    if not bullet or not match:
        return None
    start = bullet.start(2) + 1
    key = match[2].strip()
    value = match[3].strip()
    piece = Piece(
        key,
        value,
        Span.of_line(number, start + match.start(3), max(len(value), 1)),
        Span.of_line(number, start + match.start(2), len(key)),
    )
    known = is_key(key)
    (content.fields if known else content.near_misses).append(piece)
    return piece if known else None


def _depth(line: str) -> int:
    """Return the width of a line's indent; a tab reaches the next multiple of four."""
    expanded = line.expandtabs(4)
    return len(expanded) - len(expanded.lstrip(" "))


def _dedent(line: str, width: int) -> str:
    """Take at most `width` columns of indent away."""
    expanded = line.expandtabs(4) if line.startswith((" ", "\t")) else line
    return expanded[min(width, _depth(line)) :]
