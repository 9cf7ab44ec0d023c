"""`tracker set`: values of a record's front matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tracker.cli.completion import CUSTOMER, FIELD_ASSIGNMENT
from tracker.cli.context import example, load_records, tell, today_option
from tracker.cli.editing import (
    assigned,
    dry_run_option,
    new_problems,
    print_difference,
    refused,
    team_time,
    tell_problems,
)
from tracker.cli.find_customer import find_customer
from tracker.diagnostics import Problem
from tracker.library.record_files import open_record, records_locked, save_record
from tracker.translation import Message, translations

if TYPE_CHECKING:
    from datetime import date


@click.command(
    epilog=example(
        "tracker set 恒达精密 level=A expected_close=月底",
        "tracker set acme contacts+='Ann Lee' 'contacts.Ann Lee.phone=+44 20 7946 0958'",
        "tracker set hdjm tags+=华东 tags-=展会 lost.reason=价格",
        "tracker set acme value= --dry-run",
    )
)
@click.argument("customer", type=CUSTOMER)
@click.argument("assignments", metavar="KEY=VALUE…", nargs=-1, required=True, type=FIELD_ASSIGNMENT)
@dry_run_option
@today_option
def command(
    customer: str, assignments: tuple[str, ...], today: date | None, *, dry_run: bool
) -> int:
    """Set values of a customer.

    KEY is a key of the front matter, in English or Chinese, with dots for parts:
    needs.core, contacts.NAME.phone, offers.QUOTE.amount, deal.date. KEY=VALUE sets a value,
    KEY= empties it; KEY+=VALUE adds to a list and KEY-=VALUE takes from it; contacts+=NAME and
    offers+=QUOTE begin a new one. Days may be written in words. All other bytes of the file stay.
    """
    library = load_records()
    config = library.config
    path = find_customer(library, customer).path
    now = team_time(config, today)
    with records_locked(library.root):
        before = open_record(library.root, path, config)
        if isinstance(before, Problem):
            raise refused(before, path)
        after = assigned(before, assignments, config, now)
        if dry_run:
            print_difference(before.text, after.text, path)
        else:
            save_record(library.root, before, after)
    if after.data == before.data:
        say = translations(config.language).gettext
        tell(Message("{path}: all is so already", {"path": path}).render(say))
    elif not dry_run:
        click.echo(path)
    tell_problems(new_problems(library.root, config, before, after, now.date()), after, config)
    return 0
