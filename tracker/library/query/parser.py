"""Reading a query: a row of terms, all of which must hold.

    query      = { term }                         terms stand apart by blanks
    term       = [ "-" ] ( comparison | values )  "-" takes what the rest does not
    comparison = key operator values              blanks around the operator do not matter
    operator   = ":" | "=" | ">" | ">=" | "<" | "<="
    values     = value { "," value }              one of them must hold; blanks around "," too
    value      = '"' anything but quotes '"' | anything but blanks and commas

`values` alone is free text, looked for in the `SEARCHED` columns. Full-width signs count as their
half-width ones: `：＝＞＜≥≤`, `，` and `、` for the comma, `“”` for quotes, `－` for the minus. A
comma between a digit and exactly three more groups a number or an amount (`value>100,000`).

What a value may be, and what an operator means, is the column's kind (`ColumnKind`). The same
language in JavaScript is `site_templates/assets/query.js`; it takes every word and message from
`language_data`, and `tests/query/vectors.json` holds both to the same answers.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.library.query.columns import GROUPED, ORDERED
from tracker.library.query.comparison import Comparison
from tracker.library.query.faults import Fault, QueryError, fault, message
from tracker.library.query.language import Language
from tracker.library.query.near_words import LONGEST_WORD
from tracker.library.query.signs import (
    BARE,
    BLANKS,
    COMMA,
    KEY,
    MINUS,
    OPERATOR,
    QUOTE,
)
from tracker.library.query.values import READERS, free_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from tracker.config import Config
    from tracker.library.query.cells import Row
    from tracker.library.query.comparison import Test

_LOGIC_WORDS = {
    "OR": "comma-for-or",
    "AND": "blank-between-terms",
    "NOT": "minus-for-not",
    "或": "comma-for-or",
    "或者": "comma-for-or",
    "|": "comma-for-or",
    "||": "comma-for-or",
    "且": "blank-between-terms",
    "并且": "blank-between-terms",
    "&&": "blank-between-terms",
}
"""Words of other query languages; Latin ones in small letters are text, but before a comparison."""

_UNEQUAL = ("≠", "<>")
_EQUALITIES = (":", "=")
_OPERATORS = {"": ":", "==": "=", "≤": "<=", "≥": ">="}
_GROUPS_BEFORE = re.compile(r"(?:^|[^0-9.,])[0-9]{1,3}(?:,[0-9]{3})*$")
_GROUP_AFTER = re.compile(r"[0-9]{3}(?![0-9])")


class Query(Struct, frozen=True):
    """A query that can be asked of rows.

    Attributes:
        terms: Its terms; a row that all of them hold for matches, so an empty query takes all.
    """

    terms: tuple[Test, ...]

    def matches(self, row: Row, today: date) -> bool:
        """Tell whether a customer's row is one that the query asks for.

        Args:
            row: The columns of `insight.rows`, with `further_columns` where they are to be found.
            today: The day; states and numbers of days are those of this day, whatever day the row
                was made on.
        """
        return all(term(row, today) for term in self.terms)


def parse(text: str, config: Config) -> Query | tuple[QueryError, ...]:
    """Read a query, or say everything that is wrong with it, in the order of the text."""
    parser = _Parser(text, Language(config))
    terms = parser.read()
    if parser.errors:
        return tuple(sorted(parser.errors, key=lambda error: (error.start, error.end)))
    return Query(terms)


class _Piece(Struct, frozen=True):
    """A value as written: its text without quotes, its place with them, the comma before it."""

    text: str
    start: int
    end: int
    quoted: bool
    comma: str


class _Parser:
    """Reads one query from left to right; what is wrong is noted and the rest is read on."""

    def __init__(self, text: str, language: Language) -> None:
        self.errors: list[QueryError] = []
        self._text = text
        self._language = language
        self._at = 0

    def read(self) -> tuple[Test, ...]:
        """Return the terms; those that are wrong are left out and noted in `errors`."""
        terms: list[Test] = []
        self._skip_blanks()
        while self._at < len(self._text):
            if term := self._term():
                terms.append(term)
            self._skip_blanks()
        return tuple(terms)

    def _skip_blanks(self) -> None:
        self._at = self._past(BLANKS)

    def _past(self, pattern: re.Pattern[str]) -> int:
        match = pattern.match(self._text, self._at)
        return match.end() if match else self._at

    def _error(self, start: int, end: int, code: str, hint: str = "", **values: str) -> None:
        said = message(hint, **values) if hint else None
        self._report(start, end, fault(code, said, **values))

    def _report(self, start: int, end: int, found: Fault) -> None:
        self.errors.append(QueryError(found.code, start, end, found.message, found.hint))

    def _term(self) -> Test | None:
        start = self._at
        negated = self._text[start] in MINUS
        if negated:
            self._at += 1
            after = self._text[self._at : self._at + 1]
            if not after.strip() or after in MINUS:
                self._error(start, self._at, "lone-minus")
                return None
        quoted = QUOTE.match(self._text, self._at)
        test = self._free_text() if quoted else self._comparison()
        if test and negated:
            return lambda row, today: not test(row, today)
        return test

    def _comparison(self) -> Test | None:
        """Read a key with operator and values; free text where no operator follows."""
        start = self._at
        key = KEY.match(self._text, start)
        sign = OPERATOR.match(self._text, key.end() if key else start)
        if sign is None:
            return self._free_text()
        self._at = sign.end()
        pieces = self._pieces(*sign.span(1), key[0] if key else "")
        asked = self._asked(key, sign)
        if asked is None:
            return None
        kind, operation = asked.column.kind, asked.operation
        if kind in GROUPED:
            pieces = _joined_groups(pieces)
        if operation not in _EQUALITIES and len(pieces) > 1:
            self._error(pieces[1].start, pieces[-1].end, "one-value", operator=operation)
            return None
        return self._any_of(pieces, lambda text: READERS[kind](asked, text))

    def _asked(self, key: re.Match[str] | None, sign: re.Match[str]) -> Comparison | None:
        """Return what a key and an operator mean; None where they mean nothing."""
        written = sign[1]
        if key is None:
            self._error(*sign.span(1), "missing-key", "comparison-form", operator=written)
            return None
        operation = unicodedata.normalize("NFKC", "".join(written.split())).removeprefix(":")
        crossed = key[0].endswith(("!", "！")) and written in ("=", "＝")
        if crossed or operation in _UNEQUAL:
            start = key.end() - 1 if crossed else sign.start(1)
            name = self._text[key.start() : start].strip()
            unequal = self._text[start : sign.end()]
            values = {"key": name, "operator": unequal}
            self._error(start, sign.end(), "not-equal", "exclude-form", **values)
            return None
        column = self._language.find(key[0])
        if column is None:
            self._report(*key.span(), self._language.unknown_key(key[0]))
            return None
        operation = _OPERATORS.get(operation, operation)
        if operation not in _EQUALITIES and column.kind not in ORDERED:
            self._error(
                *sign.span(1), "wrong-operator", "colon-form", key=key[0], operator=operation
            )
            return None
        return Comparison(self._language, column, key[0], operation)

    def _free_text(self) -> Test | None:
        word = BARE.match(self._text, self._at)
        if word and (hint := self._logic_hint(word)):
            self._at = word.end()
            self._error(*word.span(), "logic-word", hint, word=word[0])
            return None
        return self._any_of(self._pieces(self._at, self._at, ""), free_text)

    def _logic_hint(self, word: re.Match[str]) -> str | None:
        """Return the hint for a word of another query language; None for text."""
        if hint := _LOGIC_WORDS.get(word[0]):
            return hint
        hint = _LOGIC_WORDS.get(word[0].upper())
        rest = BLANKS.match(self._text, word.end())
        return hint if hint and rest and self._begins_comparison(rest.end()) else None

    def _any_of(self, pieces: list[_Piece], read: Callable[[str], Test | Fault]) -> Test | None:
        tests: list[Test] = []
        for piece in pieces:
            test = read(piece.text.strip())
            if isinstance(test, Fault):
                self._report(piece.start, piece.end, test)
            else:
                tests.append(test)
        if len(tests) == 1:
            return tests[0]
        return (lambda row, today: any(test(row, today) for test in tests)) if tests else None

    def _pieces(self, start: int, end: int, key: str) -> list[_Piece]:
        """Read values, up to the one that no comma follows.

        Args:
            start: Where the sign before the first value begins; shown where that is missing.
            end: Where that sign ends; the same where there is none.
            key: The key before that sign; empty where there is none.
        """
        pieces: list[_Piece] = []
        comma = ""
        while True:
            first = self._at
            self._skip_blanks()
            # Right after its sign anything is a value; farther on, a term of its own is a term.
            if (comma or self._at > first) and self._begins_comparison(self._at):
                if comma:
                    self._error(start, end, "comma-between-terms", "blank-between-terms")
                else:
                    self._missing_value(start, end, key)
                return pieces
            if BARE.match(self._text, self._at) is None:
                self._missing_value(start, end, key)
            elif piece := self._piece(comma):
                pieces.append(piece)
            match = COMMA.match(self._text, self._at)
            if match is None:
                return pieces
            comma = match[1]
            start, end = match.span(1)
            self._at, key = end, ""

    def _begins_comparison(self, at: int) -> bool:
        at += self._text[at : at + 1] in tuple(MINUS)
        key = KEY.match(self._text, at)
        return (
            key is not None
            and OPERATOR.match(self._text, key.end()) is not None
            and self._language.find(key[0]) is not None
        )

    def _missing_value(self, start: int, end: int, key: str) -> None:
        if start == end:  # Free text that begins with a comma.
            end = start + 1
        hint = "has-form" if key and self._language.find(key) else ""
        self._error(start, end, "missing-value", hint, sign=self._text[start:end].strip(), key=key)

    def _piece(self, comma: str) -> _Piece | None:
        """Read one value; None where its quote does not end."""
        start = self._at
        if not QUOTE.match(self._text, start):
            self._at = self._past(BARE)
            return _Piece(self._text[start : self._at], start, self._at, quoted=False, comma=comma)
        closing = QUOTE.search(self._text, start + 1)
        if closing is None:
            self._at = len(self._text)
            self._error(start, self._at, "open-quote")
            return None
        self._at = end = closing.end()
        if BARE.match(self._text, end):
            self._at = self._past(BARE)
            self._error(end, self._at, "after-quote")
        text = self._text[start + 1 : closing.start()]
        return _Piece(text, start, end, quoted=True, comma=comma)


def _joined_groups(pieces: list[_Piece]) -> list[_Piece]:
    """Put together what a comma for thousands took apart."""
    joined: list[_Piece] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if (
            last
            and piece.comma == ","
            and last.end + 1 == piece.start
            and not (last.quoted or piece.quoted)
            and len(last.text) <= LONGEST_WORD
            and _GROUPS_BEFORE.search(last.text)
            and _GROUP_AFTER.match(piece.text)
        ):
            text = f"{last.text},{piece.text}"
            joined[-1] = _Piece(text, last.start, piece.end, quoted=False, comma=last.comma)
        else:
            joined.append(piece)
    return joined
