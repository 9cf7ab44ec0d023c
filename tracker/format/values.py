"""From a text to a typed value, by the kind that the schema gives the field.

Every reader returns the value, or a `Fault` that the caller turns into a located problem.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from tracker.config import VOCABULARIES
from tracker.dates import read_date
from tracker.diagnostics import did_you_mean
from tracker.money import read_money, read_money_or_range, read_number
from tracker.schema import Kind
from tracker.text import fold, nearest
from tracker.translation import Message
from tracker.vocabulary import FALSE_WORDS, TRUE_WORDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.config import Config
    from tracker.model import FieldValue
    from tracker.schema import Field

_Reader: TypeAlias = "Callable[[Field, str, Config], FieldValue | Fault]"

_LABEL = r"""[^\s/?#.<>"\[\]\\^`{|}]+"""
_HOST = rf"(?:{_LABEL}(?:\.{_LABEL})*\.?|\[[0-9a-f:.]+\])"
"""Without the characters that no host may have: https://url.spec.whatwg.org/#forbidden-host-code-point"""

_URL = re.compile(rf"https?://{_HOST}(?::[0-9]{{1,5}})?(?:[/?#]\S*)?", re.IGNORECASE)
_EMAIL = re.compile(r"[^\s@<>,;:()\[\]\\\"]+@[\w-]+(?:\.[\w-]+)+")
EXTENSION = re.compile(r"\s*(?:x|ext\.?|转|分机)\s*", re.IGNORECASE)
"""What stands between a phone number and its extension."""

_PHONE = re.compile(
    rf"[+(]?[0-9][0-9 ()./-]*[0-9](?:{EXTENSION.pattern}[0-9]{{1,6}})?", re.IGNORECASE
)
_TRUNK_ZERO = re.compile(r"\(0\)")
_PHONE_DIGITS = range(3, 21)
_SLUG = re.compile(r"[^\W_][\w.-]{0,118}(?<![.])")
_TRUE = frozenset(map(fold, TRUE_WORDS))
_FALSE = frozenset(map(fold, FALSE_WORDS))


class Fault(Struct, frozen=True):
    """Why a text is not a value of the kind wanted; see `tracker.diagnostics.Problem`."""

    code: str
    message: Message
    hint: Message | None = None


def read_value(field: Field, text: str, config: Config) -> FieldValue | Fault:
    """Return the value of a scalar field, or a `Fault`.

    Words become the ids of the workspace's vocabulary, owners the name as `owners` has it.
    """
    reader = _READERS.get(field.kind)
    return reader(field, text.strip(), config) if reader else text.strip()


def dialled(phone: str) -> str:
    """Return what a telephone dials to reach a number of a record: `+442079460958,12`.

    An extension is dialled after a pause, which a comma asks for. The `(0)` of an international
    number is for callers within its country.
    """
    number, *extension = EXTENSION.split(phone, maxsplit=1)
    if number.startswith("+"):
        number = _TRUNK_ZERO.sub("", number)
    kept = "".join(char for char in number if char.isdigit() or char == "+")
    return ",".join([kept, *extension])


def unknown_word(field: Field, text: str, config: Config) -> Fault:
    """Return the fault of a text that is no word of the field's vocabulary."""
    name = field.vocabulary or ""
    terms = config.terms(name)
    hint = did_you_mean(terms.nearest(text))
    if hint is None:
        words = tuple(term.label for term in terms)
        hint = (
            Message("known are: {words}", {"words": words})
            if words
            else Message("no word is declared under {list}: in tracker.yaml", {"list": name})
        )
    return Fault(
        "unknown-word",
        Message("‘{text}’ is not one of {list}", {"text": text, "list": VOCABULARIES[name]}),
        hint,
    )


def _word(field: Field, text: str, config: Config) -> str | Fault:
    term = config.terms(field.vocabulary or "").find(text)
    return str(term.id) if term else unknown_word(field, text, config)


def _choice(field: Field, text: str, _: Config) -> str | Fault:
    for choice in field.choices:
        if fold(choice) == fold(text):
            return choice
    return Fault(
        "unknown-word",
        Message("‘{text}’ is not one of {list}", {"text": text, "list": field.zh or field.key}),
        did_you_mean(nearest(text, field.choices))
        or Message("known are: {words}", {"words": tuple(field.choices)}),
    )


def _typed(code: str, read: Callable[[str, Config], FieldValue | Message]) -> _Reader:
    """Return a reader that turns the message of a failed reading into a fault."""

    def reader(_: Field, text: str, config: Config) -> FieldValue | Fault:
        value = read(text, config)
        return Fault(code, value) if isinstance(value, Message) else value

    return reader


def _url(text: str, _: Config) -> str | Message:
    if _URL.fullmatch(text):
        return text
    return Message("‘{text}’ is not a web address; write it as https://…", {"text": text})


def _email(text: str, _: Config) -> str | Message:
    if _EMAIL.fullmatch(text):
        return text
    return Message("‘{text}’ is not an e-mail address", {"text": text})


def _phone(text: str, _: Config) -> str | Message:
    if not _PHONE.fullmatch(text) or sum(map(str.isdigit, text)) not in _PHONE_DIGITS:
        return Message("‘{text}’ is not a telephone number", {"text": text})
    return text


def _slug(text: str, _: Config) -> str | Message:
    if _SLUG.fullmatch(text):
        return text
    return Message(
        "‘{text}’ is not an id; use letters, digits, and - _ . between them", {"text": text}
    )


def _bool(text: str, _: Config) -> bool | Message:
    folded = fold(text)
    if folded in _TRUE or folded in _FALSE:
        return folded in _TRUE
    return Message("‘{text}’ is neither yes nor no", {"text": text})


_READERS: dict[Kind, _Reader] = {
    Kind.WORD: _word,
    Kind.CHOICE: _choice,
    Kind.OWNER: lambda _, text, config: config.owner_name(text),
    Kind.DATE: _typed("invalid-date", lambda text, _: read_date(text)),
    Kind.MONEY: _typed("invalid-money", lambda text, config: read_money(text, config.currency)),
    Kind.MONEY_RANGE: _typed(
        "invalid-money", lambda text, config: read_money_or_range(text, config.currency)
    ),
    Kind.NUMBER: _typed("invalid-number", lambda text, _: read_number(text)),
    Kind.BOOL: _typed("invalid-bool", _bool),
    Kind.URL: _typed("invalid-url", _url),
    Kind.EMAIL: _typed("invalid-email", _email),
    Kind.PHONE: _typed("invalid-phone", _phone),
    Kind.SLUG: _typed("invalid-id", _slug),
}
