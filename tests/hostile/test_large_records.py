"""Records of very much of one thing are read, checked, rendered and built as fast as they are many.

A sample of the trial `large_records`, at a size that a test can afford.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tracker.diagnostics import MOST_OF_A_KIND
from tracker.format.parser import parse_record
from trials import fuzz, large_records
from trials.fuzz import TooSlowError, run_here, time_limit
from trials.large_families import FAMILIES, LANGUAGES, large_record

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("few_numbers")

SIZE = 16 * 1024

PATIENCE = 20
"""Seconds of processor time after which a build counts as one that never ends: far more than it
takes, far less than it took when each promise was written out with all the others."""

BUILT = ["promises", "services", "problems without numbers", "follow-ups with a next step"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted(FAMILIES))
def test_a_family_is_read_checked_and_rendered(name: str, language: str) -> None:
    data = large_record(name, language, SIZE).encode()
    assert SIZE // 32 < len(data) <= SIZE
    assert fuzz.fault_of(data, language) is None


@pytest.mark.parametrize("name", BUILT)
def test_very_much_of_one_record_is_built(name: str, tmp_path: Path) -> None:
    (tmp_path / "records").mkdir()
    (tmp_path / "tracker.yaml").write_text("language: en\nowners: [Li Lei]\n", "utf-8")
    (tmp_path / "records" / "a.md").write_text(large_record(name, "en", 64 * 1024), "utf-8")
    with time_limit(PATIENCE):
        built = run_here("-C", str(tmp_path), "build", "--jobs", "1", "--today", "2026-11-24")
    assert built.code == 0, built.err


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_very_many_problems_so_many_are_made(language: str) -> None:
    text = large_record("next steps without a day", language, SIZE)
    lines = text.count("x\n")
    parsed = parse_record(text, "records/a.md", fuzz.config_of(language))
    told = [each for each in parsed.problems if each.code == "next-unreadable"]
    assert len(told) == MOST_OF_A_KIND + 1
    assert told[-1].message.values == {"count": lines - MOST_OF_A_KIND}
    assert told[-1].span > told[-2].span


def test_what_is_slow_or_large_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = {50: 1.0, 100: 6.0}
    monkeypatch.setattr(large_records, "seconds_of", lambda _name, _language, size: taken[size])
    assert large_records.fault_of("tags", "en", 100) == "it takes 6.0 s"
    taken |= {100: 4.0}
    said = large_records.fault_of("tags", "en", 100)
    assert said == "it takes 4.00 s, and half of it 1.00 s"
    taken |= {100: 2.5}
    assert large_records.fault_of("tags", "en", 100) is None

    def greedy(_name: str, _language: str, _size: int) -> float:
        raise MemoryError

    monkeypatch.setattr(large_records, "seconds_of", greedy)
    assert large_records.fault_of("tags", "en", 100) == "it takes more than its memory"
    monkeypatch.setattr(large_records, "seconds_of", _stopped)
    assert "more than" in (large_records.fault_of("tags", "en", 100) or "")


def _stopped(_name: str, _language: str, _size: int) -> float:
    raise TooSlowError
