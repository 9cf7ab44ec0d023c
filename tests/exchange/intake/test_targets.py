"""The headings that are understood."""

from __future__ import annotations

import pytest

from tools import import_page
from tracker.config_file import default_config, parse_config
from tracker.exchange.intake import synonyms
from tracker.exchange.intake.headers import heading_of
from tracker.exchange.intake.tables import Layout
from tracker.exchange.intake.targets import COMPUTED, FOLLOWUP, ITEMS, NOTE, Targets
from tracker.schema import CONTACT_FIELDS, FRONT_MATTER, NEEDS_FIELDS
from tracker.text import fold

TARGETS = Targets(default_config("zh"))
DAY_OR_TIME = {"时间", "跟进时间", "联系时间", "沟通时间", "拜访时间"} | {
    "下次跟进时间",
    "下次联系时间",
    "下次时间",
}


def test_every_synonym_belongs_to_a_target() -> None:
    assert set(synonyms.SYNONYMS) <= set(TARGETS.by_path)


def test_no_heading_means_two_things_in_one_group() -> None:
    double = {
        (group, heading): paths
        for group, table in TARGETS.headings.items()
        for heading, paths in table.items()
        if len(paths) > 1 and heading not in DAY_OR_TIME
    }
    assert not double


def test_no_synonym_is_written_twice() -> None:
    for path, words in synonyms.SYNONYMS.items():
        folded = list(map(fold, words))
        assert len(folded) == len(set(folded)), path
        field = TARGETS.by_path[path].field
        known = sorted(set(folded) & set(map(fold, field.spellings)))
        assert not known, f"the keys of {path} are known anyway: {known}"


@pytest.mark.parametrize("field", FRONT_MATTER, ids=lambda field: field.key)
def test_every_field_is_found_by_its_keys(field: object) -> None:
    for spelling in field.spellings:  # type: ignore[attr-defined]  # the type of what is there is known from the place
        found = TARGETS.candidates(spelling, Layout.CUSTOMERS)
        assert found
        assert found[0].partition(".")[0] == field.key  # type: ignore[attr-defined]  # the type of what is there is known from the place


@pytest.mark.parametrize(
    ("heading", "layout", "path"),
    [
        ("客户名称", Layout.CUSTOMERS, "name"),
        ("公司", Layout.CUSTOMERS, "name"),
        ("单位", Layout.CUSTOMERS, "name"),
        ("Company", Layout.CUSTOMERS, "name"),
        ("name", Layout.CUSTOMERS, "name"),
        ("联系人", Layout.CUSTOMERS, "contacts.name"),
        ("联系方式", Layout.CUSTOMERS, "contacts.phone"),
        ("备注", Layout.CUSTOMERS, "background"),
        ("日期", Layout.CUSTOMERS, "created"),
        ("金额", Layout.CUSTOMERS, "value"),
        ("日期", Layout.FOLLOWUPS, "followup.date"),
        ("内容", Layout.FOLLOWUPS, "followup.summary"),
        ("方式", Layout.FOLLOWUPS, "followup.method"),
        ("联系人", Layout.FOLLOWUPS, "followup.contact"),
        ("金额", Layout.OFFERS, "offers.amount"),
        ("姓名", Layout.CONTACTS, "contacts.name"),
        ("成交金额", Layout.CUSTOMERS, "deal.amount"),
        ("E-Mail", Layout.CUSTOMERS, "contacts.email"),
    ],
)
def test_what_a_heading_means_depends_on_the_layout(
    heading: str, layout: Layout, path: str
) -> None:
    assert TARGETS.candidates(heading, layout)[0] == path


LISTED = [
    (path, word)
    for path, target in TARGETS.by_path.items()
    if path != NOTE and target.group not in {FOLLOWUP, ITEMS}
    for word in (*target.field.spellings, *synonyms.SYNONYMS.get(path, ()))
]


def test_every_listed_heading_is_taken_in_a_table_of_customers() -> None:
    groups: dict[str, set[str]] = {}
    for path, word in LISTED:
        groups.setdefault(fold(word), set()).add(path.rpartition(".")[0])
    for path, word in LISTED:
        heading = heading_of(word)
        found = TARGETS.candidates(heading.plain, Layout.CUSTOMERS)
        assert found, word
        # What means one thing of all that can stand in the table means that.
        assert path in found or len(groups[fold(word)]) > 1, word
        assert fold(heading.plain) not in COMPUTED, word


def test_fields_of_the_workspace_are_targets_too() -> None:
    config, problems = parse_config(
        "fields:\n  lines: {label: 产线数量, type: number}\n"
        "followup_fields:\n  mood: {label: 心情}\n"
    )
    assert not problems
    targets = Targets(config)
    assert targets.candidates("产线数量", Layout.CUSTOMERS) == ("lines",)
    assert targets.candidates("心情", Layout.FOLLOWUPS) == ("followup.mood",)


def test_groups_have_their_fields() -> None:
    for field in CONTACT_FIELDS:
        assert f"contacts.{field.key}" in TARGETS.by_path
    for field in NEEDS_FIELDS:
        assert f"needs.{field.key}" in TARGETS.by_path


@pytest.mark.parametrize("language", import_page.PAGES)
def test_the_page_lists_the_headings_that_are_understood(language: str) -> None:
    page = import_page.PAGES[language].read_text(encoding="utf-8")
    assert import_page.page_of(language) == page
