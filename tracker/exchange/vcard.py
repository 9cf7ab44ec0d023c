"""The contacts of a customer as cards, for the address book of a phone.

Version 3.0 (RFC 2426): phones, Outlook and the address books of mail providers all take it over
whole, while many read 4.0 in part or not at all. The cards hold what is printed on a business card
and no more: an address book gets synchronised and shared, so what the team thinks of a person
stays in the record.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import quote

from tracker.exchange.contentlines import escaped, line, text_line
from tracker.exchange.entries import stable_uuid
from tracker.format.values import dialled
from tracker.translation import Message, translations

if TYPE_CHECKING:
    from tracker.config import Config
    from tracker.model import Contact, Customer

_CHINESE_MOBILE = re.compile(r"(?:(?:\+|00)86)?1[3-9][0-9]{9}")


def cards(customer: Customer, config: Config, record: str) -> bytes:
    """Return a card for every contact, the main one first; nothing where there are none.

    Args:
        customer: The record.
        config: The workspace's settings.
        record: What names the record in the workspace.
    """
    seen: Counter[str] = Counter()
    parts = []
    for contact in sorted(customer.contacts, key=lambda contact: not contact.primary):
        seen[contact.name] += 1
        uid = stable_uuid("contact", record, contact.name, str(seen[contact.name]))
        parts.append(_card(contact, customer, config, uid))
    return b"".join(parts)


def _card(contact: Contact, customer: Customer, config: Config, uid: str) -> bytes:
    # Which part of a name is the family's is not known: 欧阳娜, Nguyễn Thị Lan. Written as one
    # part, it is shown as it is, in the order in which it is spoken.
    lines = [
        line("BEGIN", "VCARD"),
        line("VERSION", "3.0"),
        line("UID", f"urn:uuid:{uid}"),
        line("N", f"{escaped(contact.name)};;;;"),
        text_line("FN", contact.name),
        text_line("ORG", customer.name),
    ]
    if contact.title:
        lines.append(text_line("TITLE", contact.title))
    if contact.phone:
        number = dialled(contact.phone)
        kind = "CELL" if _CHINESE_MOBILE.fullmatch(number) else "WORK,VOICE"
        # Of an extension a phone would dial the letters too, or run its digits into the number.
        lines.append(text_line(f"TEL;TYPE={kind}", number if "," in number else contact.phone))
    if contact.email:
        lines.append(text_line("EMAIL;TYPE=INTERNET,WORK", contact.email))
    if customer.address:
        lines.append(line("ADR;TYPE=WORK", f";;{escaped(customer.address)};;;;"))
    if customer.website:
        # Some readers end the address at a comma or a semicolon: encoded, it means the same.
        lines.append(line("URL;TYPE=WORK", quote(customer.website, safe="%/:?#[]@!$&'()*+=~")))
    # No property for these is understood everywhere; a note is.
    translate = translations(config.language).gettext
    notes = [
        Message("WeChat: {name}", {"name": contact.wechat}) if contact.wechat else None,
        Message("Messenger: {name}", {"name": contact.im}) if contact.im else None,
    ]
    if any(notes):
        text = "\n".join(note.render(translate) for note in notes if note)
        lines.append(text_line("NOTE", text))
    lines.append(line("END", "VCARD"))
    return b"".join(lines)
