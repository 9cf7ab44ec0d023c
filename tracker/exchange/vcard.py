"""The contacts of a customer as cards, for the address book of a phone.

On a site they are of version 3.0 (RFC 2426): phones, Outlook and the address books of mail
providers all take it over whole, while many read 4.0 (RFC 6350) in part or not at all. Exports
write 4.0 unless asked for the other.

The cards hold what is printed on a business card and no more: an address book gets synchronised and
shared, so what the team thinks of a person stays in the record. Those that the team exports for
itself also have the tags of the customer and what its business is.
"""

from __future__ import annotations

import re
from collections import Counter
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import quote

from msgspec import Struct

from tracker.exchange.contentlines import escaped, line, text_line
from tracker.exchange.entries import stable_uuid
from tracker.format.values import dialled
from tracker.translation import Message, translations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from tracker.config import Config
    from tracker.model import Contact, Customer

_CHINESE_MOBILE = re.compile(r"(?:(?:\+|00)86)?1[3-9][0-9]{9}")


class Version(StrEnum):
    """Version of a card."""

    V3 = "3.0"
    V4 = "4.0"


def cards(
    customer: Customer,
    config: Config,
    record: str,
    version: Version = Version.V3,
    exported_on: date | None = None,
) -> bytes:
    """Return a card for every contact, the main one first; nothing where there are none.

    Args:
        customer: The record.
        config: The workspace's settings.
        record: What names the record in the workspace.
        version: That of the cards.
        exported_on: The day of an export for the team's own address books; None for cards on a
            site. An address book that has an older card takes over this one.
    """
    seen: Counter[str] = Counter()
    parts = []
    for contact in sorted(customer.contacts, key=lambda contact: not contact.primary):
        seen[contact.name] += 1
        uid = stable_uuid("contact", record, contact.name, str(seen[contact.name]))
        parts.append(_Card(contact, customer, config, version, exported_on).data(uid))
    return b"".join(parts)


class _Card(Struct, frozen=True):
    contact: Contact
    customer: Customer
    config: Config
    version: Version
    exported_on: date | None

    def data(self, uid: str) -> bytes:
        """Return the card with a UUID of its own."""
        contact, customer = self.contact, self.customer
        # Which part of a name is the family's is not known: 欧阳娜, Nguyễn Thị Lan. Written as one
        # part, it is shown as it is, in the order in which it is spoken.
        lines = [
            line("BEGIN", "VCARD"),
            line("VERSION", self.version),
            line("UID", f"urn:uuid:{uid}"),
            line("N", f"{escaped(contact.name)};;;;"),
            text_line("FN", contact.name),
            text_line("ORG", customer.name),
        ]
        if contact.title:
            lines.append(text_line("TITLE", contact.title))
        lines += self._numbers_and_addresses()
        if self.exported_on:
            if customer.tags:
                lines.append(line("CATEGORIES", ",".join(map(escaped, customer.tags))))
            form = "%Y%m%dT000000Z" if self.version is Version.V4 else "%Y-%m-%dT00:00:00Z"
            lines.append(line("REV", self.exported_on.strftime(form)))
        if notes := "\n".join(self._notes()):
            lines.append(text_line("NOTE", notes))
        lines.append(line("END", "VCARD"))
        return b"".join(lines)

    def _numbers_and_addresses(self) -> Iterator[bytes]:
        contact, customer = self.contact, self.customer
        newer = self.version is Version.V4
        if contact.phone:
            number = dialled(contact.phone)
            kind = "CELL" if _CHINESE_MOBILE.fullmatch(number) else "WORK,VOICE"
            # Of an extension a phone would dial the letters too, or run its digits into the number.
            yield text_line(f"TEL;TYPE={kind}", number if "," in number else contact.phone)
        if contact.email:
            yield text_line(f"EMAIL;TYPE={'WORK' if newer else 'INTERNET,WORK'}", contact.email)
        if newer and contact.wechat:
            address = f"weixin:{quote(contact.wechat, safe='')}"
            yield line("IMPP;SERVICE-TYPE=WeChat;X-SERVICE-TYPE=WeChat", address)
        if customer.address:
            yield line("ADR;TYPE=WORK", f";;{escaped(customer.address)};;;;")
        if customer.website:
            # Some readers end the address at a comma or a semicolon: encoded, it means the same.
            yield line("URL;TYPE=WORK", quote(customer.website, safe="%/:?#[]@!$&'()*+=~"))

    def _notes(self) -> Iterator[str]:
        """Yield what no property is understood everywhere for; a note is."""
        translate = translations(self.config.language).gettext
        contact, customer = self.contact, self.customer
        if contact.wechat:
            yield Message("WeChat: {name}", {"name": contact.wechat}).render(translate)
        if contact.im:
            yield Message("Messenger: {name}", {"name": contact.im}).render(translate)
        if self.exported_on and customer.business:
            yield Message("Business: {text}", {"text": customer.business}).render(translate)
