"""Words as values: those of a vocabulary, states, names of owners and of columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.library.query.cells import cell_on, is_stale, next_state
from tracker.library.query.columns import ColumnKind
from tracker.library.query.faults import Fault, fault, message
from tracker.library.query.near_words import did_you_mean, nearest_word
from tracker.library.query.signs import as_written
from tracker.text import fold
from tracker.vocabulary import StageKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.config import Term
    from tracker.library.query.comparison import Comparison, Reader, Test


def _reader(test_of: Callable[[Comparison, Term], Test]) -> Reader:
    """Return a reader of words of the column; `test_of` gives the test of a word."""

    def read(asked: Comparison, text: str) -> Test | Fault:
        term = asked.column.words.find(text)
        return test_of(asked, term) if term else _unknown_word(asked, text)

    return read


def _unknown_word(asked: Comparison, text: str) -> Fault:
    words = asked.column.words
    known = tuple(as_written(term.label) for term in words)
    hint = did_you_mean(
        nearest_word(text, words), message("known-words", words=known) if known else None
    )
    return fault("unknown-word", hint, text=text, key=asked.key)


def _is(asked: Comparison, term: Term) -> Test:
    if term.id == "stale":
        return lambda row, today: is_stale(row, today, asked.language.idle_limits)
    if term.id in {kind.value for kind in StageKind}:
        return lambda row, _: row.get("stage_kind") == term.id
    return lambda row, today: next_state(row, today) == term.id


read_word = _reader(lambda asked, term: lambda row, _: row.get(asked.column.key) == term.label)
"""Reads a word of a vocabulary whose labels rows carry."""

read_state = _reader(lambda asked, term: lambda row, today: asked.cell(row, today) == term.id)
"""Reads a word whose ids rows carry."""

read_bool = _reader(
    lambda asked, term: lambda row, today: asked.cell(row, today) is (term.id == "true")
)
"""Reads yes or no."""

read_is = _reader(_is)
"""Reads what a customer is on the day."""


def read_has(asked: Comparison, text: str) -> Test | Fault:
    """Return the test of whether a column holds anything."""
    wanted = asked.language.find(text)
    if wanted is None:
        return asked.language.unknown_key(text)
    if wanted.kind in (ColumnKind.IS, ColumnKind.HAS):
        return _unknown_word(asked, text)
    limits = asked.language.idle_limits
    return lambda row, today: bool(cell_on(row, wanted.key, today, limits))


def read_owner(asked: Comparison, text: str) -> Test | Fault:
    """Return the test of a name; `:` takes those alone that the workspace lists, if it does."""
    owners = asked.column.words
    known = owners.find(text)
    wanted = fold(known.label if known else text)
    if not wanted:
        return fault("nothing-to-find", text=text)
    if asked.operation == ":" and len(owners) and not known:
        form = message("owner-form", key=asked.key, text=as_written(text))
        return fault("unknown-owner", did_you_mean(nearest_word(text, owners), form), text=text)
    return lambda row, _: wanted in asked.texts(row)
