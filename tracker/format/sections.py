"""The follow-up grammar: from the body's lines to raw sections, fields and tasks.

Nothing is typed here; every piece keeps its place, and every line belongs to exactly one piece.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct, field

from tracker.diagnostics import Span

if TYPE_CHECKING:
    from collections.abc import Callable

_HEADING = re.compile(r"(#{1,6})(?=[ \t]|$)")
_WEEKDAY = r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}[., ] ?"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_DAY = r"[0-9]{1,2}(?:st|nd|rd|th)?"
_DATE_LIKE = re.compile(
    r"[*_\[【]{0,3}(?:"
    r"[0-9０-９]{4}\s?[-/年.．－／]\s?[0-9０-９]{1,2}\s?[-/月.．－／]\s?[0-9０-９]"
    r"|[0-9０-９]{1,2}月[0-9０-９]{1,2}日"
    r"|[0-9]{2}-[0-9]{1,2}-[0-9]{1,2}\b"
    r"|[0-9]{1,2}[-/.][0-9]{1,2}[-/.](?:19|20)[0-9]{2}\b"
    r"|[0-9]{1,2}[-/.][0-9]{1,2}[ \t]+[0-9]{1,2}[:：][0-9]{2}"
    rf"|(?i:(?:{_WEEKDAY})?(?:{_DAY}[ -]{_MONTH}|{_MONTH}[ -]{_DAY}))"
    r"[ ,-]+(?:19|20)[0-9]{2}\b"
    r"|(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01])(?![0-9])"
    r")"
)
_CARELESS_HEADING = re.compile(rf" {{0,3}}([#＃]{{2,3}})[ \t\u3000]*(?={_DATE_LIKE.pattern})")
"""A dated heading that is indented, lacks its blank or has full-width signs."""

_ANY_HEADING = re.compile(r"^ {0,3}[#＃]{2,3}.*", re.MULTILINE)
"""A line that may begin a follow-up."""

_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})")
_COMMENT = re.compile(r" {0,3}<!--(?!.*-->)")
_TASK = re.compile(r"([ \t]*)(?:[-*+]|[0-9]{1,9}[.)])[ \t]+\[([ xX]?)\](?![(\[:])[ \t]*(.*)$")
_BULLET = re.compile(r"([ \t]*)[-*+][ \t]+(\S.*)$")
_BULLET_SIGNS = frozenset("-*+0123456789")
_UNMARKED = re.compile(
    r"[ \t\u3000]{0,8}(?:(?:[-*+•●·－–—]|[0-9]{1,9}[.)、])[ \t\u3000]{0,8})?"
    r"(?P<task>(?:[\[［【][ \u3000xX√✓✔]?[\]］】](?![(\[:：])|[☐☑])[ \t\u3000]{0,8}\S.*)"
    r"|[ \t\u3000]{0,8}(?:[-*+](?=[^ \t])|[•●·－–—])?[ \t\u3000]{0,8}"
    r"(?P<key>[^\s:：*`\[\]()<>|]{1,24})[ \t]{0,8}[:：][ \t]{0,8}(?P<value>\S.*)"
)
"""A box, or a key and its value, without the `- ` or the `[ ]` that would make it read."""

_UNMARKED_SIGNS = frozenset("-*+0123456789•●·－–—[［【☐☑\u3000")
_KEY_REACH = 12
"""Characters from the start of a line within which the colon of an unmarked key is looked for."""

_LONGEST_KEY = 48
_PLAIN_KEY = re.compile(r"[^*`\[\]()<>|]{1,24}")
_INTERRUPTS = re.compile(
    r"[ \t]*(?:#{1,6}[ \t]|>|`{3}|~{3}|[-*+][ \t]|[0-9]{1,9}[.)][ \t]|\||[-*_]{3,}[ \t]*$)"
)
_NESTED = 2
"""Columns by which a bullet within another is indented, at least."""

_CODE = 4
"""Columns of indent that make a line code, unless it stands within a list."""

FOLLOWUP_LEVELS = (2, 3)
"""Levels of the headings that can begin a follow-up."""


class Piece(Struct):
    """A field bullet or a task bullet with all the lines that belong to it.

    Attributes:
        key: The field's key as written; empty for a task.
        text: The value; further lines follow, without the bullet's indent.
        span: The value, within its first line.
        key_span: The key; for a task its box.
        done: For a task: whether it is ticked.
        last_line: Number of the last line that belongs to it, blank ones not counted.
    """

    key: str
    text: str
    span: Span
    key_span: Span
    done: bool = False
    last_line: int = 0


class Section(Struct):
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
        return without_blank_ends("\n".join(line for _, line, _ in self.lines))


class Body(Struct):
    """The sections of a body, in order; the first is what stands before any heading."""

    sections: list[Section]


def split_body(body: str, first_line: int) -> Body:
    """Split a body at its headings.

    A dated heading of level 2 or 3 begins a follow-up. Any other heading begins a note, unless it
    lies deeper than the follow-up that it stands in: then it is part of that one's text. Lines in
    fenced code and in HTML comments are never headings.

    Args:
        body: The text below the front matter.
        first_line: The number of its first line in the file.
    """
    current = Section(0, "", first_line, 1, dated=False)
    sections = [current]
    lines = body.split("\n")
    fenced = _fenced_lines(lines) if any(sign in body for sign in _FENCING) else frozenset()
    for index, line in enumerate(lines):
        in_fence = index in fenced
        if line[:1] in _HEADING_SIGNS and not in_fence:
            section = _section(line, first_line + index)
            if section and not (
                current.is_followup and section.level > current.level and not section.is_followup
            ):
                current = section
                sections.append(current)
                continue
        current.lines.append((first_line + index, line, in_fence))
    return Body(sections)


def followup_headings(body: str) -> list[str]:
    """Return the texts of the headings that begin follow-ups, in order, as `split_body` finds them.

    It is much quicker, for whoever needs nothing else of many bodies.

    Args:
        body: The text below the front matter.
    """
    if any(sign in body for sign in _FENCING):
        sections = split_body(body, 1).sections
        return [section.heading for section in sections if section.is_followup]
    found = (_followup_heading(match[0]) for match in _ANY_HEADING.finditer(body))
    return [heading for heading in found if heading is not None]


@lru_cache(maxsize=4096)
def _followup_heading(line: str) -> str | None:
    section = _section(line, 1)
    return section.heading if section and section.is_followup else None


def _section(line: str, number: int) -> Section | None:
    """Return the section that a line begins, or None where it is no heading."""
    match = _HEADING.match(line)
    if match is None:
        careless = _CARELESS_HEADING.match(line)
        if careless is None:
            return None
        # Full-width signs stay in the heading, which is then reported as one that cannot be read.
        start = careless.start(1) if "＃" in careless[1] else careless.end()
        heading = _unclosed(line[start:].rstrip())
        return Section(len(careless[1]), heading, number, start + 1, dated=True)
    heading = _unclosed(line[match.end() :].strip(" \t"))
    column = line.index(heading, match.end()) + 1 if heading else 1
    return Section(len(match[1]), heading, number, column, bool(_DATE_LIKE.match(heading)))


def _unclosed(heading: str) -> str:
    """Return the text of a heading without the `##` that may close it."""
    unclosed = heading.rstrip("#")
    if unclosed != heading and unclosed[-1:] in ("", " ", "\t"):
        return unclosed.rstrip(" \t")
    return heading


_HEADING_SIGNS = frozenset("# ＃")
_FENCING = ("```", "~~~", "<!--")


def _fenced_lines(lines: list[str]) -> frozenset[int]:
    """Return the indexes of the lines of fenced code and of HTML comments.

    What is opened and never closed hides nothing.
    """
    marks: list[_Mark] = [mark for index, line in enumerate(lines) for mark in _marks(index, line)]
    longest = {"`": 0, "~": 0, "<": 0}
    for mark in reversed(marks):
        mark.closed_below = longest[mark.sign] >= mark.length
        if mark.closes:
            longest[mark.sign] = max(longest[mark.sign], mark.length)
    fenced: set[int] = set()
    opened: _Mark | None = None
    for mark in marks:
        if opened is None:
            if mark.opens and mark.closed_below:
                opened = mark
        elif mark.closes and mark.sign == opened.sign and mark.length >= opened.length:
            fenced.update(range(opened.index, mark.index + 1))
            opened = None
    return frozenset(fenced)


class _Mark(Struct):
    """A line that can open or close code or a comment."""

    index: int
    sign: str
    length: int
    opens: bool
    closes: bool
    closed_below: bool = False


def _marks(index: int, line: str) -> list[_Mark]:
    if match := _FENCE.match(line):
        rest = line[match.end() :]
        opens = match[1][0] == "~" or "`" not in rest
        return [_Mark(index, match[1][0], len(match[1]), opens, not rest.strip())]
    opens = "<!--" in line and bool(_COMMENT.match(line))
    closes = "-->" in line
    return [_Mark(index, "<", 1, opens, closes)] if opens or closes else []


class Content(Struct):
    """What a dated section says: its fields, its tasks, and the Markdown that is neither."""

    fields: list[Piece] = field(default_factory=list)
    tasks: list[Piece] = field(default_factory=list)
    summary: str = ""
    near_misses: list[Piece] = field(default_factory=list)
    unmarked: list[Piece] = field(default_factory=list)


class _Open(Struct):
    """A field or task whose lines are being gathered."""

    piece: Piece
    indent: int
    lines: list[str]


def read_content(section: Section, is_key: Callable[[str], bool]) -> Content:
    """Take a dated section's lines apart.

    A bullet `- KEY: text` whose key `is_key` knows is a field, and owns its continuation lines
    and nested bullets as Markdown would have it; a task bullet is a task at any depth; every
    other line is the summary's. Bullets of the form of a field with an unknown key are the
    summary's too, and named in `near_misses`; lines that would be a task or a field but for how
    their bullet or box is written stay where they are, and are named in `unmarked`.
    """
    reader = _ContentReader(is_key)
    for number, line, in_fence in section.lines:
        if not line or line.isspace():
            reader.read_blank()
        else:
            reader.read_line(number, line, in_fence=in_fence)
    return reader.finish()


class _ContentReader:
    """Gathers the lines of one section into pieces."""

    def __init__(self, is_key: Callable[[str], bool]) -> None:
        self._is_key = is_key
        self._content = Content()
        self._summary: list[str] = []
        self._begun: list[_Open] = []
        self._owners: list[_Open] = []
        self._list_indent: int | None = None
        self._after_blank = False

    def read_blank(self) -> None:
        self._after_blank = True
        (self._owners[-1].lines if self._owners else self._summary).append("")

    def read_line(self, number: int, line: str, *, in_fence: bool) -> None:
        depth = _depth(line)
        sign = line[0] if not depth else line.lstrip(" \t")[0]
        bullet = sign in _BULLET_SIGNS
        piece = self._piece(number, line, depth) if bullet and not in_fence else None
        if piece is None and not in_fence:
            self._look_for_unmarked(number, line, sign)
        owners = self._owners
        within = in_fence and owners and depth > owners[-1].indent
        if not within and (piece or self._after_blank or _INTERRUPTS.match(line)):
            self._close(depth, paragraph=piece is None)
        if piece:
            owners.append(_Open(piece, depth, [piece.text]))
            self._begun.append(owners[-1])
        elif owners:
            owners[-1].lines.append(_dedent(line, owners[-1].indent + _NESTED))
        else:
            self._summary.append(line)
        for owner in owners:
            owner.piece.last_line = number
        self._follow_list(line, depth, bullet=bullet)
        self._after_blank = False

    def _piece(self, number: int, line: str, depth: int) -> Piece | None:
        parent = self._owners[0].indent if self._owners else self._list_indent
        top_level = depth < _CODE and (parent is None or depth < parent + _NESTED)
        return _piece(line, number, self._content, self._is_key if top_level else None)

    def _look_for_unmarked(self, number: int, line: str, sign: str) -> None:
        beginning = line[:_KEY_REACH]
        if sign not in _UNMARKED_SIGNS and ":" not in beginning and "：" not in beginning:
            return
        match = _UNMARKED.match(line)
        if match is None:
            return
        key = match["key"] or ""
        if key and not self._is_key(key):
            return
        text = (match["value"] or match["task"]).rstrip()
        start = match.start("value") if key else match.start("task")
        span = Span.of_line(number, start + 1, len(text))
        key_span = Span.of_line(number, match.start("key") + 1, len(key)) if key else span
        self._content.unmarked.append(Piece(key, text, span, key_span))

    def _close(self, depth: int, *, paragraph: bool) -> None:
        """Close what does not reach to a line of this indent."""
        owners = self._owners
        if not owners:
            return
        while owners and depth <= owners[-1].indent:
            owners.pop()
        if not owners and paragraph and self._summary and self._summary[-1]:
            self._summary.append("")

    def _follow_list(self, line: str, depth: int, *, bullet: bool) -> None:
        """Keep the indent of the list that the summary is in, if it is in one."""
        if self._owners:
            self._list_indent = None
            return
        indent = self._list_indent
        if indent is None or (self._after_blank and depth < indent + _NESTED):
            begins = bullet and _BULLET.match(line) is not None
            self._list_indent = depth if begins else None

    def finish(self) -> Content:
        for item in self._begun:
            item.piece.text = "\n".join(item.lines).strip()
        self._content.summary = without_blank_ends("\n".join(self._summary))
        return self._content


def without_blank_ends(text: str) -> str:
    """Return a text without the blank lines before and after it; its indent stays."""
    text = text.rstrip()
    first = len(text) - len(text.lstrip())
    return text[text.rfind("\n", 0, first) + 1 :]


def _piece(
    line: str, number: int, content: Content, is_key: Callable[[str], bool] | None
) -> Piece | None:
    """Return the field or task that begins in a line, and file it under its kind.

    Args:
        line: The line.
        number: Its number.
        content: Where what is found is filed.
        is_key: Tells keys of fields from others; None where no field can begin.
    """
    if "[" in line and (task := _TASK.match(line)):
        piece = Piece(
            "",
            task[3].rstrip(),
            Span.of_line(number, task.start(3) + 1, max(len(task[3].rstrip()), 1)),
            Span.of_line(number, task.start(2), len(task[2]) + 2),
            done=task[2] in ("x", "X"),
        )
        content.tasks.append(piece)
        return piece
    if is_key is None or not (bullet := _BULLET.match(line)):
        return None
    found = _key_and_value(line, bullet.start(2))
    if found is None:
        return None
    key_start, key, value_start = found
    value = line[value_start:].strip()
    value_start = line.index(value, value_start)
    piece = Piece(
        key,
        value,
        Span.of_line(number, value_start + 1, max(len(value), 1)),
        Span.of_line(number, key_start + 1, len(key)),
    )
    if is_key(key):
        content.fields.append(piece)
        return piece
    if _PLAIN_KEY.fullmatch(key) and not value.startswith("//"):
        content.near_misses.append(piece)
    return None


def _key_and_value(line: str, start: int) -> tuple[int, str, int] | None:
    """Return where the key of `KEY: value` begins, the key, and where the value begins.

    The key may be bold, its colon within or without (`**KEY:** value`), and doubled.
    """
    colons = [
        at for at in (line.find(sign, start, start + _LONGEST_KEY) for sign in ":：") if at >= 0
    ]
    if not colons:
        return None
    end, value_start = min(colons), min(colons) + 1
    if line.startswith(":", value_start):
        value_start += 1
    mark = line[start : start + 2]
    if mark in ("**", "__"):
        start += 2
        if line.startswith(mark, value_start):
            value_start += 2
        elif line[start:end].rstrip().endswith(mark):
            end = line.rindex(mark, start, end)
    key = line[start:end].strip()
    return (line.index(key, start), key, value_start) if key else None


def _depth(line: str) -> int:
    """Return the width of a line's indent; a tab reaches the next multiple of four."""
    if line[0] not in " \t":
        return 0
    indent = line[: len(line) - len(line.lstrip(" \t"))]
    return len(indent.expandtabs(4))


def _dedent(line: str, width: int) -> str:
    """Take at most `width` columns of indent away."""
    depth = _depth(line)
    return " " * (depth - width) + line.lstrip(" \t") if depth else line
