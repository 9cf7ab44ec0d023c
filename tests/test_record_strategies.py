"""What the strategies promise to the property tests that use them."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from tests.record_strategies import (
    CONFIGS,
    PATH,
    bodies,
    front_matters,
    has_no_errors,
    near_records,
    record_files,
    records,
)
from tracker.format.parser import parse_record
from tracker.text_files import TextFile, decode

if TYPE_CHECKING:
    from tracker.config import Config


@given(records(), st.sampled_from(CONFIGS))
def test_records_are_read_without_an_error_in_every_workspace(text: str, config: Config) -> None:
    parsed = parse_record(text, PATH, config)
    assert parsed.customer
    assert {problem.code for problem in parsed.problems} <= {"unknown-key"}


@given(record_files())
def test_files_hold_records(data: bytes) -> None:
    content = decode(data)
    assert isinstance(content, TextFile)
    assert has_no_errors(content.text)
    assert data.removeprefix(codecs.BOM_UTF8).decode() == content.text.replace(
        "\n", content.newline
    )


@given(near_records())
def test_damaged_records_have_one_kind_of_line_break(text: str) -> None:
    assert "\r" not in text


def test_little_of_what_is_built_is_thrown_away() -> None:
    built = kept = 0

    @given(front_matters(), bodies())
    def count(matter: str, body: str) -> None:
        nonlocal built, kept
        built += 1
        kept += has_no_errors(f"{matter}\n{body}")

    count()
    assert kept > built * 0.8
