"""What the values of a record's fields are, where they are withheld from somebody."""

from __future__ import annotations

import posixpath
import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from tracker.library.forms_of_address import full_names
from tracker.library.likeness import core_name
from tracker.library.websites import site_of
from tracker.library.withheld import Sort, Withheld
from tracker.model import Change
from tracker.money import Money, MoneyRange, plain_number
from tracker.profile_fields import ATTACHMENTS, FOLLOWUPS, TEXTS
from tracker.schema import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker import schema
    from tracker.config import Config

TEAM = frozenset({"owner", "followups.who", "followups.commitments.who"})
"""Paths of the names of the team."""

NAMES = TEAM | {"name", "short", "contacts.name", "followups.contact"}
"""Paths of names."""

_COMPANIES = ("name", "short")
_TELLING = frozenset(
    {
        *("id", "aliases", "website", "address", "contacts.email", "contacts.wechat"),
        *("contacts.im", "offers.quote", "offers.file", "deal.contract", ATTACHMENTS),
    }
)
_MAY_QUOTE = _TELLING - {"id", "aliases", "offers.file"}
_WORDS = frozenset(
    {
        *("stage", "level", "source", "contacts.gender", "contacts.phone", "contacts.authority"),
        *("contacts.influence", "lost.reason", "followups.method", "followups.attitude"),
        *("followups.offer", "followups.next.method", "followups.service.kind"),
    }
)
_PROSE = frozenset(
    {
        *TEXTS,
        *("notes.heading", "notes.text", "business"),
        *("contacts.preferences", "contacts.concerns"),
        *("needs.core", "needs.latent", "needs.pains", "needs.expected"),
        *("offers.terms", "offers.summary", "deal.payment", "deal.delivery", "lost.note"),
    }
)
_REGION = re.compile(
    r"\s*[^\W\d]{2,9}?(?:省|自治区|特别行政区|市|自治州|地区|盟|区|县|旗|街道|镇|乡)(?=\s*[^\W\d]{2}[^\W\d]*\s*\d)"
)
_NUMBER_IN_STREET = re.compile(r".*?\d\s*号")
_ADDRESS_PARTS = re.compile("[,，;；]")
_LATIN_STREET = re.compile(r"(?=.*[^\W\d]{3})(?=.*\d)\s*\S+(?:\s+\S+){2,}")

_FURTHER_VOCABULARIES = {
    "followups.method": "methods",
    "followups.next.method": "methods",
    "followups.service.kind": "service_kinds",
}


class FieldSorts:
    """What the fields of a workspace are.

    Args:
        config: The workspace's settings.
    """

    def __init__(self, config: Config) -> None:
        self._config = config
        self._fields: dict[str, schema.Field] = {}
        for field in config.front_matter_fields:
            self._add(field, field.key)
        for field in config.all_followup_fields:
            self._add(field, f"{FOLLOWUPS}.{field.key}")
        declared = {
            *(field.key for field in config.fields),
            *(f"{FOLLOWUPS}.{field.key}" for field in config.followup_fields),
        }
        self._prose = _PROSE | {
            path for path in declared if self._fields[path].kind in (Kind.TEXT, Kind.LIST)
        }

    def _add(self, field: schema.Field, path: str) -> None:
        self._fields[path] = field
        for child in field.children:
            self._add(child, f"{path}.{child.key}")

    def kind(self, path: str) -> Kind:
        """Return the type of the field at a path."""
        if path in _FURTHER_VOCABULARIES:
            return Kind.WORD
        field = self._fields.get(path)
        return field.kind if field else Kind.TEXT

    def is_prose(self, path: str) -> bool:
        """Tell whether whole sentences stand at a path."""
        return path in self._prose

    def is_text(self, path: str) -> bool:
        """Tell whether anything may be written at a path, and is neither name nor number."""
        return path not in NAMES and path not in _WORDS and path not in _TELLING

    def may_quote(self, path: str) -> bool:
        """Tell whether a value at a path may hold another one of its record, and need not be whole.

        A messenger's id is often the telephone number; an address of a page, the name.
        """
        return self.is_text(path) or path in _MAY_QUOTE

    def withheld(self, value: object, path: str, record: str) -> Iterator[Withheld]:
        """Yield what is to be sought of a single value; nothing of times and of what is so or not.

        Args:
            value: The value.
            path: Its path.
            record: The path of its record.
        """
        if isinstance(value, MoneyRange):
            yield from self.withheld(value.low, path, record)
            yield from self.withheld(value.high, path, record)
        elif isinstance(value, Money):
            yield Withheld(plain_number(value.amount), record, path, Sort.AMOUNT)
        elif isinstance(value, Change):
            for word in filter(None, (value.old, value.new)):
                yield from self.withheld(word, path, record)
        elif isinstance(value, date):
            yield Withheld(f"{value:%Y-%m-%d}", record, path, Sort.DATE)
        elif isinstance(value, Decimal):
            yield Withheld(plain_number(value), record, path)
        elif isinstance(value, str) and value.strip():
            yield from self._text(value, path, record)

    def _text(self, value: str, path: str, record: str) -> Iterator[Withheld]:
        sort = self._sort(path)
        telling = sort in (Sort.NAME, Sort.PHONE) or path in _TELLING
        texts = [self._label(value, path)]
        if path == "offers.file":
            texts.append(posixpath.basename(value))
        if path in _COMPANIES:
            # As people write it: without place and legal form.
            texts.append(core_name(value))
        if path == "contacts.name":
            texts += full_names(value)
        if path == "address":
            texts += _spoken_address(value)
        if self.kind(path) is Kind.URL:
            # The address of a page begins in many ways, and people say none of them.
            texts.append(site_of(value))
        for text in filter(None, dict.fromkeys(texts)):
            yield Withheld(text, record, path, sort, telling)

    def _sort(self, path: str) -> Sort:
        if path in NAMES:
            return Sort.NAME
        if self.is_prose(path):
            return Sort.PROSE
        return Sort.PHONE if self.kind(path) is Kind.PHONE else Sort.WORD

    def _label(self, value: str, path: str) -> str:
        field = self._fields.get(path)
        vocabulary = (field and field.vocabulary) or _FURTHER_VOCABULARIES.get(path)
        return self._config.terms(vocabulary).label(value) if vocabulary else value


def _spoken_address(address: str) -> Iterator[str]:
    """Yield what people say of an address: without its region, and the street with its number."""
    rest = address
    while region := _REGION.match(rest):
        rest = rest[region.end() :]
        yield rest
    if street := _NUMBER_IN_STREET.match(rest):
        yield street[0]
    parts = _ADDRESS_PARTS.split(address)
    if len(parts) > 1:
        yield from filter(_LATIN_STREET.fullmatch, parts)
