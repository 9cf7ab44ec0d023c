"""How figures are put into words for a terminal and for Markdown."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from tracker.cli.context import Cell
from tracker.insight.measure import Kind, Spread
from tracker.insight.sums import Sums
from tracker.money import half_up
from tracker.translation import Message

if TYPE_CHECKING:
    from tracker.cli.wording import Wording
    from tracker.insight.measure import Column, Figure, Value

_UNITS = {Kind.DAYS: Message("{number} d"), Kind.HOURS: Message("{number} h")}
_TENTHS_BELOW = 10
"""A number of days below it is worth a digit behind the point."""


def figure_cell(column: Column, figure: Figure, wording: Wording) -> Cell:
    """Return a figure with its n; a count is its own.

    A share says of how many: `35% of 40`, unless it was set and not counted. Days are the median
    with the quartiles around it. Sums of several currencies are added up where there are rates for
    all. What is made of too few cases is not said.
    """
    if figure.value is None:
        return Cell("–", "dim")
    if not column.says(figure):
        return Cell(wording.say(Message("too few ({n})", {"n": figure.n})), "dim")
    return Cell(_text(figure.value, column.kind, figure.n, wording))


def _text(value: Value, kind: Kind, n: int, wording: Wording) -> str:
    match value:
        case Sums():
            return _sums(value, n, wording)
        case Spread():
            return _spread(value, kind, n, wording)
        case Fraction() if kind is Kind.SHARE and not n:
            return percent(value)
        case Fraction() if kind is Kind.SHARE:
            share = Message("{share} of {n}", {"share": percent(value), "n": n})
            return wording.say(share)
        case count if kind is Kind.COUNT:
            return f"{count:,}"
        case _:
            values = {"number": half_up(value, 2), "n": n}
            return wording.say(Message("{number} (n {n})", values))


def percent(share: Fraction) -> str:
    """Return a share in whole percent, or in tenths where it is below one percent but not 0."""
    value = float(share) * 100
    return f"{half_up(value, 1 if 0 < value < 1 else 0)}%"


def _sums(value: Sums, n: int, wording: Wording) -> str:
    if not value.amounts:
        return "0"
    if len(value.amounts) > 1 and value.total:
        text = f"≈ {wording.value(value.total)}"
    else:
        text = " + ".join(wording.value(amount) for amount in value.amounts)
    return wording.say(Message("{number} (n {n})", {"number": text, "n": n}))


def _spread(value: Spread, kind: Kind, n: int, wording: Wording) -> str:
    middle = wording.say(Message(_UNITS[kind].template, {"number": _decimal(value.median)}))
    around = f"{_decimal(value.lower)}–{_decimal(value.upper)}"
    return wording.say(
        Message("{middle} ({around}, n {n})", {"middle": middle, "around": around, "n": n})
    )


def _decimal(value: float) -> str:
    return str(half_up(value, 1 if abs(value) < _TENTHS_BELOW else 0)).removesuffix(".0")
