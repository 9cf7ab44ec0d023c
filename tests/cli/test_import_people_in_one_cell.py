"""`tracker import` of rows that name several people in one cell."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.cli.test_import_plain_lists import TODAY, body_of, imported

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Tracker

FIRST, SECOND = "13800001021", "13800001022"


@pytest.mark.parametrize("sign", ["/", "、", "；", "; ", "\n", "，", ",", " ／ "])
@pytest.mark.parametrize(
    "heading", ["联系人,最近跟进日期,最近跟进内容", "联系人,客户来源,所属行业"]
)
def test_people_of_one_cell_have_a_number_each(
    tracker: Tracker, chinese: Path, sign: str, heading: str
) -> None:
    day, said = ("2026-11-08", "谈了") if "跟进" in heading else ("", "")
    imported(
        tracker,
        chinese,
        f"客户名称,电话,职位,{heading}\n"
        f'甲公司,"{FIRST}/{SECOND}","经理{sign}总监","张三{sign}李四",{day},{said}\n',
    )
    body = body_of(chinese, "jia")
    assert (
        f"contacts:\n  - name: 张三\n    title: 经理\n    phone: {FIRST}\n"
        f"  - name: 李四\n    title: 总监\n    phone: {SECOND}\n---"
    ) in body
    assert "导入的其他信息" not in body


@pytest.mark.parametrize("numbers", [FIRST, f"{FIRST}\n{SECOND}\n13800001023"])
def test_numbers_that_are_not_as_many_are_the_first_ones(
    tracker: Tracker, chinese: Path, numbers: str
) -> None:
    imported(tracker, chinese, f'客户名称,联系人,联系电话\n甲公司,张三/李四,"{numbers}"\n')
    note = "\n\n## 导入的其他信息\n\n- 联系电话: 13800001022 13800001023" if "\n" in numbers else ""
    assert body_of(chinese, "jia") == (
        "---\nname: 甲公司\ncreated: 2026-11-28\ncontacts:\n"
        f"  - name: 张三\n    phone: {FIRST}\n  - name: 李四\n---{note}"
    )


def test_addresses_are_paired_and_gaps_are_nobodys(tracker: Tracker, english: Path) -> None:
    imported(
        tracker,
        english,
        "Company,Contact,Email,Phone\n"
        "Initech,Di; Ed,di@initech.example; ed@initech.example,-; +1 212 555 0103\n",
    )
    body = body_of(english, "initech")
    assert "  - name: Di\n    email: di@initech.example\n  - name: Ed\n" in body
    assert "    email: ed@initech.example\n" in body


@pytest.mark.parametrize("name", ["Lee, Ann", "Ann Lee (sales/service)", "Ann 2026-03/04"])
def test_one_person_stays_one(tracker: Tracker, english: Path, name: str) -> None:
    ended = imported(
        tracker, english, f'Company,Contact,Last contacted\nInitech,"{name}",2026-03-05\n'
    )
    assert ended.code == 0
    shown = json.loads(tracker(english, "show", "initech", "--format", "json", *TODAY).out)
    assert [contact["name"] for contact in shown["contacts"]] == [name]


def test_people_of_a_record_of_ours_stay_as_they_are(tracker: Tracker, chinese: Path) -> None:
    record = chinese / "records" / "jia.md"
    text = (
        "---\nname: 甲公司\nstage: 需求分析\nowner: 李雷\ncreated: 2026-09-01\ncontacts:\n"
        "  - name: 张三/李四\n    title: 经理/总监\n    primary: yes\n---\n"
    )
    for name in ("jsonl", "xlsx"):
        record.write_text(text, "utf-8")
        path = chinese / f"records.{name}"
        assert tracker(chinese, "export", name, "-o", str(path), *TODAY).code == 0
        record.unlink()
        assert tracker(chinese, "import", str(path), *TODAY).code == 0
        assert record.read_text("utf-8") == text


@pytest.mark.parametrize(
    ("cell", "people", "note"),
    [
        (f"张三 {FIRST}/李四（{SECOND}）", {"张三": FIRST, "李四": SECOND}, ""),
        (
            f"张三：+86 138 0000 1021\n李四{SECOND}",
            {"张三": "+86 138 0000 1021", "李四": SECOND},
            "",
        ),
        ("张三\n0512-66881234转802", {"张三": "0512-66881234转802"}, ""),
        (f"张三 {FIRST}/{SECOND}", {"张三": FIRST}, f"- 联系人: 张三 {SECOND}"),
        ("张三 2026-03-05", {"张三 2026-03-05": None}, ""),
    ],
)
def test_a_number_behind_a_name_is_a_telephone_number(
    tracker: Tracker, chinese: Path, cell: str, people: dict[str, str | None], note: str
) -> None:
    assert imported(tracker, chinese, f'客户名称,联系人\n甲公司,"{cell}"\n').code == 0
    shown = json.loads(tracker(chinese, "show", "jia", "--format", "json", *TODAY).out)
    assert {one["name"]: one["phone"] for one in shown["contacts"]} == people
    assert note in body_of(chinese, "jia")


def test_the_number_of_a_column_counts_before_one_behind_the_name(
    tracker: Tracker, chinese: Path
) -> None:
    imported(tracker, chinese, f"客户名称,联系人,电话\n甲公司,张三 {FIRST},{SECOND}\n")
    body = body_of(chinese, "jia")
    assert f"  - name: 张三\n    phone: {SECOND}\n" in body
    assert f"- 联系人: 张三 {FIRST}" in body


def test_whoever_was_spoken_to_may_have_a_number_behind_the_name(
    tracker: Tracker, chinese: Path
) -> None:
    imported(
        tracker,
        chinese,
        f"客户名称,联系人,跟进日期,跟进内容\n甲公司,张三（{FIRST}）、李四,2026-11-08,谈了\n",
    )
    body = body_of(chinese, "jia")
    assert f"contacts:\n  - name: 张三\n    phone: {FIRST}\n  - name: 李四\n---" in body
    assert "- 联系人: 张三、李四" in body


def people_of_customers(tracker: Tracker, workspace: Path) -> dict[str, tuple[str, ...]]:
    """Return the people of each customer that has any, each as name, title and telephone number."""
    query = (
        "SELECT customers.name AS customer, contacts.name, contacts.title, contacts.phone "
        "FROM contacts JOIN customers ON customers.id = contacts.customer ORDER BY position"
    )
    rows = json.loads(tracker(workspace, "sql", query, "--format", "json", *TODAY).out)
    found: dict[str, tuple[str, ...]] = {}
    for row in rows:
        person = "|".join(row[key] or "" for key in ("name", "title", "phone"))
        found[row["customer"]] = (*found.get(row["customer"], ()), person)
    return found


def test_positions_and_numbers_beside_names_are_taken_apart(
    tracker: Tracker, chinese: Path
) -> None:
    cells = {
        "刘洋 采购经理": ("刘洋|采购经理|",),
        "采购经理：刘洋": ("刘洋|采购经理|",),
        "刘洋（财务）/ 李工（技术部经理）13800001121": (
            "刘洋|财务|",
            "李工|技术部经理|13800001121",
        ),
        "Jane Doe, CFO": ("Jane Doe|CFO|",),
        "Lee, Ann, Head of Procurement": ("Lee, Ann|Head of Procurement|",),
        "刘洋,采购经理,13800001122": ("刘洋|采购经理|13800001122",),
        "021-66668888转801 王芳": ("王芳||021-66668888转801",),
        "王芳 13800001123 李雷13900002223": ("王芳||13800001123", "李雷||13900002223"),
        "13800001124 王芳 13900002224 李雷": ("王芳||13800001124", "李雷||13900002224"),
        # What may be somebody else, a form of address, or no name at all, stays as it stands.
        "刘洋 王经理": ("刘洋 王经理||",),
        "王 经理": ("王 经理||",),
        "王芳 女士": ("王芳 女士||",),
        "王芳（Fiona）": ("王芳（Fiona）||",),
        "王芳、李雷、财务": ("王芳||", "李雷||", "财务||"),
        "王芳 13800001125 已离职 李雷 13900002225": ("王芳 13800001125 已离职 李雷 13900002225||",),
    }
    names = [f"{letter}公司" for letter in "甲乙丙丁戊己庚辛壬癸子丑寅卯辰"]
    rows = "".join(f'{name},"{cell}"\n' for name, cell in zip(names, cells, strict=True))
    assert imported(tracker, chinese, f"客户名称,联系人\n{rows}").code == 0
    found = people_of_customers(tracker, chinese)
    assert [found[name] for name in names] == list(cells.values())


def test_whoever_was_spoken_to_may_have_a_position_behind_the_name(
    tracker: Tracker, chinese: Path
) -> None:
    text = (
        "日期,客户,联系人,职位,沟通内容\n2026-11-08,甲公司,刘洋 采购经理,,谈了\n"
        "2026-11-09,乙公司,刘洋（财务）,采购经理,谈了\n"
    )
    imported(tracker, chinese, text)
    body = body_of(chinese, "jia")
    assert "contacts:\n  - name: 刘洋\n    title: 采购经理\n---" in body
    assert "- 联系人: 刘洋\n" in f"{body}\n"
    assert "    title: 采购经理\n" in (other := body_of(chinese, "yi"))
    assert "财务" in other.partition("\n---\n")[2]


@pytest.mark.parametrize(
    ("cell", "said"), [(FIRST, f"    phone: {FIRST}\n"), ("电话", "\n## 2026-11-08 电话\n")]
)
def test_ways_of_contact_are_numbers_or_methods(
    tracker: Tracker, chinese: Path, cell: str, said: str
) -> None:
    text = f"客户名称,联系人,联系方式,最近跟进日期,跟进情况\n甲公司,张三,{cell},2026-11-08,谈了\n"
    assert imported(tracker, chinese, text).code == 0
    assert said in body_of(chinese, "jia")
