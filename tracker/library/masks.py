"""What is left of a value that is masked: a shape that tells it from others, and no way back."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context

from tracker.money import Money, MoneyRange
from tracker.schema import Kind

_LONG_NUMBER = 11
"""Digits from which the beginning of a telephone number is shown too: it tells the network."""

_ONE_DIGIT = Context(prec=1, rounding=ROUND_HALF_UP)
_MASKED_KINDS = frozenset({Kind.TEXT, Kind.SLUG, Kind.LIST, Kind.CONTACTS})
_SHORT = 2


def masked(value: object, *, name: bool, kind: Kind) -> object | None:  # noqa: PLR0911  # one a kind
    """Return the shape of a value; None where the kind has none.

    Args:
        value: The value.
        name: Whether it is the name of somebody.
        kind: What the field is.
    """
    if isinstance(value, Money):
        return _about(value)
    if isinstance(value, MoneyRange):
        return MoneyRange(_about(value.low), _about(value.high))
    if not isinstance(value, str):
        return None
    if name:
        return f"{value[:1]}**"
    if kind is Kind.PHONE:
        return _phone(value)
    if kind is Kind.EMAIL:
        return f"{value[:1]}***{value[value.find('@') :]}" if "@" in value else "***"
    if kind in _MASKED_KINDS:
        return f"{value[:1]}***" if len(value) > _SHORT else "***"
    return None


def _about(money: Money) -> Money:
    """Return an amount with its first digit alone, rounded: 480,000 is about 500,000."""
    return Money(_ONE_DIGIT.create_decimal(money.amount), money.currency)


def _phone(number: str) -> str:
    digits = "".join(filter(str.isdigit, number.removeprefix("+86")))
    if len(digits) >= _LONG_NUMBER:
        return f"{digits[:3]}****{digits[-4:]}"
    return f"****{digits[-2:]}" if len(digits) > len("****") else "****"
