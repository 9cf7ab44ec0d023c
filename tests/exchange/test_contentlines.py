"""Content lines: folding by octets, escaping."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tracker.exchange.contentlines import MAX_OCTETS, escaped, line, text_line

ANY = st.text(st.characters())


def physical_lines(data: bytes) -> list[bytes]:
    assert data.endswith(b"\r\n")
    return data[:-2].split(b"\r\n")


def unfolded(data: bytes) -> str:
    return data.decode().replace("\r\n ", "").removesuffix("\r\n")


@settings(deadline=None)
@given(ANY)
@example("恒达精密机械有限公司" * 30)
@example("a" * 67 + "恒")
@example("a" * 68 + "恒")
@example("👩‍👩‍👧‍👦" * 20)
def test_folded_lines_are_short_whole_characters_and_unfold_to_the_text(text: str) -> None:
    data = text_line("SUMMARY", text)
    lines = physical_lines(data)
    for number, each in enumerate(lines):
        assert len(each) <= MAX_OCTETS
        assert each.decode()
        assert b"\n" not in each
        assert b"\r" not in each
        assert each.startswith(b" ") or number == 0
    assert unfolded(data) == "SUMMARY:" + escaped(text).encode("utf-8", "replace").decode()


def test_a_line_is_filled_before_it_is_folded() -> None:
    assert [len(each) for each in physical_lines(line("X", "a" * 300))] == [75, 75, 75, 75, 6]
    assert len(physical_lines(line("X", "a" * 73))) == 1


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a,b;c:d", "a\\,b\\;c:d"),
        ("C:\\new", "C:\\\\new"),
        ("one\ntwo\r\nthree\rfour", "one\\ntwo\\nthree\\nfour"),
        ("a\u2028b\u2029c\x85d\x0be\x0cf", "a\\nb\\nc\\nd\\ne\\nf"),
        ("a\x00b\x1fc\x7fd\x9fe", "abcde"),
        ("tab\there", "tab\there"),
        ("שלום \u202eevil\u202c", "שלום \u202eevil\u202c"),
    ],
)
def test_escaping(text: str, value: str) -> None:
    assert escaped(text) == value


def test_half_a_character_is_replaced() -> None:
    assert text_line("FN", "a\ud800b") == b"FN:a?b\r\n"
