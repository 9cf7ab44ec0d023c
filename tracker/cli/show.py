"""`tracker show`: one customer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from tracker.cli.card import card_lines
from tracker.cli.completion import CUSTOMER
from tracker.cli.context import example, load_day, print_bytes, today_option
from tracker.cli.find_customer import find_customer
from tracker.cli.wording import Wording
from tracker.insight.record_json import record_json

if TYPE_CHECKING:
    from datetime import date

FOLLOWUPS_SHOWN = 5


@click.command(epilog=example("tracker show 恒达精密", "tracker show hengda-jingmi --format json"))
@click.argument("customer", type=CUSTOMER)
@click.option(
    "--all", "everything", is_flag=True, help="Show all follow-ups and notes, not the newest only."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="A card for people, or the whole record as JSON.",
)
@today_option
def command(customer: str, form: str, today: date | None, *, everything: bool) -> int:
    """Show one customer.

    CUSTOMER is an id, a file, a name, a short name, a part of one, or a name in pinyin, in full or
    by its initials. Where several fit, you are asked.
    """
    day = load_day(today)
    standing = day.standing_of(find_customer(day.library, customer))
    config = day.library.config
    if form == "json":
        record = record_json(standing, config, day.today)
        print_bytes(json.dumps(record, ensure_ascii=False, indent=2) + "\n")
        return 0
    limit = None if everything else FOLLOWUPS_SHOWN
    click.echo("\n".join(card_lines(standing, Wording(config), limit)))
    return 0
