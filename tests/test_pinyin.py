"""Readings of Chinese characters, those of surnames above all."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tracker.pinyin import readings, syllables_by_words


@pytest.mark.parametrize(
    ("char", "surname", "common"),
    [
        ("单", "shan", "dan"),
        ("曾", "zeng", "ceng"),
        ("仇", "qiu", "chou"),
        ("解", "xie", "jie"),
        ("查", "zha", "cha"),
        ("任", "ren", "ren"),
        ("区", "ou", "qu"),
        ("盖", "ge", "gai"),
        ("朴", "piao", "pu"),
        ("尉", "yu", "wei"),
        ("万", "mo", "wan"),
        ("俟", "qi", "si"),
        ("缪", "miao", "mou"),
        ("翟", "zhai", "di"),
        ("洗", "xian", "xi"),
        ("长", "zhang", "chang"),
        ("费", "bi", "fei"),
        ("黑", "he", "hei"),
    ],
)
def test_a_surname_is_read_as_one_first_and_as_the_word_too(
    char: str, surname: str, common: str
) -> None:
    assert readings(char)[0] == surname
    assert common in readings(char)


@pytest.mark.parametrize(
    ("char", "expected"),
    [("恒", ("heng",)), ("吕", ("lv", "lu")), ("略", ("lve", "lue")), ("銀", ("yin",))],
)
def test_readings_have_no_tones(char: str, expected: tuple[str, ...]) -> None:
    assert readings(char) == expected


def test_a_character_of_several_words_has_all_its_readings() -> None:
    assert {"zhong", "chong"} <= set(readings("重"))
    assert {"hang", "xing"} <= set(readings("行"))


@pytest.mark.parametrize("char", ["a", "7", " ", "，", "é", "の", "한", "\U000e0001"])
def test_what_is_not_chinese_has_none(char: str) -> None:
    assert readings(char) == ()


_LOADED = ("pypinyin", "pypinyin.phrases_dict")


def _loaded_after(code: str) -> list[str]:
    code = f"import sys\n{code}\nprint(*(name for name in {_LOADED} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_tables_are_loaded_only_when_they_are_needed() -> None:
    assert _loaded_after("import tracker.pinyin") == []
    assert _loaded_after("from tracker.pinyin import readings; readings('行')") == ["pypinyin"]


def test_a_text_is_read_by_its_words() -> None:
    assert syllables_by_words("重庆长城银行 Acme") == [
        "chong", "qing", "chang", "cheng", "yin", "hang", " Acme",
    ]  # fmt: skip
    assert _loaded_after(
        "from tracker.pinyin import readings, syllables_by_words\n"
        "readings('行')\n"
        "assert syllables_by_words('银行') == ['yin', 'hang']"
    ) == list(_LOADED)
