"""Places in a text, as an editor and as the parser count them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol.types import Position, PositionEncodingKind, Range

from tracker.diagnostics import Span
from tracker.lsp.text import EditorText

UTF8, UTF16, UTF32 = (
    PositionEncodingKind.Utf8,
    PositionEncodingKind.Utf16,
    PositionEncodingKind.Utf32,
)
UNITS = {UTF8: ("utf-8", 1), UTF16: ("utf-16-le", 2), UTF32: ("utf-32-le", 4)}
ENCODINGS = st.sampled_from([UTF8, UTF16, UTF32])
# Lines end in the protocol at these three alone; Python's `splitlines` knows many more.
PIECES = st.sampled_from(
    ["a", "名", "😀", "é", "\u0301", "\n", "\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", " ", "#"]
)
TEXTS = st.lists(PIECES, max_size=30).map("".join)


@pytest.mark.parametrize(("encoding", "units"), [(UTF8, 9), (UTF16, 4), (UTF32, 3)])
def test_units_of_chinese_and_emoji(encoding: PositionEncodingKind, units: int) -> None:
    text = EditorText("王😀: x\r\n".replace(":", "é", 1), encoding)
    assert text.position(1, 4) == Position(0, units)
    assert text.place(Position(0, units)) == (1, 4)


def test_a_position_within_a_character_is_before_it() -> None:
    assert EditorText("a😀b", UTF16).place(Position(0, 2)) == (1, 2)
    assert EditorText("王b", UTF8).place(Position(0, 2)) == (1, 1)


def test_a_byte_order_mark_is_counted_by_the_editor_alone() -> None:
    text = EditorText("\ufeff---\nname: x\n", UTF16)
    assert text.text == "---\nname: x\n"
    assert text.range(Span(1, 1, 1, 4)) == Range(Position(0, 1), Position(0, 4))
    assert text.range(Span(2, 1, 2, 5)) == Range(Position(1, 0), Position(1, 4))
    assert text.place(Position(0, 0)) == text.place(Position(0, 1)) == (1, 1)


def test_what_lies_outside_is_moved_into_the_text() -> None:
    text = EditorText("ab\ncd", UTF16)
    assert text.place(Position(9, 9)) == (2, 3)
    assert text.place(Position(0, 9)) == (1, 3)
    assert text.position(9, 9) == text.end == Position(1, 2)
    assert text.range(Span(1, 1, 7, 1)) == Range(Position(0, 0), Position(1, 0))


@given(TEXTS, ENCODINGS)
def test_every_place_leads_back_to_itself(exact: str, encoding: PositionEncodingKind) -> None:
    text = EditorText(exact, encoding)
    offset = 0
    for number, line in enumerate(text.lines, start=1):
        for column in range(1, len(line) + 2):
            position = text.position(number, column)
            assert text.place(position) == (number, column)
            assert text.range_of_offsets(offset, offset).start == position
            offset += 1


def by_units(exact: str, position: Position, encoding: PositionEncodingKind) -> int:
    """Return the offset of a position the slow way: line by line, in encoded units."""
    lines = exact.replace("\r\n", "\n\n").replace("\r", "\n").split("\n")
    codec, size = UNITS[encoding]
    at = line = 0
    while line < position.line:
        step = exact.startswith("\r\n", at + len(lines[0]))
        at += len(lines[0]) + (2 if step else 1)
        lines = lines[2:] if step else lines[1:]
        line += 1
    return at + len(lines[0].encode(codec)[: position.character * size].decode(codec))


@given(
    st.sampled_from(["", "\ufeff"]),
    TEXTS,
    st.lists(st.tuples(st.integers(0), st.integers(0), TEXTS), max_size=6),
    ENCODINGS,
)
def test_edits_in_the_editors_units_give_the_same_text(
    mark: str, exact: str, edits: list[tuple[int, int, str]], encoding: PositionEncodingKind
) -> None:
    text = EditorText(mark + exact, encoding)
    for one, other, new in edits:
        places = [
            text.position(line, column)
            for line, written in enumerate(text.lines, start=1)
            for column in range(1, len(written) + 2)
        ]
        first, last = sorted((one % len(places), other % len(places)))
        where = Range(places[first], places[last])
        start, end = (by_units(text.exact, place, encoding) for place in (where.start, where.end))
        wanted = text.exact[:start] + new + text.exact[end:]
        text = text.edited(where, new)
        assert text.exact == wanted
    read = text.exact.removeprefix(mark).replace("\r\n", "\n").replace("\r", "\n")
    assert text.text == read
