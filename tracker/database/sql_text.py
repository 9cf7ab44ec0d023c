"""SQL as text: its tokens and keywords, and where one statement ends."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection

KEYWORDS = frozenset(
    """
    ABORT ACTION ADD AFTER ALL ALTER ALWAYS ANALYZE AND AS ASC ATTACH AUTOINCREMENT BEFORE BEGIN
    BETWEEN BY CASCADE CASE CAST CHECK COLLATE COLUMN COMMIT CONFLICT CONSTRAINT CREATE CROSS
    CURRENT CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP DATABASE DEFAULT DEFERRABLE DEFERRED DELETE
    DESC DETACH DISTINCT DO DROP EACH ELSE END ESCAPE EXCEPT EXCLUDE EXCLUSIVE EXISTS EXPLAIN FAIL
    FILTER FIRST FOLLOWING FOR FOREIGN FROM FULL GENERATED GLOB GROUP GROUPS HAVING IF IGNORE
    IMMEDIATE IN INDEX INDEXED INITIALLY INNER INSERT INSTEAD INTERSECT INTO IS ISNULL JOIN KEY LAST
    LEFT LIKE LIMIT MATCH MATERIALIZED NATURAL NO NOT NOTHING NOTNULL NULL NULLS OF OFFSET ON OR
    ORDER OTHERS OUTER OVER PARTITION PLAN PRAGMA PRECEDING PRIMARY QUERY RAISE RANGE RECURSIVE
    REFERENCES REGEXP REINDEX RELEASE RENAME REPLACE RESTRICT RETURNING RIGHT ROLLBACK ROW ROWS
    SAVEPOINT SELECT SET TABLE TEMP TEMPORARY THEN TIES TO TRANSACTION TRIGGER UNBOUNDED UNION
    UNIQUE UPDATE USING VACUUM VALUES VIEW VIRTUAL WHEN WHERE WINDOW WITH WITHOUT
    """.split()  # noqa: SIM905  # a column of a hundred lines reads worse
)
"""The keywords of SQLite."""

READING_KEYWORDS = frozenset(
    """
    ALL AND AS ASC BETWEEN BY CASE CAST COLLATE CROSS DESC DISTINCT ELSE END ESCAPE EXCEPT EXISTS
    EXPLAIN FILTER FIRST FROM FULL GLOB GROUP HAVING IN INNER INTERSECT IS JOIN LAST LEFT LIKE LIMIT
    NATURAL NOT NULL NULLS OFFSET ON OR ORDER OUTER OVER PARTITION RECURSIVE REGEXP RIGHT ROWS
    SELECT THEN UNION USING VALUES WHEN WHERE WINDOW WITH
    """.split()  # noqa: SIM905  # a column of a hundred lines reads worse
)
"""Those that a query can have."""

_TOKEN = re.compile(
    r"""
    (?P<space>\s+|--[^\n]*|/\*.*?(?:\*/|\Z))
    |(?P<text>[xX]?'(?:[^']|'')*(?:'|\Z))
    |(?P<name>"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|[^\W\d][\w$]*)
    |(?P<number>(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\w*)
    |(?P<parameter>\?\d*|[:@$]\w+)
    |(?P<end>;)
    |(?P<sign>\|\||<<|>>|<=|>=|<>|==|!=|->>|->|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_PLAIN_NAME = re.compile(r"[a-z_][a-z0-9_]*")


class Token(NamedTuple):
    """A token.

    Attributes:
        kind: `name` (keywords too), `text`, `number`, `parameter`, `sign` or `end` (a semicolon).
        text: As written.
        start: Where it begins; characters count from 0.
        end: Where it ends, excluded.
    """

    kind: str
    text: str
    start: int
    end: int

    @property
    def name(self) -> str:
        """Return a name without its quotes."""
        closing = {'"': '"', "`": "`", "[": "]"}.get(self.text[:1])
        if closing is None:
            return self.text
        return self.text[1:-1].replace(closing * 2, closing)

    @property
    def keyword(self) -> str:
        """Return the keyword in capitals; empty for a token that is none."""
        upper = self.text.upper()
        return upper if self.kind == "name" and upper in KEYWORDS else ""


def tokens_of(sql: str) -> tuple[Token, ...]:
    """Return the tokens of a text, without blanks and comments; nothing is ever left out else."""
    return tuple(
        Token(str(found.lastgroup), found[0], found.start(), found.end())
        for found in _TOKEN.finditer(sql)
        if found.lastgroup != "space"
    )


def statements_of(sql: str) -> tuple[tuple[int, str], ...]:
    """Return each statement with the place where it begins, without its semicolon."""
    statements = []
    start: int | None = None
    end = 0
    for token in tokens_of(sql):
        if token.kind == "end":
            if start is not None:
                statements.append((start, sql[start:end]))
            start = None
            continue
        start = token.start if start is None else start
        end = token.end
    if start is not None:
        statements.append((start, sql[start:end]))
    return tuple(statements)


def is_explanation(sql: str) -> bool:
    """Tell whether a text begins with EXPLAIN, so that nothing of it is run."""
    return any(token.keyword == "EXPLAIN" for token in tokens_of(sql)[:1])


def asks_the_clock(sql: str) -> bool:
    """Tell whether a text asks for the day or the time that it is now: `date('now')`."""
    return any(
        token.text.lower() == "'now'" or token.keyword.startswith("CURRENT_")
        for token in tokens_of(sql)
    )


def is_complete(sql: str) -> bool:
    """Tell whether the last thing in a text is a semicolon that ends a statement."""
    tokens = tokens_of(sql)
    return bool(tokens) and tokens[-1].kind == "end"


def table_meant(sql: str, qualifier: str, tables: Collection[str]) -> str | None:
    """Return the table that a name before a dot means: itself, or the one it is an alias of.

    An alias stands behind its table: `FROM customers AS c`, `FROM customers c`.

    Args:
        sql: The query.
        qualifier: The name.
        tables: The names of all tables, in lower case.
    """
    wanted = qualifier.casefold()
    names = [token.name.casefold() for token in tokens_of(sql) if token.keyword != "AS"]
    for table, alias in pairwise(names):
        if alias == wanted and table in tables:
            return table
    return wanted if wanted in tables else None


def quoted(name: str) -> str:
    """Return a name as SQL takes it: in quotes where it is a keyword or has other characters."""
    if _PLAIN_NAME.fullmatch(name) and name.upper() not in KEYWORDS:
        return name
    return '"' + name.replace('"', '""') + '"'
