"""Words that texts are found by in a database file."""

from __future__ import annotations

import sqlite3
import unicodedata
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.database.fill import fill
from tracker.database.fulltext import LONGEST_WORD, SEARCHED, add_search, search_words
from tracker.database.tables import common_tables_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.database.conftest import MakeDay
    from tracker.insight.day import Day

SETTINGS = """\
language: zh
fields:
  machine: {label: 设备}
  budget: {label: 预算, type: money}
followup_fields:
  rival: {label: 竞品}
"""
HENGDA = """\
---
name: 苏州恒达精密机械有限公司
stage: 商务谈判
owner: 李雷
tags: [机床, 华东]
machine: 数控磨床
budget: 480000 CNY
contacts:
  - name: 王芳
---

背景：正在扩建二厂，要 Ｘ２００加工中心。

## 2026-11-20 电话 李雷

客户担心安装调试影响生产，lead time 也太长。

- 竞品: 德马吉森精机
- [ ] 发送分批交付的报价 @2026-11-22

## 2026-11-21 邮件 李雷

已寄样件检测报告。
"""


@pytest.fixture
def day(make_day: MakeDay) -> Day:
    other = "---\nname: 无锡远景\nstage: 成交\nowner: 李雷\n---\n"
    return make_day(SETTINGS, hengda=HENGDA, yuanjing=other)


@pytest.fixture
def database(day: Day) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        fill(connection, day)
        add_search(connection, day.library.config)
        yield connection


def found(database: sqlite3.Connection, table: str, query: str) -> list[str]:
    key = "text" if table == "commitments" else "id"
    sql = (
        f"SELECT {key} FROM {table} WHERE rowid IN "  # noqa: S608  # names of the test
        f"(SELECT rowid FROM {table}_fts WHERE {table}_fts MATCH ?)"
    )
    return [str(row[0]) for row in database.execute(sql, (query,))]


@pytest.mark.parametrize(
    "query",
    [
        "机床", "恒达", "恒", "精密机械", "苏州恒达精密机械有限公司", "达精密机械有", "王芳",
        "扩建", "二厂", "磨床", "数控磨床", "x200", "加工中心", "恒达 华东",
        "name : 恒达", "tags : 机床",
    ],
)  # fmt: skip
def test_customers_are_found(database: sqlite3.Connection, query: str) -> None:
    assert found(database, "customers", query) == ["hengda"]


@pytest.mark.parametrize("query", ["床机", "恒密", "name : 机床", "CNY", "二厂 华北"])
def test_nothing_else_is_found(database: sqlite3.Connection, query: str) -> None:
    assert found(database, "customers", query) == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("调试", ["1"]),
        ("安装调试", ["1"]),
        ('"lead time"', ["1"]),
        ("LEAD", ["1"]),
        ("森精机", ["1"]),
        ("样件 检测", ["2"]),
        ("客户 OR 报告", ["1", "2"]),
    ],
)
def test_follow_ups_are_found(
    database: sqlite3.Connection, query: str, expected: list[str]
) -> None:
    assert found(database, "followups", query) == expected


def test_promises_are_found(database: sqlite3.Connection) -> None:
    assert found(database, "commitments", "报价") == ["发送分批交付的报价"]


def test_the_texts_stay_as_they_are(database: sqlite3.Connection) -> None:
    row = database.execute("SELECT name FROM customers_fts WHERE customers_fts MATCH '机床'")
    assert row.fetchone() == ("苏州恒达精密机械有限公司",)


def test_only_columns_that_there_are_are_searched(day: Day) -> None:
    tables = {table.name: table for table in common_tables_of(day.library.config)}
    for table, columns in SEARCHED.items():
        assert set(columns) <= {column.name for column in tables[table].columns}


@given(st.text(st.sampled_from("数控机床恒达カナ한국𠮷"), min_size=1, max_size=12), st.data())
def test_every_part_of_a_run_is_a_word(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, min(start + LONGEST_WORD, len(text))))
    assert text[start:end] in search_words(text).split()


@given(st.text())
def test_no_word_is_made_up(text: str) -> None:
    squeezed = "".join(search_words(text, 1).split())
    assert squeezed == "".join(unicodedata.normalize("NFKC", text).split())
