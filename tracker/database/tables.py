"""All tables of the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec.structs import replace

from tracker.database.columns import Column, Holds, Table
from tracker.database.customer_tables import customer_tables
from tracker.database.followup_tables import followup_tables
from tracker.database.service_tables import service_tables
from tracker.translation import Message

if TYPE_CHECKING:
    from tracker.config import Config
    from tracker.diagnostics import Diagnostic


class ProblemRow(NamedTuple):
    """A diagnostic; `customer` is None where it is of no readable record."""

    customer: str | None
    found: Diagnostic


class TermRow(NamedTuple):
    """A word of the vocabulary."""

    position: int
    term: Any


def tables_of(config: Config) -> tuple[Table, ...]:
    """Return the tables of a workspace, with the fields that it declares as columns.

    Args:
        config: The workspace's settings; words are shown by its labels.
    """
    return (
        *customer_tables(config),
        *followup_tables(config),
        *service_tables(config),
        _problems(),
        _stages(),
        _levels(),
        _owners(),
        _rates(config),
    )


def common_tables_of(config: Config) -> tuple[Table, ...]:
    """Return the tables without the fields that the workspace declares.

    Their columns are the same in every workspace.
    """
    return tables_of(replace(config, fields=(), followup_fields=()))


# --- Problems -----------------------------------------------------------------------------------


def _problems() -> Table:
    return Table(
        "problems",
        Message("A problem that tracker check finds"),
        (
            Column(
                "path",
                Holds.TEXT,
                Message("The file, from the workspace's folder"),
                lambda row: row.found.path,
            ),
            Column(
                "customer",
                Holds.TEXT,
                Message("The customer's id; NULL where the file is no record that can be read"),
                lambda row: row.customer,
                references="customers",
            ),
            Column(
                "line",
                Holds.COUNT,
                Message("Line where it begins, from 1"),
                lambda row: row.found.span.line,
            ),
            Column(
                "column",
                Holds.COUNT,
                Message("Character of that line, from 1"),
                lambda row: row.found.span.column,
            ),
            Column(
                "end_line",
                Holds.COUNT,
                Message("Line where it ends"),
                lambda row: row.found.span.end_line,
            ),
            Column(
                "end_column",
                Holds.COUNT,
                Message("Character of that line behind it"),
                lambda row: row.found.span.end_column,
            ),
            Column(
                "severity",
                Holds.TEXT,
                Message("error, warning or info"),
                lambda row: row.found.severity.value,
            ),
            Column(
                "code",
                Holds.TEXT,
                Message("Stable name of the rule"),
                lambda row: row.found.code,
            ),
            Column(
                "message",
                Holds.TEXT,
                Message("What is wrong, in English"),
                lambda row: str(row.found.problem.message),
            ),
            Column(
                "hint",
                Holds.TEXT,
                Message("How to mend it"),
                lambda row: row.found.problem.hint and str(row.found.problem.hint),
            ),
        ),
        lambda content: (
            ProblemRow(content.keys.get(found.path), found) for found in content.day.diagnostics
        ),
    )


# --- The workspace's settings -------------------------------------------------------------------

_TERM_PLACE = Column(
    "position", Holds.COUNT, Message("Its place in tracker.yaml, from 1"), lambda row: row.position
)
_TERM_ID = Column("id", Holds.TEXT, Message("Its stable id"), lambda row: row.term.id)
_TERM_LABEL = Column(
    "label", Holds.TEXT, Message("What it is called in the workspace"), lambda row: row.term.label
)
_MAX_IDLE_DAYS = Column(
    "max_idle_days",
    Holds.COUNT,
    Message("Idle days after which an open customer is stale; NULL for no limit"),
    lambda row: row.term.max_idle_days,
)


def _stages() -> Table:
    return Table(
        "stages",
        Message("A stage of the workspace, used or not"),
        (
            _TERM_PLACE,
            _TERM_ID,
            _TERM_LABEL,
            Column(
                "kind",
                Holds.TEXT,
                Message("Its kind: open, won or lost"),
                lambda row: row.term.kind.value,
            ),
            Column(
                "probability",
                Holds.NUMBER,
                Message("How likely a deal is, from 0 to 1"),
                lambda row: row.term.probability,
            ),
            _MAX_IDLE_DAYS,
        ),
        lambda content: map(TermRow._make, enumerate(content.day.library.config.stages, start=1)),
        key="id",
    )


def _levels() -> Table:
    return Table(
        "levels",
        Message("A level of the workspace, used or not"),
        (_TERM_PLACE, _TERM_ID, _TERM_LABEL, _MAX_IDLE_DAYS),
        lambda content: map(TermRow._make, enumerate(content.day.library.config.levels, start=1)),
        key="id",
    )


def _owners() -> Table:
    return Table(
        "owners",
        Message("A salesperson of tracker.yaml"),
        (
            _TERM_PLACE,
            Column("name", Holds.TEXT, Message("The name"), lambda row: row.term.label),
            Column("email", Holds.TEXT, Message("The e-mail address"), lambda row: row.term.email),
        ),
        lambda content: map(TermRow._make, enumerate(content.day.library.config.owners, start=1)),
        key="name",
    )


def _rates(config: Config) -> Table:
    return Table(
        "rates",
        Message("A currency that can be counted in the workspace's own"),
        (
            Column("currency", Holds.TEXT, Message("Its ISO 4217 code"), lambda row: row[0]),
            Column(
                "rate",
                Holds.NUMBER,
                Message("What one unit is worth in the workspace's currency; 1 for that itself"),
                lambda row: row[1],
            ),
        ),
        lambda _: {**config.rates, config.currency: 1}.items(),
        key="currency",
    )
