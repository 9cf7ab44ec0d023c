"""A dataset of Parquet files that many teams share, for DuckDB, Spark and the like.

The folder has a folder for each table of `tracker sql`, and in it one for each team:
`customers/team=华东/part-0.parquet`. An export replaces the files of its own team, each in one
step, and touches no other's. Tables have the same columns in every workspace: the fields that a
workspace declares are entries of the column `fields`.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import unicodedata
from contextlib import ExitStack, closing
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker import __version__
from tracker.database.columns import Content, Holds
from tracker.database.fill import utf8_text
from tracker.database.tables import common_tables_of
from tracker.errors import OutputError, TrackerError, UsageError
from tracker.exchange.export import TEAM, write_failure
from tracker.exchange.extras import require
from tracker.files import replacing, write_atomically
from tracker.money import plain_number
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tracker.database.columns import Column, Table
    from tracker.exchange.export import Export
    from tracker.model import FieldValue

SCHEMA_VERSION = 1
"""Version of the tables: grows by one where a column goes or means something else, not where one
is added."""

MANIFEST = "_tracker.json"
"""Marks a folder as a dataset of ours. Readers of datasets pass over names with a `_`."""

WORKSPACES = "workspaces"
"""The table with a row a team: which workspace it is, and of which day its tables are."""

_PART = "part-0.parquet"
_LONGEST_NAME = 200
_NOT_PLAIN = re.compile(r"[^-_.0-9A-Za-z\x80-\U0010ffff]")

_AMOUNT_PLACES = Decimal("0.0001")
_LARGEST_AMOUNT = Decimal("99999999999999.9999")
"""Amounts are DECIMAL(18, 4): two of them can be multiplied within the 38 digits that readers
have."""

_TYPES = {
    Holds.TEXT: "VARCHAR",
    Holds.DATE: "DATE",
    Holds.MOMENT: "TIMESTAMP",
    Holds.AMOUNT: "DECIMAL(18, 4)",
    Holds.NUMBER: "DOUBLE",
    Holds.COUNT: "BIGINT",
    Holds.BOOL: "BOOLEAN",
    Holds.LIST: "VARCHAR[]",
}
_FIELDS_TYPE = "MAP(VARCHAR, VARCHAR)"
_WORKSPACE_TYPES = {
    "title": "VARCHAR",
    "today": "DATE",
    "query": "VARCHAR",
    "customers": "BIGINT",
    "language": "VARCHAR",
    "timezone": "VARCHAR",
    "currency": "VARCHAR",
    "schema_version": "BIGINT",
    "generator": "VARCHAR",
}


def write(export: Export, path: Path) -> None:
    """Replace the part of a team in a dataset.

    Args:
        export: What is exported; its option `--team` names the team, by default the workspace's
            title does.
        path: The folder of the dataset; made where it is absent.

    Raises:
        MissingExtraError: DuckDB is not installed.
        UsageError: The team's name cannot be one.
        OutputError: The folder holds something else, the team is another workspace's, or DuckDB
            cannot go on.
        TrackerError: An amount is too large.
        OSError: The system refuses. A table that was not written yet is as it was.
    """
    duckdb = require("duckdb", "parquet")
    name = export.options.get(TEAM, export.config.title)
    partition = f"team={partition_name(name)}"
    _join(path)
    settings = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
    try:
        with (
            tempfile.TemporaryDirectory(prefix="tracker-") as folder,
            closing(duckdb.connect(config={**settings, "temp_directory": folder})) as connection,
            ExitStack() as parts,
        ):
            if not export.force:
                _check_owner(path / WORKSPACES / partition / _PART, name, export, connection)
            # The files take their places when all are written, in reverse: this row is the last.
            for table, types, rows in _tables(export):
                target = path / table / partition / _PART
                target.parent.mkdir(parents=True, exist_ok=True)
                part = parts.enter_context(replacing(target))
                _write_part(connection, types, rows, Path(folder), part)
    except duckdb.Error as error:
        # Such as a full disk, or a part that is damaged.
        raise write_failure(path, error) from error


def partition_name(team: str) -> str:
    """Return a team's name as readers of datasets take it in the name of a folder.

    Raises:
        UsageError: It is empty, or too long.
    """
    team = unicodedata.normalize("NFC", team.strip())
    name = _NOT_PLAIN.sub(lambda sign: f"%{ord(sign[0]):02X}", team)
    if not name or len(name.encode("utf-8", "replace")) > _LONGEST_NAME:
        raise UsageError(
            Message(
                "‘{team}’ cannot be the name of a team; choose one with {option}",
                {"team": team, "option": TEAM},
            )
        )
    return name


# --- The dataset ------------------------------------------------------------------------------


def _join(path: Path) -> None:
    """Make a dataset of a new or empty folder, and see to it that another one is a dataset.

    Raises:
        OutputError: It holds something else.
        OSError: The system refuses.
    """
    if (path / MANIFEST).is_file():
        return
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise OutputError(
            Message(
                "{path} is no dataset of tracker's, so nothing is written there; choose another "
                "folder with --output",
                {"path": path},
            )
        )
    path.mkdir(parents=True, exist_ok=True)
    about = {"dataset": "tracker", "schema_version": SCHEMA_VERSION}
    write_atomically(path / MANIFEST, json.dumps(about).encode() + b"\n")


def _check_owner(part: Path, team: str, export: Export, connection: Any) -> None:  # noqa: ANN401  # DuckDB's
    """See to it that a team's part, where there is one, is of the same workspace.

    Raises:
        OutputError: It is another one's.
    """
    if not part.is_file():
        return
    titles = connection.read_parquet(str(part)).project("title").fetchall()
    if titles and titles[0][0] != utf8_text(export.config.title):
        raise OutputError(
            Message(
                "the part of the team ‘{team}’ is of another workspace, ‘{title}’; name the team "
                "with {option}, or replace it with --force",
                {"team": team, "title": titles[0][0], "option": TEAM},
            )
        )


# --- Tables -----------------------------------------------------------------------------------


def _tables(export: Export) -> Iterator[tuple[str, dict[str, str], Iterable[dict[str, Any]]]]:
    """Yield each table: its name, the type of each column, and its rows as JSON has them."""
    config = export.config
    yield (
        WORKSPACES,
        _WORKSPACE_TYPES,
        [
            {
                "title": utf8_text(config.title),
                "today": export.today.isoformat(),
                "query": utf8_text(export.query),
                "customers": len(export.standings),
                "language": config.language,
                "timezone": config.timezone.key,
                "currency": config.currency,
                "schema_version": SCHEMA_VERSION,
                "generator": f"tracker {__version__}",
            }
        ],
    )
    content = Content(export.chosen)
    for table in common_tables_of(config):
        types = {column.name: _TYPES[column.holds] for column in table.columns}
        if table.name in _DECLARED:
            types["fields"] = _FIELDS_TYPE
        yield table.name, types, _rows(table, content)


_DECLARED: dict[str, Callable[[Any], dict[str, FieldValue]]] = {
    "customers": lambda row: row.standing.customer.fields,
    "followups": lambda row: row.followup.fields,
}
"""The tables to which a workspace adds fields, with how they are read from a row."""


def _rows(table: Table, content: Content) -> Iterator[dict[str, Any]]:
    declared = _DECLARED.get(table.name)
    for row in table.rows(content):
        values = {column.name: _written(column.read(row), column, row) for column in table.columns}
        if declared:
            values["fields"] = {
                utf8_text(key): utf8_text(_as_text(value)) for key, value in declared(row).items()
            }
        yield values


def _written(value: Any, column: Column, row: Any) -> Any:  # noqa: ANN401  # any value of a column
    """Return a value as the JSON that DuckDB reads.

    Raises:
        TrackerError: It is an amount that is too large.
    """
    if isinstance(value, str):
        return utf8_text(value)
    if isinstance(value, (tuple, list)):
        return [utf8_text(text) for text in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        if column.holds is not Holds.AMOUNT:
            return float(value)
        if abs(value) > _LARGEST_AMOUNT:
            raise TrackerError(
                Message(
                    "{customer}: the amount {amount} is too large for Parquet; amounts have 14 "
                    "digits before the point",
                    {
                        "customer": getattr(row, "customer", None) or getattr(row, "key", ""),
                        "amount": plain_number(value),
                    },
                )
            )
        return str(value.quantize(_AMOUNT_PLACES))
    return value


def _as_text(value: FieldValue) -> str:
    """Return the value of a declared field as a text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return plain_number(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


# --- Files ------------------------------------------------------------------------------------


def _write_part(
    connection: Any,  # noqa: ANN401  # DuckDB's
    types: dict[str, str],
    rows: Iterable[dict[str, Any]],
    folder: Path,
    part: Path,
) -> None:
    """Write the rows of a table to a Parquet file.

    Args:
        connection: A connection of DuckDB.
        types: The type of each column.
        rows: The rows; taken one by one, so that they need not be in memory together.
        folder: Where temporary files can lie.
        part: The file.
    """
    # Through a file: handing over rows one by one, as parameters, takes DuckDB a hundred times as
    # long. The names of both are plain ones, which stand in a statement as they are.
    source, result = folder / "rows.json", folder / "part.parquet"
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    with source.open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(f"{encode(row)}\n" for row in rows)
    columns = ", ".join(f"{_quoted(name)}: '{kind}'" for name, kind in types.items())
    rows_as_typed = (
        f"SELECT * FROM read_json({_quoted(source)}, format = 'newline_delimited', "  # noqa: S608  # quoted
        f"columns = {{{columns}}})"
    )
    connection.execute(
        f"COPY ({rows_as_typed}) TO {_quoted(result)} (FORMAT parquet, COMPRESSION zstd)"
    )
    shutil.copyfile(result, part)


def _quoted(text: object) -> str:
    return "'" + str(text).replace("'", "''") + "'"
