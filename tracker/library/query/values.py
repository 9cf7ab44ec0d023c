"""What a value means, by the kind of its column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.library.query.cells import as_typed, texts_of
from tracker.library.query.columns import SEARCHED, ColumnKind
from tracker.library.query.day_values import read_date
from tracker.library.query.faults import Fault, fault
from tracker.library.query.number_values import read_amount, read_currency, read_number
from tracker.library.query.word_values import (
    read_bool,
    read_has,
    read_is,
    read_owner,
    read_state,
    read_word,
)
from tracker.text import fold

if TYPE_CHECKING:
    from tracker.library.query.comparison import Comparison, Reader, Test


def free_text(text: str) -> Test | Fault:
    """Return the test of a text that is looked for in the `SEARCHED` columns."""
    wanted = as_typed(fold(text))
    if not wanted:
        return fault("nothing-to-find", text=text)
    return lambda row, _: any(
        wanted in as_typed(cell) for column in SEARCHED for cell in texts_of(row, column)
    )


def read_text(asked: Comparison, text: str) -> Test | Fault:
    """Return the test of a text of a column, or of one in its list."""
    wanted = fold(text)
    if not wanted:
        return fault("nothing-to-find", text=text)
    if asked.operation == "=" or asked.column.kind is ColumnKind.LABELS:
        return lambda row, _: wanted in asked.texts(row)
    part = as_typed(wanted)
    if not part:
        return fault("nothing-to-find", text=text)
    return lambda row, _: any(part in as_typed(cell) for cell in asked.texts(row))


READERS: dict[ColumnKind, Reader] = {
    ColumnKind.TEXT: read_text,
    ColumnKind.LABELS: read_text,
    ColumnKind.WORD: read_word,
    ColumnKind.STATE: read_state,
    ColumnKind.BOOL: read_bool,
    ColumnKind.OWNER: read_owner,
    ColumnKind.CURRENCY: read_currency,
    ColumnKind.NUMBER: read_number,
    ColumnKind.DAYS: read_number,
    ColumnKind.MONEY: read_amount,
    ColumnKind.AHEAD: read_date,
    ColumnKind.BACK: read_date,
    ColumnKind.IS: read_is,
    ColumnKind.HAS: read_has,
}
"""How the values of each kind of column are read."""
