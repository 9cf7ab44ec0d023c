"""How far what a text names goes: what may stand behind it, and between it and the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from tracker.day_words.text import Text
    from tracker.translation import Message

Value = TypeVar("Value")


class Found(NamedTuple, Generic[Value]):
    """Something that a text names.

    Attributes:
        end: The place behind it.
        value: What it means, or a message that says what does not exist.
        after: The regular expression of what must follow, or must not; one of those below.
    """

    end: int
    value: Value | Message
    after: str


ALWAYS = ""
"""After what needs nothing behind it."""

APART = r"\Z|[\s·|,;、:()]|[-–—]\s"
"""After what is a day only when it stands apart: `5号` but not `5号机`."""

NO_WORD = r"(?!\s*[a-z0-9])"
"""After what is a day only without a further word: `sun` but not `sun city`."""

_COUNTED = (
    "要求|建议|意见|看法|想法|原因|理由|改进|共识|诉求|顾虑|疑问|不足|优势"
    r"|(?:需求|问题|内容)(?!\w)"
)
"""What is counted in 点; the last of them begin names of meetings too: `10点需求评审`."""

NO_COUNT = f"(?<!点)|(?!{_COUNTED})"
"""After an hour that is said behind a day: `5点面谈` but not `5点要求`, which are five demands."""

NOT_ALONE = r"(?!)"
"""After what is a day only together with another word: `this week`."""

_AFTER_ALL = r"(?!(?:之|以)?[前后](?![往台来续勤端期])|左右|期间)"
"""After everything: `周五前` is not Friday, `明天前往上海` is tomorrow."""

_AFTER_LATIN = r"(?![^\W㐀-鿿]|'|-[a-z0-9]|[./:][0-9]|%)"
"""After what ends with a letter or a digit, which must be the last of its word."""

_GAP = r"(?<=[0-9])t(?=[0-9]{2}:)|[\s·|,]*"
"""Between a day and its time; `T` is the sign of ISO 8601."""

_SEPARATORS = r"(?:[\s·|,、:]|[-–—]+(?=\s))*"
_TO_ANOTHER = r"\s*(?:[-–—~/、]|至|到|或|和|(?:to|or|and|till|until)\b)\s*"


def ends_at(text: Text, end: int, after: str) -> bool:
    """Tell whether what a text names may end at a place.

    Args:
        text: The text.
        end: The place.
        after: What must follow.
    """
    rules = (_AFTER_ALL, after, _AFTER_LATIN if _is_latin(text.folded[end - 1 : end]) else ALWAYS)
    return all(text.match(rule, end) for rule in rules)


def gap_end(text: Text, end: int) -> int | None:
    """Return where the next part begins; None where the text ends, or the word before goes on."""
    start = text.skip(_GAP, end)
    around = text.folded[end - 1 : end], text.folded[end : end + 1]
    if start == len(text.folded) or (start == end and all(map(_is_latin, around))):
        return None
    return start


def rest_start(text: Text, end: int) -> int:
    """Return where the text goes on behind the blanks and signs that part it from a moment."""
    return text.skip(_SEPARATORS, end)


def another_start(text: Text, end: int) -> int | None:
    """Return where the second of a range or a choice could begin: `周一到周三`, `Mon or Tue`."""
    start = text.skip(_TO_ANOTHER, end)
    return start if start > end else None


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalnum()
