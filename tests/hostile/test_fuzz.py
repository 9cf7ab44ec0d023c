"""Damaged records neither stop the program nor vanish: a sample of the trial `fuzz`."""

from __future__ import annotations

import os
import random

import pytest

from tracker.library.library import Entry
from trials import fuzz
from trials.mutated_records import mutated_record

SHARE = 1_000
"""Records of one test; `python -m trials fuzz` tries a million."""

FIRST = 0 if os.environ.get("CI") == "true" else random.SystemRandom().randrange(10**9)
"""Seed of the first record: the same ones wherever a change is judged, and new ones elsewhere."""


@pytest.mark.parametrize("part", range(3))
def test_damaged_records(part: int) -> None:
    # Each part starts at a seed of its own, which the message of a failure names.
    first = FIRST + part * SHARE
    faults = fuzz.faults_of_batch(range(first, first + SHARE))
    assert not faults, f"python -m trials.fuzz {faults[0][0]}"


def test_damaged_records_as_a_workspace() -> None:
    assert fuzz.fault_of_workspace(range(FIRST, FIRST + 40), "zh") is None


def test_a_seed_says_which_record() -> None:
    assert mutated_record(7) == mutated_record(7)
    assert len({mutated_record(seed) for seed in range(100)}) > 95


def _endless(_data: bytes, _language: str) -> str | None:
    while True:
        pass


def _raising(data: bytes, _language: str) -> str | None:
    return str(data[10**9])


def _greedy(_data: bytes, _language: str) -> str | None:
    raise MemoryError


@pytest.mark.parametrize(
    ("broken", "said"),
    [(_endless, "more than 0.01 s"), (_raising, "IndexError"), (_greedy, "memory")],
)
def test_what_goes_wrong_is_noticed(
    broken: object, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fuzz, "SECONDS", 0.01)
    monkeypatch.setattr(fuzz, "fault_of", broken)
    ((seed, fault),) = fuzz.faults_of_batch(range(5, 6))
    assert (seed, said in fault) == (5, True), fault


def test_a_file_that_is_ignored_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(path: str, text: str, _customer: object, _problems: object) -> Entry:
        return Entry(path, text, None, ())

    monkeypatch.setattr(fuzz, "Entry", silent)
    fault = fuzz.fault_of(b"---\nname: A\n---\n", "en")
    assert fault == "the file is no record, and no error says so"
