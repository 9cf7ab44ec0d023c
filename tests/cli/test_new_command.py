"""`tracker new`: records of new customers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.pseudo_terminal import tracker_on_terminal

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Tracker

OWNER = ("--owner", "李雷")


@pytest.fixture(autouse=True)
def _nobody_in_particular(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let git know nobody."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "no-settings"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


def records_of(folder: Path) -> set[str]:
    return {path.name for path in (folder / "records").rglob("*.md")}


def test_a_record_from_the_built_in_template(tracker: Tracker, chinese: Path) -> None:
    ended = tracker(
        chinese,
        *("new", "绿源照明有限公司", *OWNER, "--set", "source=展会", "--set", "contacts+=张三"),
        *("--set", "contacts.张三.phone=13800001234", "--today", "2026-11-24"),
    )
    assert (ended.code, ended.out) == (0, "records/lv-yuan-zhao-ming.md\n"), ended.err
    text = (chinese / "records/lv-yuan-zhao-ming.md").read_text("utf-8")
    for line in (
        "name: 绿源照明有限公司 # ",
        "source: 展会 # ",
        "stage: 初步接触 # ",
        "owner: 李雷 # ",
        "created: 2026-11-24 # ",
        "  - name: 张三\n    phone: 13800001234\n",
    ):
        assert line in text
    assert "warning[next-missing]" in ended.err
    assert "请写第一条跟进记录，并加一行" in ended.err
    shown = tracker(chinese, "show", "lyzm")
    assert "绿源照明有限公司" in shown.out


def test_the_teams_template_keeps_every_byte_of_its_own(tracker: Tracker, english: Path) -> None:
    template = (
        "---\n# ours\nowner: Li Lei   # usually\nname:\nstage: 'proposal'\nx: y\n---\n\n## Plan\n"
    )
    (english / "records/_template.md").write_bytes(template.replace("\n", "\r\n").encode())
    ended = tracker(english, "new", "Brand", "New Ltd", "--today", "2026-11-24")
    assert (ended.code, ended.out) == (0, "records/brand-new-ltd.md\n"), ended.err
    expected = template.replace("name:\n", "name: Brand New Ltd\n")
    expected = expected.replace("'proposal'\n", "'proposal'\ncreated: 2026-11-24\n")
    written = (english / "records/brand-new-ltd.md").read_bytes()
    assert written.decode() == expected.replace("\n", "\r\n")


def test_a_template_in_another_encoding_is_refused_with_the_command_that_mends_it(
    tracker: Tracker, chinese: Path
) -> None:
    template = "---\n# 模板\nname:\nstage: 商务谈判\nowner: 李雷\n---\n".encode("gb18030")
    (chinese / "records/_template.md").write_bytes(template)
    ended = tracker(chinese, "new", "绿源", *OWNER)
    assert ended.code == 1
    assert "：tracker fmt --from gb18030 records/_template.md [encoding]" in ended.err


def test_files_are_named_as_configured(tracker: Tracker, chinese: Path) -> None:
    settings = chinese / "tracker.yaml"
    settings.write_text(settings.read_text("utf-8") + "\nfile_names: name\n", "utf-8")
    assert tracker(chinese, "new", "绿源照明", *OWNER).out == "records/绿源照明.md\n"


def test_a_name_that_is_taken_gets_a_number(tracker: Tracker, chinese: Path) -> None:
    assert tracker(chinese, "new", "绿源", *OWNER).out == "records/lv-yuan.md\n"
    # The same sound, and another customer.
    assert tracker(chinese, "new", "旅苑", *OWNER, "--force").out == "records/lv-yuan-2.md\n"
    # A former id leads to a customer too.
    assert tracker(chinese, "set", "lv-yuan-2", "aliases=Lv-Yuan-3").code == 0
    assert tracker(chinese, "new", "吕元", *OWNER, "--force").out == "records/lv-yuan-4.md\n"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("恒达精密机械股份有限公司", "名称相同"),
        ("苏州恒大精密机械厂", "名称相近"),
    ],
)
def test_a_customer_that_seems_to_be_there_is_shown(
    tracker: Tracker, chinese: Path, name: str, reason: str
) -> None:
    before = records_of(chinese)
    ended = tracker(chinese, "new", name, *OWNER)
    assert ended.code == 2
    assert "records/hengda.md" in ended.err
    assert f"({reason})" in ended.err
    assert records_of(chinese) == before
    assert tracker(chinese, "new", name, *OWNER, "--force").code == 0
    assert len(records_of(chinese)) == len(before) + 1


def test_a_word_of_a_name_is_no_likeness_by_a_few_letters(tracker: Tracker, english: Path) -> None:
    assert tracker(english, "new", "Larkfield Foods", "--owner", "Ann Lee").code == 0
    ended = tracker(english, "new", "Foo", "--owner", "Ann Lee")
    assert ended.code == 0, ended.err


def test_the_same_number_is_the_same_customer(tracker: Tracker, chinese: Path) -> None:
    ended = tracker(
        chinese,
        *("new", "绿源", *OWNER, "--set", "contacts+=张三"),
        *("--set", "contacts.张三.phone=+86 512 5550 1234"),
    )
    assert ended.code == 2
    assert "records/hengda.md" in ended.err


def test_a_person_is_asked_about_a_name_that_is_near(chinese: Path) -> None:
    before = records_of(chinese)
    arguments = ("new", "苏州恒大精密机械厂", *OWNER)
    assert tracker_on_terminal(chinese, *arguments, typed="n\n")[0] == 2
    assert records_of(chinese) == before
    assert tracker_on_terminal(chinese, *arguments, typed="y\n")[0] == 0
    assert len(records_of(chinese)) == len(before) + 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["绿源"], "请说明由谁负责：--owner NAME；负责人有：李雷、韩梅梅"),
        (["绿源", "--owner", "李类"], "；是不是“李雷”？"),
        (["绿源", *OWNER, "--set", "stge=成交"], "；是不是“stage”？"),
        (["绿源", *OWNER, "--set", "value=多"], "“多”不是金额"),
        (["绿源", *OWNER, "--file", "../x"], "records/../x.md 不能作为记录的文件名"),
        (["绿源", *OWNER, "--file", "_x"], "records/_x.md 不能作为记录的文件名"),
        (["绿源", *OWNER, "--file", "con"], "“con”是 Windows 的设备名"),
        (["绿源", *OWNER, "--file", "hengda"], "已经有记录 hengda"),
        ([" ", *OWNER], "客户名称为空"),
    ],
)
def test_new_with_wrong_input_is_one_line(
    tracker: Tracker, chinese: Path, arguments: list[str], told: str
) -> None:
    before = records_of(chinese)
    ended = tracker(chinese, "new", *arguments)
    assert ended.code == 2
    assert told in ended.err
    assert ended.err.count("\n") == 1
    assert records_of(chinese) == before


def test_a_folder_may_stand_before_the_name(tracker: Tracker, chinese: Path) -> None:
    ended = tracker(chinese, "new", "绿源", *OWNER, "--file", "华北/绿源.md")
    assert (ended.code, ended.out) == (0, "records/华北/绿源.md\n")
