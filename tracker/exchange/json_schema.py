"""The front matter of a record as a JSON Schema, for editors and for programs that write records.

Whatever tracker reads without an error or an unknown key fits the schema, apart from words in full
width and required keys in other than their listed spellings. A value may come as the text that it
is, or as the number or the truth value that an editor's YAML takes it for.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from tracker.money import AMOUNT_PATTERN, NUMBER_PATTERN, RANGE_SIGN_PATTERN
from tracker.schema import Field, Kind
from tracker.text import fold
from tracker.translation import Message, translations
from tracker.vocabulary import FALSE_WORDS, TRUE_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tracker.config import Config

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_SCALAR = ["string", "number", "boolean"]
"""What an editor may take a text for."""

_SEPARATED = ("-{}-{}", "/{}/{}", "年{}月{}日")
_DAYS_OF_MONTHS = (
    ("(?:0?[13578]|1[02])", "(?:0?[1-9]|[12][0-9]|3[01])"),
    ("(?:0?[469]|11)", "(?:0?[1-9]|[12][0-9]|30)"),
    ("0?2", "(?:0?[1-9]|[12][0-9])"),
)
_DAYS = "|".join(form.format(*days) for form in _SEPARATED for days in _DAYS_OF_MONTHS)
_PATTERNS = {
    Kind.DATE: f"[0-9]{{4}}(?:{_DAYS})",
    Kind.NUMBER: NUMBER_PATTERN,
    Kind.MONEY: AMOUNT_PATTERN,
    Kind.MONEY_RANGE: rf"{AMOUNT_PATTERN}(?:\s*(?:{RANGE_SIGN_PATTERN})\s*{AMOUNT_PATTERN})?",
    Kind.URL: r"[hH][tT][tT][pP][sS]?://\S+",
    Kind.EMAIL: r"[^\s@]+@[^\s@]+\.[^\s@]+",
    Kind.PHONE: r"[+(]?[0-9](?:[^0-9]*[0-9]){2,}",
    Kind.SLUG: r"[^\s!-,/:-@\[-^`{-~]{1,119}",
}
"""What the text of a value looks like; the reader of the kind may ask for more."""

_NUMBERS = frozenset({Kind.NUMBER, Kind.MONEY, Kind.MONEY_RANGE, Kind.PHONE, Kind.SLUG})
"""Kinds whose text can look like a number."""


def record_schema(config: Config, language: str) -> dict[str, Any]:
    """Return the JSON Schema of a record's front matter in a workspace.

    Args:
        config: Its settings.
        language: Language of titles and descriptions, `zh` or `en`.
    """
    return _Builder(config, language).schema()


class _Builder:
    def __init__(self, config: Config, language: str) -> None:
        self._config = config
        self._chinese = language == "zh"
        self._translate = translations(language).gettext
        self._definitions: dict[str, Any] = {}

    def schema(self) -> dict[str, Any]:
        root = self._object(self._config.front_matter_fields, "")
        return {
            "$schema": DIALECT,
            "title": Message("Front matter of a customer's record").render(self._translate),
            **root,
            "$defs": self._definitions,
        }

    def _object(self, fields: Iterable[Field], group: str) -> dict[str, Any]:
        """Return the schema of a group of fields, under all spellings of their keys."""
        exact: dict[str, Any] = {}
        loose: dict[str, Any] = {}
        required = []
        for field in fields:
            # A colon, since the key of a declared field cannot have one.
            name = f"{group}:{field.key}" if group else field.key
            self._definitions[name] = self._definition(field, name)
            reference = {"$ref": f"#/$defs/{quote(name, safe=':')}"}
            spellings = [spelling for spelling in field.spellings if spelling]
            exact |= dict.fromkeys(spellings, reference)
            loose[_loosely(spellings)] = reference
            if field.required:
                required.append({"anyOf": [{"required": [spelling]} for spelling in spellings]})
        return {
            "type": "object",
            "properties": exact,
            "patternProperties": loose,
            "additionalProperties": False,
            **({"allOf": required} if required else {}),
        }

    def _definition(self, field: Field, name: str) -> dict[str, Any]:
        """Return the schema of a field's value, with what people are told about it."""
        about = {"title": field.zh if self._chinese and field.zh else field.key}
        if field.meaning:
            about["description"] = self._translate(field.meaning)
        value = self._value(field, name)
        if field.required:
            return {**about, **value, "not": {"const": ""}}
        return {**about, "anyOf": [value, _EMPTY]}

    def _value(self, field: Field, name: str) -> dict[str, Any]:
        if field.children:
            group = self._object(field.children, name)
            many = {"anyOf": [{"type": "array", "items": group}, group]}
            return many if field.kind is Kind.GROUPS else group
        if field.kind is Kind.LIST:
            items = {"type": [*_SCALAR, "null"]}
            return {"anyOf": [{"type": "array", "items": items}, _TEXT]}
        if field.kind is Kind.OWNER and len(self._config.owners):
            # Others are only a warning: a person who has left may still have customers.
            known = [text for owner in self._config.owners for text in owner.spellings]
            return {"anyOf": [{"enum": known}, _TEXT]}
        if words := self._words(field):
            return _one_of(words)
        if pattern := _PATTERNS.get(field.kind):
            types = ["string", "number"] if field.kind in _NUMBERS else ["string"]
            return {"type": types, "pattern": rf"^\s*(?:{pattern})\s*$"}
        return _TEXT

    def _words(self, field: Field) -> list[str]:
        """Return every spelling of the words that a field takes, labels first."""
        if field.kind is Kind.BOOL:
            return [*TRUE_WORDS, *FALSE_WORDS]
        if not field.vocabulary:
            return [*field.choices]
        terms = list(self._config.terms(field.vocabulary))
        return [*(term.label for term in terms), *(one for term in terms for one in term.spellings)]


_TEXT = {"type": _SCALAR}
_EMPTY = {"enum": [None, ""]}


def _one_of(texts: Iterable[str]) -> dict[str, Any]:
    """Return the schema of one of some words, in any case and with any separators."""
    words = list(dict.fromkeys(texts))
    known = [value for word in words for value in (word, *_as_typed(word))]
    return {"anyOf": [{"enum": known}, {"type": "string", "pattern": _loosely(words, exact=True)}]}


def _as_typed(word: str) -> Iterator[Any]:
    """Yield the number or truth value that an editor's YAML takes a word for."""
    try:
        value = json.loads(word.lower())
    except ValueError:
        return
    if isinstance(value, (bool, int, float)):
        yield value


def _loosely(spellings: Iterable[str], *, exact: bool = False) -> str:
    """Return the pattern of texts that `fold` makes equal to one of the spellings.

    Args:
        spellings: The texts.
        exact: Whether the spellings themselves fit too.
    """
    texts = list(spellings)
    folded = dict.fromkeys(filter(None, map(fold, texts)))
    forms = "|".join(map(_loose, folded))
    but = "" if exact else f"(?!(?:{'|'.join(map(_escaped, texts))})$)"
    return rf"^{but}[\s_-]*(?:{forms})[\s_-]*$"


def _loose(folded: str) -> str:
    return "".join(
        r"[\s_-]+"
        if char == " "
        else f"[{char}{char.upper()}]"
        if char.isascii() and char.isalpha()
        else _escaped(char)
        for char in folded
    )


def _escaped(text: str) -> str:
    """Return a text as a pattern; only what means something may be escaped in ECMAScript."""
    return re.sub(r"[\\^$.*+?()\[\]{}|/]", r"\\\g<0>", text)
