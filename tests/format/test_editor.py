"""Edits of records: what changes, and that nothing else does."""

from __future__ import annotations

import difflib
from datetime import date, datetime, time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.record_strategies import CONFIGS, PATH, configs, near_records, record_files, values_of
from tracker.config_file import default_config
from tracker.diagnostics import Problem
from tracker.format.assignment import IDENTITIES, Operation, read_assignment, way_to
from tracker.format.comparison import content_of
from tracker.format.editor import (
    RecordFile,
    add_section,
    read_record_file,
    set_value,
    tick_commitments,
)
from tracker.format.section_editor import SectionDraft, section_text, usual_level
from tracker.schema import FOLLOWUP_FIELDS, Kind

if TYPE_CHECKING:
    from tracker.config import Config
    from tracker.schema import Field

ZH = default_config("zh")
EN = default_config("en")
GROUPS = (Kind.GROUP, Kind.GROUPS)


def file_of(text: str, config: Config = ZH) -> RecordFile:
    file = read_record_file(PATH, text.encode(), config)
    assert isinstance(file, RecordFile), file
    return file


def edited(text: str, *assignments: str, config: Config = ZH) -> str:
    """Return the text of a record after assignments; fails where one is refused."""
    file = file_of(text, config)
    for written in assignments:
        file = assigned(file, written, config)
    return file.data.decode()


def assigned(file: RecordFile, written: str, config: Config) -> RecordFile:
    after = try_to_assign(file, written, config)
    assert isinstance(after, RecordFile), after
    return after


def try_to_assign(file: RecordFile, written: str, config: Config = ZH) -> RecordFile | Problem:
    assignment = read_assignment(written)
    if isinstance(assignment, Problem):
        return assignment
    way = way_to(assignment.key, config)
    if isinstance(way, Problem):
        return way
    return set_value(file, config, way, assignment.operation, assignment.value)


def refusal_of(text: str, written: str) -> str:
    problem = try_to_assign(file_of(text), written)
    assert isinstance(problem, Problem), problem
    return " ".join(filter(None, (str(problem.message), str(problem.hint or ""))))


RECORD = """\
---
name: 恒达精密  # 全称见营业执照
# 商务
stage: '方案制定'
level:   B
owner: 李雷
tags: [机床, 华东]
contacts:
  - name: 王芳
    phone: 0512-66881234   # 办公室

  - name: 李明
    concerns:
      - 价格
      - 交期   # 两次提到
needs:
  core: [缩短交期]
---

背景。

## 2026-11-20 14:30 电话

问了交期。

- [ ] 发送报价 @2026-11-22
- [x] 提供案例 @2026-11-21
- 阶段: 方案制定

## 备注

无
"""


# --- Front matter -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "removed", "added"),
    [
        ("level=A", ["level:   B"], ["level:   A"]),
        ("客户等级=A", ["level:   B"], ["level:   A"]),
        ("stage=商务谈判", ["stage: '方案制定'"], ["stage: '商务谈判'"]),
        ("name=恒达", ["name: 恒达精密  # 全称见营业执照"], ["name: 恒达  # 全称见营业执照"]),
        ("level=", ["level:   B"], ["level:"]),
        ("value=48万", [], ["value: 48万"]),
        ("region=a: b", [], ["region: 'a: b'"]),
        ("tags+=新客户", ["tags: [机床, 华东]"], ["tags: [机床, 华东, 新客户]"]),
        ("tags-=机床", ["tags: [机床, 华东]"], ["tags: [华东]"]),
        ("tags-=华东", ["tags: [机床, 华东]"], ["tags: [机床]"]),
        ("tags=a,b", ["tags: [机床, 华东]"], ["tags: [a, b]"]),
        ("tags=", ["tags: [机床, 华东]"], ["tags:"]),
        ("needs.core+=远程运维", ["  core: [缩短交期]"], ["  core: [缩短交期, 远程运维]"]),
        ("needs.pains=返工", [], ["  pains: [返工]"]),
        ("contacts.王芳.title=经理", [], ["    title: 经理"]),
        (
            "contacts.王芳.phone=0512-1234567",
            ["    phone: 0512-66881234   # 办公室"],
            ["    phone: 0512-1234567   # 办公室"],
        ),
        ("contacts.2.email=li@example.com", [], ["    email: li@example.com"]),
        ("contacts.李.wechat=lm", [], ["    wechat: lm"]),
        ("contacts.李明.concerns+=售后", [], ["      - 售后"]),
        ("contacts.李明.concerns-=价格", ["      - 价格"], []),
        ("contacts+=赵六", [], ["  - name: 赵六"]),
        (
            "contacts-=李明",
            ["  - name: 李明", "    concerns:", "      - 价格", "      - 交期   # 两次提到"],
            [],
        ),
        ("offers+=Q-1", [], ["offers:", "  - quote: Q-1"]),
        ("deal.amount=480000 CNY", [], ["deal:", "  amount: 480000 CNY"]),
        ("lost.reason=价格", [], ["lost:", "  reason: 价格"]),
    ],
)
def test_one_value_changes_and_the_lines_beside_it_stay(
    written: str, removed: list[str], added: list[str]
) -> None:
    after = edited(RECORD, written)
    found = [
        line for line in difflib.ndiff(RECORD.split("\n"), after.split("\n")) if line[0] in "+-"
    ]
    assert [line[2:] for line in found if line[0] == "-"] == removed
    assert [line[2:] for line in found if line[0] == "+"] == added


@pytest.mark.parametrize(
    "written",
    ["level=B", "tags+=机床", "tags-=海外", "contacts+=王芳", "needs.latent=", "deal.payment="],
)
def test_what_is_so_already_stays_byte_for_byte(written: str) -> None:
    assert edited(RECORD, written) == RECORD


def test_keys_are_written_in_the_language_of_the_file() -> None:
    chinese = "---\n客户名称: 恒达\n客户阶段: 成交\n负责人: 李雷\n---\n"
    assert edited(chinese, "value=1", "contacts+=王芳", "contacts.王芳.phone=12345") == (
        "---\n客户名称: 恒达\n客户阶段: 成交\n负责人: 李雷\n预计金额: 1\n"
        "联系人:\n  - 姓名: 王芳\n    电话: 12345\n---\n"
    )


def test_flow_groups_are_edited_in_their_line() -> None:
    text = "---\nname: A\nstage: 成交\nowner: 李雷\ncontacts: [{name: 王芳, phone: 12345}]\n---\n"
    assert "contacts: [{name: 王芳, title: 'a, b', phone: 54321}]" in edited(
        text, "contacts.王芳.phone=54321", "contacts.王芳.title=a, b"
    )


def test_a_new_owner_does_not_take_the_old_ones_work() -> None:
    after = edited(RECORD, "owner=韩梅梅")
    assert "## 2026-11-20 14:30 电话 李雷\n" in after
    assert "owner: 韩梅梅\n" in after


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("level", "‘level’ is not of the form key=value"),
        ("=x", "‘=x’ is not of the form key=value"),
        ("stge=成交", "‘stge’ is not a known key did you mean ‘stage’?"),
        ("stage=成效", "did you mean ‘成交’?"),
        ("stage=", "‘stage’ cannot be empty"),
        ("expected_close=2026-02-30", "there is no day 2026-02-30"),
        ("level+=A", "‘level’ is no list write level=…"),
        ("needs=x", "‘needs’ has parts; name one of them write needs.core=…"),
        ("contacts=王芳", "write contacts.NAME.title=…, or contacts+=NAME for a new one"),
        ("contacts.phone=1", "‘contacts.phone’ does not say which of several is meant"),
        ("contacts.王方.phone=12345", "‘contacts’ has no ‘王方’ did you mean ‘王芳’?"),
        ("contacts.赵六.phone=12345", "add it with contacts+=赵六"),
        ("contacts.王芳.name=", "‘name’ cannot be empty"),
        ("offers.Q-9.amount=1", "add it with offers+=Q-9"),
        ("level.x=1", "‘level’ has no parts"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_hint(written: str, reason: str) -> None:
    assert reason in refusal_of(RECORD, written)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (
            "---\nname: A\nstage: 成交\nowner: 李雷\n\n## 2026-11-20 电话\n",
            "front-matter-unterminated",
        ),
        (
            "---\nname: A\n<<<<<<< a\nlevel: A\n=======\nlevel: B\n>>>>>>> b\n---\n",
            "conflict-marker",
        ),
        ("no front matter\n", "front-matter-missing"),
    ],
)
def test_a_file_without_certain_places_is_refused_with_its_problem(text: str, code: str) -> None:
    problem = read_record_file(PATH, text.encode(), ZH)
    assert isinstance(problem, Problem)
    assert problem.code == code


def test_a_key_that_stands_twice_is_not_guessed_at() -> None:
    text = "---\nname: A\nstage: 成交\nowner: 李雷\nlevel: A\nlevel: B\n---\n"
    problem = try_to_assign(file_of(text), "level=C")
    assert isinstance(problem, Problem)
    assert problem.code == "duplicate-key"


def test_a_broken_entry_does_not_keep_others_from_being_edited() -> None:
    text = "---\nname: A\nstage: 成交\nowner: 李雷\ntags: [a, b\nlevel: B\n---\n"
    assert edited(text, "level=A") == text.replace("level: B", "level: A")


@pytest.mark.parametrize(
    ("entry", "assignment"),
    [
        ("level:\u00a0A", "level=B"),
        ("客户等级:\u00a0A", "level="),
        ("contacts:\n  - name: 王芳\n\tphone: 1", "contacts+=赵六"),
        ("needs:\n  core: [a, b", "needs.pains+=c"),
    ],
)
def test_a_broken_entry_is_not_written_a_second_time(entry: str, assignment: str) -> None:
    problem = try_to_assign(file_of(f"---\nname: A\nstage: 成交\n{entry}\n---\n"), assignment)
    assert isinstance(problem, Problem)
    assert problem.code == "yaml-syntax"


def fields_of(config: Config) -> list[tuple[str, Field]]:
    """Return every field that holds a value, with its dotted key; groups by the number 1."""
    found: list[tuple[str, Field]] = []

    def gather(fields: tuple[Field, ...], prefix: str) -> None:
        for field in fields:
            if field.kind in GROUPS:
                number = ".1" if field.kind is Kind.GROUPS else ""
                if prefix:
                    continue
                gather(field.children, f"{field.key}{number}.")
            else:
                found.append((prefix + field.key, field))

    gather(config.front_matter_fields, "")
    return found


@given(record_files(), configs, st.data())
def test_any_value_of_any_record(data: bytes, config: Config, draw: st.DataObject) -> None:
    file = read_record_file(PATH, data, config)
    assert isinstance(file, RecordFile)
    key, field = draw.draw(st.sampled_from(fields_of(config)))
    operations = list(Operation) if field.kind is Kind.LIST else [Operation.SET]
    operation = draw.draw(st.sampled_from(operations))
    value = draw.draw(values_of(field) | st.just("")).strip()
    way = way_to(key, config)
    assert not isinstance(way, Problem)
    after = set_value(file, config, way, operation, value)
    if isinstance(after, Problem):
        assert after.code == "not-editable"
        assert (field.required and not value) or ".1." in key, after
        return
    _only_this_field_differs(file, after, key)
    _outside_stays(file, after, key)


def _only_this_field_differs(before: RecordFile, after: RecordFile, key: str) -> None:
    name = key.split(".", maxsplit=1)[0]
    old, new = content_of(before.customer), content_of(after.customer)
    holders = (old, new) if name in old else (old["fields"], new["fields"])
    for holder in holders:
        holder.pop(name, None)
    if name == "owner":
        for followup in (*old["followups"], *new["followups"]):
            followup.pop("who_written")
    assert old == new


def _outside_stays(before: RecordFile, after: RecordFile, key: str) -> None:
    """Assert that bytes go only from the entry of the field, or come only as one stretch."""
    if key == "owner":
        return
    same = 0
    for one, other in zip(before.data, after.data, strict=False):
        if one != other:
            break
        same += 1
    tail = 0
    while (
        tail < min(len(before.data), len(after.data)) - same
        and before.data[-1 - tail] == after.data[-1 - tail]
    ):
        tail += 1
    gone = before.data[same : len(before.data) - tail]
    if not gone:
        return
    entry = _entry_bytes(before, key.split(".", maxsplit=1)[0])
    assert entry[0] <= same
    assert len(before.data) - tail <= entry[1]


def _entry_bytes(file: RecordFile, name: str) -> tuple[int, int]:
    """Return where the lines of a top-level entry begin and end, in bytes."""
    span = file.customer.spans[name]
    lines = file.data.decode("utf-8-sig").splitlines(keepends=True)
    head = len(file.data) - len(file.data.decode("utf-8-sig").encode())
    breaks = file.data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    del lines
    width = 2 if b"\r\n" in file.data else 1
    start = head + sum(len(line.encode()) + width for line in breaks[: span.line - 2])
    end = head + sum(len(line.encode()) + width for line in breaks[: span.end_line])
    return start, end


@given(record_files(), configs, st.sampled_from(sorted(IDENTITIES)), st.data())
def test_groups_come_and_go(data: bytes, config: Config, name: str, draw: st.DataObject) -> None:
    file = read_record_file(PATH, data, config)
    assert isinstance(file, RecordFile)
    if name == "items":
        return
    way = way_to(name, config)
    assert not isinstance(way, Problem)
    new = draw.draw(st.sampled_from(["Q-2026-900", "欧阳-新人"]))
    added = set_value(file, config, way, Operation.ADD, new)
    if isinstance(added, Problem):
        assert added.code == "wrong-shape"
        return
    assert len(getattr(added.customer, name)) == len(getattr(file.customer, name)) + 1
    removed = set_value(added, config, way, Operation.REMOVE, new)
    assert isinstance(removed, RecordFile)
    assert content_of(removed.customer) == content_of(file.customer)


@given(near_records(), configs, st.data())
def test_damage_is_refused_or_survived(text: str, config: Config, draw: st.DataObject) -> None:
    file = read_record_file(PATH, text.encode("utf-8", "replace"), config)
    if isinstance(file, Problem):
        return
    key, field = draw.draw(st.sampled_from(fields_of(config)))
    way = way_to(key, config)
    assert not isinstance(way, Problem)
    after = set_value(file, config, way, Operation.SET, draw.draw(values_of(field)).strip())
    if isinstance(after, RecordFile):
        _only_this_field_differs(file, after, key)


# --- Sections ---------------------------------------------------------------------------------

NEW = "## 2026-11-24 10:00 电话 李雷\n\n说好了。"
NOON = datetime(2026, 11, 24, 10, 0)  # noqa: DTZ001  # the wall clock of the team


def added(text: str, section: str = NEW, config: Config = ZH) -> str:
    after = add_section(file_of(text, config), config, section, NOON)
    assert isinstance(after, RecordFile), after
    return after.data.decode()


def test_the_newest_stands_first() -> None:
    assert added(RECORD) == RECORD.replace("## 2026-11-20", f"{NEW}\n\n## 2026-11-20")


def test_the_newest_stands_last_where_the_team_has_it_so() -> None:
    oldest_first = replace(ZH, newest_first=False)
    assert added(RECORD, config=oldest_first) == RECORD.replace(
        "\n\n## 备注", f"\n\n{NEW}\n\n## 备注"
    )


def test_the_order_of_the_file_counts_more_than_the_teams() -> None:
    text = f"{RECORD}\n## 2026-11-21 电话 李雷\n\n后来。\n"
    assert added(text) == f"{text}\n{NEW}\n"


@pytest.mark.parametrize("end", ["", "\n", "\n\n", "\n\n\n"])
def test_the_first_follow_up_of_a_record(end: str) -> None:
    head = "---\nname: A\nstage: 成交\nowner: 李雷\n---"
    assert added(head + end) == f"{head}\n\n{NEW}{end or chr(10)}"


def test_line_breaks_and_the_mark_at_the_start_stay() -> None:
    data = b"\xef\xbb\xbf" + RECORD.replace("\n", "\r\n").encode()
    file = read_record_file(PATH, data, ZH)
    assert isinstance(file, RecordFile)
    after = add_section(file, ZH, NEW, NOON)
    assert isinstance(after, RecordFile)
    expected = RECORD.replace("## 2026-11-20", f"{NEW}\n\n## 2026-11-20").replace("\n", "\r\n")
    assert after.data == b"\xef\xbb\xbf" + expected.encode()


@pytest.mark.parametrize(
    ("section", "reason"),
    [
        ("说好了。", "a follow-up begins with a heading"),
        (f"{NEW}\n\n## 2026-11-23 电话\n", "a second heading stands here"),
        (f"{NEW}\n\n# 备注\n", "a second heading stands here"),
        ("## 2026-02-30 电话\n", "there is no day 2026-02-30"),
    ],
)
def test_a_section_that_is_none_is_refused(section: str, reason: str) -> None:
    problem = add_section(file_of(RECORD), ZH, section, NOON)
    assert isinstance(problem, Problem)
    assert reason in str(problem.message)


def test_a_section_that_would_vanish_in_an_open_comment_is_refused() -> None:
    text = RECORD.replace("无\n", "<!-- 草稿\n")
    section = f"{NEW}\n\n-->"
    problem = add_section(file_of(text), replace(ZH, newest_first=False), section, NOON)
    assert isinstance(problem, RecordFile | Problem)
    later = add_section(file_of(text + "\n## 2026-11-21 电话\n"), ZH, section, NOON)
    assert isinstance(later, Problem)


def test_a_draft_in_both_languages() -> None:
    fields = {field.key: field for field in FOLLOWUP_FIELDS}
    draft = SectionDraft(
        date(2026, 11, 24),
        time(9, 5),
        "电话",
        "李雷",
        "谈了。",
        [
            (fields["topic"], "交期"),
            (fields["next"], "2026-11-27 演示"),
            (fields["concerns"], "甲\n乙"),
        ],
        ["发报价 @2026-11-25"],
    )
    assert section_text(draft, chinese=True) == (
        "## 2026-11-24 09:05 电话 李雷\n\n谈了。\n\n- 议题: 交期\n- 顾虑: 甲\n  乙\n"
        "- [ ] 发报价 @2026-11-25\n- 下次: 2026-11-27 演示"
    )
    assert section_text(replace(draft, summary="", tasks=()), chinese=False, level=3) == (
        "### 2026-11-24 09:05 电话 李雷\n\n- topic: 交期\n- concerns: 甲\n  乙\n"
        "- next: 2026-11-27 演示"
    )


@given(record_files(), configs, st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1)))  # noqa: DTZ001  # wall clock
def test_any_section_in_any_record(data: bytes, config: Config, moment: datetime) -> None:
    file = read_record_file(PATH, data, config)
    assert isinstance(file, RecordFile)
    draft = SectionDraft(
        moment.date(), moment.time().replace(second=0, microsecond=0), "电话", "李雷", "新。"
    )
    moment = moment.replace(second=0, microsecond=0)
    level = usual_level(file.customer, file.text)
    after = add_section(file, config, section_text(draft, chinese=True, level=level), moment)
    assert isinstance(after, RecordFile), after
    assert len(after.customer.followups) == len(file.customer.followups) + 1
    at = next(
        index for index, found in enumerate(after.customer.followups) if found.summary == "新。"
    )
    others = [*after.customer.followups[:at], *after.customer.followups[at + 1 :]]
    assert content_of(tuple(others)) == content_of(file.customer.followups)
    _is_one_insertion(file.data, after.data)


def _is_one_insertion(before: bytes, after: bytes) -> None:
    grown = len(after) - len(before)
    assert any(after[:at] + after[at + grown :] == before for at in range(len(before) + 1)), (
        "bytes beside the insertion changed"
    )


# --- Promises ---------------------------------------------------------------------------------


def test_a_promise_is_ticked_with_its_day() -> None:
    file = file_of(RECORD)
    done = file.customer.followups[0].commitments
    after = tick_commitments(file, ZH, done, date(2026, 11, 24))
    assert isinstance(after, RecordFile)
    assert after.data.decode() == RECORD.replace(
        "- [ ] 发送报价 @2026-11-22", "- [x] 发送报价 @2026-11-22 ✅ 2026-11-24"
    )


@given(record_files(), st.sampled_from(CONFIGS))
def test_all_promises_of_any_record(data: bytes, config: Config) -> None:
    file = read_record_file(PATH, data, config)
    assert isinstance(file, RecordFile)
    promises = [found for one in file.customer.followups for found in one.commitments]
    after = tick_commitments(file, config, promises, date(2026, 11, 24))
    assert isinstance(after, RecordFile), after
    assert all(found.done for one in after.customer.followups for found in one.commitments)
