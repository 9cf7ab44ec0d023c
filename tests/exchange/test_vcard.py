"""Cards, read back by a library that did not write them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.exchange.conftest import TODAY
from tracker.exchange.vcard import Version, cards
from tracker.model import Contact, Customer

if TYPE_CHECKING:
    from datetime import date

    from tests.exchange.conftest import DayOf

HENGDA = Customer(
    path="records/hengda.md",
    id="hengda",
    name="恒达精密机械有限公司",
    address="苏州市示例路 8 号",
    website="https://hengda.example/?a=1,2;b#恒",
    contacts=(
        Contact("陈建国", phone="138 0013 8000", preferences="不喜欢电话推销"),
        Contact(
            "王芳",
            title="采购经理",
            phone="0512-0668-1234",
            email="wang.fang@hengda.example",
            wechat="wangfang_hd",
            im="钉钉 hd",
            authority="influencer",
            primary=True,
        ),
    ),
)


def read(
    day_of: DayOf,
    customer: Customer,
    version: Version = Version.V3,
    exported_on: date | None = None,
) -> list[Any]:
    config = day_of(customer).library.config
    data = cards(customer, config, customer.id, version, exported_on)
    return list(vobject.readComponents(data.decode()))


def test_everything_that_stands_on_a_business_card(day_of: DayOf) -> None:
    card = read(day_of, HENGDA)[0]
    assert card.name == "VCARD"
    assert card.version.value == "3.0"
    assert card.fn.value == "王芳"
    assert card.n.value == vobject.vcard.Name(family="王芳")
    assert card.org.value == ["恒达精密机械有限公司"]
    assert card.title.value == "采购经理"
    assert card.tel.value == "0512-0668-1234"
    assert card.tel.params["TYPE"] == ["WORK", "VOICE"]
    assert card.email.value == "wang.fang@hengda.example"
    assert card.adr.value.street == "苏州市示例路 8 号"
    assert card.url.value == "https://hengda.example/?a=1%2C2%3Bb#%E6%81%92"
    assert card.note.value == "微信：wangfang_hd\n即时通讯：钉钉 hd"
    card.validate(raiseException=True)


def test_a_mobile_number_can_get_messages(day_of: DayOf) -> None:
    card = read(day_of, HENGDA)[1]
    assert card.tel.value == "138 0013 8000"
    assert card.tel.params["TYPE"] == ["CELL"]
    abroad = replace(HENGDA, contacts=(Contact("王芳", phone="+86 138-0013-8000"),))
    assert read(day_of, abroad)[0].tel.params["TYPE"] == ["CELL"]


def test_an_extension_is_not_run_into_the_number(day_of: DayOf) -> None:
    desk = replace(HENGDA, contacts=(Contact("王芳", phone="0512-0668-1234 转 802"),))
    assert read(day_of, desk)[0].tel.value == "051206681234,802"


def test_what_the_team_thinks_of_a_person_stays_out(day_of: DayOf) -> None:
    data = cards(HENGDA, day_of(HENGDA).library.config, "hengda").decode().replace("\r\n ", "")
    assert "不喜欢" not in data
    assert "influencer" not in data


def test_a_bare_contact_is_a_valid_card(day_of: DayOf) -> None:
    (card,) = read(day_of, Customer("records/a.md", "a", "Acme", contacts=(Contact("Ann Lee"),)))
    card.validate(raiseException=True)
    assert set(card.contents) == {"version", "uid", "n", "fn", "org"}
    assert read(day_of, Customer("records/a.md", "a", "Acme")) == []


def test_identifiers_outlive_changes_and_differ(day_of: DayOf) -> None:
    before = [card.uid.value for card in read(day_of, HENGDA)]
    assert before[0].startswith("urn:uuid:")
    changed = replace(HENGDA, name="恒达集团", contacts=tuple(reversed(HENGDA.contacts)))
    assert [card.uid.value for card in read(day_of, changed)] == before
    namesakes = replace(HENGDA, contacts=(Contact("王芳"), Contact("王芳"), Contact("陈建国")))
    assert len({card.uid.value for card in read(day_of, namesakes)}) == 3


# --- Exported for the team's own address books ----------------------------------------------------

TAGGED = replace(HENGDA, tags=("机床", "a,b;c"), business="数控机床零部件")


def test_version_four(day_of: DayOf) -> None:
    card = read(day_of, TAGGED, Version.V4, TODAY)[0]
    data = cards(TAGGED, day_of(TAGGED).library.config, "hengda", Version.V4, TODAY)
    assert data.startswith(b"BEGIN:VCARD\r\nVERSION:4.0\r\n")
    assert card.version.value == "4.0"
    assert card.impp.value == "weixin:wangfang_hd"
    assert card.impp.params["SERVICE-TYPE"] == ["WeChat"]
    assert card.email.params["TYPE"] == ["WORK"]
    assert card.rev.value == "20261124T000000Z"
    assert card.categories.value == ["机床", "a,b;c"]
    assert card.note.value == "微信：wangfang_hd\n即时通讯：钉钉 hd\n主营业务：数控机床零部件"
    assert (card.fn.value, card.org.value) == ("王芳", ["恒达精密机械有限公司"])


def test_version_three_of_an_export(day_of: DayOf) -> None:
    card = read(day_of, TAGGED, Version.V3, TODAY)[0]
    card.validate(raiseException=True)
    assert card.rev.value == "2026-11-24T00:00:00Z"
    assert card.categories.value == ["机床", "a,b;c"]
    assert "impp" not in card.contents


def test_both_versions_are_the_same_people(day_of: DayOf) -> None:
    uids = {
        version: [card.uid.value for card in read(day_of, TAGGED, version, TODAY)]
        for version in Version
    }
    assert uids[Version.V3] == uids[Version.V4] == [card.uid.value for card in read(day_of, HENGDA)]


def test_cards_of_a_site_have_no_tags(day_of: DayOf) -> None:
    for card in read(day_of, TAGGED):
        assert not {"categories", "rev"} & set(card.contents)
        assert "数控" not in getattr(card, "note", card.fn).value


HOSTILE = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029")
    | st.sampled_from('\n,;:\\"\u202e\u200f👩‍👧'),
    min_size=1,
).map(str.strip).filter(bool) | st.sampled_from(
    ["\\", "\\n", "a\\", "END:VCARD", "\nEND:VCARD\n", "Nguyễn, Thị; Lan", "恒" * 99]
)


@settings(deadline=None)
@given(
    texts=st.tuples(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE), version=st.sampled_from(Version)
)
def test_hostile_texts_come_back(
    day_of: DayOf, texts: tuple[str, str, str, str, str], version: Version
) -> None:
    name, company, title, wechat, address = texts
    contact = Contact(name, title=title, wechat=wechat)
    customer = Customer("records/a.md", "a", company, address=address, contacts=(contact,))
    (card,) = read(day_of, customer, version)
    assert card.fn.value == name
    assert card.n.value.family == name
    assert card.org.value == [company]
    assert card.title.value == title
    assert card.note.value == f"微信：{wechat}"
    assert card.adr.value.street == address


@settings(deadline=None)
@given(tags=st.lists(HOSTILE, min_size=1, max_size=3), wechat=HOSTILE)
def test_hostile_tags_and_addresses_come_back(day_of: DayOf, tags: list[str], wechat: str) -> None:
    contact = Contact("A", wechat=wechat)
    customer = Customer("records/a.md", "a", "B", tags=tuple(tags), contacts=(contact,))
    (card,) = read(day_of, customer, Version.V4, TODAY)
    assert card.categories.value == tags
    assert unquote(card.impp.value) == f"weixin:{wechat}"
    assert card.impp.value.isascii()


@pytest.mark.parametrize("website", ["https://a.example/a b\r\nX:y", "https://例子.example/"])
def test_an_address_on_the_web_breaks_no_line(day_of: DayOf, website: str) -> None:
    customer = replace(HENGDA, website=website)
    for card in read(day_of, customer):
        assert card.url.value.isascii()
        assert "x" not in card.contents
