"""What can be wrong with a query, and what is said of it."""

from __future__ import annotations

from msgspec import Struct

from tracker.diagnostics import MEANT, Span
from tracker.translation import Message

MESSAGES = {
    "unknown-key": Message("‘{key}’ is not a key"),
    "quote-to-search": Message("to search for it as text, put it in quotes"),
    "missing-key": Message("a key is missing before ‘{operator}’"),
    "comparison-form": Message("write it as value>100000"),
    "not-equal": Message("‘{operator}’ is not an operator"),
    "exclude-form": Message("write it as -{key}:…"),
    "wrong-operator": Message("‘{key}’ cannot be compared by ‘{operator}’"),
    "colon-form": Message("write it as {key}:…"),
    "one-value": Message("‘{operator}’ compares with one value"),
    "missing-value": Message("a value is missing at ‘{sign}’"),
    "has-form": Message("-has:{key} finds those without one"),
    "comma-between-terms": Message("a comma stands between values of one key"),
    "blank-between-terms": Message("terms stand apart by a blank, and all of them must hold"),
    "comma-for-or": Message("alternatives stand apart by commas: level:A,B"),
    "minus-for-not": Message("what is to be left out has a - before it: -level:C"),
    "logic-word": Message("‘{word}’ is not part of the language"),
    "open-quote": Message("the quote that begins here does not end"),
    "after-quote": Message("a blank or a comma is missing after the quote"),
    "lone-minus": Message("‘-’ stands directly before what is to be left out"),
    "nothing-to-find": Message("‘{text}’ holds nothing to look for"),
    "unknown-word": Message("‘{text}’ is not a word of ‘{key}’"),
    "unknown-owner": Message("‘{text}’ is not one of the owners"),
    "owner-form": Message("for a name that is not listed, write it as {key}={text}"),
    "wrong-currency": Message("‘{text}’ is not a currency"),
    "wrong-number": Message("‘{text}’ is not a number"),
    "days-form": Message("write it as 30, 30d, 2w or 3months"),
    "wrong-amount": Message("‘{text}’ is not an amount"),
    "amount-form": Message("write it as 100000, 10万, 50k or 5000USD"),
    "wrong-date": Message("‘{text}’ is not a date"),
    "date-form": Message("write it as 2026-12-01, 2026-12, today or 7d"),
    "no-such-day": Message("there is no day {text}"),
    "did-you-mean": MEANT,
    "known-words": Message("known are: {words}"),
    "between-words": Message(", "),
}
"""Every message and hint by its code; the same table serves JavaScript."""


class Fault(Struct, frozen=True):
    """Why a text means nothing; becomes a `QueryError` at the text's place.

    Attributes:
        code: Stable name of the mistake, such as `unknown-key`.
        message: What is wrong, in one sentence.
        hint: What was probably meant or how to write it, where that is known.
    """

    code: str
    message: Message
    hint: Message | None = None


class QueryError(Struct, frozen=True):
    """What is wrong at one place of a query.

    Attributes:
        code: Stable name of the mistake, such as `unknown-key`.
        start: Where it begins; characters of the query count from 0.
        end: Where it ends, excluded.
        message: What is wrong, in one sentence.
        hint: What was probably meant or how to write it, where that is known.
    """

    code: str
    start: int
    end: int
    message: Message
    hint: Message | None = None

    @property
    def span(self) -> Span:
        """Return the place as a diagnostic has it: line 1, columns from 1."""
        return Span.of_line(1, self.start + 1, self.end - self.start)


def message(code: str, **values: str | tuple[str, ...]) -> Message:
    """Return the message or hint of a code with its values."""
    return Message(MESSAGES[code].template, values)


def fault(code: str, hint: Message | None = None, **values: str) -> Fault:
    """Return the fault of a code, with the values of its message."""
    return Fault(code, message(code, **values), hint)
