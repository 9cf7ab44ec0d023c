"""Somebody who is not in `owners` of tracker.yaml is named as a salesperson.

Why: a mistyped name is a salesperson of its own, with a page and numbers that are missing from
somebody else's. The record's owner, the names in headings and the `@who` of commitments are
checked; a commitment may also be a contact's. Without `owners` every name is taken.

Bad, with `owners: [Li Lei, Han Meimei]` in tracker.yaml:

    ---
    name: Acme
    stage: proposal
    owner: Li Leii
    ---

Good, with `owners: [Li Lei, Han Meimei]` in tracker.yaml:

    ---
    name: Acme
    stage: proposal
    owner: Li Lei
    ---
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tracker.diagnostics import Problem, Severity, did_you_mean
from tracker.rules.rule import Origin, RecordCase
from tracker.text import fold
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.diagnostics import Span

SEVERITY = Severity.WARNING
ORIGIN = Origin.RECORD

_AND = re.compile(r"\s*[、,，;；/&+]\s*|\s+and\s+", re.IGNORECASE)


def check(case: RecordCase) -> Iterator[Problem]:
    """Yield a problem at each name that is no salesperson's."""
    if not case.config.owners:
        return
    for name, span in _unknown_names(case):
        near = case.config.owners.nearest(name)
        yield Problem(
            "unknown-owner",
            span,
            Message("‘{name}’ is not one of owners in tracker.yaml", {"name": name}),
            did_you_mean(near)
            if near
            else Message("add the name under owners: in tracker.yaml, or correct it"),
        )


def _unknown_names(case: RecordCase) -> Iterator[tuple[str, Span]]:
    owners = case.config.owners
    customer = case.customer
    contacts = {fold(contact.name) for contact in customer.contacts}
    if customer.owner and not owners.find(customer.owner):
        yield customer.owner, customer.span("owner")
    for followup in customer.followups:
        if followup.who_written and not owners.find(followup.who):
            for name in _AND.split(followup.who):
                if name and not owners.find(name):
                    yield name, case.place_of(name, followup.span)
        for commitment in followup.commitments:
            who = commitment.who
            if who and not owners.find(who) and fold(who) not in contacts:
                yield who, case.place_of(who, commitment.span)
