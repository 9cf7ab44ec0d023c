"""How a customer is found by what a person types, and who is asked where several fit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.cli.pseudo_terminal import tracker_on_terminal

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Tracker


def _record(folder: Path, stem: str, name: str, short: str = "") -> None:
    line = f"short: {short}\n" if short else ""
    folder.joinpath(f"records/{stem}.md").write_text(
        f"---\nname: {name}\n{line}stage: 初步接触\nowner: 李雷\n---\n", "utf-8"
    )


@pytest.mark.parametrize(
    "text",
    [
        "hdjm",
        "HDJM",
        "hengdajingmi",
        "heng da jing mi",
        "heng'da'jing'mi",
        "hengdjm",
        "jingmijixie",
        "hdjmjxyxgs",
        "ｈｄｊｍ",
    ],
)
def test_a_name_is_found_by_its_sound(tracker: Tracker, chinese: Path, text: str) -> None:
    chinese.joinpath("records/hengda.md").rename(chinese / "records/c-17.md")
    ended = tracker(chinese, "show", text)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("恒达精密机械有限公司")


@pytest.mark.parametrize("text", ["lvshi", "lushi", "LÜSHI", "ls"])
def test_u_with_two_dots_is_typed_in_three_ways(tracker: Tracker, english: Path, text: str) -> None:
    _record(english, "c-18", "吕氏铸造")
    assert tracker(english, "show", text).out.startswith("吕氏铸造")


def test_what_is_written_goes_before_what_is_heard(tracker: Tracker, chinese: Path) -> None:
    _record(chinese, "c-18", "HDJM Holding")
    assert tracker(chinese, "show", "hdjm").out.startswith("HDJM Holding")


def test_a_name_typed_in_full_goes_before_initials(tracker: Tracker, english: Path) -> None:
    _record(english, "c-18", "安纳")
    _record(english, "c-19", "安宁阿")
    # 安宁阿 could be begun so too: an-n-a.
    assert tracker(english, "show", "anna").out.startswith("安纳\n")
    assert tracker(english, "show", "annia").out.startswith("安宁阿\n")


def test_a_whole_name_goes_before_a_part_of_one(tracker: Tracker, english: Path) -> None:
    _record(english, "c-18", "曲振")
    _record(english, "c-19", "曲振明仪器")
    assert tracker(english, "show", "quzhen").out.startswith("曲振\n")
    assert tracker(english, "show", "qz").out.startswith("曲振\n")
    assert tracker(english, "show", "qzm").out.startswith("曲振明仪器")


# --- Several ----------------------------------------------------------------------------------


def _twins(folder: Path, count: int = 2) -> None:
    for number in range(count):
        _record(folder, f"c-{number}", f"双子{number}号机械")


def test_several_are_listed_where_nobody_can_be_asked(tracker: Tracker, chinese: Path) -> None:
    _twins(chinese)
    ended = tracker(chinese, "show", "shuangzi")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("tracker: ")
    assert ended.err.endswith("双子0号机械 (records/c-0.md)、双子1号机械 (records/c-1.md)\n")
    assert ended.err.count("\n") == 1


def test_somebody_at_the_terminal_chooses(chinese: Path) -> None:
    _twins(chinese)
    code, shown = tracker_on_terminal(chinese, "show", "双子", typed="2\n", NO_COLOR="1")
    assert code == 0
    question, _, card = shown.replace("\r\n", "\n").partition("请选择")
    assert question.endswith(
        "“双子”对应不止一个客户：\n"
        "  1  双子0号机械  records/c-0.md\n"
        "  2  双子1号机械  records/c-1.md\n"
    )
    assert "离开： 双子1号机械\n" in card


def test_a_wrong_answer_is_asked_again(english: Path) -> None:
    code, shown = tracker_on_terminal(
        english, "show", "acme", typed="3\n0\nacme\n１\n", NO_COLOR="1"
    )
    assert code == 0
    assert shown.count("Which one? 1-2, or nothing to leave:") == 4
    assert shown.partition("leave: Acme Pumps Ltd")[1]


@pytest.mark.parametrize("typed", ["\n", "  \n", "\x04"])
def test_no_answer_leaves(english: Path, typed: str) -> None:
    code, shown = tracker_on_terminal(english, "show", "acme", typed=typed, NO_COLOR="1")
    assert code == 2
    assert shown.endswith("tracker: no customer was chosen\r\n")
    assert "Acme Pumps Ltd ·" not in shown


def test_a_long_list_to_choose_from_ends(chinese: Path) -> None:
    _twins(chinese, 20)
    code, shown = tracker_on_terminal(chinese, "show", "双子", typed="12\n", NO_COLOR="1")
    assert code == 0
    asked, _, card = shown.partition("请选择")
    assert asked.count("records/c-") == 12
    assert "c-19 records/c-19.md" in card
    assert "另有 8 个" in asked


def test_a_name_cannot_command_the_terminal_that_asks(chinese: Path) -> None:
    _twins(chinese)
    _record(chinese, "c-9", '"双子\\e[2J机械"')
    _, shown = tracker_on_terminal(chinese, "show", "双子", typed="1\n", NO_COLOR="1")
    assert "c-9" in shown
    assert "\x1b" not in shown


def test_a_former_id_is_found_after_ids_and_files(tracker: Tracker, english: Path) -> None:
    _record(english, "c-18", "Nordwind")
    record = english / "records/c-18.md"
    text = record.read_text("utf-8").replace("stage:", "aliases: [old-one, QUIET-MILL]\nstage:")
    record.write_text(text, "utf-8")
    assert tracker(english, "show", "Old-One").out.startswith("Nordwind\n")
    assert re.search(r"Aliases +old-one; QUIET-MILL", tracker(english, "show", "c-18").out)
    assert not tracker(english, "show", "quiet-mill").out.startswith("Nordwind")
    assert tracker(english, "set", "old-one", "level=A").out == "records/c-18.md\n"
    assert "old-one" in tracker(english, "search", "old-one").out
