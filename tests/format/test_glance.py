"""The quick look at a text finds what reading it finds."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.record_strategies import CONFIGS, near_records, records
from tracker.format.frontmatter import split
from tracker.format.glance import halves_of, top_values
from tracker.format.sections import followup_headings, split_body
from tracker.schema import FRONT_MATTER
from tracker.text import fold
from tracker.yamltree import Scalar

KEYS = ("stage", "level", "owner", "value", "expected_close")
SPELLINGS = {
    fold(spelling): field.key
    for field in FRONT_MATTER
    if field.key in KEYS
    for spelling in field.spellings
}


@given(records())
def test_values_are_those_of_the_front_matter(text: str) -> None:
    root = split(text, CONFIGS[0].limits).root
    assert root is not None
    read: dict[str, str] = {}
    for key, node in root.entries:
        name = SPELLINGS.get(fold(key.text))
        if name and isinstance(node, Scalar) and node.text:
            read.setdefault(name, node.text)
    assert top_values(halves_of(text)[0], SPELLINGS) == read


@given(near_records())
def test_headings_are_those_of_the_sections(text: str) -> None:
    sections = split_body(text, 1).sections
    assert followup_headings(text) == [each.heading for each in sections if each.is_followup]


@given(records())
def test_the_body_has_all_headings(text: str) -> None:
    parts = split(text, CONFIGS[0].limits)
    assert followup_headings(halves_of(text)[1]) == followup_headings(parts.body)


@pytest.mark.parametrize(
    ("matter", "expected"),
    [
        ("阶段: 成交 # 终于\n", {"stage": "成交"}),
        ("Stage:\twon\n", {"stage": "won"}),
        ("stage: won\nstage: lost\n", {"stage": "won"}),
        ("'stage': \"won\"  # quoted\n", {"stage": "won"}),
        ("stage: ''\nlevel:\nowner: # nobody\n", {}),
        ("level: '#1'\n", {"level": "#1"}),
        ("客户阶段：成交\n", {"stage": "成交"}),
        ("expected close: 2026-11-20\n", {"expected_close": "2026-11-20"}),
        ("needs:\n  stage: won\n- stage: won\n# stage: won\nxstage: won\nstage:won\n", {}),
    ],
)
def test_values_in_every_spelling(matter: str, expected: dict[str, str]) -> None:
    assert top_values(matter, SPELLINGS) == expected


@pytest.mark.parametrize(
    ("text", "matter", "body"),
    [
        ("---\na: b\n---\nbody", "a: b\n", "\nbody"),
        ("\n---\na: b\n---\n", "a: b\n", "\n"),
        ("---\na: b\n## 2026-11-20 x\n---\n", "---\na: b\n", "## 2026-11-20 x\n---\n"),
        ("---\na: b\n", "---\na: b\n", ""),
        ("a: b\n", "", "a: b\n"),
        ("", "", ""),
    ],
)
def test_halves(text: str, matter: str, body: str) -> None:
    assert halves_of(text) == (matter, body)
