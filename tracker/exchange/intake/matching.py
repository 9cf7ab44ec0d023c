"""Which part of a record a row tells of: a contact, an offer, a line of the deal, a follow-up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tracker.exchange.intake.contributions import is_stand_in
from tracker.exchange.intake.targets import CONTACTS, ITEMS, OFFERS
from tracker.exchange.intake.told import squeezed
from tracker.format.comparison import content_of
from tracker.format.values import read_value
from tracker.library.likeness import normal_phone
from tracker.schema import Field, by_spelling
from tracker.text import fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tracker.config import Config
    from tracker.exchange.intake.cells import Value
    from tracker.model import Customer, FollowUp

LISTS = {CONTACTS: ("contacts",), OFFERS: ("offers",), ITEMS: ("deal", "items")}
"""Where in a record the lists of groups stand."""

TELLS = {CONTACTS: ("name",), OFFERS: ("quote",), ITEMS: ("name",)}
"""The keys by which the groups of a list are told apart."""


def groups_of(customer: Customer, group: str) -> Sequence[Any]:
    """Return the groups of a list of a record."""
    there: Any = customer
    for key in LISTS[group]:
        there = getattr(there, key, None) or ()
    return tuple(there)


def is_same_group(group: str, there: object, values: Mapping[str, Value], config: Config) -> bool:
    """Tell whether a group of a record is the one that a row means.

    Args:
        group: Which list it is of: `CONTACTS`, `OFFERS` or `ITEMS`.
        there: The record's group.
        values: The row's values by key.
        config: The workspace's settings.
    """
    if group == CONTACTS and is_stand_in(values):
        reached = _is_reached_so(there, values)
        if reached is not None:
            return reached
    for key in TELLS[group]:
        value, known = values.get(key), getattr(there, key)
        if value and known:
            return fold(str(value)) == fold(known)
    if group == CONTACTS:
        return bool(_is_reached_so(there, values))
    if group == OFFERS:
        if values.get("quote") or getattr(there, "quote", None):
            return False
        # Without a number an offer is told by what it offers, when.
        told = [
            (field, values.get(field.key), getattr(there, field.key))
            for field in by_spelling(_offer_fields(config)).values()
            if field.key in {"date", "product", "amount", "summary"}
        ]
        return all(
            (value is None) == (known is None)
            and (not isinstance(value, str) or read_value(field, value, config) == known)
            for field, value, known in told
        )
    return False


def _is_reached_so(contact: object, values: Mapping[str, Value]) -> bool | None:
    """Tell whether a contact has a number or address of a row's; None where neither tells."""
    told: bool | None = None
    for key, comparable in (("phone", normal_phone), ("email", fold), ("wechat", fold)):
        value, known = values.get(key), getattr(contact, key, None)
        if isinstance(value, str) and known:
            if comparable(value) == comparable(known):
                return True
            told = False
    return told


def _offer_fields(config: Config) -> tuple[Field, ...]:
    return next(field.children for field in config.front_matter_fields if field.key == "offers")


def likeness_of(followup: FollowUp) -> tuple[object, ...]:
    """Return what is the same in follow-ups that cannot be told apart."""
    return (followup.order, followup.method, fold(followup.who), squeezed(followup.summary))


def heading_of(followup: FollowUp) -> tuple[object, ...]:
    """Return what the heading of a follow-up says; no two of a record should say the same."""
    return (followup.order, followup.time, followup.method, followup.who)


def plans_the_same(new: FollowUp, known: FollowUp) -> bool:
    """Tell whether two follow-ups make one plan."""
    if known.next is None or new.next is None:
        return False
    return (known.next.date, known.next.text) == (new.next.date, new.next.text)


def is_same_followup(new: FollowUp, known: FollowUp) -> bool:
    """Tell whether a follow-up of a record is the one that a row tells of.

    Its day, method and author are the same, its time where both have one; and what was said, to
    whom, or more than that. One that only makes a plan is there where the plan is.
    """
    if not new.summary and new.next and not new.commitments and not new.who:
        return plans_the_same(new, known)
    if new.date != known.date or (new.time and known.time and new.time != known.time):
        return False
    if new.method and known.method and new.method != known.method:
        return False
    if (new.who and fold(new.who) != fold(known.who)) or _says_more(new, known):
        return False
    mine, theirs = squeezed(new.summary), squeezed(known.summary)
    if mine or theirs:
        return mine == theirs or bool(mine and mine in theirs)
    return _adds_nothing(new, known)


def _adds_nothing(new: FollowUp, known: FollowUp) -> bool:
    """Tell whether a follow-up without a summary says what another one without one does."""
    changes = ((new.stage, known.stage), (new.level, known.level))
    if any(change and (there is None or change.new != there.new) for change, there in changes):
        return False  # What it was before, people may have written into the record.
    return not any(_said(new)) or _said(new) == _said(known)


def _says_more(new: FollowUp, known: FollowUp) -> bool:
    """Tell whether a row names people or plain fields that a follow-up of a record does not."""
    if known.contacts and not set(map(fold, new.contacts)) <= set(map(fold, known.contacts)):
        return True
    texts = known.texts
    return any(squeezed(text) != squeezed(texts.get(key, "")) for key, text in new.texts.items())


def _said(followup: FollowUp) -> tuple[object, ...]:
    """Return what a follow-up without a summary says."""
    step = followup.next
    return (
        dict(followup.texts),
        dict(followup.fields),
        followup.attitude,
        followup.attitude_note,
        followup.offers,
        content_of(followup.service),
        [commitment.text for commitment in followup.commitments],
        step and (step.date, step.text),
    )
