"""Records as a profile lets its readers see them, for every word that a profile may use."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from tracker.config import Profile
from tracker.library.loader import load_library
from tracker.library.profile import reduce_library
from tracker.library.record_parts import parts
from tracker.model import Change
from tracker.money import Money, MoneyRange
from tracker.profile_fields import FieldWords
from tracker.schema import FOLLOWUP_FIELDS, FRONT_MATTER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.library.library import Library

WORKSPACES = Path(__file__).parent.parent / "workspaces"
WORDS = FieldWords((), ())
VALUES = (str, int, Decimal, date, time, Money, MoneyRange, Change)


@pytest.fixture(scope="module", params=["small-zh", "small-en"])
def library(request: pytest.FixtureRequest) -> Library:
    return load_library(WORKSPACES / request.param)


def _words() -> Iterator[str]:
    for above, fields in (("", FRONT_MATTER), ("followups.", FOLLOWUP_FIELDS)):
        for field in fields:
            yield f"{above}{field.key}"
            yield from (f"{above}{field.key}.{child.key}" for child in field.children)
    yield from ("amounts", "text", "attachments", "followups", "commitments", "team")
    yield from ("background", "notes", "followups.method", "followups.who", "followups.next")


def _values(library: Library) -> dict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for customer in library.customers:
        for path, value in parts(customer):
            found[path].add(str(value))
    return found


@pytest.mark.parametrize("word", tuple(_words()))
@pytest.mark.parametrize("kind", ["hide", "mask"])
def test_nothing_but_values_is_left(library: Library, word: str, kind: str) -> None:
    paths = WORDS.paths(word)
    assert paths
    profile = replace(Profile("p"), **{kind: tuple(paths)})
    reduced = reduce_library(library, profile, lambda _customer: True).library
    for customer in reduced.customers:
        for path, value in parts(customer):
            assert isinstance(value, VALUES), path
    if kind == "hide":
        before, after = _values(library), _values(reduced)
        assert not [path for path in paths if before[path] & after[path] - {""}]


def test_words_of_vocabularies_have_no_mask(library: Library) -> None:
    profile = Profile("p", mask=("followups.method", "stage"))
    reduced = reduce_library(library, profile, lambda _customer: True).library
    assert not _values(reduced)["followups.method"]
    assert not _values(reduced)["stage"]
    assert _values(library)["followups.method"]
