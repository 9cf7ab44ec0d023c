"""Numbers as values: counts and days, amounts of money, currencies."""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from tracker.library.query.columns import ColumnKind
from tracker.library.query.day_values import distance
from tracker.library.query.faults import Fault, fault, message
from tracker.money import currency_signs, is_currency, read_money
from tracker.money import read_number as written_number
from tracker.translation import Message

if TYPE_CHECKING:
    from datetime import date

    from tracker.library.query.cells import Row
    from tracker.library.query.comparison import Comparison, Test


def read_number(asked: Comparison, text: str) -> Test | Fault:
    """Return the test of a number; of days, also by weeks or months."""
    of_days = asked.column.kind is ColumnKind.DAYS
    days = distance(text) if of_days else None
    written = unicodedata.normalize("NFKC", text) if days is None else str(days)
    wanted = written_number(written)
    if isinstance(wanted, Message):
        return fault("wrong-number", message("days-form") if of_days else None, text=text)

    def holds(row: Row, today: date) -> bool:
        cell = asked.cell(row, today)
        return cell is not None and asked.order(Decimal(str(cell)), wanted)

    return holds


def read_amount(asked: Comparison, text: str) -> Test | Fault:
    """Return the test of an amount, in the workspace's currency where it names none."""
    wanted = read_money(unicodedata.normalize("NFKC", text), asked.language.config.currency)
    if isinstance(wanted, Message):
        return fault("wrong-amount", message("amount-form"), text=text)
    rates = asked.language.rates

    def holds(row: Row, _: date) -> bool:
        cell = row.get(asked.column.key)
        if cell is None:
            return False
        # The currency stands in the cell (`5 CNY`), or is the row's own.
        amount, _blank, written = str(cell).partition(" ")
        currency = written or row.get("currency") or ""
        if currency == wanted.currency:
            return asked.order(Decimal(amount), wanted.amount)
        # Amounts in different currencies are compared only where both have a rate.
        if not {currency, wanted.currency} <= rates.keys():
            return False
        return asked.order(
            Fraction(amount) * Fraction(rates[currency]),
            Fraction(wanted.amount) * Fraction(rates[wanted.currency]),
        )

    return holds


def read_currency(asked: Comparison, text: str) -> Test | Fault:
    """Return the test of a currency, by its code or its sign."""
    signs, sign = currency_signs(), unicodedata.normalize("NFKC", text)
    codes = signs.get(sign) or signs.get(sign.upper()) or (sign.upper(),)
    own = asked.language.config.currency
    wanted = own if own in codes else codes[0]
    if not is_currency(wanted):
        return fault("wrong-currency", text=text)
    return lambda row, _: row.get(asked.column.key) == wanted
