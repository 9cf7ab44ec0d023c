"""Where one is in a dated section, as far as the line alone tells."""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.schema import by_spelling
from tracker.text import fold

if TYPE_CHECKING:
    from tracker.config import Config
    from tracker.format.sections import Section
    from tracker.schema import Field

_HEADING = re.compile(r" {0,3}#{1,6}[ \t]+(?P<text>.*)$")
_TASK = re.compile(r"[ \t]*[-*+][ \t]+\[[ xX]?\][ \t]*(?P<text>.*)$")
_BULLET = re.compile(r"[ \t]*[-*+](?:[ \t]+|$)(?P<text>.*)$")
_FIELD = re.compile(r"(?:\*\*|__)?(?P<key>[^:：*_`\[\]()<>|]{1,40}?)(?:\*\*|__)?[ \t]*[:：][ \t]*")
_AT = re.compile(r"[@＠][ \t]?(?P<typed>[^@＠]{0,24})$")


class Where(Enum):
    """Part of a dated section."""

    HEADING = "heading"
    BULLET = "begin of a bullet"
    FIELD = "value of a field"
    TASK = "text of a commitment"
    PROSE = "any other text"


class FollowupPlace(Struct, frozen=True):
    """A place in a dated section.

    Attributes:
        where: In which part of it.
        typed: What stands between the beginning of that part and the place.
        start: Column at which that part begins, from 1.
        field: The field, for its value.
        rest: What stands behind the place in the line.
    """

    where: Where
    typed: str
    start: int
    field: Field | None = None
    rest: str = ""

    @property
    def at(self) -> tuple[str, int] | None:
        """Return what is typed behind the last `@`, and the column where it begins."""
        match = _AT.search(self.typed)
        return (match["typed"], self.start + match.start("typed")) if match else None


def followup_place(
    section: Section, line: int, text: str, column: int, config: Config
) -> FollowupPlace | None:
    """Return where a place is in a section; None where it is code, or a comment.

    Args:
        section: The section that the line lies in.
        line: Its number in the file.
        text: The line.
        column: The column, from 1.
        config: The workspace's settings.
    """
    if any(number == line and fenced for number, _, fenced in section.lines):
        return None
    at = column - 1

    def place(where: Where, start: int, field: Field | None = None) -> FollowupPlace | None:
        return FollowupPlace(where, text[start:at], start + 1, field, text[at:])

    if (match := _HEADING.match(text)) and section.line == line:
        return place(Where.HEADING, match.start("text")) if at >= match.start("text") else None
    if match := _TASK.match(text):
        return place(Where.TASK, match.start("text")) if at >= match.start("text") else None
    if (match := _BULLET.match(text)) and at >= match.start("text"):
        start = match.start("text")
        named = _FIELD.match(text, start)
        field = by_spelling(config.all_followup_fields).get(fold(named["key"])) if named else None
        if named and field and at >= named.end():
            return place(Where.FIELD, named.end(), field)
        if not named or at < named.end():
            return place(Where.BULLET, start)
    return place(Where.PROSE, len(text) - len(text.lstrip()))
