"""What stands before a value in a query, and what a value becomes."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec import Struct

from tracker.library.query.cells import cell_on, texts_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from tracker.library.query.cells import Row
    from tracker.library.query.columns import Column
    from tracker.library.query.faults import Fault
    from tracker.library.query.language import Language

Test: TypeAlias = "Callable[[Row, date], bool]"
"""Tells whether a row is asked for on a day."""

Reader: TypeAlias = "Callable[[Comparison, str], Test | Fault]"
"""Returns the test that a value means, or why it means none."""

_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    ":": operator.eq,
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Comparison(Struct, frozen=True):
    """What stands before a value.

    Attributes:
        language: The language of the workspace.
        column: The column that is asked for.
        key: Its key as written.
        operation: The operator, in its plain form.
    """

    language: Language
    column: Column
    key: str
    operation: str

    def order(self, left: Any, right: Any) -> bool:  # noqa: ANN401 - anything with an order
        """Compare two values by the operator; `:` asks whether they are equal."""
        return _ORDERS[self.operation](left, right)

    def cell(self, row: Row, today: date) -> object:
        """Return what the column holds on the day."""
        return cell_on(row, self.column.key, today, self.language.idle_limits)

    def texts(self, row: Row) -> list[str]:
        """Return the folded texts that the column holds."""
        return texts_of(row, self.column.key)
