"""What the words under `hide` and `mask` of a profile mean: paths of fields.

A word is the path of a field (`contacts.phone`, `联系人.电话`), one of the groups of `GROUPS`, or a
key alone, which means every field that has it. Too much is withheld rather than too little.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker import schema
from tracker.schema import Kind
from tracker.text import fold, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FOLLOWUPS = "followups"

_PARTS_OF_FOLLOWUPS = (
    ("method", "方式", "method"),
    ("who", "跟进人", "who"),
    ("commitments", "承诺", "commitments"),
    ("commitments", "承诺", "commitments.text"),
    ("commitments", "承诺", "commitments.who"),
    ("attitude", "态度", "attitude_note"),
    ("service", "售后", "service.text"),
    ("next", "下次", "next.text"),
    ("next", "下次", "next.goal"),
)
"""Parts of a dated section that are no fields of the schema, each under the words that mean it."""

_BODY = (("background", "背景"), ("notes", "备注"))

TEXTS = (
    *("background", "notes", "followups.summary", "followups.attitude_note"),
    *("followups.service.text", "followups.next.text", "followups.next.goal"),
    "followups.commitments.text",
    *(f"followups.{key}" for key in schema.TEXT_FIELDS),
)
"""Paths of what people wrote below the front matter."""

_TEAM = ("owner", "followups.who", "followups.commitments.who")

_NAMES = ("name", "short", "id", "aliases")

GROUPS: dict[str, tuple[tuple[str, ...], str]] = {
    "amounts": (("金额",), "every amount of money, in declared fields too"),
    "text": (
        ("body", "free text", "正文", "自由文本"),
        "what people wrote below the front matter: background, notes, and all texts of follow-ups",
    ),
    "attachments": (("附件",), "files of offers, and links to files in texts"),
    "followups": (("跟进", "跟进记录"), "all dated sections, with all that is in them"),
    "commitments": (("承诺",), "all commitments"),
    "team": (("团队",), "the names of the team: owners, and who followed up or promised"),
}
"""The words for several fields: other spellings, and what they mean (gettext message ids)."""

ATTACHMENTS = "attachments"
"""Path that stands for links to files in texts."""

_IMPLIED = {
    # Who followed up is the owner where nobody is named.
    "owner": _TEAM,
    # Ids and names of files are made from names.
    "name": _NAMES,
    "id": ("id", "aliases"),
    "contacts.name": ("contacts.name", "followups.contact"),
    "offers.quote": ("offers.quote", "followups.offer"),
    "offers.file": ("offers.file", ATTACHMENTS),
}
"""What goes with a field, since it says the same."""


class FieldWords:
    """The words that a workspace's profiles may use.

    Args:
        fields: Fields that the workspace declares for front matter.
        followup_fields: Those for dated sections.
    """

    def __init__(
        self, fields: tuple[schema.Field, ...], followup_fields: tuple[schema.Field, ...]
    ) -> None:
        self._meanings: dict[str, set[str]] = {}
        self._written: list[str] = []
        self._amounts: set[str] = set()
        for field in (*schema.FRONT_MATTER, *fields):
            self._add_field(field, (), "")
        sections = [FOLLOWUPS, *GROUPS[FOLLOWUPS][0]]
        self._followups = {FOLLOWUPS}
        for field in (*schema.FOLLOWUP_FIELDS, *followup_fields):
            self._followups |= self._add_field(field, (sections,), f"{FOLLOWUPS}.")
        for key, zh, path in _PARTS_OF_FOLLOWUPS:
            self._followups.add(f"{FOLLOWUPS}.{path}")
            for start in sections:
                self._mean((f"{start}.{key}", f"{start}.{zh}", key, zh), {f"{FOLLOWUPS}.{path}"})
        for key, zh in _BODY:
            self._mean((key, zh), {key})
        declared = [field for field in followup_fields if field.kind is Kind.TEXT]
        texts = {*TEXTS, *(f"{FOLLOWUPS}.{field.key}" for field in declared)}
        groups = {
            "amounts": self._amounts,
            "text": texts,
            "attachments": {"offers.file", ATTACHMENTS},
            "followups": self._followups,
            "commitments": {path for path in self._followups if ".commitments" in path},
            "team": set(_TEAM),
        }
        for name, (others, _meaning) in GROUPS.items():
            self._mean((name, *others), groups[name])

    def paths(self, word: str) -> frozenset[str] | None:
        """Return the paths of the fields that a word means; None where it means none."""
        return _with_implied(self._meanings.get(_folded(word), ()))

    def nearest(self, word: str) -> str | None:
        """Return the word most like one that means nothing, or None."""
        return nearest(word, self._written)

    def _add_field(
        self, field: schema.Field, above: tuple[list[str], ...], prefix: str
    ) -> set[str]:
        """Let all spellings of a field mean it and what is in it; return the paths."""
        path = f"{prefix}{field.key}"
        found = {path}
        if field.kind in (Kind.MONEY, Kind.MONEY_RANGE):
            self._amounts.add(path)
        for child in field.children:
            found |= self._add_field(child, (*above, list(field.spellings)), f"{path}.")
        for spelling in field.spellings:
            self._mean([spelling], found)
            if above:
                self._mean((f"{start}.{spelling}" for start in _joined(above)), found)
        return found

    def _mean(self, words: Iterable[str], paths: Iterable[str]) -> None:
        for word in words:
            self._written.append(word)
            self._meanings.setdefault(_folded(word), set()).update(paths)


def _joined(above: tuple[list[str], ...]) -> Iterator[str]:
    if not above:
        yield ""
        return
    first, *others = above
    for spelling in first:
        if not others:
            yield spelling
        for rest in _joined(tuple(others)) if others else ():
            yield f"{spelling}.{rest}"


def _folded(word: str) -> str:
    return ".".join(fold(part.removesuffix("[]")) for part in word.split("."))


def _with_implied(paths: Iterable[str]) -> frozenset[str] | None:
    found = set(paths)
    for path in tuple(found):
        found.update(_IMPLIED.get(path, ()))
    return frozenset(found) or None
