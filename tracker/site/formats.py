"""Days, times, amounts and numbers as the workspace's language writes them.

Babel takes a good part of a millisecond for each; a site shows the same few thousand values again
and again, so every form is remembered.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal, localcontext
from functools import lru_cache
from typing import TYPE_CHECKING

from babel.dates import format_date, format_interval, format_skeleton, get_day_names
from babel.numbers import (
    format_compact_currency,
    format_decimal,
    format_percent,
    get_currency_symbol,
)
from markupsafe import Markup, escape

from tracker.dates import format_time
from tracker.money import SUM_DIGITS, Money, MoneyRange, half_up
from tracker.periods import Period, month_of, quarter_of

if TYPE_CHECKING:
    from datetime import time

_NUMBER_PATTERN = "#,##0.###"
_CENTS_PATTERN = "#,##0.00#"
"""For amounts that are not whole."""

_DAYS_OF_WEEK = 7

_PERCENT_DIGITS = 2
"""Digits of a share of one that make whole percents."""

_TENTHS_BELOW = 10
"""Numbers above it say enough without a digit behind the point."""

_COMPACT_DIGITS = 3
"""Digits that say enough; with fewer, one behind the point is added."""

_SHORT_DAYS = {"zh": "Md", "en": "MMMd"}
"""The forms of days on the axis of a chart."""

_SYMBOLS = {"CNY": "¥", "JPY": "JP¥"}
"""Where Babel's symbol depends on the language: a yuan is ¥ to a Chinese team in any language."""


class Formats:
    """Forms for one language, as seen from one day.

    Args:
        language: `zh` or `en`.
        today: Days of its year are written without the year.
    """

    def __init__(self, language: str, today: date) -> None:
        self._language = language
        self._today = today

    def day(self, value: date) -> Markup:
        """Return a day in its short form, as a `time` element."""
        return _day(self._language, value, "MMMd" if value.year == self._today.year else "yMMMd")

    def weekday(self, value: date) -> Markup:
        """Return a day in its short form with the weekday, as a `time` element."""
        same_year = value.year == self._today.year
        return _day(self._language, value, "MMMEd" if same_year else "yMMMEd")

    def full_day(self, value: date) -> Markup:
        """Return a day with its weekday and year, as a `time` element."""
        return _day(self._language, value, "full")

    def numeric_day(self, value: date) -> Markup:
        """Return a day in digits (ISO 8601), as a `time` element."""
        return _day(self._language, value, "iso")

    def month(self, value: date) -> str:
        """Return the month of a day, with its year."""
        return _day_text(self._language, value, "yMMMM")

    def month_name(self, value: date) -> str:
        """Return the month of a day in its short form; with the year where it is not this one."""
        return _day_text(self._language, value, "MMM" if value.year == self._today.year else "yMMM")

    def period(self, first: date, last: date, *, with_year: bool = False) -> str:
        """Return a stretch of days, both ends included; a single day where it is one.

        Args:
            first: Its first day.
            last: Its last day.
            with_year: Name the year of the site too, where nothing near does.
        """
        is_short = first.year == last.year == self._today.year and not with_year
        return _period(self._language, first, last, "MMMd" if is_short else "yMMMd")

    def stretch(self, first: date, last: date) -> str:
        """Return a stretch of days with the year, by its name where it is a month or a quarter."""
        stretch = Period(first, last)
        if stretch == month_of(first):
            return self.month(first)
        if stretch == quarter_of(first):
            return _day_text(self._language, first, "yQQQ")
        return self.period(first, last, with_year=True)

    def tick(self, first: date, last: date) -> str:
        """Return a stretch of days in few signs, for the axis of a chart: `Nov 24`, `Nov`, `Q4`.

        In English a day has its month's name, since `9/7` is July to one half of the readers.
        """
        if Period(first, last) == quarter_of(first):
            return format_date(first, "QQQ", locale=self._language)
        is_long = (last - first).days >= _DAYS_OF_WEEK
        return _day_text(self._language, first, "MMM" if is_long else _SHORT_DAYS[self._language])

    def short_day(self, value: date) -> str:
        """Return a day in few signs, for the axis of a chart: `Nov 24`."""
        return _day_text(self._language, value, _SHORT_DAYS[self._language])

    def weekday_names(self) -> tuple[str, ...]:
        """Return the short names of the weekdays, Monday first."""
        return _weekday_names(self._language)

    def plain_day(self, value: date) -> str:
        """Return a day in its short form with its year, without markup."""
        return _day_text(self._language, value, "yMMMd")

    def time(self, value: time) -> str:
        """Return a time of day."""
        return format_time(value)

    def number(self, value: Decimal | int) -> str:
        """Return a number with its groups of digits."""
        return _number(self._language, Decimal(value))

    def tenths(self, value: Decimal | float) -> str:
        """Return a number with one digit behind the point where it is below ten."""
        return _number(
            self._language, half_up(value, 1 if -_TENTHS_BELOW < value < _TENTHS_BELOW else 0)
        )

    def percent(self, value: Decimal) -> str:
        """Return a share of one in percent."""
        return _percent(self._language, half_up(value, _PERCENT_DIGITS))

    def money(self, value: Money | MoneyRange) -> str:
        """Return an amount, or a range of two."""
        if isinstance(value, MoneyRange):
            return f"{self.money(value.low)}–{_amount(self._language, value.high.amount)}"
        return _symbol(self._language, value.currency) + _amount(self._language, value.amount)

    def whole_money(self, value: Money) -> str:
        """Return an amount that was counted, such as a weighted sum, without its cents."""
        return self.money(Money(half_up(value.amount), value.currency))

    def currency_prefix(self, currency: str) -> str:
        """Return what stands before an amount of a currency."""
        return _symbol(self._language, currency)

    def compact(self, value: Money) -> str:
        """Return an amount in few digits: `¥48.2万`, `$1.2M`."""
        return _compact(self._language, value)

    def value(self, value: object) -> Markup | str:
        """Return the value of a declared field, except yes and no, which are words."""
        if isinstance(value, (Money, MoneyRange)):
            return self.money(value)
        if isinstance(value, date):
            return self.numeric_day(value)
        if isinstance(value, Decimal):
            return self.number(value)
        if isinstance(value, tuple):
            return escape(self.listing(value))
        return str(value)

    def sentence(self, message: str) -> str:
        """Return a message, which begins small and ends without a stop, as a sentence."""
        return f"{message[:1].upper()}{message[1:]}{'。' if self._language == 'zh' else '.'}"

    def listing(self, items: tuple[str, ...] | list[str]) -> str:
        """Return texts as one line."""
        return ("、" if self._language == "zh" else ", ").join(items)


@lru_cache(maxsize=65536)
def _day(language: str, value: date, form: str) -> Markup:
    text = _day_text(language, value, form)
    return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), text)


@lru_cache(maxsize=65536)
def _day_text(language: str, value: date, form: str) -> str:
    if form == "iso":
        return value.isoformat()
    if form == "full":
        return format_date(value, "full", locale=language)
    text = format_skeleton(form, value, locale=language)
    # Babel writes 11月24日周二; the blank lets the eye tell the parts apart.
    return text.replace("日周", "日 周")


@lru_cache(maxsize=256)
def _period(language: str, first: date, last: date, form: str) -> str:
    if first == last:
        return _day_text(language, first, form)
    return format_interval(first, last, form, locale=language)


@lru_cache(maxsize=8)
def _weekday_names(language: str) -> tuple[str, ...]:
    names = get_day_names("abbreviated", "stand-alone", locale=language)
    return tuple(names[number] for number in range(7))


@lru_cache(maxsize=65536)
def _number(language: str, value: Decimal) -> str:
    return format_decimal(value, format=_NUMBER_PATTERN, locale=language)


@lru_cache(maxsize=65536)
def _amount(language: str, value: Decimal) -> str:
    is_whole = value == value.to_integral_value()
    pattern = _NUMBER_PATTERN if is_whole else _CENTS_PATTERN
    with localcontext(prec=SUM_DIGITS):
        return format_decimal(value, format=pattern, locale=language)


@lru_cache(maxsize=1024)
def _percent(language: str, value: Decimal) -> str:
    return format_percent(value, locale=language)


@lru_cache(maxsize=512)
def _symbol(language: str, currency: str) -> str:
    symbol = _SYMBOLS.get(currency) or get_currency_symbol(currency, locale=language)
    return f"{symbol} " if symbol == currency else symbol


@lru_cache(maxsize=65536)
def _compact(language: str, value: Money) -> str:
    text = format_compact_currency(value.amount, value.currency, locale=language)
    if sum(char.isdigit() for char in text) < _COMPACT_DIGITS:
        text = format_compact_currency(
            value.amount, value.currency, locale=language, fraction_digits=1
        )
    babel_symbol = get_currency_symbol(value.currency, locale=language)
    return text.replace(babel_symbol, _symbol(language, value.currency)).replace(".0", "")
