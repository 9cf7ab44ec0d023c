"""Places of values, kept in little memory."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.diagnostics import Span
from tracker.library.cache_files import from_typed, to_plain
from tracker.spans import NO_SPANS, Spans

NUMBERS = st.integers(1, 1 << 20) | st.integers(1, 200)
PLACES = st.dictionaries(
    st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), min_size=1),
    st.builds(Span, NUMBERS, NUMBERS, NUMBERS, NUMBERS),
)


@given(PLACES)
def test_they_are_what_they_were_made_of(places: dict[str, Span]) -> None:
    spans = Spans.of(places)
    assert dict(spans) == places
    assert list(spans) == list(places)
    assert spans == Spans.of(places)
    assert repr(places) in repr(spans)


@given(PLACES)
def test_the_cache_gives_them_back(places: dict[str, Span]) -> None:
    kept = to_plain(Spans.of(places))
    assert from_typed(Spans, kept) == places


def test_a_name_without_a_place() -> None:
    with pytest.raises(KeyError, match="value"):
        NO_SPANS["value"]
    assert NO_SPANS.get("value") is None
    assert "value" not in Spans.of({"name": Span(1, 2, 3, 4)})


def test_small_numbers_take_little() -> None:
    places = {"name": Span(2, 7, 2, 9), "value": Span(3, 7, 3, 70)}
    assert len(Spans.of(places).numbers) == 16
    far = {**places, "tags": Span(3, 70_000, 3, 70_005)}
    assert dict(Spans.of(far)) == far
