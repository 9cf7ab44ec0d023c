"""What makes two names, or two telephone numbers, the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.library.likeness import normal_name, normal_phone


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("恒达精密机械有限公司", "恒达精密机械股份有限公司"),
        ("恒达（集团）有限责任公司", "恒达集团"),
        ("恒达（苏州）有限公司", "恒达(苏州)"),
        ("Acme Pumps Co., Ltd.", "ACME PUMPS"),
        ("Acme Pumps, Inc.", "Acme-Pumps Limited"),
        ("Müller GmbH & Co. KG", "MÜLLER"),
        ("Ferro S.p.A.", "ferro spa"),
        ("Ｎｏｒｄ AB", "nord"),
        ("O'Neill Ltd", "ONeill"),
    ],
)
def test_names_of_one_company(one: str, other: str) -> None:
    assert normal_name(one) == normal_name(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("恒达(苏州)有限公司", "恒达(上海)有限公司"),
        ("恒达有限公司", "恒达上海分公司"),
        ("Acme Pumps", "Acme Valves"),
        ("集团", "公司"),
        ("Group", "Holding"),
        ("Company of Wolves", "Wolves"),
    ],
)
def test_names_of_two_companies(one: str, other: str) -> None:
    assert normal_name(one) != normal_name(other)


@given(st.text(min_size=1))
def test_a_name_with_letters_never_becomes_empty(text: str) -> None:
    assert bool(normal_name(text)) or not any(char.isalnum() for char in text)


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("0512-0880-1234", "51208801234"),
        ("+86 512 0880 1234", "51208801234"),
        ("+86 (0)512-0880-1234", "51208801234"),
        ("0086 512 08801234 转 8", "51208801234"),
        ("(0512) 08801234 ext. 12", "51208801234"),
        ("+44 1632 960123", "+441632960123"),
        ("0044 1632 960123", "+441632960123"),
        ("95588", None),
        ("+1 911", None),
    ],
)
def test_a_telephone_number(written: str, digits: str | None) -> None:
    assert normal_phone(written) == digits
