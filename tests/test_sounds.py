"""Names found by what is typed for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.pinyin import readings
from tracker.sounds import sound_run, sounds_of, typed_letters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.sounds import Sound


@pytest.mark.parametrize(
    ("text", "typed", "expected"),
    [
        ("恒达精密", "hdjm", (0, 3)),
        ("恒达精密", "hengdajingmi", (0, 3)),
        ("恒达精密", "hengdjm", (0, 3)),
        ("恒达精密", "jm", (2, 3)),
        ("恒达精密", "d", (1, 1)),
        ("恒达精密", "hj", None),
        ("恒达精密", "hdjmx", None),
        ("恒达精密", "eng", None),
        ("单晓", "shanx", (0, 1)),
        ("单晓", "danx", (0, 1)),
        ("Łódź 吕氏", "lodzlv", (0, 1)),
        ("Łódź 吕氏", "lus", (1, 2)),
        ("日立のモーター", "rl", (0, 1)),
        ("", "a", None),
    ],
)
def test_letters_stand_for_sounds_in_a_row(
    text: str, typed: str, expected: tuple[int, int] | None
) -> None:
    assert sound_run(sounds_of(text), typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("hengda", (0, 1)), ("dajing", (1, 2)), ("hengd", None), ("hd", None), ("heng", (0, 0))],
)
def test_in_full_each_sound_is_typed_whole(typed: str, expected: tuple[int, int] | None) -> None:
    assert sound_run(sounds_of("恒达精密"), typed, in_full=True) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("HdJm", "hdjm"),
        ("heng da", "hengda"),
        ("xi'an", "xian"),
        ("lü", "lv"),
        ("Łódź", "lodz"),
        ("恒达", ""),
        ("2026", ""),
        ("x200", "x200"),
        ("a" * 41, ""),
        ("", ""),
    ],
)
def test_letters_that_may_stand_for_a_sound(text: str, expected: str) -> None:
    assert typed_letters(text) == expected


def test_places_are_those_of_the_text() -> None:
    text = "（苏州）Łódź 恒达"
    assert [text[sound.start : sound.end] for sound in sounds_of(text)] == [
        "苏",
        "州",
        "Łódź",
        "恒",
        "达",
    ]


CHINESE = st.text("恒达精密单曾重庆吕银行苏州机械有限公司长乐", min_size=1, max_size=12)


def spells(sounds: Sequence[Sound], letters: str) -> bool:
    """Tell whether beginnings of all these sounds, one behind the other, make the letters."""
    if not sounds:
        return not letters
    return any(
        letters.startswith(form[:length]) and spells(sounds[1:], letters[length:])
        for form in sounds[0].forms
        for length in range(1, len(form) + 1)
    )


@given(CHINESE, st.data())
def test_any_name_is_found_by_any_beginnings_of_its_syllables(
    name: str, data: st.DataObject
) -> None:
    syllables = [data.draw(st.sampled_from(readings(char))) for char in name]
    lengths = [data.draw(st.integers(1, len(syllable))) for syllable in syllables]
    begun = "".join(syllable[:length] for syllable, length in zip(syllables, lengths, strict=True))
    found = sound_run(sounds_of(name), begun)
    # Fewer characters may spell it too: `ch` begins 重行, and 重 alone.
    assert found is not None
    assert found == (0, len(name) - 1) or (
        found[0] == 0 and spells(sounds_of(name)[: found[1] + 1], begun)
    )
    assert sound_run(sounds_of(name), "".join(syllables), in_full=True) == (0, len(name) - 1)


@given(CHINESE, st.text("abcdefghijmnxz", min_size=1, max_size=8))
def test_what_is_found_can_be_read_off_the_sounds(name: str, letters: str) -> None:
    """The run that is found spells the letters, and where none is found no run does."""
    sounds = sounds_of(name)

    runs = [
        (first, last)
        for first in range(len(sounds))
        for last in range(first, len(sounds))
        if spells(sounds[first : last + 1], letters)
    ]
    assert sound_run(sounds, letters) == (runs[0] if runs else None)
