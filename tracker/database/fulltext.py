"""Full-text search in a database file, by any word of Latin letters or Chinese characters.

SQLite's tokenizers take a whole run of Chinese characters for one word, or find no word of two of
them, and a program that opens the file cannot be given one of ours. So what is indexed is not the
text itself but its words written one after another: of a run of such characters every part of it
that is up to four of them long. Whoever asks for `机床` then finds 数控机床, without knowing of it.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from tracker.database.columns import Holds
from tracker.database.sql_text import quoted
from tracker.database.tables import common_tables_of, tables_of

if TYPE_CHECKING:
    import sqlite3

    from tracker.config import Config

LONGEST_WORD = 4
"""Characters of a Chinese word that is found in any text; longer ones are asked for in parts."""

LONGEST_NAME = 30
"""Characters of a part of a name that is found: names are pasted whole."""

SEARCHED = {
    "customers": {
        "name": LONGEST_NAME,
        "short": LONGEST_NAME,
        **dict.fromkeys(
            (
                "contacts",
                "industry",
                "business",
                "region",
                "address",
                "tags",
                "needs_core",
                "needs_latent",
                "needs_pains",
                "needs_expected",
                "background",
                "next_text",
            ),
            LONGEST_WORD,
        ),
    },
    "commitments": {"text": LONGEST_WORD},
    "followups": dict.fromkeys(
        (
            "summary",
            "contacts",
            "topic",
            "needs",
            "pains",
            "expected",
            "concerns",
            "response",
            "attitude_note",
            "next_text",
        ),
        LONGEST_WORD,
    ),
}
"""The columns that are searched by their table, each with the longest word that is found in it.
Texts and lists of the workspace's own fields come to them."""

_WITHOUT_BLANKS = re.compile(
    "[\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\U00020000-\U000323af]+"
)
"""A run of characters of writing that has no blanks between words, or too few to find by."""


_TOKENIZER = "tokenize='unicode61 remove_diacritics 2'"


def add_search(connection: sqlite3.Connection, config: Config) -> None:
    """Make the table `…_fts` of every table that is searched, in a database that is filled.

    A program that knows of such tables (Datasette does) searches `customers` by `customers_fts`:
    the texts stay where they are, and the index has the row of each.

    Args:
        connection: A connection to the database.
        config: The settings of the workspace that it is of.
    """
    connection.create_function("search_words", 2, _words_of, deterministic=True)
    for table, columns in _searched(config).items():
        names = ", ".join(map(quoted, columns))
        words = ", ".join(
            f"search_words({quoted(column)}, {longest})" for column, longest in columns.items()
        )
        connection.execute(
            f'CREATE VIRTUAL TABLE {table}_fts USING fts5({names}, content="{table}", {_TOKENIZER})'
        )
        connection.execute(
            f"INSERT INTO {table}_fts (rowid, {names}) SELECT rowid, {words} FROM {table}"  # noqa: S608  # names of ours
        )
        connection.execute(f"INSERT INTO {table}_fts ({table}_fts) VALUES ('optimize')")  # noqa: S608  # as above


def _searched(config: Config) -> dict[str, dict[str, int]]:
    common = {
        table.name: {column.name for column in table.columns} for table in common_tables_of(config)
    }
    searched = {table: dict(columns) for table, columns in SEARCHED.items()}
    for table in tables_of(config):
        if table.name in searched:
            searched[table.name] |= {
                column.name: LONGEST_WORD
                for column in table.columns
                if column.name not in common[table.name]
                and column.holds in {Holds.TEXT, Holds.LIST}
                and not column.name.endswith("_currency")
            }
    return searched


def search_words(text: str, longest: int = LONGEST_WORD) -> str:
    """Return the words of a text that it is found by, with a blank between them.

    Args:
        text: Any text.
        longest: Characters of the longest word of a run without blanks.
    """
    # Full-width letters and digits are found by the usual ones.
    text = unicodedata.normalize("NFKC", text)
    return _WITHOUT_BLANKS.sub(lambda run: f" {' '.join(_parts(run[0], longest))} ", text)


def _words_of(text: object, longest: int) -> str | None:
    return None if text is None else search_words(str(text), longest)


def _parts(run: str, longest: int) -> list[str]:
    length = len(run)
    return [
        run[start:end]
        for start in range(length)
        for end in range(start + 1, min(start + longest, length) + 1)
    ]
