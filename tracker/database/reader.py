"""Reading a day by SQL: a database in memory that nothing can be written to or reached through."""

from __future__ import annotations

import signal
import sqlite3
import threading
import time
from typing import TYPE_CHECKING, Any, Self

from msgspec import Struct

from tracker.database.fill import fill
from tracker.database.functions import add_functions
from tracker.database.mistakes import Mistake, Names, explain, find_first_fault, refusal
from tracker.database.sql_text import is_explanation, statements_of
from tracker.database.tables import tables_of
from tracker.translation import Message

if TYPE_CHECKING:
    from types import FrameType, TracebackType

    from tracker.database.columns import Table
    from tracker.insight.day import Day

_READ_TABLES = ("sqlite_master", "sqlite_schema", "json_each", "json_tree")
"""What can be read beside the tables of ours: their definitions, and the items of lists."""

_READ_PRAGMAS = frozenset({"table_info", "table_list", "foreign_key_list"})

_REFUSED_FUNCTIONS = frozenset(
    {"load_extension", "fts3_tokenizer", "readfile", "writefile", "edit"}
)
"""Functions of SQLite and of its shell that reach out of the database, built in or not."""

_INSTRUCTIONS = 10_000
"""Instructions of SQLite's machine after which it asks whether to go on: less than 1 ms."""


class Limits(Struct, frozen=True):
    """What one query may use.

    Attributes:
        seconds: Time until its last row.
        memory: Bytes that SQLite may take, the tables included. It holds for the whole process, and
            a later one cannot be larger.
        rows: Rows of its result.
        characters: Characters and bytes of its result.
    """

    seconds: float = 60
    memory: int = 1024**3
    rows: int = 1_000_000
    characters: int = 256 * 1024**2


DEFAULT_LIMITS = Limits()
_LONGEST_VALUE = 64 * 1024**2
_LONGEST_PATTERN = 1000
"""Of LIKE and GLOB, which take long for many wildcards."""


class Result(Struct, frozen=True):
    """What a query returned.

    Attributes:
        columns: Names of its columns, each different from the others.
        rows: None, texts, whole and floating numbers, and bytes.
    """

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


class Stopped(Struct, frozen=True):
    """A query that was right, and was ended because it took too much of something."""

    message: Message


class _Refused(Struct, frozen=True):
    """What the authorizer refused; no name where it is the statement itself."""

    name: str | None


class Reader:
    """The tables of a day.

    Attributes:
        tables: The tables.
        names: The names that a query can use.
    """

    def __init__(self, day: Day, limits: Limits = DEFAULT_LIMITS) -> None:
        """Fill the tables, and shut the database for everything but reading."""
        self.tables: tuple[Table, ...] = tables_of(day.library.config)
        self._config = day.library.config
        self._limits = limits
        self._complaint: Message | None = None
        self._refused: _Refused | None = None
        self._watch = _Watch(limits.seconds)
        self._connection = sqlite3.connect(":memory:", isolation_level=None)
        fill(self._connection, day)
        add_functions(self._connection, day.today, self._complain)
        builtin = self._connection.execute("SELECT name FROM pragma_function_list").fetchall()
        self.names = Names(
            {table.name: tuple(column.name for column in table.columns) for table in self.tables},
            tuple(
                sorted({name for (name,) in builtin if name.isidentifier()} - _REFUSED_FUNCTIONS)
            ),
            self._column_meant,
        )
        self._shut()

    def _column_meant(self, text: str) -> str | None:
        # Imported late: only a mistake needs it.
        from tracker.library.query.language import column_meant

        return column_meant(text, self._config)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Forget the tables."""
        self._connection.close()

    def row_counts(self) -> list[int]:
        """Return how many rows each table has."""
        return [
            self._connection.execute(f"SELECT count(*) FROM {table.name}").fetchone()[0]  # noqa: S608  # names and queries are ours
            for table in self.tables
        ]

    def _shut(self) -> None:
        connection = self._connection
        # Sorting and large results stay in memory too: nothing is written to the disk, and the
        # limit holds for all of it.
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute(f"PRAGMA hard_heap_limit = {self._limits.memory:d}")
        connection.execute("PRAGMA query_only = ON")
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
        connection.setlimit(sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, _LONGEST_PATTERN)
        # They are declared when first used, which the authorizer would take for writing.
        connection.execute("SELECT 1 FROM json_each('[]'), json_tree('[]')")
        self._readable = frozenset({*self.names.tables, *_READ_TABLES})
        connection.set_authorizer(self._authorize)
        connection.set_progress_handler(self._watch.is_over, _INSTRUCTIONS)

    def _authorize(
        self,
        action: int,
        first: str | None,
        second: str | None,
        database: str | None,
        within: str | None,
    ) -> int:
        """Allow reading our tables and calling harmless functions, and nothing else."""
        del database, within
        match action:
            case sqlite3.SQLITE_SELECT | sqlite3.SQLITE_RECURSIVE:
                return sqlite3.SQLITE_OK
            # Without a column it is counting rows, of a table that a query names itself too.
            case sqlite3.SQLITE_READ if first in self._readable or not second:
                return sqlite3.SQLITE_OK
            case sqlite3.SQLITE_FUNCTION if (second or "").lower() not in _REFUSED_FUNCTIONS:
                return sqlite3.SQLITE_OK
            case sqlite3.SQLITE_PRAGMA if (first or "").lower() in _READ_PRAGMAS:
                return sqlite3.SQLITE_OK
        names = {sqlite3.SQLITE_READ: first, sqlite3.SQLITE_FUNCTION: second}
        self._refused = self._refused or _Refused(names.get(action))
        return sqlite3.SQLITE_DENY

    def _complain(self, message: Message) -> None:
        self._complaint = message

    def ask(self, sql: str) -> Result | Mistake | Stopped:
        """Run one query.

        Returns:
            Its result, or what is wrong with it and where, or what it took too much of.

        Raises:
            KeyboardInterrupt: Somebody pressed Ctrl-C; the database can be asked again.
        """
        if fault := find_first_fault(sql):
            return fault
        start, statement = statements_of(sql)[0]
        # Without what surrounds it, of which SQLite would take a part for another statement.
        sql = " " * start + statement
        self._complaint = self._refused = None
        with self._watch as watch:
            try:
                return self._fetch(sql)
            except MemoryError:
                return Stopped(
                    Message(
                        "the query was stopped: it takes more than {size} MB of memory",
                        {"size": self._limits.memory // 1024**2},
                    )
                )
            except (sqlite3.Error, sqlite3.Warning) as error:
                if watch.interrupted:
                    raise KeyboardInterrupt from None
                if watch.late:
                    return Stopped(
                        Message(
                            "the query was stopped after {seconds} seconds",
                            {"seconds": f"{self._limits.seconds:g}"},
                        )
                    )
                return self._mistake(sql, str(error))

    def _mistake(self, sql: str, reason: str) -> Mistake:
        if self._refused:
            return refusal(sql, self._refused.name)
        if self._complaint:
            return Mistake(self._complaint)
        return explain(sql, reason, self.names, self._fault_of)

    def _fetch(self, sql: str) -> Result | Stopped:
        cursor = self._connection.execute(sql)
        columns = _distinct([column[0] for column in cursor.description or ()])
        rows: list[tuple[Any, ...]] = []
        characters = 0
        for row in cursor:
            rows.append(row)
            characters += sum(len(value) for value in row if isinstance(value, (str, bytes)))
            if len(rows) > self._limits.rows or characters > self._limits.characters:
                cursor.close()
                return Stopped(
                    Message(
                        "the query was stopped: its result has more than {rows} rows or {size} MB; "
                        "LIMIT takes the first ones",
                        {
                            "rows": self._limits.rows,
                            "size": self._limits.characters // 1024**2,
                        },
                    )
                )
        return Result(columns, rows)

    def _fault_of(self, sql: str) -> str:
        """Return what SQLite says of a query without running it; nothing for one that is right."""
        prefix = "" if is_explanation(sql) else "EXPLAIN "
        try:
            self._connection.execute(prefix + sql).close()
        except (sqlite3.Error, sqlite3.Warning) as error:
            return str(error)
        return ""


def _distinct(names: list[str]) -> tuple[str, ...]:
    """Return the names with a number behind each that came before: `id`, `id_2`."""
    found: dict[str, None] = {}
    for name in names:
        new, number = name, 1
        while new in found or (number > 1 and new in names):
            number += 1
            new = f"{name}_{number}"
        found[new] = None
    return tuple(found)


class _Watch:
    """Ends a query at Ctrl-C, and when its time is over, from inside SQLite.

    An exception that a signal raises while SQLite calls back is swallowed there, so the signal is
    remembered too.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = 0.0
        self._before: Any = None
        self.interrupted = False
        self.late = False

    def __enter__(self) -> Self:
        self.interrupted = self.late = False
        self._end = time.monotonic() + self._seconds
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._on_interrupt)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)
            self._before = None

    def _on_interrupt(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self.interrupted = True
        raise KeyboardInterrupt

    def is_over(self) -> bool:
        """Tell whether the query must end."""
        self.late = time.monotonic() > self._end
        return self.interrupted or self.late
