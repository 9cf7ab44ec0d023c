"""A due day was moved without a word.

Why: a day that moves by itself makes every promise a kept one. Who needs longer says so: in a
follow-up of its own, in the words of the promise, or in the section that holds it. A promise whose
day is taken away is moved too; one that gets its first day is not. The day of a next step counts
likewise, where it was changed in place. `tracker check --since REV` finds it.

Bad:

     ---
     name: Acme
     stage: won
     owner: Li Lei
     deal: {date: 2026-11-02, amount: 480 EUR}
     ---

     ## 2026-11-20 14:30 call Li Lei

     Asked about delivery.

    -- [ ] send the manual @2026-11-25
    +- [ ] send the manual @2026-11-29

Good:

     ---
     name: Acme
     stage: won
     owner: Li Lei
     deal: {date: 2026-11-02, amount: 480 EUR}
     ---

    +## 2026-11-24 09:00 call Li Lei
    +
    +Wang Fang is away until the 29th, so the manual can wait.
    +
     ## 2026-11-20 14:30 call Li Lei

     Asked about delivery.

    -- [ ] send the manual @2026-11-25
    +- [ ] send the manual @2026-11-29
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.diagnostics import Problem, Severity
from tracker.library.followup_versions import section_text
from tracker.rules.rule import ChangeCase, Origin
from tracker.text import fold
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.library.comparison import RecordChange
    from tracker.model import FollowUp

SEVERITY = Severity.WARNING
ORIGIN = Origin.CHANGE

_HINT = Message("say in a new follow-up why, or beside the promise")


def check(case: ChangeCase) -> Iterator[Problem]:
    """Yield a problem at each promise and next step whose day was moved in silence."""
    change = case.change
    if change.followups.added:
        return
    for pair in change.promises:
        if not (pair.old and pair.new):
            continue
        (old_section, old), (new_section, new) = pair.old, pair.new
        moved = old.due is not None and old.due != new.due
        if (
            moved
            and fold(old.text) == fold(new.text)
            and _same_words(old_section, new_section, change)
        ):
            yield Problem("change-due-moved", new.span, _moved(old.due, new.due), _HINT)
    for old_section, new_section in change.followups.kept:
        step, now = old_section.next, new_section.next
        if not (step and step.date and now) or step.date == now.date:
            continue
        # An ended plan has no day any more, but says so itself.
        if (
            now.date
            and fold(step.text) == fold(now.text)
            and _same_words(old_section, new_section, change)
        ):
            yield Problem("change-due-moved", now.span, _moved(step.date, now.date), _HINT)


def _moved(old: object, new: object) -> Message:
    if new is None:
        return Message("the due day {old} was taken away without a word", {"old": old})
    return Message("the day was moved from {old} to {new} without a word", {"old": old, "new": new})


def _same_words(old: FollowUp, new: FollowUp, change: RecordChange) -> bool:
    """Tell whether the section says nothing new beside the day."""
    if not (change.before and change.after):
        return False
    texts = section_text(old, change.before), section_text(new, change.after)
    before, after = (
        text.replace(each.next.date.isoformat(), "") if each.next and each.next.date else text
        for text, each in zip(texts, (old, new), strict=True)
    )
    return len(after) <= len(before)
