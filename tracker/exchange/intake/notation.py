"""How the cells of a file are written: their texts, and which of them say nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct, field

from tracker.exchange.intake.tables import Cell, cell_text
from tracker.text import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.config import Config

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

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_INVISIBLE = re.compile(r"[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069]")
"""Marks of direction and of no width, which address books put around numbers that are copied."""


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


def is_nothing(text: str) -> bool:
    """Tell whether a text says that a cell of any kind is empty."""
    return not text or text.casefold() in _NOTHING


def is_typed_for_nothing(text: str) -> bool:
    """Tell whether a text says so where a number, a day or an address is wanted, and of people."""
    return fold(text).strip("().。") in _NOTHING_TYPED
