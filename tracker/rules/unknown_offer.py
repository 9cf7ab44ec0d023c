"""A follow-up names a quote number that is not among the record's offers.

Why: a mistyped number leads nowhere, and a new quote belongs into `offers` with its amount and
terms.

Bad:

    ---
    name: Acme
    stage: proposal
    owner: Li Lei
    offers:
      - quote: Q-2026-031
        amount: 450000 USD
    ---

    ## 2026-11-20 14:30 call Li Lei

    - offer: Q-2026-013

Good:

    ---
    name: Acme
    stage: proposal
    owner: Li Lei
    offers:
      - quote: Q-2026-031
        amount: 450000 USD
    ---

    ## 2026-11-20 14:30 call Li Lei

    - offer: Q-2026-031
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.diagnostics import Problem, Severity, did_you_mean
from tracker.rules.rule import Origin, RecordCase
from tracker.text import fold, nearest
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

SEVERITY = Severity.WARNING
ORIGIN = Origin.RECORD


def check(case: RecordCase) -> Iterator[Problem]:
    """Yield a problem at each quote number that no offer has."""
    quotes = [offer.quote for offer in case.customer.offers if offer.quote]
    known = set(map(fold, quotes))
    for followup in case.customer.followups:
        for number in followup.offers:
            if fold(number) in known:
                continue
            near = nearest(number, quotes)
            yield Problem(
                "unknown-offer",
                case.place_of(number, followup.spans["offer"]),
                Message("‘{number}’ is not the quote number of an offer", {"number": number}),
                did_you_mean(near)
                if near
                else Message(
                    "add to the front matter, under offers: - quote: {number}", {"number": number}
                ),
            )
