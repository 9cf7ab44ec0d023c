"""What the words of profiles mean."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tracker import schema
from tracker.profile_fields import GROUPS, FieldWords
from tracker.schema import Kind

BUDGET = schema.Field("budget", "年度预算", Kind.MONEY, "")
RIVAL = schema.Field("rival", "竞品", Kind.TEXT, "")
COST = schema.Field("travel_cost", "差旅费", Kind.MONEY, "")
WORDS = FieldWords((BUDGET,), (RIVAL, COST))
DOCS = Path(__file__).parent.parent / "docs"
PAGE, CHINESE_PAGE = (
    (DOCS / name).read_text("utf-8") for name in ("profiles.md", "profiles.zh.md")
)


@pytest.mark.parametrize(
    ("word", "paths"),
    [
        ("contacts.phone", {"contacts.phone"}),
        ("联系人.电话", {"contacts.phone"}),
        ("contacts.电话", {"contacts.phone"}),
        ("Contacts[].Phone", {"contacts.phone"}),
        ("手机", {"contacts.phone"}),
        ("deal.items.price", {"deal.items.price"}),
        ("成交.明细.单价", {"deal.items.price"}),
        ("stage", {"stage", "followups.stage"}),
        ("followups.stage", {"followups.stage"}),
        ("跟进.阶段", {"followups.stage"}),
        ("date", {"offers.date", "deal.date", "lost.date"}),
        ("offers.date", {"offers.date"}),
        ("budget", {"budget"}),
        ("竞品", {"followups.rival"}),
        ("next", {"followups.next", "followups.next.text", "followups.next.goal"}),
    ],
)
def test_word_means_a_field(word: str, paths: set[str]) -> None:
    assert set(WORDS.paths(word) or ()) == paths


@pytest.mark.parametrize("spellings", [(name, *GROUPS[name][0]) for name in GROUPS])
def test_groups_have_names_in_both_languages(spellings: tuple[str, ...]) -> None:
    meanings = {WORDS.paths(spelling) for spelling in spellings}
    assert len(meanings) == 1
    assert None not in meanings
    assert any(not spelling.isascii() for spelling in spellings)


def test_amounts_are_all_money() -> None:
    assert set(WORDS.paths("金额") or ()) == {
        *("value", "offers.amount", "deal.amount", "deal.items.price"),
        *("budget", "followups.travel_cost"),
    }


def test_what_says_the_same_goes_with_it() -> None:
    name = WORDS.paths("客户名称") or ()
    assert {"name", "short", "id", "aliases"} <= set(name)
    assert "followups.contact" in (WORDS.paths("contacts.name") or ())
    assert "followups.who" in (WORDS.paths("owner") or ())
    assert "attachments" in (WORDS.paths("offers.file") or ())


def test_groups_of_the_front_matter_hold_their_fields() -> None:
    assert {f"contacts.{field.key}" for field in schema.CONTACT_FIELDS} < set(
        WORDS.paths("联系人") or ()
    )


@pytest.mark.parametrize("word", ["fone", "contacts.fone", "value.phone", "", "."])
def test_unknown_word_means_nothing(word: str) -> None:
    assert WORDS.paths(word) is None


def test_nearest_word() -> None:
    assert WORDS.nearest("contcts.phone") == "contacts.phone"
    assert WORDS.nearest("联系人.电活") == "联系人.电话"


def test_page_tells_of_every_group() -> None:
    for name, (others, meaning) in GROUPS.items():
        words = [f"`{other}`" for other in others]
        assert f"| `{name}` | {', '.join(words)} | {meaning}" in PAGE
        assert f"| `{name}` | {'、'.join(words)} | " in CHINESE_PAGE


@pytest.mark.parametrize(
    ("page", "heading"), [(PAGE, "What the words mean"), (CHINESE_PAGE, "词的意思")]
)
def test_words_of_the_page_mean_something(page: str, heading: str) -> None:
    """Whatever stands in code in the part about words is one, or a path that nothing else is."""
    part = page.split(f"## {heading}")[1].split("## ", maxsplit=1)[0]
    words = re.findall(r"`([\w. ]+)`", part)
    unknown = {word for word in words if WORDS.paths(word) is None}
    assert unknown <= {"tracker.yaml", "hide", "mask", "customer-7.html"}
    assert len(words) > 40
