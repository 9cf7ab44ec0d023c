"""One SQLite file with the tables of `tracker sql`, views, and full-text search.

The file says of itself what it holds: the table `metadata` names the workspace and the day, the
table `data_dictionary` says what each column means.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from textwrap import dedent
from typing import TYPE_CHECKING

from tracker import __version__
from tracker.database.fill import fill
from tracker.database.fulltext import add_search
from tracker.database.tables import tables_of
from tracker.database.views import VIEWS
from tracker.exchange.export import write_failure

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.exchange.export import Export

SCHEMA_VERSION = 1
"""Version of the tables, as `PRAGMA user_version` and in `metadata`: grows by one where a table or
a column goes or means something else, not where one is added."""

APPLICATION_ID = 0x54524B52
"""What `PRAGMA application_id` tells of the file: `TRKR`."""


def write(export: Export, path: Path) -> None:
    """Write the database to a file; see `tracker.exchange.export.Writer`."""
    try:
        _write(export, path)
    except sqlite3.Error as error:
        # Such as a full disk.
        raise write_failure(path, error) from error


def _write(export: Export, path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        # Nobody sees the file before it is whole, so nothing has to be undone in it.
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID:d}")
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION:d}")
        fill(connection, export.chosen)
        connection.execute("BEGIN")
        for name, query in VIEWS.items():
            connection.execute(f"CREATE VIEW {name} AS\n{dedent(query).strip()}")
        _add_metadata(connection, export)
        _add_dictionary(connection, export)
        add_search(connection, export.config)
        connection.execute("COMMIT")
        connection.execute("ANALYZE")


def _add_metadata(connection: sqlite3.Connection, export: Export) -> None:
    config = export.config
    connection.execute("CREATE TABLE metadata (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID")
    connection.executemany(
        "INSERT INTO metadata VALUES (?, ?)",
        {
            "title": config.title,
            "today": export.today.isoformat(),
            "query": export.query,
            "language": config.language,
            "timezone": config.timezone.key,
            "currency": config.currency,
            "schema_version": str(SCHEMA_VERSION),
            "generator": f"tracker {__version__}",
        }.items(),
    )


def _add_dictionary(connection: sqlite3.Connection, export: Export) -> None:
    connection.execute(
        "CREATE TABLE data_dictionary (table_name TEXT, column_name TEXT, holds TEXT, "
        "refers_to TEXT, meaning TEXT, PRIMARY KEY (table_name, column_name)) WITHOUT ROWID"
    )
    connection.executemany(
        "INSERT INTO data_dictionary VALUES (?, ?, ?, ?, ?)",
        (
            (
                table.name,
                column.name,
                column.holds.words,
                column.references or None,
                export.say(column.meaning),
            )
            for table in tables_of(export.config)
            for column in table.columns
        ),
    )
