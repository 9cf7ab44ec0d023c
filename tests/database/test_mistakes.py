"""Where a mistake in a query is shown, and what is offered instead."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from tracker.config_file import default_config
from tracker.database.mistakes import Mistake
from tracker.database.reader import Reader
from tracker.insight.day import Day
from tracker.library.library import Library

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    folder: Path = tmp_path_factory.mktemp("empty")
    with Reader(Day(Library(folder, default_config(), ()), date(2026, 11, 24), (), ())) as made:
        yield made


def found(reader: Reader, marked: str) -> tuple[str, str, str | None]:
    """Ask a query whose mistake stands in `«…»`; return the place found, what is said, the hint."""
    sql = marked.replace("«", "").replace("»", "")
    answer = reader.ask(sql)
    assert isinstance(answer, Mistake), answer
    if answer.start is None or answer.end is None:
        shown = sql
    else:
        shown = f"{sql[: answer.start]}«{sql[answer.start : answer.end]}»{sql[answer.end :]}"
    return shown, str(answer.message), str(answer.hint) if answer.hint else None


@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ("SELECT «nam» FROM customers", "did you mean ‘name’?"),
        ("SELECT name, «nam» FROM customers", "did you mean ‘name’?"),
        ("SELECT c.name\nFROM customers AS c\nWHERE «c.ownr» = 'x'", "did you mean ‘owner’?"),
        ("SELECT name FROM customers c ORDER BY «c.valu»", "did you mean ‘value’?"),
        ("SELECT «stage» FROM offers", "it is a column of customers, followups"),
        ("SELECT name FROM customers UNION SELECT «name» FROM followups", None),
        ("SELECT 1 FROM customers WHERE stage = «成交»", "a text stands in single quotes: '成交'"),
        ("SELECT «x.name» FROM customers", None),
        ("SELECT name, «[nam]» FROM customers", "did you mean ‘name’?"),
        ("SELECT * FROM «custmers»", "did you mean ‘customers’?"),
        ("SELECT * FROM customers JOIN «folowups» ON 1", "did you mean ‘followups’?"),
        ("SELECT «pinjin»(name) FROM customers", "did you mean ‘pinyin’?"),
        ("SELECT «customer» FROM offers, followups", "say of which: offers.customer"),
        ("«SELCT» 1", "did you mean ‘SELECT’?"),
        ("SELECT name «FORM» customers", "did you mean ‘FROM’?"),
        ("SELECT * «FORM» customers", "did you mean ‘FROM’?"),
        ("SELECT name FROM customers «WHER» level = 'A'", "did you mean ‘WHERE’?"),
        ("SELECT name FROM customers GROUP «stage»", None),
        ("SELECT name, «FROM» customers", None),
        ("SELECT 'FROM', name, «FROM» customers -- FROM", None),
        ("SELECT name FROM customers «)»", None),
        ("EXPLAIN «SELCT» 1", "did you mean ‘SELECT’?"),
        ("SELECT name«，»stage FROM customers", "write it in half width: ,"),
        ("SELECT count«（»*） FROM customers", "write it in half width: ("),
        ("SELECT name FROM customers WHERE owner = «‘»李雷’", "write it in half width: '"),
        ("SELECT «?»", "write the value itself, a text in single quotes"),
        ("SELECT name FROM customers WHERE id = «:id»",
         "write the value itself, a text in single quotes"),
        ("«DELETE» FROM customers", "a query begins with SELECT, WITH or VALUES"),
        ("WITH x AS (SELECT 1) «DELETE» FROM customers",
         "a query begins with SELECT, WITH or VALUES"),
        ("SELECT 1, «load_extension»('x')", None),
    ],
)  # fmt: skip
def test_the_place_and_the_hint(reader: Reader, query: str, hint: str | None) -> None:
    shown, _, offered = found(reader, query)
    assert (shown, offered) == (query, hint)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("", "the query is empty"),
        (" -- nothing\n;", "the query is empty"),
        ("SELECT 1; «SELECT 2»", "this is a second query, and only one can be asked at a time"),
        ("SELECT«» ", "the query ends too early"),
        ("SELECT (1«»", "the query ends too early"),
        ("SELECT (1«» -- more to come", "the query ends too early"),
        ("SELECT «'»abc", "the quote that begins here does not end"),
        ("SELECT «@»", "‘@’ means nothing in SQL"),
        ("SELECT «sum»(sum(1))", "misuse of aggregate function sum()"),
        ("SELECT «max»()", "wrong number of arguments to function max()"),
        (
            "SELECT 1 UNION SELECT 1, 2",
            "SELECTs to the left and right of UNION do not have the same number of result columns",
        ),
        ("SELECT name FROM customers ORDER BY 5",
         "1st ORDER BY term out of range - should be between 1 and 1"),
    ],
)  # fmt: skip
def test_what_is_said(reader: Reader, query: str, message: str) -> None:
    shown, said, _ = found(reader, query)
    assert (shown, said) == (query, message)
