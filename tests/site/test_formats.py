"""Days, amounts and numbers in both languages."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

import pytest

from tracker.money import Money, MoneyRange
from tracker.site.excerpt import excerpt
from tracker.site.formats import Formats

TODAY = date(2026, 11, 24)
ZH, EN = Formats("zh", TODAY), Formats("en", TODAY)


def test_days_of_this_year_are_short() -> None:
    assert EN.day(date(2026, 3, 5)) == '<time datetime="2026-03-05">Mar 5</time>'
    assert ZH.day(date(2025, 3, 5)) == '<time datetime="2025-03-05">2025年3月5日</time>'
    assert EN.weekday(TODAY) == '<time datetime="2026-11-24">Tue, Nov 24</time>'
    assert ZH.weekday(TODAY) == '<time datetime="2026-11-24">11月24日 周二</time>'
    assert ZH.full_day(TODAY) == '<time datetime="2026-11-24">2026年11月24日星期二</time>'


def test_days_that_no_script_can_reach_have_their_year() -> None:
    assert ZH.plain_day(date(2026, 3, 5)) == "2026年3月5日"
    assert EN.plain_day(date(2026, 3, 5)) == "Mar 5, 2026"


def test_stretches_of_days() -> None:
    first, last = date(2026, 11, 16), date(2026, 11, 22)
    assert ZH.period(first, last) == "11月16日至22日"
    assert ZH.period(first, last, with_year=True) == "2026年11月16日至22日"
    assert EN.period(first, last, with_year=True).replace("\u2009", " ") == "Nov 16 – 22, 2026"


@pytest.mark.parametrize(
    ("first", "last", "zh", "en", "tick"),
    [
        (date(2026, 2, 1), date(2026, 2, 28), "2026年2月", "February 2026", "Feb"),
        (date(2026, 4, 1), date(2026, 6, 30), "2026年第2季度", "Q2 2026", "Q2"),
        (date(2026, 2, 3), date(2026, 2, 5), "2026年2月3日至5日", "Feb 3 – 5, 2026", "Feb 3"),
    ],
)
def test_whole_months_and_quarters_have_names(
    first: date, last: date, zh: str, en: str, tick: str
) -> None:
    assert ZH.stretch(first, last) == zh
    assert EN.stretch(first, last).replace("\u2009", " ") == en
    assert EN.tick(first, last) == tick


@pytest.mark.parametrize(
    ("money", "zh", "en"),
    [
        (Money(Decimal(480000), "CNY"), "¥480,000", "¥480,000"),
        (Money(Decimal("1234.5"), "USD"), "US$1,234.50", "$1,234.50"),
        (Money(Decimal("1234.125"), "USD"), "US$1,234.125", "$1,234.125"),
        (Money(Decimal("1234.00"), "USD"), "US$1,234", "$1,234"),
        (Money(Decimal(100), "JPY"), "JP¥100", "JP¥100"),
        (Money(Decimal(100), "CHF"), "CHF 100", "CHF 100"),
    ],
)
def test_amounts(money: Money, zh: str, en: str) -> None:
    assert ZH.money(money) == zh
    assert EN.money(money) == en


def test_ranges_name_the_currency_once() -> None:
    low, high = Money(Decimal(450000), "CNY"), Money(Decimal(500000), "CNY")
    assert ZH.money(MoneyRange(low, high)) == "¥450,000–500,000"
    unit, dozen = Money(Decimal("0.5"), "EUR"), Money(Decimal("6.40"), "EUR")
    assert EN.money(MoneyRange(unit, dozen)) == "€0.50–6.40"


def test_compact_amounts_have_three_digits_or_so() -> None:
    assert ZH.compact(Money(Decimal(18113000), "CNY")) == "¥1811万"
    assert ZH.compact(Money(Decimal(482000), "CNY")) == "¥48.2万"
    assert EN.compact(Money(Decimal(1250000), "CNY")) == "¥1.2M"
    assert EN.compact(Money(Decimal(2000000), "USD")) == "$2M"


def test_values_of_declared_fields() -> None:
    assert ZH.value(("a", "<b>")) == "a、&lt;b&gt;"
    assert EN.value(("a", "b")) == "a, b"
    assert ZH.value(Decimal("12000.50")) == "12,000.5"
    assert ZH.value(date(2026, 1, 2)) == '<time datetime="2026-01-02">2026-01-02</time>'
    assert EN.time(time(9, 5)) == "09:05"
    assert EN.percent(Decimal("0.25")) == "25%"
    assert EN.percent(Decimal("0.125")) == "13%"
    assert EN.tenths(48.5) == "49"


def test_excerpts_are_plain_and_bounded() -> None:
    assert excerpt("**两台** [方案](a.pdf)\n\n| a | b |\n| - | - |\n\n- `x`") == "两台 方案 x"
    long = excerpt("王芳来电,询问交付周期。" * 30, 40)
    assert long.endswith("…")
    assert len(long) <= 21
