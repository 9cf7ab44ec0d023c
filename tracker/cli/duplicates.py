"""`tracker duplicates`: records that are likely of one customer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tracker.cli.context import (
    Cell,
    Column,
    example,
    format_option,
    load_day,
    plain_cell,
    print_data,
    print_table,
    tell,
    today_option,
)
from tracker.cli.query_argument import asked_for, query_argument
from tracker.cli.wording import Wording, tell_of_gaps
from tracker.library.duplicates import LIKELY, Evidence, Twins, find_twins
from tracker.library.likeness import marks_of
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from tracker.model import Customer

_REASONS = {
    "name": Message("the same name"),
    "core": Message("the same name without the place"),
    "branch": Message("the same name in another place"),
    "sound": Message("names that sound the same"),
    "near": Message("names that are like each other"),
    "contained": Message("one name stands in the other"),
    "short": Message("the same short name"),
    "phone": Message("the same telephone number {value}"),
    "wechat": Message("the same WeChat account {value}"),
    "email": Message("the same e-mail address {value}"),
    "website": Message("the same website {value}"),
    "domain": Message("e-mail addresses of the same company, {value}"),
    "contact": Message("a contact of the same name, {value}"),
}

_BETWEEN_REASONS = Message("; ")

_COLUMNS: dict[str, Callable[[Twins, Wording], Any]] = {
    "group": lambda twins, _: twins.group,
    "score": lambda twins, _: twins.score,
    "id": lambda twins, _: twins.one.id,
    "name": lambda twins, _: twins.one.name,
    "path": lambda twins, _: twins.one.path,
    "owner": lambda twins, _: twins.one.owner,
    "other_id": lambda twins, _: twins.other.id,
    "other_name": lambda twins, _: twins.other.name,
    "other_path": lambda twins, _: twins.other.path,
    "other_owner": lambda twins, _: twins.other.owner,
    "evidence": lambda twins, _: [each.kind for each in twins.evidence],
    "reasons": lambda twins, wording: [_reason(each, twins, wording) for each in twins.evidence],
}
"""The columns of a pair in their order, each with how it is read."""

_TITLES = {
    "group": Message("Group"),
    "score": Message("Score"),
    "name": Message("Customer"),
    "other_name": Message("Perhaps the same"),
    "reasons": Message("Why"),
}
"""The columns of a table with their titles."""


@click.command(
    epilog=example(
        "tracker duplicates",
        "tracker duplicates owner:李雷 --min-score 50",
        "tracker duplicates --format csv > duplicates.csv",
    )
)
@query_argument
@click.option(
    "--min-score",
    "least",
    type=click.IntRange(1, 100),
    default=LIKELY,
    show_default=True,
    metavar="N",
    help="Show pairs from this score on, of 100.",
)
@format_option
@today_option
def command(query: tuple[str, ...], least: int, form: str, today: date | None) -> int:
    """List records that are likely of one customer.

    Each pair has a score and its reasons. Names are compared without legal form and place, and by
    their sound; telephone numbers, WeChat accounts, websites, e-mail addresses and the mail hosts
    that belong to a company count too. A QUERY narrows the list to pairs in which it asks for one
    of the two. Records that belong together have the same group.

    For one customer: tracker merge-records A B. For two: not_duplicate_of in either record.
    `tracker docs duplicates` says how the score is made.
    """
    day = load_day(today, checked=bool(query))
    matches = asked_for(query, day)
    wanted = {standing.customer.path for standing in day.standings if matches(standing)}
    found = [
        twins
        for twins in find_twins(day.library, least)
        if twins.one.path in wanted or twins.other.path in wanted
    ]
    wording = Wording(day.library.config)
    if form != "table":
        rows = ({key: read(each, wording) for key, read in _COLUMNS.items()} for each in found)
        print_data(form, tuple(_COLUMNS), rows)
    elif found:
        print_table(
            [
                Column(wording.say(title), key in {"group", "score"})
                for key, title in _TITLES.items()
            ],
            [[Cell(_cell(key, each, wording)) for key in _TITLES] for each in found],
        )
    else:
        tell(wording.say(Message("no two records are likely of one customer")))
    tell_of_gaps(day, wording)
    return 0


def _reason(evidence: Evidence, twins: Twins, wording: Wording) -> str:
    message = _REASONS[evidence.kind]
    return wording.say(Message(message.template, {"value": _as_written(evidence, twins.one)}))


def _as_written(evidence: Evidence, customer: Customer) -> str:
    """Return what two records share as one of them has it: a number with its signs."""
    for contact in customer.contacts:
        for mark in marks_of("", (contact,)):
            if mark[:2] == evidence[:2]:
                written: str = getattr(contact, mark.kind)
                return written
    return evidence.value


def _cell(key: str, twins: Twins, wording: Wording) -> str:
    match key:
        case "name":
            return f"{twins.one.name} ({twins.one.id})"
        case "other_name":
            return f"{twins.other.name} ({twins.other.id})"
        case "reasons":
            # One of a kind; the rows for programs have all of them.
            kinds = {each.kind: each for each in reversed(twins.evidence)}
            reasons = [_reason(each, twins, wording) for each in reversed(kinds.values())]
            return wording.say(_BETWEEN_REASONS).join(reasons)
        case _:
            return plain_cell(_COLUMNS[key](twins, wording))
