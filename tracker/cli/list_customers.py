"""`tracker list`: rows of customers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import click

from tracker.cli.completion import columns_of, names_of, word_of
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
    workspace,
)
from tracker.cli.filters import OwnerFilter, owner_options, term_of, unknown_word, words_of
from tracker.cli.language import spoken_language
from tracker.cli.query_argument import asked_for, query_argument
from tracker.cli.wording import Wording, tell_of_gaps
from tracker.config import builtin_terms
from tracker.insight.rows import FURTHER_TITLES, ROW_COLUMNS, ROW_TITLES, query_row, row_of
from tracker.library.status import NextState
from tracker.money import Money, grouped_amount
from tracker.schema import Kind, by_spelling
from tracker.text import fold, nearest
from tracker.translation import Message, translations
from tracker.vocabulary import NEXT_STATES, STALE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date
    from decimal import Decimal

    from tracker.config import Config, Terms
    from tracker.insight.day import Standing
    from tracker.schema import Field

TABLE_COLUMNS = ("name", "stage", "level", "owner", "next", "state", "idle_days")
"""What a table shows where no columns are asked for."""

COLUMN_TITLES = {**ROW_TITLES, "next": Message("Next step"), "state": Message("State")}
"""What the columns of a table are called."""

_TITLES = {**COLUMN_TITLES, **FURTHER_TITLES}
_TABLE_ONLY = ("next", "state")
_NUMERIC = frozenset(
    {
        "value",
        "weighted_value",
        "followups",
        "days_overdue",
        "idle_days",
        "open_commitments",
        "overdue_commitments",
        "problems",
    }
)
_STATE_ORDER = {state: rank for rank, state in enumerate(NextState)}


@click.command(
    epilog=example(
        "tracker list --state overdue --owner 李雷",
        "tracker list 'level:A,B value>100000 next<7d'",
        "tracker list --level A,B --sort stage,-value --columns name,stage,value,currency",
        "tracker list --format csv > customers.csv",
    )
)
@query_argument
@owner_options("customers")
@click.option(
    "--stage",
    type=word_of("stages", several=True),
    multiple=True,
    metavar="WORD,…",
    help="Only customers in these stages.",
)
@click.option(
    "--level",
    type=word_of("levels", several=True),
    multiple=True,
    metavar="WORD,…",
    help="Only customers of these levels.",
)
@click.option(
    "--state",
    type=names_of((word.id for word in (*NEXT_STATES, STALE)), several=True),
    multiple=True,
    metavar="WORD,…",
    help="Only customers whose next step is overdue, today, planned or none, or who are stale.",
)
@click.option(
    "--sort",
    type=columns_of((*COLUMN_TITLES, *FURTHER_TITLES), signed=True),
    metavar="COLUMN,…",
    help="Order by these columns; -COLUMN for the largest first. What is absent comes last. "
    "Amounts are compared by the rates in tracker.yaml; currencies without a rate follow, each by "
    "itself. Default: by file.",
)
@click.option(
    "--columns",
    type=columns_of((*COLUMN_TITLES, *FURTHER_TITLES)),
    metavar="COLUMN,…",
    help="Print these columns; a heading names its column too, in Chinese or in English. "
    f"Default: the main ones in a table, else all of {', '.join(ROW_COLUMNS)}. Who asks for them "
    f"gets {', '.join(FURTHER_TITLES)} and your own fields too; a table also has: "
    f"{', '.join(_TABLE_ONLY)}.",
)
@format_option
@today_option
def command(  # noqa: PLR0913, PLR0917  # click passes each option as an argument
    query: tuple[str, ...],
    owner: tuple[str, ...],
    stage: tuple[str, ...],
    level: tuple[str, ...],
    state: tuple[str, ...],
    sort: str | None,
    columns: str | None,
    form: str,
    today: date | None,
    *,
    mine: bool,
) -> int:
    """List the customers, or those that a QUERY asks for.

    `tracker docs query` tells what a query such as `stage:proposal level:A,B value>100000
    is:overdue` can ask for. Quote it, so that the shell leaves < and > alone; one that begins with
    - stands after --.

    The options are filters too: all are and-ed, each may be given more than once, and the words of
    one are or-ed. Words are understood in Chinese and in English.
    """
    chosen = _columns(columns, form)
    keys = _sort_keys(sort)
    # A query may ask for anything; the other columns take no look at the problems of all records.
    counted = "problems" in (*chosen, *(column for column, _ in keys))
    day = load_day(today, checked=counted or bool(query))
    config = day.library.config
    owners = OwnerFilter(owner, day.library, mine=mine)
    wanted = [
        asked_for(query, day),
        lambda standing: owners.takes(standing.customer.owner),
        _by_word("--stage", stage, config.stages, lambda standing: standing.customer.stage),
        _by_word("--level", level, config.levels, lambda standing: standing.customer.level),
        _by_state(state, config),
    ]
    standings = [
        standing for standing in day.standings if all(matches(standing) for matches in wanted)
    ]
    standings = _sorted(standings, keys, config)
    wording = Wording(config)
    if form == "table":
        _print_table(chosen, standings, wording)
    else:
        read = row_of if ROW_COLUMNS.keys() >= set(chosen) else query_row
        print_data(form, chosen, (read(standing, config) for standing in standings))
    tell_of_gaps(day, wording)
    return 0


# --- Columns and order ------------------------------------------------------------------------


def _columns(text: str | None, form: str) -> tuple[str, ...]:
    """Return the columns to print.

    Raises:
        UsageError: One is unknown, or is for tables only.
    """
    if text is None:
        return TABLE_COLUMNS if form == "table" else tuple(ROW_COLUMNS)
    known = (*(COLUMN_TITLES if form == "table" else ROW_COLUMNS), *FURTHER_TITLES)
    return tuple(_column("--columns", name, known) for name in words_of("--columns", (text,)))


def _sort_keys(text: str | None) -> list[tuple[str, bool]]:
    """Return the columns to order by, each with whether the largest comes first.

    Raises:
        UsageError: One is unknown.
    """
    if text is None:
        return []
    return [
        (
            _column("--sort", name.removeprefix("-"), (*COLUMN_TITLES, *FURTHER_TITLES)),
            name.startswith("-"),
        )
        for name in words_of("--sort", (text,))
    ]


def _column(option: str, name: str, known: Iterable[str]) -> str:
    """Return the column that is meant: by its key, by a heading, or as queries call it.

    Args:
        option: The option that names it.
        name: The name, in any language.
        known: The keys of those that can be had beside the workspace's own fields.

    Raises:
        UsageError: There is none.
    """
    keys, text = tuple(known), fold(name)
    if found := {fold(key): key for key in keys}.get(text):
        return found
    # One heading may stand over two columns: what tables alone have comes last, and is meant.
    headings = {key: _headings(_TITLES[key]) for key in reversed(keys)}
    for key, spellings in headings.items():
        if text in map(fold, spellings):
            return key
    if text not in _TABLE_ONLY:
        # Imported late: most columns are named by a key or a heading.
        from tracker.library.query.columns import column_named

        found = column_named(name)
        if found in keys:
            return found
    # Imported late: typing the settings takes pydantic, for which `--help` should not wait.
    from tracker.config_file import load_config

    own = _own_fields(load_config(workspace())[0])
    if field := by_spelling(own.values()).get(text):
        return field.key
    chinese = tuple(dict.fromkeys(headings[key][-1] for key in keys))
    labels = tuple(field.zh for field in own.values())
    near = nearest(name, (*keys, *own)) or nearest(name, (*chinese, *labels))
    all_known = (*chinese, *labels) if spoken_language() == "zh" else (*keys, *own)
    raise unknown_word(option, name, near, all_known)


def _own_fields(config: Config) -> dict[str, Field]:
    """Return the workspace's own fields, each by the name of its column."""
    # Imported late, as above.
    from tracker.library.query.columns import declared_fields

    return {field.key: field for field in declared_fields(config) if field.key not in _TITLES}


def _headings(title: Message) -> tuple[str, str]:
    """Return what stands over a column in English and in Chinese."""
    return str(title), title.render(translations("zh").gettext)


def _sorted(
    standings: list[Standing], keys: list[tuple[str, bool]], config: Config
) -> list[Standing]:
    for column, descending in reversed(keys):
        value_of = _sort_reader(column, config)
        values = {s.customer.path: value_of(s) for s in standings}
        present = [s for s in standings if values[s.customer.path] is not None]
        absent = [s for s in standings if values[s.customer.path] is None]
        present.sort(key=lambda s: values[s.customer.path], reverse=descending)
        if any(isinstance(value, _Worth) for value in values.values()):
            # Whichever way, amounts that nothing compares stay apart, those of no rate last.
            present.sort(key=lambda s: values[s.customer.path].apart)
        standings = present + absent
    return standings


def _sort_reader(column: str, config: Config) -> Callable[[Standing], Any]:
    """Return what reads the value that customers are ordered by in a column; None for none.

    Words go by the order of their vocabulary, amounts by what they are worth.
    """
    if special := _SORT_VALUES.get(column):
        return lambda standing: special(standing, config)
    if read := ROW_COLUMNS.get(column):
        return lambda standing: _in_order(read(standing, config), (), config)
    field = _own_fields(config).get(column)
    choices = field.choices if field else ()
    return lambda standing: _in_order(_further_value(column, standing), choices, config)


def _in_order(value: Any, choices: tuple[str, ...], config: Config) -> Any:  # noqa: ANN401  # a key
    """Return a value so that it can be ordered; a choice by its place."""
    if value in choices:
        return choices.index(value)
    if isinstance(value, (list, tuple)):
        return tuple(map(fold, value)) or None
    if isinstance(value, Money):
        return _worth(value, config)
    return fold(value) if isinstance(value, str) else value


def _further_value(column: str, standing: Standing) -> Any:  # noqa: ANN401  # of any field
    """Return what stands in a column that rows have only for who asks for it."""
    # Imported late: few lists have such a column.
    from tracker.library.query.further_columns import further_value

    return further_value(column, standing.customer)


def _rank(terms: Terms[Any], term_id: str | None) -> int | None:
    return next((index for index, term in enumerate(terms) if term.id == term_id), None)


class _Worth(NamedTuple):
    """What an amount is worth in the workspace's currency; apart and in its own without a rate."""

    apart: str
    amount: Decimal


def _worth(money: Money | None, config: Config) -> _Worth | None:
    if money is None:
        return None
    if money.currency == config.currency:
        return _Worth("", money.amount)
    rate = config.rates.get(money.currency)
    return _Worth("", money.amount * rate) if rate else _Worth(money.currency, money.amount)


def _step_moment(standing: Standing) -> tuple[date, str] | None:
    step = standing.status.next
    if step is None or step.date is None:
        return None
    return step.date, step.time.isoformat() if step.time else ""


def _urgency(standing: Standing) -> tuple[int, int] | None:
    state = standing.status.next_state
    return None if state is None else (_STATE_ORDER[state], -standing.status.days_overdue)


_SORT_VALUES: dict[str, Callable[[Standing, Config], Any]] = {
    "stage": lambda standing, config: _rank(config.stages, standing.customer.stage),
    "level": lambda standing, config: _rank(config.levels, standing.customer.level),
    "value": lambda standing, config: _worth(standing.customer.value, config),
    "weighted_value": lambda standing, config: _worth(standing.status.weighted_value, config),
    "next": lambda standing, _: _step_moment(standing),
    "state": lambda standing, _: _urgency(standing),
    "next_state": lambda standing, _: _urgency(standing),
}
"""Columns that are not ordered by what is printed in them."""


# --- Filters ----------------------------------------------------------------------------------


def _by_word(
    option: str,
    texts: Sequence[str],
    terms: Terms[Any],
    read: Callable[[Standing], str | None],
) -> Callable[[Standing], bool]:
    ids = {term_of(option, word, terms).id for word in words_of(option, texts)}
    return lambda standing: not ids or read(standing) in ids


def _by_state(texts: Sequence[str], config: Config) -> Callable[[Standing], bool]:
    option = "--state"
    states = builtin_terms((*NEXT_STATES, STALE), config.language)
    wanted = {term_of(option, word, states).id for word in words_of(option, texts)}

    def matches(standing: Standing) -> bool:
        status = standing.status
        return status.next_state in wanted or ("stale" in wanted and status.stale)

    return matches if wanted else lambda _: True


# --- Table ------------------------------------------------------------------------------------


def _print_table(columns: Sequence[str], standings: list[Standing], wording: Wording) -> None:
    if not standings:
        tell(wording.say(Message("no customer matches")))
        return
    print_table(
        [_heading(name, wording) for name in columns],
        [[_cell(name, standing, wording, columns) for name in columns] for standing in standings],
    )


def _heading(column: str, wording: Wording) -> Column:
    if title := _TITLES.get(column):
        return Column(wording.say(title), column in _NUMERIC)
    field = _own_fields(wording.config)[column]
    return Column(field.zh, field.kind in {Kind.NUMBER, Kind.MONEY})


def _cell(column: str, standing: Standing, wording: Wording, columns: Sequence[str]) -> Cell:
    status = standing.status
    match column:
        case "state":
            return wording.state(status)
        case "next":
            return Cell(wording.step(status.next))
        case "next_state":
            text = wording.state_name(status.next_state) if status.next_state else ""
        case "value":
            text = _amount(standing.customer.value, wording, columns)
        case "weighted_value":
            text = _amount(status.weighted_value, wording, columns)
        case "stale":
            text = wording.value(status.stale)
        case _ if read := ROW_COLUMNS.get(column):
            text = " ".join(plain_cell(read(standing, wording.config)).split())
        case _:
            value = _further_value(column, standing)
            text = " ".join(wording.value(value).split())
    return Cell(text, "yellow" if column == "idle_days" and status.stale else "")


def _amount(money: Money | None, wording: Wording, columns: Sequence[str]) -> str:
    """Return an amount, without its currency where that has a column of its own."""
    if money is None:
        return ""
    return grouped_amount(money.amount) if "currency" in columns else wording.value(money)
