"""Amounts of money added up: different currencies never together without a rate."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from tracker.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.config import Config


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums of amounts, one a currency: different currencies are never added.

    Attributes:
        amounts: The sums, that in the workspace's own currency first.
        total: All of them in the workspace's currency; None where a rate is missing.
    """

    amounts: tuple[Money, ...]
    total: Money | None


def sums(amounts: Iterable[Money | None], config: Config) -> Sums:
    """Add amounts up by currency, and over all currencies where `rates` has each of them."""
    by_currency: defaultdict[str, Decimal] = defaultdict(Decimal)
    for money in amounts:
        if money is not None:
            by_currency[money.currency] += money.amount
    ordered = sorted(by_currency, key=lambda code: (code != config.currency, code))
    rates = {**config.rates, config.currency: Decimal(1)}
    total = None
    if all(code in rates for code in ordered):
        converted = sum((by_currency[code] * rates[code] for code in ordered), Decimal())
        total = Money(converted.quantize(Decimal(1)), config.currency)
    return Sums(tuple(Money(by_currency[code], code) for code in ordered), total)
