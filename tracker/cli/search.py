"""`tracker search`: customers by any words of their records."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

import click

from tracker.cli.context import (
    example,
    format_option,
    is_terminal,
    load_day,
    print_data,
    printable,
    tell,
    today_option,
)
from tracker.cli.filters import OwnerFilter, owner_options
from tracker.cli.wording import Wording, tell_of_gaps
from tracker.errors import UsageError
from tracker.insight.search import SEARCH_COLUMNS, search, search_rows
from tracker.text import char_width, display_width
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from tracker.insight.search import Hit, Mark, Place

CUSTOMERS_SHOWN = 20
PLACES_SHOWN = 3
"""Places of one customer."""

_PLACES = {
    "name": Message("Customer"),
    "short": Message("Customer"),
    "contact": Message("Contact"),
    "quote": Message("Quote"),
    "contract": Message("Contract"),
    "tag": Message("Tag"),
    "company": Message("Company"),
    "standing": Message("Status"),
    "contacts": Message("Contacts"),
    "needs": Message("Needs analysis"),
    "offers": Message("Offers"),
    "deal": Message("Deal"),
    "lost": Message("Loss"),
    "notes": Message("Background and notes"),
}
"""What the places are called; dated sections go by their day."""

_INDENT = "  "
_WIDTH = 160
"""Cells of a line where no terminal is."""

_SHORTEST = 30
"""Cells of an excerpt on the narrowest terminal."""

_BEFORE = 20
"""Cells of an excerpt before the first hit."""


@click.command(
    epilog=example(
        "tracker search 恒达 报价",
        "tracker search hdjm",
        "tracker search 1234",
        "tracker search --mine delivery --format json",
    )
)
@click.argument("text", nargs=-1, required=True)
@owner_options("customers")
@click.option("--all", "everything", is_flag=True, help="Show all that was found, not the first.")
@format_option
@today_option
def command(  # noqa: PLR0913  # click passes each option as an argument
    *,
    text: tuple[str, ...],
    owner: tuple[str, ...],
    mine: bool,
    everything: bool,
    form: str,
    today: date | None,
) -> int:
    """Find customers by any words of their records.

    TEXT may be a part of a name, a contact, the end of a telephone number, a number of a quote or a
    contract, a tag, or words of follow-ups, needs and notes; names also in pinyin, in full or by
    initials. Of several words all must be there. The likeliest customers come first, each with the
    places where the words are.

    `tracker docs search` describes the rows of json, jsonl and csv.
    """
    if not any(part.strip() for part in text):
        raise UsageError(Message("there is nothing to look for"))
    day = load_day(today, checked=False)
    owners = OwnerFilter(owner, day.library, mine=mine)
    hits = search(day, " ".join(text), lambda standing: owners.takes(standing.customer.owner))
    wording = Wording(day.library.config)
    if form != "table":
        print_data(form, tuple(SEARCH_COLUMNS), search_rows(hits, day.library.config))
    elif hits:
        printer = _Printer(wording, everything=everything)
        click.echo("\n".join(printer.lines(hits)))
        if len(hits) > CUSTOMERS_SHOWN and not everything:
            more = Message(
                "customers found: {count}; the first {shown} are shown, all with: --all",
                {"count": len(hits), "shown": CUSTOMERS_SHOWN},
            )
            tell(wording.say(more))
    else:
        tell(wording.say(Message("nothing was found")))
    tell_of_gaps(day, wording)
    return 0


class _Printer:
    """Puts what was found into lines for people."""

    def __init__(self, wording: Wording, *, everything: bool) -> None:
        self._wording = wording
        self._config = wording.config
        self._customers = None if everything else CUSTOMERS_SHOWN
        self._places = None if everything else PLACES_SHOWN
        terminal = is_terminal(sys.stdout)
        self._width = shutil.get_terminal_size().columns if terminal else _WIDTH

    def lines(self, hits: Sequence[Hit]) -> Iterator[str]:
        """Yield the lines of what was found."""
        for number, hit in enumerate(hits[: self._customers]):
            if number:
                yield ""
            customer = hit.standing.customer
            stage = self._config.stages.label(customer.stage)
            side = " · ".join(part for part in (stage, customer.owner) if part)
            yield f"{click.style(_clean(customer.name), bold=True)}  {_clean(side)}".rstrip()
            yield from (self._line(hit, place) for place in hit.places[: self._places])
            if more := len(hit.places) - len(hit.places[: self._places]):
                yield _INDENT + self._wording.say(Message("… and {count} more", {"count": more}))

    def _line(self, hit: Hit, place: Place) -> str:
        where = f"{hit.standing.customer.path}:{place.line}"
        before = f"{_INDENT}{_clean(where)}  {_clean(self._place_name(place))}  "
        cells = max(self._width - display_width(before), _SHORTEST)
        return before + _marked(*excerpt(place.text, place.marks, cells))

    def _place_name(self, place: Place) -> str:
        if followup := place.followup:
            method = self._config.methods.label(followup.method)
            return f"{followup.date.isoformat()} {method}".rstrip()
        return self._wording.say(_PLACES[place.kind])


def excerpt(text: str, marks: Sequence[Mark], cells: int) -> tuple[str, tuple[Mark, ...]]:
    """Cut a text down to the neighbourhood of its first mark.

    Args:
        text: The text, one line.
        marks: What is to be seen in it, in order.
        cells: The most terminal cells that the excerpt takes.

    Returns:
        The excerpt, with `…` where something is left out, and the marks that are in it.
    """
    if display_width(text) <= cells:
        return text, tuple(marks)
    first = marks[0][0] if marks else 0
    start = _back(text, first, _BEFORE)
    end = _forward(text, start, cells - 2 * len("…"))
    if end == len(text):
        start = _back(text, end, cells - len("…"))
    head = "…" if start else ""
    shift = len(head) - start
    kept = tuple(
        (begin + shift, min(stop, end) + shift) for begin, stop in marks if start <= begin < end
    )
    return head + text[start:end] + ("…" if end < len(text) else ""), kept


def _back(text: str, at: int, cells: int) -> int:
    """Return how far before a place so many cells begin."""
    while at and (cells := cells - char_width(text[at - 1])) >= 0:
        at -= 1
    return at


def _forward(text: str, at: int, cells: int) -> int:
    """Return how far behind a place so many cells end."""
    while at < len(text) and (cells := cells - char_width(text[at])) >= 0:
        at += 1
    return at


def _marked(text: str, marks: Sequence[Mark]) -> str:
    parts = []
    done = 0
    for start, end in marks:
        parts += [_clean(text[done:start]), click.style(_clean(text[start:end]), "red", bold=True)]
        done = end
    return "".join([*parts, _clean(text[done:])])


def _clean(text: str) -> str:
    """Return a text as one line that cannot command the terminal."""
    return printable(text.replace("\n", " ").replace("\t", " "))
