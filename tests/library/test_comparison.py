"""What became of records and their parts between two states."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.record_strategies import CONFIGS, near_records, records
from tracker.format.parser import parse_record
from tracker.library.comparison import Comparison, RecordChange, compare
from tracker.library.followup_versions import Pairs
from tracker.library.library import Entry, Library

CONFIG = CONFIGS[0]
HEAD = "---\nname: {name}\nstage: contact\nowner: Li Lei\n---\n"
CALL = "\n## 2026-11-20 14:30 call Li Lei\n\nAsked about lead time; likes two batches.\n"
MAIL = "\n## 2026-11-12 09:10 email Li Lei\n\nSent the catalogue and a case study.\n"


def entry(text: str, path: str = "records/a.md") -> Entry:
    parsed = parse_record(text, path, CONFIG)
    return Entry(path, text, parsed.customer, parsed.problems)


def library(**texts: str) -> Library:
    entries = [entry(text, f"records/{name}.md") for name, text in sorted(texts.items())]
    return Library(Path(), CONFIG, tuple(entries))


def compared(before: dict[str, str], after: dict[str, str]) -> Comparison:
    return compare(library(**before), library(**after), {})


def body_pairs(old: str, new: str) -> tuple[list[tuple[int, int]], list[int], list[int]]:
    """Return the lines of the headings that are kept, added and removed."""
    found = RecordChange(
        entry(HEAD.format(name="A") + old), entry(HEAD.format(name="A") + new)
    ).followups
    return (
        [(one.span.line, other.span.line) for one, other in found.kept],
        [each.span.line for each in found.added],
        [each.span.line for each in found.removed],
    )


def test_follow_ups_are_known_by_what_they_say() -> None:
    assert body_pairs(CALL + MAIL, CALL + MAIL) == ([(7, 7), (11, 11)], [], [])
    assert body_pairs(CALL, MAIL + CALL) == ([(7, 11)], [7], [])
    assert body_pairs(CALL + MAIL, MAIL) == ([(11, 7)], [], [7])
    assert body_pairs(CALL + MAIL, MAIL + CALL) == ([(11, 7), (7, 11)], [], [])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("14:30", "15:30"),
        ("2026-11-20 14:30", "2026-11-19"),
        ("call Li Lei", "visit"),
        ("Asked about lead time", "Asked about lead times"),
        ("Asked about lead time; likes two batches.", "Nothing."),
    ],
)
def test_a_follow_up_that_was_edited_is_the_same(old: str, new: str) -> None:
    assert body_pairs(CALL + MAIL, CALL.replace(old, new) + MAIL) == ([(7, 7), (11, 11)], [], [])


def test_a_follow_up_of_another_day_and_text_is_another_one() -> None:
    other = "\n## 2026-11-21 visit\n\nShowed the plan.\n"
    assert body_pairs(CALL, other) == ([], [7], [7])


def test_equal_follow_ups_are_paired_one_by_one() -> None:
    assert body_pairs(CALL * 3, CALL * 2) == ([(7, 7), (11, 11)], [], [15])


@given(records() | near_records(), records() | near_records() | st.just(""), st.data())
def test_no_follow_up_is_lost_or_taken_twice(old: str, new: str, data: st.DataObject) -> None:
    # Most pairs of records have nothing in common, so some share their lines.
    if data.draw(st.booleans()):
        lines = old.split("\n")
        del lines[data.draw(st.integers(0, len(lines) - 1)) :]
        new = "\n".join(lines) + new
    before, after = entry(old), entry(new)
    change = RecordChange(before, after)
    codes = {problem.code for side in (before, after) for problem in side.problems}
    if change.old is None or change.new is None or "front-matter-unterminated" in codes:
        assert change.followups == Pairs()
        return
    found = change.followups
    olds = [one for one, _ in found.kept] + list(found.removed)
    news = [other for _, other in found.kept] + list(found.added)
    assert Counter(map(id, olds)) == Counter(map(id, change.old.followups))
    assert Counter(map(id, news)) == Counter(map(id, change.new.followups))
    promises = change.promises
    for sides, customer in (
        ([pair.old for pair in promises if pair.old], change.old),
        ([pair.new for pair in promises if pair.new], change.new),
    ):
        expected = [each for followup in customer.followups for each in followup.commitments]
        assert Counter(id(each) for _, each in sides) == Counter(map(id, expected))


@given(records() | near_records())
def test_a_record_beside_itself_has_not_changed(text: str) -> None:
    assert not compared({"a": text}, {"a": text}).changes
    found = RecordChange(entry(text), entry(text))
    assert not found.followups.added
    assert not found.followups.removed
    assert not found.stage_steps


# --- Records ----------------------------------------------------------------------------------


def test_a_record_is_merged_where_another_one_has_all_its_follow_ups() -> None:
    a, b = HEAD.format(name="A"), HEAD.format(name="B")
    both = compared({"a": a + CALL, "b": b + MAIL}, {"a": a + CALL + MAIL})
    (changed, gone) = both.changes
    assert gone.merged_into is changed.new
    part = compared({"a": a, "b": b + CALL + MAIL}, {"a": a + CALL})
    assert [change.merged_into for change in part.changes] == [None, None]


def test_a_record_without_follow_ups_is_merged_where_another_one_has_its_name() -> None:
    a = HEAD.format(name="A")
    (gone,) = compared({"a": a, "b": a}, {"a": a}).changes
    assert gone.merged_into
    assert gone.merged_into.path == "records/a.md"


def test_a_record_is_merged_where_another_one_has_its_id_among_the_former_ones() -> None:
    a, b = HEAD.format(name="A"), HEAD.format(name="B")
    taker = a.replace("---\n", "---\naliases: [x, B]\n", 1)
    gone, changed = sorted(
        compared({"a": a, "b": b + MAIL}, {"a": taker}).changes, key=lambda each: bool(each.after)
    )
    assert gone.merged_into is changed.new


@pytest.mark.parametrize("after", ["", "---\nname: A\n"])
def test_records_that_cannot_be_read_have_no_parts(after: str) -> None:
    before = HEAD.format(name="A") + CALL
    for change in (
        *compared({"a": before}, {"a": after}).changes,
        *compared({"a": after}, {"a": before}).changes,
    ):
        assert change.followups == Pairs()
        assert not change.promises
