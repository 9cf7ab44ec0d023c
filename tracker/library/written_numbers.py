"""Numbers as they are written in texts, with separators and units: `1,200,000`, `120万`, `1.2M`."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_CURRENCY = "rmb|cny|usd|eur|gbp|hkd|jpy|chf|aud|cad|sgd|twd|krw|inr"
_DIGITS = r"(?:[0-9]{1,3}(?:[,'][0-9]{3})+|[0-9]+)(?![0-9])(?:\.[0-9]+)?"
_NUMBER = re.compile(
    rf"(?=[0-9])(?:(?<![a-z0-9])|(?<={_CURRENCY}))(?<![0-9][.])"
    rf"(?:({_DIGITS})\s?(?:[-~\u2010-\u2015]|至|到|to)\s?)?({_DIGITS})"
    r"(?:\s?(百万|千万|[千万萬亿億]|k|w|mm|mn|mln|m|thousand|million|mio))?"
    rf"(?:(?![a-z0-9])|(?=(?:{_CURRENCY})(?![a-z0-9])))"
)
_UNITS = {
    "千": 10**3,
    "k": 10**3,
    "thousand": 10**3,
    "万": 10**4,
    "萬": 10**4,
    "w": 10**4,
    "百万": 10**6,
    "m": 10**6,
    "mm": 10**6,
    "mn": 10**6,
    "mln": 10**6,
    "mio": 10**6,
    "million": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "億": 10**8,
}


def numbers_in(text: str, least: int) -> Iterator[tuple[Decimal, tuple[int, int]]]:
    """Yield the numbers from the least amount on in a folded text, with where they stand.

    Both ends of a range stand where all of it does: the unit in `45-50万` may be that of both.
    """
    for match in _NUMBER.finditer(text):
        low, high, unit = match.groups()
        # Most numbers are far too small for an amount, and need not be read exactly.
        if not unit and max(len(low or ""), len(high)) < len(str(least)):
            continue
        factor = _UNITS[unit] if unit else 1
        numbers = [_number(high) * factor]
        if low:
            numbers += {_number(low), _number(low) * factor}
        for number in numbers:
            if number >= least:
                yield number, match.span()


def _number(text: str) -> Decimal:
    try:
        return Decimal(text.replace(",", "").replace("'", ""))
    except InvalidOperation:
        return Decimal(0)
