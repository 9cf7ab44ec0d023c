"""Amounts of money added up: different currencies never together without a rate."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.money import Money, half_up

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tracker.config import Config


class Sums(Struct, frozen=True):
    """Sums of amounts, one a currency: different currencies are never added.

    Attributes:
        amounts: The sums, that in the workspace's own currency first.
        total: All of them in the workspace's currency; None where a rate is missing.
    """

    amounts: tuple[Money, ...]
    total: Money | None


def sums(amounts: Iterable[Money | None], config: Config) -> Sums:
    """Add amounts up by currency, and over all currencies where `rates` has each of them."""
    by_currency = _by_currency(amounts)
    ordered = sorted(by_currency, key=lambda code: (code != config.currency, code))
    converted = _converted(by_currency, config)
    total = None if converted is None else Money(half_up(converted), config.currency)
    return Sums(tuple(Money(by_currency[code], code) for code in ordered), total)


def in_one_currency(amounts: Iterable[Money], config: Config) -> Decimal | None:
    """Return the exact sum in the workspace's currency; None where a rate is missing."""
    return _converted(_by_currency(amounts), config)


def to_cents(exact: Sums) -> Sums:
    """Return sums of quotients or products as amounts that can be written down."""
    amounts = (Money(half_up(each.amount, 2), each.currency) for each in exact.amounts)
    return Sums(tuple(amounts), exact.total)


def _by_currency(amounts: Iterable[Money | None]) -> dict[str, Decimal]:
    by_currency: defaultdict[str, Decimal] = defaultdict(Decimal)
    for money in amounts:
        if money is not None:
            by_currency[money.currency] += money.amount
    return by_currency


def _converted(by_currency: Mapping[str, Decimal], config: Config) -> Decimal | None:
    rates = {**config.rates, config.currency: Decimal(1)}
    if not rates.keys() >= by_currency.keys():
        return None
    return sum((amount * rates[code] for code, amount in by_currency.items()), Decimal())
