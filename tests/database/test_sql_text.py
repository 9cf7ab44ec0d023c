"""SQL as text."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.database.sql_text import (
    KEYWORDS,
    READING_KEYWORDS,
    asks_the_clock,
    is_complete,
    quoted,
    statements_of,
    table_meant,
    tokens_of,
)

SQL = st.lists(
    st.sampled_from(
        ["SELECT", "a", "'it''s; '", '"b; c"', "[d]", "--e;\n", "/* f; */", ";", "1.5e3", ",", "‖",
         "'open", "?1", ":x", "\n", "->>", "=", "成交", "x'00'", "/*"]
    )
).map(" ".join)  # fmt: skip


@pytest.mark.parametrize(
    ("sql", "tokens"),
    [
        ("SELECT a.b", ["SELECT", "a", ".", "b"]),
        ("'it''s' 'x", ["'it''s'", "'x"]),
        ('"a ""b""" [c d] `e`', ['"a ""b"""', "[c d]", "`e`"]),
        ("1 1.5 .5 1e-3 0x1F", ["1", "1.5", ".5", "1e-3", "0x1F"]),
        ("a -- b ; c\n/* d */ e", ["a", "e"]),
        ("a->>'$.b' || c <> d", ["a", "->>", "'$.b'", "||", "c", "<>", "d"]),
        ("?1 :a @b $c", ["?1", ":a", "@b", "$c"]),
        ("客户，阶段", ["客户", "，", "阶段"]),
        ("x'00ff'", ["x'00ff'"]),
    ],
)
def test_tokens(sql: str, tokens: list[str]) -> None:
    assert [token.text for token in tokens_of(sql)] == tokens


@given(st.one_of(SQL, st.text()))
def test_no_character_but_blanks_and_comments_is_lost(sql: str) -> None:
    end = 0
    for token in tokens_of(sql):
        assert sql[token.start : token.end] == token.text
        assert token.start >= end
        assert not sql[end : token.start].strip() or sql[end : token.start].lstrip()[:2] in {
            "--",
            "/*",
        }
        end = token.end


@given(SQL.filter(lambda sql: "/*" not in sql.replace("/* f; */", "")))
def test_statements_end_where_sqlite_says(sql: str) -> None:
    # It waits for the end of a comment, which is none of the query.
    if is_complete(sql):
        assert sqlite3.complete_statement(sql) or not statements_of(sql)


@pytest.mark.parametrize(
    ("sql", "statements"),
    [
        ("", ()),
        (" ; ;", ()),
        ("a", ((0, "a"),)),
        ("a;", ((0, "a"),)),
        (" a ; b 'x;y' -- ;\n;", ((1, "a"), (5, "b 'x;y'"))),
    ],
)
def test_statements(sql: str, statements: tuple[tuple[int, str], ...]) -> None:
    assert statements_of(sql) == statements


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1))
def test_a_quoted_name_is_that_name(name: str) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute(f"CREATE TABLE one ({quoted(name)} TEXT)")
    cursor = connection.execute("SELECT * FROM one")
    assert cursor.description[0][0] == name
    connection.close()


@pytest.mark.parametrize("word", sorted(KEYWORDS))
def test_keywords_are_names_when_quoted(word: str) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute(f"CREATE TABLE one ({quoted(word.lower())} TEXT)")
    connection.close()


def test_the_keywords_of_queries_are_keywords() -> None:
    assert READING_KEYWORDS < KEYWORDS


@pytest.mark.parametrize(
    ("sql", "asks"),
    [
        ("SELECT date('now')", True),
        ("SELECT date('NOW', '-1 day')", True),
        ("SELECT CURRENT_DATE", True),
        ("SELECT today()", False),
        ("SELECT * FROM followups WHERE summary LIKE '%now%'", False),
    ],
)
def test_asking_the_clock(sql: str, asks: bool) -> None:  # noqa: FBT001  # a case
    assert asks_the_clock(sql) is asks


@pytest.mark.parametrize(
    ("sql", "qualifier", "table"),
    [
        ("SELECT c. FROM customers c", "c", "customers"),
        ("SELECT C. FROM customers AS c", "c", "customers"),
        ("SELECT customers. FROM customers", "Customers", "customers"),
        ("SELECT x. FROM customers", "x", None),
    ],
)
def test_what_an_alias_means(sql: str, qualifier: str, table: str | None) -> None:
    assert table_meant(sql, qualifier, {"customers", "followups"}) == table
