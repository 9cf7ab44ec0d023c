"""Functions that queries can use beside those of SQLite."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tracker.pinyin import syllables_by_words
from tracker.text import fold
from tracker.translation import Message

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

FUNCTIONS = {
    "today()": Message("the workspace's day, or that of --today; date('now') is another day"),
    "week(day)": Message("the ISO week of a day, such as 2026-W48"),
    "month(day)": Message("its month, such as 2026-11"),
    "quarter(day)": Message("its quarter, such as 2026-Q4"),
    "contains(text, part)": Message(
        "whether the part is in the text, whatever the case and the width of the letters"
    ),
    "fold(text)": Message(
        "the text in lower case and half width, with one blank for any run of blanks, - and _"
    ),
    "pinyin(text)": Message("the text in pinyin without tones and blanks, for finding and sorting"),
    "text REGEXP pattern": Message("whether a regular expression of Python is found in the text"),
}
"""How each is called, and what it returns. All return NULL for NULL."""


def add_functions(
    connection: sqlite3.Connection, today: date, complain: Callable[[Message], None]
) -> None:
    """Give a connection the functions.

    Args:
        connection: The connection.
        today: The day that `today()` returns.
        complain: Called with what is wrong with an argument before the query fails.
    """

    def regexp(pattern: object, text: object) -> bool | None:
        if pattern is None or text is None:
            return None
        try:
            return bool(_compiled(str(pattern)).search(str(text)))
        except re.error as error:
            complain(
                Message(
                    "‘{pattern}’ is not a regular expression: {reason}",
                    {"pattern": pattern, "reason": error},
                )
            )
            raise

    functions: dict[str, tuple[int, Callable[..., Any]]] = {
        "today": (0, today.isoformat),
        "week": (1, _of_day(lambda day: f"{day:%G-W%V}")),
        "month": (1, _of_day(lambda day: f"{day:%Y-%m}")),
        "quarter": (1, _of_day(lambda day: f"{day.year:04}-Q{(day.month + 2) // 3}")),
        "contains": (2, _of_texts(lambda text, part: fold(part) in fold(text))),
        "fold": (1, _of_texts(fold)),
        "pinyin": (1, _of_texts(_pinyin)),
        "regexp": (2, regexp),
    }
    for name, (arguments, function) in functions.items():
        connection.create_function(name, arguments, function, deterministic=True)


def _of_texts(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function for any values of SQL: NULL where one is NULL, else of their texts."""

    def call(*values: object) -> object:
        return None if None in values else function(*map(str, values))

    return call


def _of_day(function: Callable[[date], str]) -> Callable[[object], str | None]:
    """Return the function for any value of SQL: NULL for what does not begin with a day."""

    def call(value: object) -> str | None:
        try:
            return function(date.fromisoformat(str(value)[:10]))
        except ValueError:
            return None

    return call


@lru_cache(maxsize=4096)
def _pinyin(text: str) -> str:
    return "".join(fold("".join(syllables_by_words(text))).split())


_compiled = lru_cache(maxsize=64)(re.compile)
