"""Where the follow-ups of a file stand among each other and those of the record.

In a log every row tells the stage; in a record a follow-up tells the change that it made. In a
table of customers a plan stands beside the customer; in a record it stands in a dated section.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tracker.dates import read_date
from tracker.exchange.intake.contributions import Contribution

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tracker.exchange.intake.followups import FollowUpEntry
    from tracker.model import Customer, FollowUp

CHANGES = ("stage", "level")
"""What a follow-up changes of its customer."""


def with_plans_placed(
    contributions: list[Contribution], today: date, customer: Customer | None = None
) -> list[Contribution]:
    """Return contributions whose plans stand in sections of days that are known anyway.

    A plan that no follow-up made stands under the newest follow-up, so that this remains the last
    contact. Where there is none, or only one that has done the plan already, it stands under the
    day when the record was begun, from which idle days are counted then; or under its own day,
    where that is before, as nothing is planned for a day that has passed: only then do the idle
    days become more, as many as the plan is overdue.

    Args:
        contributions: What the rows say of one customer.
        today: The day of the import; what is dated later is no contact yet.
        customer: The customer, where it has a record.
    """
    entries = [entry for one in contributions for entry in one.followups]
    if not any(entry.is_plan for entry in entries):
        return contributions
    dated = [
        *(customer.followups if customer else ()),
        *(entry.followup for entry in entries if not entry.is_plan),
    ]
    past = [followup for followup in dated if followup.date <= today]
    newest = max(past, key=lambda followup: followup.order, default=None)
    begun = (customer.created if customer else None) or _begun(contributions)
    said = {
        (entry.followup.next.date, entry.followup.next.text)
        for entry in entries
        if entry.followup.next is not None and not entry.is_plan
    }

    def is_said(entry: FollowUpEntry) -> bool:
        """Tell whether a follow-up of the file makes the plan itself."""
        step = entry.followup.next
        return entry.is_plan and step is not None and (step.date, step.text) in said

    def placed(entry: FollowUpEntry) -> FollowUpEntry:
        step = entry.followup.next
        if not entry.is_plan or step is None or step.date is None:
            return entry
        if newest is not None and newest.date < step.date:
            return entry.moved_to(newest.date, newest.time, newest.order)
        day = min(filter(None, (begun, step.date, today)))
        return entry.moved_to(day, None, datetime.combine(day, time()))

    return [
        replace(one, followups=[placed(entry) for entry in one.followups if not is_said(entry)])
        for one in contributions
    ]


def plans_apart(
    contributions: Iterable[Contribution],
) -> tuple[list[Contribution], list[Contribution]]:
    """Return contributions without their plans, and what is left of those that have any.

    A plan stands in the follow-up that it is placed at, which a row further down may tell of.
    """
    rest, plans = [], []
    for one in contributions:
        apart = [entry for entry in one.followups if entry.is_plan]
        if apart:
            plans.append(Contribution(one.origins, followups=apart))
            one = replace(one, followups=[each for each in one.followups if not each.is_plan])  # noqa: PLW2901  # what is left of it
        rest.append(one)
    return rest, plans


def _begun(contributions: Iterable[Contribution]) -> date | None:
    """Return the day on which rows say that the record was begun."""
    days = (read_date(text) for one in contributions if (text := one.text("created")))
    return next((day for day in days if isinstance(day, date)), None)


def without_repeated_changes(
    contributions: list[Contribution], customer: Customer | None = None
) -> list[Contribution]:
    """Return contributions whose follow-ups name a stage or level only where it changes.

    In a log every row tells the stage; in a record a follow-up tells the change that it made.
    Numbered follow-ups stand as they are.

    Args:
        contributions: What the rows say of one customer.
        customer: The customer, where it has a record.
    """
    dated = sorted(
        (entry.followup.order, at, index)
        for at, contribution in enumerate(contributions)
        for index, entry in enumerate(contribution.followups)
        if entry.number is None and (entry.followup.stage or entry.followup.level)
    )
    if not dated:
        return contributions
    result = [replace(one, followups=list(one.followups)) for one in contributions]
    known = customer.chronological if customer else ()
    last: dict[str, str | None] = {
        key: next(
            (
                getattr(one, key).new
                for one in reversed(known)
                if getattr(one, key) and one.order <= dated[0][0]
            ),
            None,
        )
        for key in CHANGES
    }
    for _, at, index in dated:
        entry = result[at].followups[index]
        gone = set()
        for key in CHANGES:
            change = getattr(entry.followup, key)
            if change is None:
                continue
            if change.new == last[key]:
                gone.add(key)
            last[key] = change.new
        if gone:
            result[at].followups[index] = replace(
                entry,
                draft=replace(
                    entry.draft,
                    fields=[pair for pair in entry.draft.fields if pair[0].key not in gone],
                ),
                followup=replace(
                    entry.followup,
                    stage=None if "stage" in gone else entry.followup.stage,
                    level=None if "level" in gone else entry.followup.level,
                ),
            )
    return result


def newest_changes(
    contributions: Iterable[Contribution],
) -> Iterator[tuple[str, Contribution, FollowUp]]:
    """Yield the newest follow-up that tells the stage, and the one that tells the level.

    Numbered follow-ups are passed over: their file says itself what the customer's are.

    Args:
        contributions: What the rows say of one customer.

    Yields:
        `stage` or `level`, the row, and its follow-up.
    """
    told = [
        (one, entry.followup)
        for one in contributions
        for entry in one.followups
        if entry.number is None
    ]
    for key in CHANGES:
        telling = [pair for pair in told if getattr(pair[1], key)]
        if telling:
            # At the same moment the later row is the newer one, as in a record.
            yield (key, *max(reversed(telling), key=lambda pair: pair[1].order))
