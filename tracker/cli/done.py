"""`tracker done`: promises that have been kept."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from tracker.cli.completion import CUSTOMER
from tracker.cli.context import example, is_terminal, load_records, printable, tell, today_option
from tracker.cli.editing import (
    dry_run_option,
    past_moment,
    print_difference,
    refused,
    team_time,
    tell_understood,
)
from tracker.cli.find_customer import find_customer
from tracker.diagnostics import Problem
from tracker.errors import UsageError
from tracker.format.editor import tick_commitments
from tracker.library.record_files import open_record, records_locked, save_record
from tracker.text import fold, is_ascii_digits
from tracker.translation import Message, translations

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from tracker.model import Commitment, Customer

_NEAR = 60
"""Least share of a promise's words, of 100, at which a text that is no part of it may mean it."""


@click.command(
    epilog=example(
        "tracker done 恒达精密 报价",
        "tracker done acme send the quote --on yesterday",
        "tracker done hdjm",
        "tracker done acme --all",
    )
)
@click.argument("customer", type=CUSTOMER)
@click.argument("text", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Tick all open promises.")
@click.option(
    "--on",
    "when",
    metavar="WHEN",
    help="The day it was done: none to come, nor before it was promised. Default: today.",
)
@dry_run_option
@today_option
def command(  # noqa: PLR0913  # click passes each option as an argument
    customer: str,
    text: tuple[str, ...],
    when: str | None,
    today: date | None,
    *,
    everything: bool,
    dry_run: bool,
) -> int:
    """Tick a promise of a customer.

    TEXT is a part of the promise; without it the only open one is meant. Where several fit, a
    person at a terminal is asked; otherwise they are listed. The day is written beside it, so
    that it counts as kept or as late.
    """
    library = load_records()
    config = library.config
    say = translations(config.language).gettext
    path = find_customer(library, customer).path
    now = team_time(config, today)
    day = now.date()
    if when is not None:
        moment = past_moment(when, now, "--on")
        day = moment.date
        tell_understood([(when, moment)], config)
        if day > now.date():
            raise UsageError(
                Message(
                    "{option}: {day} has not come yet, so nothing can have been done then",
                    {"option": "--on", "day": day.isoformat()},
                )
            )
    with records_locked(library.root):
        before = open_record(library.root, path, config)
        if isinstance(before, Problem):
            raise refused(before, path)
        waiting = open_promises(before.customer)
        if not waiting:
            tell(
                Message("{path}: nothing is promised that is not done", {"path": path}).render(say)
            )
            return 0
        chosen = waiting if everything else [_chosen(waiting, " ".join(text), say)]
        if when is not None:
            _require_made_by(day, before.customer, chosen)
        after = tick_commitments(before, config, chosen, day)
        if isinstance(after, Problem):
            raise refused(after, path)
        if dry_run:
            print_difference(before.text, after.text, path)
            return 0
        save_record(library.root, before, after)
    for promise in chosen:
        click.echo(f"{path}:{promise.span.line}: {printable(promise.text)}")
    return 0


def open_promises(customer: Customer) -> list[Commitment]:
    """Return the promises that are not ticked, in the order of the file."""
    return [
        promise
        for followup in customer.followups
        for promise in followup.commitments
        if not promise.done
    ]


def _require_made_by(day: date, customer: Customer, promises: Sequence[Commitment]) -> None:
    """See to it that no promise is said to have been kept before it was made.

    Raises:
        UsageError: One of them would be.
    """
    for followup in customer.followups:
        for promise in followup.commitments:
            if promise in promises and day < followup.date:
                raise UsageError(
                    Message(
                        "{option}: ‘{text}’ was promised on {made}, so it cannot have been done "
                        "on {day}",
                        {
                            "option": "--on",
                            "text": printable(promise.text),
                            "made": followup.date.isoformat(),
                            "day": day.isoformat(),
                        },
                    )
                )


def _chosen(waiting: Sequence[Commitment], text: str, say: Callable[[str], str]) -> Commitment:
    """Return the promise that a text means, and ask where it means several.

    Raises:
        UsageError: It means none, or several and nobody can be asked.
    """
    folded = fold(text)
    found = [promise for promise in waiting if folded in fold(promise.text)]
    found = [promise for promise in found if fold(promise.text) == folded] or found
    if not found:
        found = _near(waiting, text)
        if not found:
            raise UsageError(
                Message(
                    "no open promise has ‘{text}’; open are: {promises}",
                    {"text": text, "promises": _listed(waiting)},
                )
            )
        if not (is_terminal(sys.stdin) and is_terminal(sys.stderr)):
            raise UsageError(
                Message(
                    "no open promise has ‘{text}’; did you mean: {promises}?",
                    {"text": text, "promises": _listed(found)},
                )
            )
    elif len(found) == 1:
        return found[0]
    if not (is_terminal(sys.stdin) and is_terminal(sys.stderr)):
        raise UsageError(
            Message(
                "more than one promise may be meant: {promises}; name one by a part of its text",
                {"promises": _listed(found)},
            )
        )
    return _asked(found, say)


def _asked(found: Sequence[Commitment], say: Callable[[str], str]) -> Commitment:
    """Ask the person at the terminal for one of several."""
    for number, promise in enumerate(found, start=1):
        due = f" @{promise.due.isoformat()}" if promise.due else ""
        tell(f"{number:>3}  {printable(promise.text)}{due}")
    while True:
        question = Message("Which one is done? 1-{last}", {"last": len(found)}).render(say)
        answer = click.prompt(question, err=True).strip()
        if is_ascii_digits(answer) and 1 <= int(answer) <= len(found):
            return found[int(answer) - 1]


def _near(waiting: Sequence[Commitment], text: str) -> list[Commitment]:
    # Imported late: only a text that is no part of a promise needs it.
    from rapidfuzz import fuzz

    return [
        promise
        for promise in waiting
        if fuzz.partial_ratio(fold(text), fold(promise.text)) >= _NEAR
    ]


def _listed(promises: Sequence[Commitment]) -> tuple[Message, ...]:
    return tuple(Message("‘{text}’", {"text": printable(promise.text)}) for promise in promises)
