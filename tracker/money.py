"""Amounts of money: a decimal with a currency, never a float."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import lru_cache

from msgspec import Struct

from tracker.translation import Message


class Money(Struct, frozen=True, order=True):
    """An amount in one currency (an ISO 4217 code)."""

    amount: Decimal
    currency: str

    def __str__(self) -> str:
        """Return the plain written form, `480000 CNY`."""
        return f"{plain_number(self.amount)} {self.currency}"


class MoneyRange(Struct, frozen=True):
    """From `low` to `high`, both in the same currency."""

    low: Money
    high: Money

    def __str__(self) -> str:
        """Return the plain written form, `450000-500000 CNY`."""
        return f"{plain_number(self.low.amount)}-{self.high}"


_SYMBOLS = {
    "元": "CNY",
    "人民币": "CNY",
    "RMB": "CNY",
    "US$": "USD",
    "美元": "USD",
    "HK$": "HKD",
    "港元": "HKD",
    "港币": "HKD",
    "A$": "AUD",
    "C$": "CAD",
    "S$": "SGD",
    "NT$": "TWD",
    "€": "EUR",
    "欧元": "EUR",
    "£": "GBP",
    "英镑": "GBP",
    "日元": "JPY",
    "₩": "KRW",
    "₹": "INR",
}
_SHARED_SYMBOLS = {
    "¥": ("CNY", "JPY"),
    "￥": ("CNY", "JPY"),
    "$": ("USD", "AUD", "CAD", "HKD", "MXN", "NZD", "SGD", "TWD"),
}
"""Signs of several currencies: the workspace's own where it is among them, else the first."""

_MULTIPLIERS = {
    "": Decimal(1),
    "k": Decimal(1000),
    "K": Decimal(1000),
    "千": Decimal(1000),
    "万": Decimal(10_000),
    "m": Decimal(1_000_000),
    "M": Decimal(1_000_000),
    "百万": Decimal(1_000_000),
    "千万": Decimal(10_000_000),
    "亿": Decimal(100_000_000),
}

_UNITS = "|".join(
    sorted((re.escape(sign) for sign in (*_SYMBOLS, *_SHARED_SYMBOLS)), key=len, reverse=True)
)
_NUMBER = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"
NUMBER_PATTERN = rf"[+-]?{_NUMBER}"
"""Regular expression that every number fits, in the syntax of ECMAScript too."""

_SIGNED_NUMBER = re.compile(NUMBER_PATTERN)
_MULTIPLIER = r"百万|千万|[千万亿]|[kKmM](?![A-Za-z])"
_CURRENCY = rf"[A-Za-z]{{3}}|{_UNITS}"
_AMOUNT = re.compile(
    rf"""
    (?P<before>[A-Za-z]{{3}}(?=[\s0-9])|{_UNITS})?\s?
    (?P<number>{_NUMBER})\s?
    (?P<multiplier>{_MULTIPLIER})?\s?
    (?P<after>{_CURRENCY})?
    """,
    re.VERBOSE,
)
AMOUNT_PATTERN = rf"(?:{_CURRENCY})?\s*{_NUMBER}\s*(?:{_MULTIPLIER})?\s*(?:{_CURRENCY})?"
"""Regular expression that every amount fits, in the syntax of ECMAScript too."""

RANGE_SIGN_PATTERN = r"[-–—~～至到]|\b[tT][oO]\b"
"""Regular expression of what stands between the two amounts of a range."""

_GAP = re.compile(r"\s+")
_LONGEST = 60
"""Characters beyond which a text is no amount."""

_LONGEST_NUMBER = 20
"""Characters beyond which a number could not be multiplied, summed and rounded exactly."""

_TOO_LARGE = Decimal(10**16)
"""No amount is as large: from here on, sums by rates and to the cent would not be exact."""

_RANGE_SIGN = re.compile(RANGE_SIGN_PATTERN)


def read_money(text: str, default_currency: str) -> Money | Message:
    """Read `480000`, `480,000.50 CNY`, `¥48万`, `1.2M USD`, `USD 1.2M` or `48万元`.

    An amount that names no currency is in `default_currency`.
    """
    part = _read_part(text.strip(), default_currency)
    if isinstance(part, Message):
        return part
    number, multiplier, currency = part
    return Money(number * (multiplier or 1), currency or default_currency)


def read_money_or_range(text: str, default_currency: str) -> Money | MoneyRange | Message:
    """Read an amount or a range of two: `450000-500000 CNY`, `45-50万`, `$10k to $12k`.

    A unit or a currency written once, at either end, holds for both ends.
    """
    parts = [part.strip() for part in _RANGE_SIGN.split(text)] if len(text) <= 2 * _LONGEST else []
    match parts:
        case [first, second] if first and second:
            low = _read_part(first, default_currency)
            high = _read_part(second, default_currency)
        case _:
            return read_money(text, default_currency)
    if isinstance(low, Message):
        return low
    if isinstance(high, Message):
        return high
    currency = low[2] or high[2] or default_currency
    if low[2] and high[2] and low[2] != high[2]:
        return Message("‘{text}’ has two currencies", {"text": text})
    high_amount = high[0] * (high[1] or 1)
    low_amount = low[0] * (low[1] or 1)
    if low[1] is None and high[1] is not None:
        # In `45-50万` both are meant in 万, in `9500-1万` the second only: whichever is nearer.
        scaled = low[0] * high[1]
        if scaled <= high_amount or scaled * low[0] < high_amount**2:
            low_amount = scaled
    if low_amount > high_amount:
        return Message("the range ‘{text}’ begins above its end", {"text": text})
    return MoneyRange(Money(low_amount, currency), Money(high_amount, currency))


SUM_DIGITS = 40
"""Digits that sums are written with: many of the largest amounts, by the highest rate."""

_SUMS = Context(prec=SUM_DIGITS, rounding=ROUND_HALF_UP)


def half_up(value: Decimal | Fraction | float, digits: int = 0) -> Decimal:
    """Return a number rounded as people and spreadsheets do it: 48.5 is 49."""
    if isinstance(value, Fraction):
        value = Decimal(value.numerator) / value.denominator
    return Decimal(value).quantize(Decimal(1).scaleb(-digits), context=_SUMS)


def read_number(text: str) -> Decimal | Message:
    """Return a number that is no amount: `2`, `-1,500.25`.

    One that is longer than any count or measure could neither be shown nor summed exactly.
    """
    if not _SIGNED_NUMBER.fullmatch(text):
        return Message("‘{text}’ is not a number", {"text": text})
    if len(text) > _LONGEST_NUMBER:
        return Message("a number has {limit} characters at most", {"limit": _LONGEST_NUMBER})
    return Decimal(text.replace(",", ""))


def plain_number(value: Decimal) -> str:
    """Write a decimal without exponent or needless zeros: `480000`, `12000.5`."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def grouped_number(value: Decimal) -> str:
    """Write a number with its thousands set off: `480,000.5`."""
    text = format(value, ",f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def grouped_amount(value: Decimal) -> str:
    """Write an amount with its thousands set off, and cents as two digits: `1,250.50`."""
    whole, point, cents = grouped_number(value).partition(".")
    return f"{whole}.{cents:0<2}" if point else whole


def _read_part(text: str, default: str) -> tuple[Decimal, Decimal | None, str | None] | Message:
    """Return number, multiplier (None where none is written) and currency (likewise)."""
    match = _AMOUNT.fullmatch(_GAP.sub(" ", text)) if len(text) <= _LONGEST else None
    if not match or len(match["number"]) > _LONGEST_NUMBER:
        return Message(
            "‘{text}’ is not an amount; write it as 480000 {currency}",
            {"text": text, "currency": default},
        )
    currencies = {_currency(sign, default) for sign in (match["before"], match["after"]) if sign}
    if len(currencies) > 1:
        # `$5 AUD`: the sign is shared by several, the code says which.
        shared = _SHARED_SYMBOLS.get(match["before"] or "", ())
        currencies = (
            {_currency(match["after"], default)} if match["after"].upper() in shared else currencies
        )
    unknown = [code for code in currencies if not is_currency(code)]
    if unknown:
        return Message("‘{code}’ is not a currency code", {"code": unknown[0]})
    if len(currencies) > 1:
        return Message("‘{text}’ has two currencies", {"text": text})
    number = Decimal(match["number"].replace(",", ""))
    multiplier = _MULTIPLIERS[match["multiplier"]] if match["multiplier"] else None
    if number * (multiplier or 1) >= _TOO_LARGE:
        return Message("‘{text}’ is too large for an amount", {"text": text})
    return number, multiplier, currencies.pop() if currencies else None


def _currency(sign: str, default: str) -> str:
    if shared := _SHARED_SYMBOLS.get(sign):
        return default if default in shared else shared[0]
    return _SYMBOLS.get(sign) or _SYMBOLS.get(sign.upper()) or sign.upper()


@lru_cache(maxsize=256)
def is_currency(code: str) -> bool:
    """Tell whether the text is the ISO 4217 code of a currency."""
    if code in _COMMON:
        return True
    # Imported late: the full list is needed only for a rare code, and Babel is slow to load.
    from babel.core import get_global

    return code in get_global("all_currencies")


_COMMON = frozenset(
    {*_SYMBOLS.values(), *(code for codes in _SHARED_SYMBOLS.values() for code in codes)}
)


def currency_signs() -> dict[str, tuple[str, ...]]:
    """Return every sign and word for a currency with the codes it can mean.

    Where it can mean several, it means the workspace's own if that is among them, else the first.
    """
    return {**{sign: (code,) for sign, code in _SYMBOLS.items()}, **_SHARED_SYMBOLS}


def currency_codes() -> frozenset[str]:
    """Return the ISO 4217 codes of all currencies, past ones included."""
    # Imported late: only the site's scripts need the list, and Babel is slow to load.
    from babel.core import get_global

    return _COMMON | frozenset(get_global("all_currencies"))
