"""Cards of address books (vCard 2.1 to 4.0), by vobject: a row a card."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tracker.exchange.extras import require
from tracker.exchange.intake.delimited import decoded
from tracker.exchange.intake.tables import Cell, Layout, Row, Sheet, SourceError
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_COLUMNS = {
    "org": "company",
    "fn": "contact name",
    "title": "title",
    "role": "title",
    "gender": "gender",
    "tel": "phone",
    "email": "email",
    "url": "website",
    "adr": "address",
    "categories": "tags",
    "note": "notes",
    "x-wechat": "wechat",
    "x-wechat-id": "wechat",
    "impp": "im",
    "x-qq": "im",
    "x-skype": "im",
}
"""The headings that the properties of a card get; others keep their own names."""

_WITHOUT_NEWS = frozenset(
    ("version", "n", "uid", "rev", "prodid", "kind", "photo", "logo", "sound", "key", "x-abuid",
     "x-ablabel", "x-abshowas", "xml", "source", "clientpidmap")
)  # fmt: skip
"""Properties that say nothing of the customer, or say it again."""

_CARD = re.compile(
    r"^BEGIN:VCARD.*?(?P<end>^END:VCARD[ \t]*$|(?=^BEGIN:VCARD)|\Z)",
    re.MULTILINE | re.DOTALL | re.IGNORECASE,
)
"""A card; its end is empty where the card is cut off."""

_MOBILE = frozenset(("CELL", "MOBILE", "IPHONE"))
_WECHAT_NOTE = re.compile(r"^(?:WeChat|微信)[:：]\s*(\S+)$", re.MULTILINE)
_SCHEME = re.compile(r"^(?:tel|mailto|xmpp|sip|im):", re.IGNORECASE)


def read_cards(path: Path, encoding: str | None = None) -> list[Sheet]:
    """Return the one sheet of a file of cards.

    Args:
        path: The file.
        encoding: What it is in; None to tell that from its bytes.

    Raises:
        MissingExtraError: The library that reads cards is not installed.
        SourceError: It holds no card, or is no text in a known encoding.
        OSError: It cannot be read.
    """
    vobject = require("vobject", "pim")
    text = decoded(path, path.read_bytes(), encoding).replace("\r\n", "\n").replace("\r", "\n")
    found = list(_CARD.finditer(text))
    if not found:
        raise SourceError(path, Message("there is no card in it"))
    lines: list[tuple[int, dict[str, Cell], Message | None]] = []
    for match in found:
        number = text.count("\n", 0, match.start()) + 1
        if not match["end"]:
            reason = Message("this card is cut off: it has no END:VCARD")
            lines.append((number, {"contact name": match[0]}, reason))
            continue
        try:
            card = vobject.readOne(f"{match[0]}\n", allowQP=True)
            lines.append((number, _row(card), None))
        except Exception as error:  # noqa: BLE001  # the library raises what its parts raise
            reason = Message("this card cannot be read: {error}", {"error": error})
            lines.append((number, {"contact name": match[0]}, reason))
    keys = list(dict.fromkeys(key for _, line, _ in lines for key in line))
    rows = (
        Row(number, tuple(line.get(key) for key in keys), problem)
        for number, line, problem in lines
    )
    return [Sheet("", (Row(0, tuple(keys)), *rows), layout=Layout.CUSTOMERS)]


def _row(card: Any) -> dict[str, Cell]:  # noqa: ANN401  # the library has no types
    texts: dict[str, list[str]] = {}
    for name, value in _properties(card):
        heading = _COLUMNS.get(name, name)
        if value not in texts.setdefault(heading, []):
            texts[heading].append(value)
    note = "\n".join(texts.get("notes", ()))
    if wechat := _WECHAT_NOTE.search(note):
        texts.setdefault("wechat", [wechat[1]])
        texts["notes"] = [_WECHAT_NOTE.sub("", note).strip()]
    if texts.get("company") == texts.get("contact name"):
        texts.pop("contact name", None)  # The card of a company has no person.
    elif "company" not in texts and "contact name" in texts:
        # A person without a company is the customer.
        texts["company"] = texts["contact name"]
    return {
        heading: tuple(found) if heading == "tags" else "\n".join(found)
        for heading, found in texts.items()
        if any(found)
    }


def _properties(card: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401  # as above
    """Yield the properties of a card as texts, mobile numbers before others."""
    for name, lines in card.contents.items():
        if name in _WITHOUT_NEWS:
            continue
        for line in sorted(lines, key=_is_not_mobile):
            if name == "org" and isinstance(line.value, list):
                # The company, then its departments.
                parts = zip(("org", *["department"] * len(line.value)), line.value, strict=False)
                yield from ((part, value) for part, value in parts if value.strip())
                continue
            for text in _texts(line.value):
                plain = _SCHEME.sub("", text).strip()
                if plain:
                    yield name, plain


def _is_not_mobile(line: Any) -> bool:  # noqa: ANN401  # as above
    kinds = {kind.upper() for kind in line.params.get("TYPE", ())} | set(
        map(str.upper, line.singletonparams)
    )
    return not kinds & _MOBILE


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401  # as above
    match value:
        case str():
            yield value
        case list() | tuple():
            for item in value:
                yield from _texts(item)
        case _ if hasattr(value, "street"):
            parts = (value.region, value.city, value.street, value.extended, value.code)
            yield " ".join(
                " ".join(part) if isinstance(part, list) else part for part in parts if part
            )
        case _:
            yield str(value)
