"""What is added to a record whole: groups, items with commas, notes, background."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.record_strategies import CONFIGS, PATH, record_files
from tracker.config_file import default_config
from tracker.diagnostics import Problem
from tracker.format.assignment import NewGroup, Operation, way_to
from tracker.format.comparison import content_of
from tracker.format.editor import (
    RecordFile,
    add_background,
    add_text_note,
    read_record_file,
    set_value,
)
from tracker.format.scalar import write_scalar
from tracker.schema import CONTACT_FIELDS, DEAL_ITEM_FIELDS, Field
from tracker.yamltree import Mapping, Scalar, Sequence, read_yaml

if TYPE_CHECKING:
    from tracker.config import Config

ZH = default_config("zh")
RECORD = """\
---
name: 恒达精密  # 全称
stage: 需求分析
owner: 李雷
---
"""


def file_of(text: str) -> RecordFile:
    file = read_record_file(PATH, text.encode(), ZH)
    assert isinstance(file, RecordFile)
    return file


def group_of(fields: tuple[Field, ...], **values: str | tuple[str, ...]) -> NewGroup:
    return NewGroup(tuple((field, values[field.key]) for field in fields if field.key in values))


def added(file: RecordFile, key: str, value: NewGroup | tuple[str, ...]) -> RecordFile:
    way = way_to(key, ZH)
    assert not isinstance(way, Problem)
    after = set_value(file, ZH, way, Operation.ADD, value)
    assert isinstance(after, RecordFile), after
    return after


def test_a_contact_is_added_with_all_that_is_known() -> None:
    wang = group_of(
        CONTACT_FIELDS,
        name="王芳",
        phone="0512-66881234",
        authority="decision-maker",
        concerns=("价格, 交期", "质保"),
    )
    file = added(file_of(RECORD), "contacts", wang)
    lines = (
        "contacts:\n  - name: 王芳\n    phone: 0512-66881234\n    authority: 决策者\n"
        "    concerns: ['价格, 交期', 质保]\n"
    )
    assert file.data.decode() == RECORD.replace("李雷\n", f"李雷\n{lines}")
    twice = added(file, "contacts", group_of(CONTACT_FIELDS, name="王芳"))
    assert twice.data.decode() == RECORD.replace("李雷\n", f"李雷\n{lines}  - name: 王芳\n")


def test_a_group_within_a_group_and_within_a_row() -> None:
    item = group_of(DEAL_ITEM_FIELDS, name="X200", quantity="2", price="450000 CNY")
    file = added(file_of(RECORD), "deal.items", item)
    assert (
        "deal:\n  items:\n    - name: X200\n      quantity: 2\n      price: 450000 CNY\n"
        in file.text
    )
    flow = file_of(RECORD.replace("owner: 李雷\n", "owner: 李雷\ncontacts: [{name: 甲}]\n"))
    after = added(flow, "contacts", group_of(CONTACT_FIELDS, name="乙", title="厂长"))
    assert "contacts: [{name: 甲}, {name: 乙, title: 厂长}]\n" in after.text


def test_a_group_with_a_value_that_is_none_is_refused() -> None:
    way = way_to("deal.items", ZH)
    assert not isinstance(way, Problem)
    item = group_of(DEAL_ITEM_FIELDS, name="X200", price="viel")
    refused = set_value(file_of(RECORD), ZH, way, Operation.ADD, item)
    assert isinstance(refused, Problem)
    assert refused.code == "invalid-money"


def test_items_of_a_list_may_hold_commas() -> None:
    file = added(file_of(RECORD), "needs.core", ("缩短交期，减少返工", "a, b"))
    assert file.customer.needs.core == ("缩短交期，减少返工", "a, b")
    more = added(file, "needs.core", ("a, b", "c"))
    assert more.customer.needs.core == ("缩短交期，减少返工", "a, b", "c")


@pytest.mark.parametrize(
    ("body", "after"),
    [
        ("", "\n背景\n"),
        ("\n", "\n背景\n"),
        ("\n## 2026-11-20 电话\n", "\n背景\n\n## 2026-11-20 电话\n"),
        ("\n已有\n\n# 备注\n", "\n已有\n\n背景\n\n# 备注\n"),
    ],
)
def test_where_background_goes(body: str, after: str) -> None:
    file = add_background(file_of(RECORD + body), ZH, "背景")
    assert isinstance(file, RecordFile), file
    assert file.data.decode() == RECORD + after


def test_a_note_stands_before_the_first_follow_up() -> None:
    file = file_of(f"{RECORD}\n背景\n\n## 2026-11-20 电话\n\n谈了。\n")
    after = add_text_note(file, ZH, "备注", 3, "- 一")
    assert isinstance(after, RecordFile), after
    assert after.data.decode() == (
        f"{RECORD}\n背景\n\n### 备注\n\n- 一\n\n## 2026-11-20 电话\n\n谈了。\n"
    )


@settings(max_examples=50)
@given(record_files(), st.sampled_from(CONFIGS), st.booleans())
def test_any_record_takes_a_note_or_says_why(data: bytes, config: Config, background: bool) -> None:  # noqa: FBT001  # drawn
    file = read_record_file(PATH, data, config)
    assert isinstance(file, RecordFile)
    after = (
        add_background(file, config, "新的背景。")
        if background
        else add_text_note(file, config, "新", 2, "新的附注。")
    )
    if isinstance(after, Problem):
        return
    assert content_of(after.customer.followups) == content_of(file.customer.followups)
    grown = len(after.data) - len(data)
    kept = after.data.replace("新的背景。".encode(), b"").replace("新的附注。".encode(), b"")
    assert grown > 0
    assert sorted(set(data.split())) == sorted(set(data.split()) & set(kept.split()))


@given(st.text(alphabet="aZ中0 .-/_@+():#'\"é", max_size=12), st.booleans())
def test_a_text_written_plain_reads_back(text: str, in_flow: bool) -> None:  # noqa: FBT001  # drawn
    written = write_scalar(text, in_flow=in_flow)
    tree = read_yaml(f"key: [{written}]\n" if in_flow else f"key: {written}\n")
    assert not tree.problems
    assert isinstance(tree.root, Mapping)
    value = tree.root.entries[0][1]
    if in_flow:
        assert isinstance(value, Sequence)
        (value,) = value.items
    assert isinstance(value, Scalar)
    assert value.text == text
