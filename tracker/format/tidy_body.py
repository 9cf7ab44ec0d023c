"""The canonical form of what stands below the front matter.

Only dated sections move, and only fields, commitments and headings of theirs are written anew.
Prose, fenced code and comments are their writer's.
"""

from __future__ import annotations

import re
from itertools import groupby, zip_longest
from typing import TYPE_CHECKING, NamedTuple

from tracker.dates import format_time, read_date, read_time
from tracker.diagnostics import Problems
from tracker.format.comparison import content_of
from tracker.format.followup import DONE, DUE, HEADING, NEXT, SEPARATORS, SIGNS, read_followup
from tracker.format.order import in_order
from tracker.format.sections import Piece, Section, read_content, split_body
from tracker.format.tidy_matter import KeyLanguage, day_of, key_in
from tracker.schema import Kind, by_spelling
from tracker.text import fold
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.config import Config
    from tracker.model import FollowUp

_BLANKS = " \t"
_CODE = 4
"""Columns of indent that can make a line code, in which blank lines count."""

_BULLET = re.compile(r"([ \t]*)([-*+])([ \t]+)")
_OTHER_BULLET = re.compile(r"[ \t]*[*+][ \t]+\S")
_FIRST_SIGN = re.compile(rf"[ \t\u3000]*[{SIGNS}][{SEPARATORS}]*")
_ALL_SIGNS = re.compile(rf"[{SEPARATORS}]+")
_HARD_BREAK = "  "
_MARK_ALONE = re.compile(r"[ \t]*(?:[-*+]|[0-9]{1,9}[.)]|#{1,6})$")
"""What is an empty bullet or heading with a blank behind it, and may be something else without."""


class TidyLine(NamedTuple):
    """A line of a section.

    Attributes:
        text: The line.
        verbatim: Whether it is fenced code or a comment.
        begins_piece: Whether a field or a commitment begins in it.
    """

    text: str
    verbatim: bool = False
    begins_piece: bool = False


class _Block(NamedTuple):
    """A section written anew.

    Attributes:
        lines: Its lines, the heading first.
        section: The section; None for what stands before the first heading.
        followup: What it is read as; None for a note.
    """

    lines: list[str]
    section: Section
    followup: FollowUp | None


def tidy_body(
    body: str, config: Config, owner: str, language: KeyLanguage | None, *, sort: bool
) -> list[str]:
    r"""Return the lines of a body in canonical form, without blank lines at either end.

    Args:
        body: The text below the front matter, with `\n` as the only line break.
        config: The workspace's settings.
        owner: The record's owner.
        language: The language that keys are to be in; None to leave it.
        sort: Whether dated sections go where the team's order wants them.
    """
    first, *sections = split_body(body, 1).sections
    written = body.split("\n")
    blocks = [_Block(tidy_text(_plain_lines(first)), first, None)]
    for section in sections:
        problems = Problems()
        followup = read_followup(section, config, owner, problems) if section.dated else None
        heading = written[section.line - 1].rstrip(_BLANKS)
        if followup:
            heading = _heading(heading, section, config, owner)
            # Of a field that stands twice, the first is kept as the text that it is.
            values_stay = problems.has("duplicate-key")
            text = tidy_text(_followup_lines(section, config, language, values_stay=values_stay))
        else:
            text = tidy_text(_plain_lines(section))
        blocks.append(_Block([heading, *([""] if text else []), *text], section, followup))
    lines: list[str] = []
    for block in _sorted(blocks, config) if sort else blocks:
        if block.lines:
            lines += ([""] if lines else []) + block.lines
    return lines


def sort_body(body: str, config: Config, owner: str) -> str:
    r"""Return a body with its dated sections in the team's order; as it is where they stand in it.

    Args:
        body: The text below the front matter, with `\n` as the only line break.
        config: The workspace's settings.
        owner: The record's owner.
    """
    first, *sections = split_body(body, 1).sections
    written = body.split("\n")
    blocks = [_Block([line for _, line, _ in first.lines], first, None)]
    for section in sections:
        followup = read_followup(section, config, owner, Problems()) if section.dated else None
        lines = [written[section.line - 1], *(line for _, line, _ in section.lines)]
        blocks.append(_Block(lines, section, followup))
    in_their_order = list(_sorted(blocks, config))
    if in_their_order == blocks:
        return body
    parts = ("\n".join(block.lines).strip("\n") for block in in_their_order)
    start = body[: len(body) - len(body.lstrip("\n"))]
    end = body[len(body.rstrip("\n")) :]
    return start + "\n\n".join(filter(None, parts)) + end


def _sorted(blocks: list[_Block], config: Config) -> Iterable[_Block]:
    """Put dated sections in order between any two notes.

    A note may be about what is above it or head what is below it, so none is ever passed. Nor is
    a heading of another level, since the deeper of two may be meant to lie within the other.
    """
    for level, run in groupby(
        blocks, key=lambda block: block.section.level if block.followup else None
    ):
        if level is None:
            yield from run
            continue
        by_place = {id(block.followup): block for block in run}
        followups = [block.followup for block in by_place.values() if block.followup]
        for followup in in_order(followups, newest_first=config.newest_first):
            yield by_place[id(followup)]


# --- Text -------------------------------------------------------------------------------------


def tidy_text(lines: list[TidyLine]) -> list[str]:
    """Return lines without blanks at their ends and with one blank line for several.

    Two blanks before a line break are a hard break where the paragraph goes on, and stay. Several
    blank lines stay where they can belong to code.
    """
    tidied = [
        line.text if line.verbatim else _without_trail(line, following)
        for line, following in zip_longest(lines, lines[1:])
    ]
    kept: list[str] = []
    blanks = 0
    for text, line in zip(tidied, lines, strict=True):
        if not text and not line.verbatim:
            blanks += 1
            continue
        if kept and blanks:
            kept += [""] * (blanks if _depth(text) >= _CODE else 1)
        kept.append(text)
        blanks = 0
    return kept


def _without_trail(line: TidyLine, following: TidyLine | None) -> str:
    text = line.text.rstrip(_BLANKS)
    if text and following and line.text.endswith(_HARD_BREAK) and _goes_on(line, following):
        return line.text.rstrip(" ") + _HARD_BREAK
    return f"{text} " if text != line.text and _MARK_ALONE.match(text) else text


def _goes_on(line: TidyLine, following: TidyLine) -> bool:
    """Tell whether the text of a line may go on in the next one."""
    if not following.text.strip(_BLANKS):
        return False
    if not following.begins_piece:
        return True
    depth = _depth(following.text)
    ends = depth == 0 or (line.begins_piece and depth <= _depth(line.text))
    return not ends


def _depth(text: str) -> int:
    return len(text[: len(text) - len(text.lstrip(_BLANKS))].expandtabs(4))


def _plain_lines(section: Section) -> list[TidyLine]:
    return [TidyLine(line, in_fence) for _, line, in_fence in section.lines]


# --- Headings ---------------------------------------------------------------------------------


def _heading(line: str, section: Section, config: Config, owner: str) -> str:
    """Return the line of a dated heading with one blank between its parts, as far as that is safe.

    A name can hold the signs that part it from what is before it, so each way to write the rest
    is read again.
    """
    match = HEADING.match(section.heading)
    if match is None:
        return line
    start = f"{'#' * section.level} {_moment(match['date'], match['time'])}"
    rest = match["rest"] or ""
    meaning = None
    for text in (_ALL_SIGNS.sub(" ", rest), _FIRST_SIGN.sub(" ", rest, count=1), rest):
        tidied = f"{start} {text.strip()}".rstrip()
        if tidied == line:
            return line
        meaning = meaning or _meaning(section, config, owner)
        read = split_body(tidied, 1).sections
        if len(read) > 1 and _meaning(read[1], config, owner) == meaning:
            return tidied
    return line


def _meaning(section: Section, config: Config, owner: str) -> object:
    """Return what the heading of a section says, and what is wrong with it."""
    bare = Section(section.level, section.heading, section.line, section.column, section.dated)
    problems = Problems()
    followup = read_followup(bare, config, owner, problems)
    return (content_of(followup), problems.codes())


def _moment(day: str, clock: str | None) -> str:
    """Return a day, and a time where there is one, in their canonical forms."""
    date, time = read_date(day), read_time(clock) if clock else None
    if isinstance(date, Message) or isinstance(time, Message):
        return f"{day} {clock or ''}".rstrip()
    if time is None:
        return date.isoformat()
    written = format_time(time)
    if clock and clock.endswith("Z"):
        written = written.replace("+00:00", "Z")
    return f"{date.isoformat()} {written}"


# --- Fields and commitments -------------------------------------------------------------------


def _followup_lines(
    section: Section, config: Config, language: KeyLanguage | None, *, values_stay: bool
) -> list[TidyLine]:
    """Return the lines of a dated section with its fields and commitments written anew."""
    fields = by_spelling(config.all_followup_fields)
    content = read_content(section, lambda key: fold(key) in fields)
    pieces = {piece.span.line: piece for piece in (*content.fields, *content.tasks)}
    # Bullets of another sign would be a list of their own beside these.
    signs_stay = any(
        _OTHER_BULLET.match(line) and not in_fence and number not in pieces
        for number, line, in_fence in section.lines
    )
    lines = []
    for at, (number, line, in_fence) in enumerate(section.lines):
        piece = pieces.get(number)
        if piece is None:
            lines.append(TidyLine(line, in_fence))
            continue
        stands_alone = not _has_lines_within(section, at)
        text = _bullet(line, signs_stay=signs_stay, stands_alone=stands_alone)
        shift = len(text) - len(line)
        if piece.key:
            found = fields[fold(piece.key)]
            kind = None if values_stay else found.kind
            text = _field(text, piece, shift, key_in(found, piece.key, language), kind)
        else:
            text = _task(text, piece, shift)
        lines.append(TidyLine(text, begins_piece=True))
    return lines


def _has_lines_within(section: Section, at: int) -> bool:
    """Tell whether a line below a bullet is indented more, and so may hang on its width."""
    depth = _depth(section.lines[at][1])
    below = (section.lines[index][1] for index in range(at + 1, len(section.lines)))
    return _depth(next((line for line in below if line.strip(_BLANKS)), "")) > depth


def _bullet(line: str, *, signs_stay: bool, stands_alone: bool) -> str:
    """Return a line with the sign `-` and one blank behind it, where that changes nothing else."""
    match = _BULLET.match(line)
    if match is None:
        return line
    indent, sign, gap = match.groups()
    return (
        f"{indent}{sign if signs_stay else '-'}{' ' if stands_alone else gap}{line[match.end() :]}"
    )


def _field(line: str, piece: Piece, shift: int, key: str, kind: Kind | None) -> str:
    """Return the line of a field: its key, a half-width colon, one blank, its value.

    Args:
        line: The line, its bullet written anew.
        piece: The field, with its places in the line as it was.
        shift: By how much these places have moved.
        key: The key that is to be written.
        kind: The kind of value; None to leave the value as it is.
    """
    start = piece.key_span.column - 1 + shift
    end = start + len(piece.key)
    value_at = piece.span.column - 1 + shift
    value = line[value_at:]
    signs = "".join(line[end:value_at].split()).replace("：", ":").replace("::", ":")
    if kind is Kind.NEXT:
        value = _next(value)
    elif kind is Kind.DATE and (day := day_of(value)):
        value = day.isoformat()
    head = f"{line[:start]}{key}{signs}"
    return f"{head} {value}" if value.strip() else head


def _next(value: str) -> str:
    """Return a plan with its day and time in their canonical forms."""
    match = NEXT.match(value)
    if match is None or day_of(match["date"]) is None:
        return value
    if match["time"] and isinstance(read_time(match["time"]), Message):
        return value
    trail = value[len(value.rstrip()) :]
    return f"{_moment(match['date'], match['time'])} {match['rest']}".rstrip() + trail


def _task(line: str, piece: Piece, shift: int) -> str:
    """Return the line of a commitment: its box, one blank, its text with its days."""
    start = piece.key_span.column - 1 + shift
    text = line[piece.span.column - 1 + shift :]
    box = "[x]" if piece.done else "[ ]"
    if due := DUE.search(text):
        text = _with_day(text, due)
    if done := DONE.search(text):
        text = _with_day(text, done)
    return f"{line[:start]}{box} {text}"


def _with_day(text: str, match: re.Match[str]) -> str:
    """Return the text of a commitment with one of its days in canonical form."""
    written = match["date"] or match["bracketed"]
    day = day_of(written)
    if day is None:
        return text
    mark = match[0].replace(written, day.isoformat())
    before, after = text[: match.start()], text[match.end() :]
    if mark[0] in "@＠":
        mark = f"@{day.isoformat()}"
        if before and not before[-1].isspace() and before[-1] not in "([（【":
            before += " "
    return before + mark + after
