"""The database file, read by SQLite itself."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.exchange.conftest import TODAY
from tracker.database.fill import fill
from tracker.database.tables import tables_of
from tracker.database.views import VIEWS
from tracker.errors import OutputError
from tracker.exchange.export import FORMATS, Export
from tracker.exchange.formats.sqlite import APPLICATION_ID
from tracker.insight.day import Day, day_of
from tracker.library.loader import load_library
from tracker.library.status import NextState

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent.parent
WORKSPACES = {
    "demo": ROOT,
    "chinese": ROOT / "tests" / "workspaces" / "small-zh",
    "english": ROOT / "tests" / "workspaces" / "small-en",
    "broken": ROOT / "tests" / "workspaces" / "broken",
}


@pytest.fixture(scope="module", params=WORKSPACES)
def day(request: pytest.FixtureRequest) -> Day:
    return day_of(load_library(WORKSPACES[request.param]), TODAY)


@pytest.fixture(scope="module")
def demo() -> Day:
    return day_of(load_library(ROOT), TODAY, checked=False)


def written(export: Export, folder: Path) -> Path:
    path = folder / "export.db"
    path.write_bytes(b"")
    FORMATS["sqlite"].load().write(export, path)
    return path


@pytest.fixture(scope="module")
def database(day: Day, tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path = written(Export(day, day.standings), tmp_path_factory.mktemp("sqlite"))
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        yield connection


def ask(connection: sqlite3.Connection, sql: str) -> list[tuple[Any, ...]]:
    return connection.execute(sql).fetchall()


def test_it_is_sound(database: sqlite3.Connection) -> None:
    assert ask(database, "PRAGMA integrity_check") == [("ok",)]
    assert ask(database, "PRAGMA foreign_key_check") == []
    assert ask(database, "PRAGMA application_id") == [(APPLICATION_ID,)]
    assert ask(database, "PRAGMA journal_mode") == [("delete",)]


def test_it_holds_what_sql_asks(day: Day, database: sqlite3.Connection) -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as memory:
        fill(memory, day)
        for table in tables_of(day.library.config):
            sql = f"SELECT * FROM {table.name}"  # noqa: S608  # a name of ours
            assert ask(database, sql) == ask(memory, sql)


def test_every_reference_has_its_key_and_an_index(day: Day, database: sqlite3.Connection) -> None:
    for table in tables_of(day.library.config):
        keys = {(row[3], row[2]) for row in ask(database, f"PRAGMA foreign_key_list({table.name})")}
        expected = {(one.name, one.references) for one in table.columns if one.references}
        assert keys == expected
        indexed = {
            column
            for index in ask(database, f"PRAGMA index_list({table.name})")
            for (_, _, column) in ask(database, f"PRAGMA index_info('{index[1]}')")
        }
        assert {column for column, _ in keys} <= indexed
    followups = {row[3]: row[2] for row in ask(database, "PRAGMA foreign_key_list(followups)")}
    assert followups == {"customer": "customers", "stage_id": "stages", "level_id": "levels"}


def test_it_says_what_it_is(day: Day, database: sqlite3.Connection) -> None:
    metadata = dict(ask(database, "SELECT key, value FROM metadata"))
    assert metadata["title"] == day.library.config.title
    assert metadata["today"] == "2026-11-24"
    assert metadata["query"] == ""
    described = ask(database, "SELECT table_name, column_name FROM data_dictionary")
    assert set(described) == {
        (table.name, column.name)
        for table in tables_of(day.library.config)
        for column in table.columns
    }
    assert not ask(database, "SELECT * FROM data_dictionary WHERE meaning IN ('', NULL)")


def test_customers_and_follow_ups_can_be_searched(database: sqlite3.Connection) -> None:
    definitions = dict(ask(database, "SELECT name, sql FROM sqlite_schema WHERE type = 'table'"))
    for table in ("customers", "followups", "commitments"):
        # What Datasette looks for to offer a search of a table.
        assert f'content="{table}"' in definitions[f"{table}_fts"]


# --- Views --------------------------------------------------------------------------------------


@pytest.mark.parametrize("view", VIEWS)
def test_views_can_be_read(database: sqlite3.Connection, view: str) -> None:
    cursor = database.execute(f"SELECT * FROM {view}")  # noqa: S608  # a name of ours
    names = [column[0] for column in cursor.description]
    assert len(set(names)) == len(names)


def test_views_show_what_the_day_says(day: Day, database: sqlite3.Connection) -> None:
    def names(sql: str) -> list[str]:
        return [str(row[0]) for row in ask(database, sql)]

    overdue = [found for found in day.standings if found.status.next_state is NextState.OVERDUE]
    stale = [found for found in day.standings if found.status.stale]
    for view, expected in (("overdue_customers", overdue), ("stale_customers", stale)):
        shown = names(f"SELECT name FROM {view}")  # noqa: S608  # as above
        assert sorted(shown) == sorted(found.customer.name for found in expected)
    promised = [each.commitment.text for one in day.standings for each in one.status.open_promises]
    assert sorted(names("SELECT text FROM open_promises")) == sorted(promised)
    (counted,) = ask(database, "SELECT sum(customers) FROM pipeline")
    assert counted == (sum(found.customer.stage is not None for found in day.standings),)
    (followups,) = ask(database, "SELECT total(followups) FROM followups_by_month")
    assert followups == (sum(len(found.customer.followups) for found in day.standings),)


# --- The page -----------------------------------------------------------------------------------

PAGE = (ROOT / "docs" / "export.md").read_text("utf-8")
QUERIES = re.findall(r"^```sql\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("number", range(len(QUERIES)))
def test_queries_of_the_page_find_something(demo: Day, tmp_path: Path, number: int) -> None:
    with closing(sqlite3.connect(written(Export(demo, demo.standings), tmp_path))) as database:
        assert ask(database, QUERIES[number])


def test_the_page_has_queries() -> None:
    chinese = (ROOT / "docs" / "export.zh.md").read_text("utf-8")
    assert all(query in chinese for query in QUERIES)
    assert len(QUERIES) == 3
    assert "MATCH '机床'" in QUERIES[0]


# --- A part of the records, and again -----------------------------------------------------------


def test_a_query_leaves_nothing_of_the_others(demo: Day, tmp_path: Path) -> None:
    chosen = tuple(found for found in demo.standings if found.customer.owner == "李雷")
    assert 0 < len(chosen) < len(demo.standings)
    path = written(Export(demo, chosen, "owner:李雷"), tmp_path)
    with closing(sqlite3.connect(path)) as database:
        assert ask(database, "PRAGMA foreign_key_check") == []
        assert ask(database, "SELECT DISTINCT owner FROM customers") == [("李雷",)]
        (count,) = ask(database, "SELECT count(*) FROM followups")
        assert count == (sum(len(found.customer.followups) for found in chosen),)
        assert ask(database, "SELECT value FROM metadata WHERE key = 'query'") == [("owner:李雷",)]


def test_the_same_records_give_the_same_bytes(demo: Day, tmp_path: Path) -> None:
    export = Export(demo, demo.standings)
    first = written(export, tmp_path).read_bytes()
    assert written(export, tmp_path).read_bytes() == first
    assert first.startswith(b"SQLite format 3\0")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_disk_that_is_full_is_told(demo: Day) -> None:
    with pytest.raises(OutputError, match="/dev/full cannot be written"):
        FORMATS["sqlite"].load().write(Export(demo, demo.standings), Path("/dev/full"))
