"""Two records seem to be the same customer: same name, telephone number or e-mail address.

Why: two salespeople call the same company, and neither knows what the other promised. Names are
compared without their legal form, punctuation, case and width; telephone numbers by their digits.

Bad, in two files:

    name: 恒达精密机械有限公司

    name: 恒达精密机械(集团)股份有限公司

Good: one record with both contacts and all follow-ups.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from tracker.diagnostics import Problem, Severity
from tracker.rules.rule import Origin, WorkspaceCase
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.model import Customer

SEVERITY = Severity.WARNING
ORIGIN = Origin.WORKSPACE

_CHINESE_FORMS = re.compile(
    r"(?:股份有限公司|有限责任公司|有限公司|总公司|公司|集团|股份|控股|有限合伙|合伙企业)$"
)
_LATIN_FORMS = frozenset(
    (  # noqa: SIM905  # one word a line would take a page
        "ab ag and as asa bhd bv co company corp corporation gbr gmbh group holding holdings inc "
        "incorporated kft kg kgaa kk limited llc llp ltd ltda mbh nv ohg oy oyj plc pte pty sa "
        "sarl sas sdn se sl spa srl sro spzoo ug und"
    ).split()
)
_WORDS = re.compile(r"[^\W_]+")
_EXTENSION = re.compile(r"\s*(?:x|ext\.?|转|分机)\s*[0-9]+\s*$", re.IGNORECASE)
_INTERNATIONAL = re.compile(r"\s*(?:\+|00)\s*")
_NO_DIGITS = re.compile(r"[^0-9]+")
_TRUNK = "(0)"
_HOME = "86"
_FEWEST_DIGITS = 7
"""Digits below which a number is a short one that many may share."""


def check(case: WorkspaceCase) -> Iterator[tuple[str, Problem]]:
    """Yield a problem in the later record of each pair, at the first thing they share."""
    holders: dict[tuple[str, str], Customer] = {}
    for customer in case.library.customers:
        reported: set[str] = set()
        for kind, value, place in _marks(customer):
            holder = holders.setdefault((kind, value), customer)
            if holder is customer or holder.path in reported:
                continue
            reported.add(holder.path)
            yield (
                customer.path,
                Problem(
                    "duplicate-customer",
                    customer.span(place),
                    _message(kind, holder),
                    Message(
                        "if they are one customer, move all into one record and delete the other"
                    ),
                ),
            )


def _message(kind: str, holder: Customer) -> Message:
    values = {"name": holder.name, "path": holder.path}
    if kind == "name":
        return Message("the same name as that of {name} in {path}", values)
    if kind == "phone":
        return Message("the same telephone number as one of {name} in {path}", values)
    return Message("the same e-mail address as one of {name} in {path}", values)


def _marks(customer: Customer) -> Iterator[tuple[str, str, str]]:
    """Yield what tells a customer: kind, comparable form, and path in the front matter."""
    if "name" in customer.spans:
        yield "name", normal_name(customer.name), "name"
    for index, contact in enumerate(customer.contacts):
        if contact.phone and (digits := normal_phone(contact.phone)):
            yield "phone", digits, f"contacts[{index}].phone"
        if contact.email:
            yield "email", contact.email.casefold(), f"contacts[{index}].email"


def normal_name(name: str) -> str:
    """Return a company's name without legal form, punctuation, white space, case and width."""
    text = unicodedata.normalize("NFKC", name).casefold().replace(".", "").replace("'", "")
    words = [word for word in map(_without_form, _WORDS.findall(text)) if word]
    while len(words) > 1 and words[-1] in _LATIN_FORMS:
        words.pop()
    return "".join(words or _WORDS.findall(text))


def _without_form(word: str) -> str:
    while (shorter := _CHINESE_FORMS.sub("", word)) != word:
        word = shorter
    return word


def normal_phone(phone: str) -> str | None:
    """Return a telephone number's digits without extension and the home country's code.

    None for a number too short to tell who has it.
    """
    text = _EXTENSION.sub("", phone).replace(_TRUNK, "")
    abroad = _INTERNATIONAL.match(text)
    digits = _NO_DIGITS.sub("", text[abroad.end() :] if abroad else text)
    if abroad and not digits.startswith(_HOME):
        return f"+{digits}" if len(digits) >= _FEWEST_DIGITS else None
    national = (digits.removeprefix(_HOME) if abroad else digits).lstrip("0")
    return national if len(national) >= _FEWEST_DIGITS else None
