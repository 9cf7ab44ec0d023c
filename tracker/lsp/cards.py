"""Cards of a customer, a contact, an offer, as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.cli.wording import Wording
from tracker.lsp.meanings import distance
from tracker.schema import CONTACT_FIELDS, OFFER_FIELDS, Field
from tracker.text import escape_marks
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.insight.day import Standing
    from tracker.lsp.page import Page
    from tracker.model import Contact, Offer

_BETWEEN = " · "
_MOST_PROMISES = 5


def customer_card(page: Page, standing: Standing) -> str:
    """Return who a customer is and how it stands: stage, next step, promises, contacts."""
    customer, status, config = standing.customer, standing.status, page.config
    wording = Wording(config)
    names = filter(None, (customer.name, customer.short))
    facts = (
        config.stages.label(customer.stage),
        config.levels.label(customer.level),
        customer.owner or "",
        wording.value(customer.value),
        wording.idle(status),
    )
    lines = [
        f"**{escape_marks(_BETWEEN.join(names))}**",
        escape_marks(_BETWEEN.join(filter(None, facts))),
    ]
    items = []
    if status.next and status.next.date:
        step = f"{wording.step(status.next)} ({distance(page, status.next.date)})"
        items.append(f"{page.say(Message('Next'))}: {step}")
    for promise in status.open_promises[:_MOST_PROMISES]:
        due = promise.commitment.due
        when = f" ({distance(page, due)})" if due else ""
        items.append(f"[ ] {promise.commitment.text}{when}")
    items += [
        _BETWEEN.join(filter(None, (contact.name, contact.title, contact.phone)))
        for contact in customer.contacts
    ]
    lines.append("\n".join(f"- {escape_marks(item)}" for item in items))
    lines.append(f"`{customer.path}`")
    return "\n\n".join(filter(None, lines))


def contact_card(page: Page, contact: Contact) -> str:
    """Return a contact with all that is known of it."""
    return _card(page, contact, CONTACT_FIELDS, contact.name)


def offer_card(page: Page, offer: Offer) -> str:
    """Return an offer with all that is known of it."""
    return _card(page, offer, OFFER_FIELDS, offer.quote or "")


def _card(page: Page, group: object, fields: Iterable[Field], title: str) -> str:
    wording = Wording(page.config)
    items = []
    for field in fields:
        value = getattr(group, field.key)
        if value not in (None, (), False, "", title):
            text = f"{wording.label(field)}: {wording.value(value, field)}"
            items.append(f"- {escape_marks(text)}")
    return "\n\n".join(filter(None, (f"**{escape_marks(title)}**", "\n".join(items))))
