"""Amounts of money: every written form, and what is refused."""

from __future__ import annotations

import time
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.money import (
    Money,
    MoneyRange,
    grouped_amount,
    grouped_number,
    half_up,
    is_currency,
    plain_number,
    read_money,
    read_money_or_range,
)
from tracker.translation import Message


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("480000", "480000 CNY"),
        ("480000 CNY", "480000 CNY"),
        ("CNY 480000", "480000 CNY"),
        ("480000cny", "480000 CNY"),
        ("480,000.50 CNY", "480000.5 CNY"),
        ("¥48万", "480000 CNY"),
        ("￥48 万", "480000 CNY"),
        ("48万元", "480000 CNY"),
        ("人民币 48万", "480000 CNY"),
        ("RMB 480000", "480000 CNY"),
        ("1.2M USD", "1200000 USD"),
        ("USD 1.2M", "1200000 USD"),
        ("$1.2m", "1200000 USD"),
        ("US$500k", "500000 USD"),
        ("HK$ 500", "500 HKD"),
        ("3亿", "300000000 CNY"),
        ("2百万 EUR", "2000000 EUR"),
        ("€12,000", "12000 EUR"),
        ("£5", "5 GBP"),
        ("0", "0 CNY"),
    ],
)
def test_written_forms(text: str, expected: str) -> None:
    assert str(read_money(text, "CNY")) == expected


@pytest.mark.parametrize(
    ("text", "default", "expected"),
    [
        ("$5", "AUD", "5 AUD"),
        ("$5", "CNY", "5 USD"),
        ("$5 AUD", "CNY", "5 AUD"),
        ("$5 USD", "AUD", "5 USD"),
        ("¥5", "JPY", "5 JPY"),
        ("¥5", "USD", "5 CNY"),
        ("¥5 JPY", "CNY", "5 JPY"),
    ],
)
def test_a_sign_of_several_currencies_is_the_workspace_s_own(
    text: str, default: str, expected: str
) -> None:
    assert str(read_money(text, default)) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("", "-5", "five", "12,34", "1,2345", "5kg", "4８万", "1e5", "1_000", ".5", "5.", "CNY"),
        *("48万左右", "5 6", "9" * 30, "0x10", "inf", "nan", "5%"),
    ],
)
def test_what_is_no_amount(text: str) -> None:
    problem = read_money(text, "CNY")
    assert isinstance(problem, Message)
    assert "not an amount" in str(problem)


@pytest.mark.parametrize(
    "text", ["9" * 17, "99999999999999999999亿", "5-999999999亿 CNY", "10000000000000k"]
)
def test_what_is_too_large_for_an_amount(text: str) -> None:
    assert "too large for an amount" in str(read_money_or_range(text, "CNY"))


def test_the_largest_amount_is_read() -> None:
    assert read_money("99999999.99999999亿", "CNY") == Money(Decimal(10**16 - 1), "CNY")


def test_an_unknown_currency_is_named() -> None:
    assert str(read_money("5 XXQ", "CNY")) == "‘XXQ’ is not a currency code"


@pytest.mark.parametrize("text", ["$5 CNY", "¥5 USD", "USD 5 EUR"])
def test_two_currencies_are_refused(text: str) -> None:
    assert "two currencies" in str(read_money(text, "CNY"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("450000-500000 CNY", "450000-500000 CNY"),
        ("¥45万-¥50万", "450000-500000 CNY"),
        ("45-50万", "450000-500000 CNY"),
        ("9500-1万", "9500-10000 CNY"),
        ("45万至50万元", "450000-500000 CNY"),
        ("45万 ~ 50万", "450000-500000 CNY"),
        ("$10k to $12k", "10000-12000 USD"),
        ("10k – 12k EUR", "10000-12000 EUR"),
        ("5-5", "5-5 CNY"),
    ],
)
def test_ranges(text: str, expected: str) -> None:
    found = read_money_or_range(text, "CNY")
    assert isinstance(found, MoneyRange)
    assert str(found) == expected


def test_a_range_may_be_one_amount() -> None:
    assert read_money_or_range("45万", "CNY") == Money(Decimal(450000), "CNY")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("6-5", "begins above its end"),
        ("50-45万", "begins above its end"),
        ("5 USD-6 EUR", "two currencies"),
        ("5-6-7", "not an amount"),
        ("5-", "not an amount"),
        ("a-6", "not an amount"),
        ("5-b", "not an amount"),
    ],
)
def test_wrong_ranges(text: str, reason: str) -> None:
    assert reason in str(read_money_or_range(text, "CNY"))


@settings(deadline=None)
@given(
    st.decimals(min_value=0, max_value=10**12, places=2),
    st.sampled_from(["CNY", "USD", "EUR", "JPY", "SEK"]),
)
def test_what_is_written_is_read_back(amount: Decimal, currency: str) -> None:
    money = Money(amount, currency)
    assert read_money(str(money), "CNY") == money


@settings(deadline=None)
@given(st.text())
def test_no_text_raises(text: str) -> None:
    assert isinstance(read_money(text, "CNY"), Money | Message)
    assert isinstance(read_money_or_range(text, "CNY"), Money | MoneyRange | Message)


@pytest.mark.parametrize("char", [" ", "-", "1", ",", "万", "\t"])
def test_long_texts_are_refused_at_once(char: str) -> None:
    begin = time.process_time()
    for text in (char * 100_000, f"1{char * 100_000}!", f"1{char * 100_000}2"):
        assert isinstance(read_money_or_range(text, "CNY"), Message)
    assert time.process_time() - begin < 1


def test_plain_numbers() -> None:
    assert plain_number(Decimal("1E+5")) == "100000"
    assert plain_number(Decimal("12000.50")) == "12000.5"
    assert plain_number(Decimal(100)) == "100"


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (48.5, 0, "49"),
        (49.5, 0, "50"),
        (Fraction(25, 2), 0, "13"),
        (Decimal("2.25"), 1, "2.3"),
        (Fraction(2, 3), 2, "0.67"),
        (-0.25, 1, "-0.3"),
        (7, 1, "7.0"),
    ],
)
def test_halves_are_rounded_up(value: Decimal | Fraction | float, digits: int, text: str) -> None:
    assert str(half_up(value, digits)) == text


def test_rare_currencies_are_known() -> None:
    assert is_currency("SEK")
    assert not is_currency("sek")
    assert not is_currency("RMB")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("480000", "480,000"),
        ("1234567.50", "1,234,567.5"),
        ("0.25", "0.25"),
        ("-0.5", "-0.5"),
        ("-1200", "-1,200"),
        ("1E+6", "1,000,000"),
    ],
)
def test_numbers_are_written_with_their_thousands_set_off(value: str, text: str) -> None:
    assert grouped_number(Decimal(value)) == text


def test_cents_of_an_amount_are_two_digits() -> None:
    texts = {"1250.5": "1,250.50", "12500.00": "12,500", "0.125": "0.125", "-0.5": "-0.50"}
    assert {value: grouped_amount(Decimal(value)) for value in texts} == texts
