"""The people whom a cell names, with the telephone numbers and positions beside their names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from tracker.exchange.intake.cells import read_cell
from tracker.exchange.intake.headers import heading_of
from tracker.library.forms_of_address import is_position
from tracker.schema import CONTACT_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.exchange.intake.notation import Notation


class Person(NamedTuple):
    """Somebody whom a cell names.

    Attributes:
        name: The name.
        title: What the cell says that this person does.
        numbers: The telephone numbers beside the name.
    """

    name: str
    title: str = ""
    numbers: tuple[str, ...] = ()


_CHINESE_NAME = re.compile(r"[\u3400-\u9fff·]+")


def full_name(given_name: str = "", family_name: str = "") -> str:
    """Return a name out of its two parts: `Ann Roe`, `赵敏`."""
    if all(map(_CHINESE_NAME.fullmatch, (given_name, family_name))):
        return f"{family_name}{given_name}"
    return " ".join(filter(None, (given_name, family_name)))


_BETWEEN_NAMES = re.compile(r"\s*[、，;；/／\n]\s*")
_CHINESE_ROW = re.compile(r"[\u3400-\u9fff·]+(?:\s*,\s*[\u3400-\u9fff·]+)+")
_NUMBER = re.compile(
    r"(?<![0-9])(?:\+|\(?[0-9])[0-9 ()./、-]*[0-9](?:\s*(?:转|分机|x|ext\.?)\s*[0-9]{1,6})?",
    re.IGNORECASE,
)
_OPENING, _CLOSING = "(（[【", ")）]】"


def split_people(text: str) -> tuple[str, ...]:
    """Split what a cell says of several people: at line breaks, semicolons, `、`, `，` and `/`.

    A comma separates Chinese names alone: `Lee, Ann` is one person. A text is left whole where a
    part of it would not be a name, as in `Ann (sales/service)`.

    Args:
        text: The text of a cell.

    Returns:
        The parts, each on one line; none of a text without any.
    """
    parts = [" ".join(part.split()) for part in _BETWEEN_NAMES.split(text)]
    parts = [
        name
        for part in filter(None, parts)
        for name in (part.split(",") if _CHINESE_ROW.fullmatch(part) else (part,))
    ]
    for part in parts:
        opened = sum(map(part.count, _OPENING)) - sum(map(part.count, _CLOSING))
        if opened or not any(map(str.isalpha, part)) or _NUMBER.fullmatch(part):
            return (" ".join(text.split()),)
    return tuple(map(str.strip, parts))


def people_of(text: str, notation: Notation) -> tuple[Person, ...]:
    """Return the people whom a cell names, with what stands beside their names.

    Args:
        text: What the cell says: `王芳 13912345678/张伟（13812345678）`, `Jane Doe, CFO`.
        notation: How the file's cells are to be understood.
    """
    if card := _one_person(text, notation):
        return (card,)
    return tuple(person for part in split_people(text) for person in _in_a_row(part, notation))


_ON_A_CARD = re.compile(r"\s*[,，/／|｜()（）\n]\s*")


def _one_person(text: str, notation: Notation) -> Person | None:
    """Return the person of a cell that gives one name, one position, and maybe numbers."""
    said: list[str] = []
    numbers: list[str] = []
    for part in _ON_A_CARD.split(text):
        gaps, found = _apart(" ".join(part.split()), notation)
        numbers += [number for several in found for number in several]
        said += filter(None, gaps)
    titles = list(filter(is_position, said))
    names = [name for name in said if name not in titles]
    if len(titles) != 1 or len(names) != 1 or not _may_be_name(names[0]):
        return None
    return Person(names[0], titles[0], tuple(numbers))


_NAMED = re.compile(r".*[^\W\d_][^0-9+]*")


def _in_a_row(text: str, notation: Notation) -> Iterator[Person]:
    """Yield the people of one line: `王芳 13912345678 张伟 13812345678`, `021-66668888 王芳`.

    Where something in it is neither a name nor a number, it is the name of one, as it stands.
    """
    gaps, numbers = _apart(text, notation)
    names = list(filter(None, gaps))
    if not numbers:
        yield _titled(text)
    elif len(numbers) == 1 and not gaps[-1] and _NAMED.fullmatch(gaps[0]):
        yield _titled(gaps[0], numbers[0])
    elif len(names) == len(numbers) and not (gaps[0] and gaps[-1]) and all(map(_is_name, names)):
        yield from map(_titled, names, numbers)
    else:
        yield Person(text)


_OPEN_END = re.compile(r"[\s:：,，、(（]+$")
_CLOSED_START = re.compile(r"^[\s:：,，、)）]+")


def _apart(text: str, notation: Notation) -> tuple[list[str], list[tuple[str, ...]]]:
    """Return what stands before, between and behind the telephone numbers of a line, and those."""
    gaps: list[str] = []
    numbers: list[tuple[str, ...]] = []
    end = 0
    for match in _NUMBER.finditer(text):
        if found := _numbers_in(match[0], notation):
            gaps.append(text[end : match.start()])
            numbers.append(found)
            end = match.end()
    gaps.append(text[end:])
    gaps[:-1] = [_OPEN_END.sub("", gap) for gap in gaps[:-1]]
    gaps[1:] = [_CLOSED_START.sub("", gap) for gap in gaps[1:]]
    return gaps, numbers


_FEWEST_DIGITS, _FEWEST_PLAIN = 7, 10
_PHONE = next(field for field in CONTACT_FIELDS if field.key == "phone")


def _numbers_in(text: str, notation: Notation) -> tuple[str, ...]:
    """Return the telephone numbers that a text is; none where it may be something else."""
    fewest = _FEWEST_DIGITS if text[0] in "+0(" else _FEWEST_PLAIN
    if sum(map(str.isdigit, text)) < fewest:
        return ()
    reading = read_cell(text, _PHONE, heading_of(""), notation)
    if not isinstance(reading.value, str):
        return ()
    return (reading.value, *filter(None, reading.rest.split("\n")))


_BESIDE_NAME = tuple(
    map(
        re.compile,
        (
            r"(.+?)\s*[(（\[【]\s*([^()（）\[\]【】]+?)\s*[)）\]】]",
            r"(.+)(?:\s+[-–]\s+|\s*[—:：,，|｜]+\s*)(.+)",
            # Without any sign between them, they are told apart in Chinese alone, at a blank.
            r"([\u3400-\u9fff·]+)(?:\s*-\s*|\s+)(.+)",
            r"(.+)\s+([\u3400-\u9fff·]+)",
        ),
    )
)


def _titled(text: str, numbers: tuple[str, ...] = ()) -> Person:
    """Return somebody with the position beside the name: 王芳（财务）, Jane Doe, CFO."""
    for match in filter(None, (pattern.fullmatch(text) for pattern in _BESIDE_NAME)):
        for name, title in (match.groups(), match.groups()[::-1]):
            if is_position(title) and _may_be_name(name):
                return Person(name, title, numbers)
    return Person(text, "", numbers)


def _may_be_name(text: str) -> bool:
    """Tell whether a text beside a position may be a name: not the 王 of 王 经理."""
    return len(text) > 1 and not is_position(text) and not any(map(str.isdigit, text))


_LATIN_WORD = r"[^\W\d_](?:[^\W\d_]|['’-])*\.?"
_NAME = re.compile(rf"[\u3400-\u9fff·]{{2,5}}|{_LATIN_WORD}(?: {_LATIN_WORD}){{0,3}}")
_NO_NAME = re.compile(
    "微信|同号|电话|手机|座机|办公|分机|总机|传真|号码|备用|家里|工作|公司|已|停机|空号|离职"
)


def _is_name(text: str) -> bool:
    """Tell whether a text between numbers is somebody's name, and not what is said of a number."""
    name = _titled(text).name
    return bool(_NAME.fullmatch(name)) and not (_NO_NAME.search(name) or is_position(name))
