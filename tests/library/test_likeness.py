"""Telling customers that may be one."""

from __future__ import annotations

import pytest

from tracker.library.likeness import core_name, customers_like
from tracker.model import Contact, Customer


def customer(name: str, phone: str | None = None, short: str | None = None) -> Customer:
    contacts = (Contact("王芳", phone=phone),)
    return Customer("records/a.md", "a", name, short=short, contacts=contacts)


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("苏州恒达精密机械有限公司", "恒达精密机械"),
        ("江苏省苏州市恒达精密", "恒达精密"),
        ("恒达精密（苏州）有限公司", "恒达精密"),
        ("上海电气", "上海电气"),
        ("Acme Tools (Berlin) GmbH", "acmetools"),
        ("深圳市", "深圳市"),
    ],
)
def test_a_name_without_what_many_share(name: str, core: str) -> None:
    assert core_name(name) == core


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("苏州恒达精密机械有限公司", "恒达精密"),
        ("恒达精密机械", "恒大精密机械有限公司"),
        ("恒达精密", "衡达精密"),
        ("深圳市华强电子", "华强电子（深圳）有限公司"),
        ("Acme Tools Ltd", "ACME Tool GmbH"),
        ("Foo", "Larkfield Foo & Sons Ltd"),
        ("O'Hara", "Tim O’Hara Tools"),
        ("Larkfield", "LarkfieldFoods Ltd"),
        ("Foo", "Food Ltd"),
    ],
)
def test_names_that_may_be_one(one: str, other: str) -> None:
    (found,) = customers_like(one, (), [customer(other)])
    assert 75 <= found.score <= 100


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("上海电气", "北京电气"),
        ("江苏中天科技", "中天钢铁集团"),
        ("Acme Tools", "Ajax Steel"),
        ("Foo", "Larkfield Foods Ltd"),
        ("Foo", "Bigfoot Foodstuffs Ltd"),
        ("Foo", "Foods Inc"),
        ("苏州恒达精密机械有限公司", "苏州启航精密机械有限公司"),
    ],
)
def test_names_that_are_two(one: str, other: str) -> None:
    assert customers_like(one, (), [customer(other)]) == []


def test_the_surest_comes_first_with_what_is_shared() -> None:
    known = [
        customer("恒大精密"),
        customer("别的公司", phone="0512-5550 1234"),
        customer("x", short="恒达精密"),
    ]
    found = customers_like("恒达精密", [Contact("x", phone="+86 512 55501234")], known)
    assert [(one.customer, one.shared) for one in found] == [
        (known[1], "phone"),
        (known[2], "near"),
        (known[0], "near"),
    ]
