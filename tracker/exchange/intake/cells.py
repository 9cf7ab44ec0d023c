"""From a cell to what a record writes: days, times, money, numbers, telephone numbers, words.

A value is the text that stands in a record afterwards; for lists it is a tuple of texts. What
cannot be one is a `Fault`; the caller keeps its text.
"""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct, field

from tracker.dates import read_time
from tracker.exchange.intake.tables import Cell, cell_text
from tracker.exchange.intake.targets import NAME_PARTS
from tracker.format.values import Fault, read_value
from tracker.money import Money, MoneyRange, is_currency, plain_number
from tracker.schema import CONTACT_FIELDS, FRONT_MATTER, NEEDS_FIELDS, Field, Kind
from tracker.text import fold, split_list
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tracker.config import Config
    from tracker.exchange.intake.headers import Heading

Value: TypeAlias = "str | tuple[str, ...]"
"""What a record writes."""

_NOTHING = frozenset(
    ("-", "--", "---", "—", "——", "/", "\\", "n/a", "na", "#n/a", "null", "none", "nil", "?", "？")
)
"""Texts that say that a cell is empty."""

_NOTHING_TYPED = frozenset(
    (
        *("无", "暂无", "没有", "未知", "不详", "待定", "空", "暂缺", "待补充"),
        *("无联系人", "暂无联系人", "无电话", "暂无电话", "n.a", "tbd", "unknown"),
    )
)
"""Those that say so where a number, a day or an address is wanted, and of people."""

_TEXTS = frozenset({Kind.TEXT, Kind.LIST, Kind.ATTITUDE, Kind.SERVICE, Kind.NEXT})
_OF_PEOPLE = (
    *(field for field in FRONT_MATTER if field.key in {"name", "short"}),
    *CONTACT_FIELDS,
    *NAME_PARTS,
)
"""Texts that are never just a word for nothing: nobody is called 无."""

_FIRST_DAY, _FIRST_DAY_1904 = date(1899, 12, 30), date(1904, 1, 1)
_SERIALS = range(20_000, 80_000)
"""Plain numbers that are days of 1954 to 2119, in the calendar of 1900."""

_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_YEAR_LAST = re.compile(r"(\d{1,2})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{4})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[\s-]+([A-Za-z]{3,9})\.?,?[\s-]+(\d{4})")
_MONTH_DAY = re.compile(r"([A-Za-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_CLOCK = re.compile(
    r"(?P<half>上午|下午|晚上|中午|早上|凌晨|am|pm)?\s*(?P<hour>\d{1,2})\s*(?:[:：]|点|时)\s*"
    r"(?P<minute>\d{1,2}|半)?\s*分?(?:[:：]\d{2}(?:\.\d+)?)?\s*(?P<after>am|pm)?",
    re.IGNORECASE,
)
_ZONED = re.compile(r"(\d{1,2}:\d{2})(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})")
_AFTERNOON = frozenset({"下午", "晚上", "pm"})
_NOON = 12
_SECONDS = 86_400

_SCIENTIFIC = re.compile(r"([0-9])(?:\.([0-9]+))?[eE]\+?([0-9]{1,2})")
_WHOLE = re.compile(r"([0-9]+)\.0+")
_ABOUT = re.compile(
    r"^(?:约|大约|大概|预计|~|≈|about|approx\.?|ca\.?)\s*|\s*(?:左右|上下)$", re.IGNORECASE
)
_CONTINENTAL = re.compile(r"(?<![\d.,])(\d{1,3}(?:\.\d{3})+|\d+),(\d{1,2})(?![\d,])")
_THOUSAND_DOTS = re.compile(r"(?<![\d.,])\d{1,3}(?:\.\d{3}){2,}(?![\d.,])")
_PLAIN_AMOUNT = re.compile(r"[\d,.\s~～至到–—-]+")
_PERCENT = re.compile(r"([+-]?[0-9.,]+)\s*[%％]")
_PARTS = re.compile(
    r"\s*[、,，;；\n]\s*|\s+/\s+|(?<=\d)/(?=[1+0]\d)|\s{2,}|(?<=\d)\s+(?=1\d{10}\b)"
)
_ITEMS = re.compile(r"\s*(?:[\n;；]|(?:^|(?<=[\s;；。]))(?:[0-9]{1,2}[.、)）]|[①-⑳]))\s*")
_TICKED = re.compile(r"[☑☒■√✓✔●◉🗹]\s*([^☑☒■√✓✔●◉🗹□☐○◯◻]+)")
_BOXES = re.compile(r"[□☐○◯◻☑☒■√✓✔●◉🗹]")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_INVISIBLE = re.compile(r"[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069]")
"""Marks of direction and of no width, which address books put around numbers that are copied."""

_MAILTO = re.compile(r"^(?:mailto:)", re.IGNORECASE)
_BARE_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:[/?#]\S*)?")


class Notation(Struct, frozen=True):
    """How the cells of one file are to be understood.

    Attributes:
        config: The workspace's settings.
        words: What words of the file mean, by folded word.
        from_1904: Whether plain numbers count days from 1904.
        day_first: Whether `3/5/2026` is the 3rd of May; None where nobody knows.
        currency: The currency of amounts that name none; empty for the workspace's.
    """

    config: Config
    words: Mapping[str, str] = field(default_factory=dict)
    from_1904: bool = False
    day_first: bool | None = None
    currency: str = ""


class Reading(Struct, frozen=True):
    """What a cell gives.

    Attributes:
        value: The value; None where the cell says nothing, or nothing that the field takes.
        fault: Why it is not taken.
        rest: What the field has no room for, such as a second telephone number.
    """

    value: Value | None = None
    fault: Fault | None = None
    rest: str = ""


def plain_text(cell: Cell) -> str:
    """Return a cell's text as a record can hold it: one kind of line break, no control signs."""
    text = cell_text(cell).replace("\r\n", "\n").replace("\r", "\n")
    # Excel writes signs that XML has no room for so.
    text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)) if match[1] != "000D" else "", text)
    text = _CONTROL.sub("", text.encode("utf-8", "replace").decode())
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()


def visible_text(cell: Cell) -> str:
    """Return a cell's text without marks that nobody sees: for names, numbers, days and words."""
    return _INVISIBLE.sub("", plain_text(cell)).strip()


def word_of(cell: Cell) -> str:
    """Return the text of a cell that may be a word of the file, which people give a meaning."""
    return _ticked(visible_text(cell))


def read_cell(cell: Cell, target: Field, heading: Heading, notation: Notation) -> Reading:
    """Return what a cell gives for a field.

    Args:
        cell: The cell.
        target: The field.
        heading: The heading of its column.
        notation: How the file's cells are to be understood.
    """
    if isinstance(cell, tuple) and target.kind is Kind.LIST:
        items = tuple(filter(None, map(plain_text, cell)))
        return Reading(items or None)
    if target.kind in _TEXTS and target not in _OF_PEOPLE:
        text = _ticked(plain_text(cell))
    else:
        text = word_of(cell)
    if says_nothing(text, target, notation):
        return Reading()
    reader = _READERS.get(target.kind)
    if reader is None:
        return Reading(text)
    text = notation.words.get(fold(text), text)
    reading = reader(cell, text, target, heading, notation)
    if isinstance(reading.value, str):
        found = read_value(target, reading.value, notation.config)
        if isinstance(found, Fault):
            return Reading(None, found)
        return Reading(_written(reading.value, found, target, notation.config), None, reading.rest)
    return reading


def says_nothing(text: str, target: Field, notation: Notation) -> bool:
    """Tell whether a text says that there is nothing to say.

    Args:
        text: The text of a cell.
        target: The field that it is for.
        notation: How the file's cells are to be understood.
    """
    if not text or text.casefold() in _NOTHING:
        return True
    if not _is_typed_for_nothing(text) or (target.kind in _TEXTS and target not in _OF_PEOPLE):
        return False
    return not _is_word(target, text, notation)


def _is_typed_for_nothing(text: str) -> bool:
    return fold(text).strip("().。") in _NOTHING_TYPED


def _is_word(target: Field, text: str, notation: Notation) -> bool:
    words = notation.config.terms(target.vocabulary).find(text) if target.vocabulary else None
    return words is not None or fold(text) in map(fold, target.choices)


def _written(text: str, value: object, target: Field, config: Config) -> str:
    """Return a value as a record of the workspace spells it."""
    if target.kind is Kind.WORD and isinstance(value, str):
        return config.terms(target.vocabulary or "").label(value)
    if isinstance(value, (Money, MoneyRange)):
        return str(value)
    if isinstance(value, Decimal):
        return plain_number(value)
    if isinstance(value, date):
        return value.isoformat()
    if target.kind in {Kind.CHOICE, Kind.OWNER} and isinstance(value, str):
        return value
    return text


def _ticked(text: str) -> str:
    """Return what is ticked among the boxes of a form: `□展会 ☑转介绍` gives `转介绍`."""
    if len(text) == 1 or not _BOXES.search(text):
        return text
    return "、".join(part.strip(" \n,，、;；") for part in _TICKED.findall(text))


# --- Days and times ---------------------------------------------------------------------------


def read_day(cell: Cell, notation: Notation) -> tuple[date, time | None] | Message | None:
    """Return the day of a cell, and its time where it has one; why not; None for an empty one."""
    match cell:
        case datetime():
            clock = cell.time().replace(second=0, microsecond=0)
            return cell.date(), clock if clock != time() else None
        case date():
            return cell, None
        case bool() | time() | timedelta() | None:
            return None if cell is None else _no_day(cell_text(cell))
        case int() | float():
            return _day_of_number(float(cell), notation) or _no_day(cell_text(cell))
    text = unicodedata.normalize("NFKC", visible_text(cell))
    if not text or text.casefold() in _NOTHING or _is_typed_for_nothing(text):
        return None
    return _day_of_text(text, notation)


def _day_of_number(value: float, notation: Notation) -> tuple[date, time | None] | None:
    if _COMPACT.fullmatch(text := cell_text(value)):
        found = _day_of_text(text, notation)
        return None if isinstance(found, Message) else found
    if not math.isfinite(value):
        return None
    days = int(value)
    first = _FIRST_DAY_1904 if notation.from_1904 else _FIRST_DAY
    if days + (first - _FIRST_DAY).days not in _SERIALS:
        return None
    return first + timedelta(days), _clock_of_share(value - days)


def _clock_of_share(share: float) -> time | None:
    """Return the time of day of a share of it; None at midnight."""
    minutes = round(share * _SECONDS / 60)
    return time(minutes // 60 % 24, minutes % 60) if minutes else None


def _day_of_text(text: str, notation: Notation) -> tuple[date, time | None] | Message:
    for pattern, written in (
        (_YEAR_FIRST, "ymd"),
        (_COMPACT, "ymd"),
        (_YEAR_LAST, ""),
        (_DAY_MONTH, "dmy"),
        (_MONTH_DAY, "mdy"),
    ):
        if match := pattern.match(text):
            parts = [part for part in match.groups() if part not in "-/."]
            order = written or _order(parts, match[2], notation)
            if not order:
                return Message(
                    "‘{text}’ can be two days; say which with --day-first or --month-first",
                    {"text": text},
                )
            day = _existing(dict(zip(order, parts, strict=True)))
            rest = text[match.end() :].strip(" T,，")
            clock = read_clock(rest) if rest else None
            if day is None or isinstance(clock, Message):
                return _no_day(text)
            return day, clock
    if text.replace(".", "", 1).isdigit() and (found := _day_of_number(float(text), notation)):
        return found
    return _no_day(text)


def _order(parts: list[str], sign: str, notation: Notation) -> str:
    """Return the order of a day that ends in its year; empty where it may be one of two."""
    first, second = int(parts[0]), int(parts[1])
    if sign == "." or first == second or first > _NOON:
        return "dmy"
    if second > _NOON:
        return "mdy"
    if notation.day_first is None:
        return ""
    return "dmy" if notation.day_first else "mdy"


def tells_day_first(cell: Cell) -> bool | None:
    """Return whether a cell such as `25/3/2026` shows that days come before months."""
    if not isinstance(cell, str) or not (match := _YEAR_LAST.fullmatch(cell.strip())):
        return None
    first, second = int(match[1]), int(match[3])
    if match[2] == "." or (first > _NOON) == (second > _NOON):
        return None
    return first > _NOON


def _existing(parts: Mapping[str, str]) -> date | None:
    month = parts["m"]
    try:
        number = int(month) if month.isdigit() else _MONTHS.index(month[:3].casefold()) + 1
        return date(int(parts["y"]), number, int(parts["d"]))
    except ValueError:
        return None


def _no_day(text: str) -> Message:
    return Message("‘{text}’ is not a date; write it as 2026-11-20", {"text": text})


def read_clock(cell: Cell) -> time | Message | None:
    """Return the time of day of a cell; why it is none; None for an empty one."""
    if isinstance(cell, timedelta):
        cell = cell % timedelta(days=1) / timedelta(days=1)
    match cell:
        case datetime():
            return cell.time().replace(second=0, microsecond=0)
        case time():
            return cell.replace(second=0, microsecond=0)
        case int() | float():
            return (_clock_of_share(cell % 1) or time()) if 0 <= cell < 1 else _no_clock(cell)
    return _clock_of_text(cell)


def _clock_of_text(cell: Cell) -> time | Message | None:
    text = unicodedata.normalize("NFKC", visible_text(cell))
    if not text or text.casefold() in _NOTHING:
        return None
    if match := _ZONED.fullmatch(text):
        return read_time(match[1] + match[2])
    match = _CLOCK.fullmatch(text)
    if not match:
        return _no_clock(cell)
    half = fold(match["half"] or match["after"] or "")
    hour = int(match["hour"])
    minute = 30 if match["minute"] == "半" else int(match["minute"] or 0)
    if half in _AFTERNOON and hour < _NOON:
        hour += _NOON
    return read_time(f"{hour}:{minute:02}")


def _no_clock(cell: Cell) -> Message:
    return Message("‘{text}’ is not a time; write it as 14:30", {"text": cell_text(cell)})


# --- Kinds ------------------------------------------------------------------------------------


def _date(cell: Cell, _: str, __: Field, ___: Heading, notation: Notation) -> Reading:
    found = read_day(cell, notation)
    if isinstance(found, Message):
        return Reading(None, Fault("invalid-date", found))
    if found is None:
        return Reading()
    # The time of day belongs to follow-ups alone; they read it themselves.
    return Reading(found[0].isoformat())


def _phone(cell: Cell, text: str, target: Field, _: Heading, notation: Notation) -> Reading:
    text = unicodedata.normalize("NFKC", text)
    if match := _SCIENTIFIC.fullmatch(text):
        # Only where all digits are there: `1.39E+10` has lost most of them.
        digits = match[1] + (match[2] or "")
        lost = len(digits) <= int(match[3])
        text = text if lost else digits[: int(match[3]) + 1]
    elif match := _WHOLE.fullmatch(text):
        text = match[1]
    elif isinstance(cell, float):
        text = cell_text(cell)
    if not isinstance(read_value(target, text, notation.config), Fault):
        return Reading(text)
    first, *others = [part for part in _PARTS.split(text) if part] or [text]
    return Reading(first, rest="\n".join(others))


def _email(_: Cell, text: str, __: Field, ___: Heading, ____: Notation) -> Reading:
    parts = re.split(r"[\s,，;；、]+", unicodedata.normalize("NFKC", text))
    first, *others = [_MAILTO.sub("", part).strip("<>") for part in parts if part] or [text]
    return Reading(first, rest="\n".join(others))


def _url(_: Cell, text: str, __: Field, ___: Heading, ____: Notation) -> Reading:
    first, *others = text.split()
    first = first if "://" in first or not _BARE_HOST.fullmatch(first) else f"https://{first}"
    return Reading(first, rest="\n".join(others))


def _slug(cell: Cell, text: str, __: Field, ___: Heading, ____: Notation) -> Reading:
    text = unicodedata.normalize("NFKC", text)
    if not isinstance(cell, str) or not (match := _WHOLE.fullmatch(text)):
        return Reading(text.replace(" ", "-"))
    return Reading(match[1])


def _money(cell: Cell, text: str, target: Field, heading: Heading, notation: Notation) -> Reading:
    text = _ABOUT.sub("", unicodedata.normalize("NFKC", text)).strip()
    if isinstance(cell, str):
        text = _CONTINENTAL.sub(lambda match: f"{match[1].replace('.', '')}.{match[2]}", text)
        text = _THOUSAND_DOTS.sub(lambda match: match[0].replace(".", ""), text)
    currency = heading.currency or notation.currency
    if _PLAIN_AMOUNT.fullmatch(text):
        text = f"{text}{heading.multiplier}"
    if currency and is_currency(currency) and not _names_currency(text, target, notation):
        text = f"{text} {currency}"
    return Reading(text)


def _names_currency(text: str, target: Field, notation: Notation) -> bool:
    """Tell whether an amount says its currency itself: with one more it would have two."""
    for code in ("XTS", "XXX"):
        if isinstance(read_value(target, f"{text} {code}", notation.config), Fault):
            return True
    return False


def _number(_: Cell, text: str, __: Field, ___: Heading, ____: Notation) -> Reading:
    text = unicodedata.normalize("NFKC", text).lstrip("#").strip()
    if match := _PERCENT.fullmatch(text):
        share = Decimal(match[1].replace(",", "")) / 100
        return Reading(plain_number(share))
    return Reading(text)


def _bool(cell: Cell, text: str, _: Field, __: Heading, ___: Notation) -> Reading:
    if isinstance(cell, bool):
        return Reading("yes" if cell else "no")
    return Reading({"√": "yes", "✓": "yes", "x": "no"}.get(fold(text), text))


def _word(_: Cell, text: str, __: Field, ___: Heading, ____: Notation) -> Reading:
    return Reading(" ".join(text.split()))


def _owner(_: Cell, text: str, __: Field, ___: Heading, ____: Notation) -> Reading:
    return Reading(" ".join(text.split()))


def _list(_: Cell, text: str, target: Field, __: Heading, ___: Notation) -> Reading:
    """Split at line breaks, semicolons and numbers; words in a row, unlike needs, at commas too."""
    items = [part.strip(" \n、,，").lstrip("•·").strip() for part in _ITEMS.split(text)]
    items = [item for item in items if item]
    words = split_list(text)
    if target not in NEEDS_FIELDS and len(items) == 1 and max(map(len, words)) <= _SHORT_ITEM:
        items = list(words)
    return Reading(tuple(items) or None)


_SHORT_ITEM = 12
"""Characters of an item, at most, that stands in a row of several without being a sentence."""

_READERS: dict[Kind, Callable[[Cell, str, Field, Heading, Notation], Reading]] = {
    Kind.DATE: _date,
    Kind.PHONE: _phone,
    Kind.EMAIL: _email,
    Kind.URL: _url,
    Kind.SLUG: _slug,
    Kind.MONEY: _money,
    Kind.MONEY_RANGE: _money,
    Kind.NUMBER: _number,
    Kind.BOOL: _bool,
    Kind.WORD: _word,
    Kind.CHOICE: _word,
    Kind.OWNER: _owner,
    Kind.LIST: _list,
}
