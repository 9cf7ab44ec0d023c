"""What `tracker export` writes, `tracker import` takes back as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tracker.library.loader import load_library

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Tracker

PHONES = ("+86 512 6688 1234", "+8613800138000", "0512-66881234", "(0512) 6688 1234")
NAMES = ("=王芳", "+Ann", "-Li", "@home", "'=x", "＝1＋1")
RECORD = """---
name: "{name}"
stage: won
owner: Li
business: "{business}"
contacts:
{contacts}
---
"""


@pytest.mark.parametrize("table", ["customers", "contacts"])
def test_telephone_numbers_and_names_come_back(
    tracker: Tracker, tmp_path: Path, table: str
) -> None:
    contacts = "\n".join(
        f'  - {{name: "{name}", phone: "{phone}"}}'
        for name, phone in zip(NAMES, PHONES * 2, strict=False)
    )
    text = RECORD.format(name="+86 Acme", business="=1+1", contacts=contacts)
    # A table of contacts names its customers by their ids alone: they have to be there.
    known = text.partition("contacts:")[0] + "---\n" if table == "contacts" else ""
    given, taken = tmp_path / "given", tmp_path / "taken"
    for root, record in ((given, text), (taken, known)):
        (root / "records").mkdir(parents=True)
        (root / "tracker.yaml").write_text("language: en\nowners: [Li]\n", "utf-8")
        if record:
            (root / "records" / "acme.md").write_text(record, "utf-8")
    file = str(tmp_path / "a.csv")
    assert tracker(given, "export", "csv", "--table", table, "--output", file).code == 0
    ended = tracker(taken, "import", file, "--owner", "Li", "--yes")
    assert ended.code == 0, ended
    (before,), (after,) = (load_library(root).customers for root in (given, taken))
    if table == "customers":
        assert (after.name, after.business) == (before.name, before.business)
    else:
        people = [(each.name, each.phone) for each in after.contacts]
        assert people == [(each.name, each.phone) for each in before.contacts]
        assert people[0] == ("=王芳", "+86 512 6688 1234")


@pytest.mark.parametrize("heading", ["跟进人", "经办人"])
def test_who_followed_up_comes_back_under_either_heading(
    tracker: Tracker, tmp_path: Path, heading: str
) -> None:
    known = "---\nname: 恒达\nstage: 方案制定\nowner: 李雷\n---\n"
    section = "\n## 2026-11-20 14:30 电话 韩梅梅\n\n询问交期。\n"
    given, taken = tmp_path / "given", tmp_path / "taken"
    for root, record in ((given, known + section), (taken, known)):
        (root / "records").mkdir(parents=True)
        (root / "tracker.yaml").write_text("language: zh\nowners: [李雷, 韩梅梅]\n", "utf-8")
        (root / "records" / "hengda.md").write_text(record, "utf-8")
    file = tmp_path / "a.csv"
    assert tracker(given, "export", "csv", "--table", "followups", "-o", str(file)).code == 0
    text = file.read_text("utf-8-sig")
    assert "跟进人" in text
    file.write_text(text.replace("跟进人", heading), "utf-8-sig")
    ended = tracker(taken, "import", str(file), "--yes")
    assert ended.code == 0, ended
    (customer,) = load_library(taken).customers
    assert [(each.who, each.summary) for each in customer.followups] == [("韩梅梅", "询问交期。")]


@pytest.mark.parametrize(
    "promise",
    [
        "- [x] send the list @2026-11-05 ✅ 2026-11-09",
        "- [x] send the list ✅ 2026-11-09",
        "- [ ] confirm the fair of 2026-12-01",
        "- [ ] call back @2026-12-01 @Han",
    ],
)
def test_promises_of_whole_records_come_back(
    tracker: Tracker, tmp_path: Path, promise: str
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    for folder in (here, there):
        assert tracker(tmp_path, "init", str(folder), "--lang", "en").code == 0
    matter = "---\nname: Acme\nowner: Li Lei\nstage: proposal\n---\n"
    record = f"{matter}\n## 2026-11-03 call Li Lei\n\nx\n\n{promise}\n"
    (here / "records").mkdir(exist_ok=True)
    (here / "records/acme.md").write_text(record, encoding="utf-8")
    assert tracker(here, "export", "jsonl", "--output", str(tmp_path / "all.jsonl")).code == 0
    assert tracker(there, "import", str(tmp_path / "all.jsonl"), "--yes").code == 0
    assert f"\n{promise}\n" in (there / "records/acme.md").read_text(encoding="utf-8")


WHOLE = """---
name: 恒达
stage: 成交
owner: 李雷
contacts:
  - name: 王芳, 李四
  - name: 王芳
    title: 采购
    primary: yes
  - name: 王芳
    title: 生产
offers:
  - date: 2026-10-18
    amount: 5 CNY
  - date: 2026-10-18
    amount: 5 CNY
deal:
  contract: HT-1
  items:
    - name: 主机
      quantity: 2
    - name: 主机
      quantity: 2
---

## 2026-11-12 电话 李雷

询价

- 联系人: 门卫
- 下次: 无: 客户停产

## 2026-11-12 电话 李雷

询价, 又来电

## 2026-11-10 电话 李雷

询价

- 下次: 无
"""


@pytest.mark.parametrize("form", ["jsonl", "json", "xlsx"])
def test_whole_records_come_back_with_nothing_made_up(
    tracker: Tracker, tmp_path: Path, form: str
) -> None:
    given, taken = tmp_path / "given", tmp_path / "taken"
    for root in (given, taken):
        (root / "records").mkdir(parents=True)
        (root / "tracker.yaml").write_text("language: zh\nowners: [李雷]\n", "utf-8")
    (given / "records" / "hengda.md").write_text(WHOLE, "utf-8")
    file = str(tmp_path / f"a.{form}")
    assert tracker(given, "export", form, "-o", file).code == 0
    for _ in range(2):
        assert tracker(taken, "import", file, "--yes").code == 0
        assert (taken / "records" / "hengda.md").read_text("utf-8") == WHOLE
