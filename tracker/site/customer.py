"""`customers/ID.html`: everything known about one customer, on screen and as the paper form."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.exchange.icalendar import has_events
from tracker.library.stage_history import days_in_stages
from tracker.site.moves import SHOWN, history_rows
from tracker.site.page import Page
from tracker.site.urls import beside, followup_anchor

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from tracker.config import Config, Stage
    from tracker.diagnostics import Diagnostic
    from tracker.library.library import Entry
    from tracker.library.status import Plan, Promise
    from tracker.model import Customer, FieldValue, FollowUp
    from tracker.schema import Field
    from tracker.site.page import Row, Site


class FollowUpView(Struct, frozen=True):
    """A follow-up with what became of what it brought.

    Attributes:
        followup: The follow-up.
        anchor: Its place on the page.
        plan: The next step that it set; None where it set none or ended the plan.
        promises: Its commitments.
        declared: The workspace's own fields with their values.
    """

    followup: FollowUp
    anchor: str
    plan: Plan | None
    promises: tuple[Promise, ...]
    declared: tuple[tuple[Field, FieldValue], ...]


class StageStep(Struct, frozen=True):
    """A stage on the customer's way.

    Attributes:
        id: Id of the stage.
        stage: The stage; None where `tracker.yaml` does not know it any more.
        since: The day it was entered.
        days: Days spent in it until the next one, or until the day of the site.
    """

    id: str
    stage: Stage | None
    since: date
    days: int


class Sieve(Struct, frozen=True):
    """What the follow-ups of a customer can be narrowed down by.

    Attributes:
        key: `method`, `who` (whoever followed up) or `with` (a contact).
        choices: Each value with its label and the number of follow-ups that have it, the most
            frequent first.
    """

    key: str
    choices: tuple[tuple[str, str, int], ...]


def customer_page(site: Site, row: Row) -> Page:
    """Return the page of a customer."""
    customer, status = row.customer, row.status
    anchored = tuple(anchored_followups(customer))
    edit = site.edits.get(customer.path)
    return Page(
        row.address,
        "customer.html",
        {
            "site": site,
            "row": row,
            "followups": followup_views(site, row),
            "sieves": sieves(customer, site.config),
            "along": site.neighbours(row),
            "edited": edit,
            "moves": history_rows(
                customer,
                site.git.history.of(customer.path),
                anchored,
                site.today,
                changed_since=edit is not None and edit.changed_since,
            ),
            "moves_shown": SHOWN,
            "moves_gap": next((gap.message for gap in site.git.history.gaps if gap.is_part), None),
            "stage_path": [
                StageStep(entry.stage, site.config.stages.get(entry.stage), entry.date, days)
                for entry, days in days_in_stages(status.stage_history, site.today)
            ],
            "declared": declared_values(site.config.fields, customer.fields),
            "problems": row.standing.diagnostics,
            "calendar": beside(row.address, "ics") if has_events(status) else None,
            "cards": beside(row.address, "vcf") if customer.contacts else None,
        },
        record=customer.path,
    )


def unreadable_page(site: Site, entry: Entry, problems: Sequence[Diagnostic]) -> Page:
    """Return the page of a record that could not be read: its problems and its raw text."""
    return Page(
        site.urls.records[entry.path],
        "unreadable.html",
        {"site": site, "entry": entry, "problems": problems},
    )


def followup_views(site: Site, row: Row) -> list[FollowUpView]:
    """Return the follow-ups of a customer, the newest first."""
    plans = {id(plan.made_at): plan for plan in row.status.plans}
    promises: defaultdict[int, list[Promise]] = defaultdict(list)
    for promise in row.status.promises:
        promises[id(promise.made_at)].append(promise)
    return [
        FollowUpView(
            followup,
            anchor,
            plans.get(id(followup)),
            tuple(promises.get(id(followup), ())),
            declared_values(site.config.followup_fields, followup.fields),
        )
        for followup, anchor in anchored_followups(row.customer)
    ]


def sieves(customer: Customer, config: Config) -> tuple[Sieve, ...]:
    """Return what narrows the follow-ups down: only what has more than one value."""
    found = {
        "method": Counter(entry.method for entry in customer.followups if entry.method),
        "who": Counter(entry.who for entry in customer.followups if entry.who),
        "with": Counter(name for entry in customer.followups for name in set(entry.contacts)),
    }
    return tuple(
        Sieve(
            key,
            tuple(
                (value, config.methods.label(value) if key == "method" else value, count)
                for value, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
            ),
        )
        for key, counts in found.items()
        if len(counts) > 1
    )


def anchored_followups(customer: Customer) -> Iterator[tuple[FollowUp, str]]:
    """Yield the follow-ups of a customer with their places on the page, the newest first."""
    seen: defaultdict[str, int] = defaultdict(int)
    for followup in reversed(customer.chronological):
        anchor = followup_anchor(followup.date, followup.time)
        seen[anchor] += 1
        yield followup, anchor if seen[anchor] == 1 else f"{anchor}-{seen[anchor]}"


def declared_values(
    fields: Sequence[Field], values: Mapping[str, FieldValue]
) -> tuple[tuple[Field, FieldValue], ...]:
    """Return the workspace's own fields that have a value, in the order of `tracker.yaml`."""
    return tuple((field, values[field.key]) for field in fields if field.key in values)
