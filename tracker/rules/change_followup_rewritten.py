"""A follow-up that was written down says something else now.

Why: the dated sections are what the team remembers of a customer, and others have already acted on
them. What turned out otherwise is said in a later one.

Found is another day, time or method, another name in the heading, another attitude, stage or level
than was written; a promise that is gone; and a text of which more is gone than a typing error
takes: more than 3 characters and more than a tenth of it. What is only added is fine, and so are
promises ticked or worded otherwise. `tracker check --since REV` finds it.

Bad:

     ---
     name: Acme
     stage: won
     owner: Li Lei
     deal: {date: 2026-11-02, amount: 480 EUR}
     ---

     ## 2026-11-20 14:30 call Li Lei

    -They were angry about the price, and want two weeks more.
    +All is well.

Good:

     ---
     name: Acme
     stage: won
     owner: Li Lei
     deal: {date: 2026-11-02, amount: 480 EUR}
     ---

     ## 2026-11-20 14:30 call Li Lei

    -They were angry about the prise, and want two weeks more.
    +They were angry about the price, and want two weeks more.
    +
    +Wang Fang called later: four weeks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapidfuzz.distance import LCSseq

from tracker.diagnostics import Problem, Severity
from tracker.library.followup_versions import section_text
from tracker.rules.rule import ChangeCase, Origin
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.model import FollowUp

SEVERITY = Severity.WARNING
ORIGIN = Origin.CHANGE

TYPO_CHARACTERS = 3
"""Characters that may go with a typing error."""

TYPO_SHARE = 0.1
"""Share of a text that may go with typing errors."""

_HINT = Message("put back what it said, and say in a new follow-up what is different now")


def check(case: ChangeCase) -> Iterator[Problem]:
    """Yield a problem at the heading of each follow-up that lost what it said."""
    change = case.change
    if not (change.before and change.after):
        return
    lost_promises = {pair.old[0].span.line for pair in change.promises if pair.old and not pair.new}
    for old, new in change.followups.kept:
        if _facts_differ(old, new):
            message = Message("the facts of this follow-up were rewritten")
        elif _is_lost(section_text(old, change.before), section_text(new, change.after)):
            message = Message("the text of this follow-up was rewritten")
        elif old.span.line in lost_promises:
            message = Message("a promise of this follow-up was removed")
        else:
            continue
        yield Problem("change-followup-rewritten", new.span, message, _HINT)


def _facts_differ(old: FollowUp, new: FollowUp) -> bool:
    """Tell whether something that was written is different; what is added does not count."""
    return any(
        before is not None and before != after
        for before, after in zip(_facts(old), _facts(new), strict=True)
    )


def _facts(followup: FollowUp) -> tuple[object, ...]:
    return (
        followup.date,
        followup.time,
        followup.method,
        followup.who if followup.who_written else None,
        followup.attitude,
        followup.stage.new if followup.stage else None,
        followup.level.new if followup.level else None,
    )


def _is_lost(old: str, new: str) -> bool:
    """Tell whether more of a text is gone than a typing error takes."""
    gone = len(old) - LCSseq.similarity(old, new)
    return gone > max(TYPO_CHARACTERS, TYPO_SHARE * len(old))
