"""The tables of `tracker export csv`."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.exchange.conftest import TODAY
from tracker.config_file import parse_config
from tracker.errors import UsageError
from tracker.exchange.export import TABLE, Export
from tracker.exchange.formats import csv as csv_format
from tracker.exchange.intake.delimited import read_delimited
from tracker.exchange.sheets import sheets_of
from tracker.exchange.spreadsheet_text import undo_defusing
from tracker.format.parser import parse_record
from tracker.insight.day import Day
from tracker.insight.day import day_of as day_of_library
from tracker.insight.rows import ROW_COLUMNS
from tracker.library.loader import load_library
from tracker.model import Contact, Customer

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

    from tests.exchange.conftest import DayOf

WORKSPACES = Path(__file__).parent.parent / "workspaces"


def exported(day: Day, path: Path, table: str = "") -> bytes:
    csv_format.write(Export(day, day.standings, options={TABLE: table} if table else {}), path)
    return path.read_bytes()


def rows_of(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.fixture(scope="module")
def chinese_day() -> Day:
    return day_of_library(load_library(WORKSPACES / "small-zh"), TODAY, checked=False)


def test_all_tables(chinese_day: Day, tmp_path: Path, snapshot: SnapshotAssertion) -> None:
    texts = []
    for sheet in sheets_of(chinese_day.library.config):
        data = exported(chinese_day, tmp_path / "a.csv", sheet.name)
        assert data.startswith(b"\xef\xbb\xbf")
        assert data.endswith(b"\r\n")
        texts.append(f"# {sheet.name}\n{data.decode('utf-8-sig')}".replace("\r\n", "\n"))
    assert "\n".join(texts) == snapshot


def test_customers_have_all_that_a_list_has(chinese_day: Day) -> None:
    (customers, *_) = sheets_of(chinese_day.library.config)
    paths = {column.path.removeprefix("day.") for column in customers.columns}
    assert set(ROW_COLUMNS) - paths == {"currency", "stage_kind"}
    assert "value.currency" in paths


@pytest.mark.parametrize("name", ["", "customers", "客户", "Customers"])
def test_a_table_is_named_or_titled(chinese_day: Day, tmp_path: Path, name: str) -> None:
    header, *rows = rows_of(exported(chinese_day, tmp_path / "a.csv", name))
    assert header[:2] == ["编号", "客户名称"]
    assert len(rows) == len(chinese_day.standings)


def test_an_unknown_table_is_refused_with_the_nearest(chinese_day: Day, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="did you mean ‘followups’"):
        exported(chinese_day, tmp_path / "a.csv", "folowups")
    with pytest.raises(UsageError, match="there are: customers, contacts"):
        exported(chinese_day, tmp_path / "a.csv", "x")


def test_formulas_are_defused_and_numbers_are_not(tmp_path: Path, day_of: DayOf) -> None:
    config = "language: en\nfields: {balance: {label: =Balance, type: number}}\n"
    text = '---\nname: "=cmd|x"\nstage: won\nowner: Li\nbalance: -3\ntags: ["-a", "b"]\n---\n'
    customer = parse_record(text, "records/a.md", parse_config(config)[0]).customer
    assert customer
    header, row = rows_of(exported(day_of(customer, config=config), tmp_path / "a.csv"))
    cells = dict(zip(header, row, strict=True))
    assert cells["Name"] == "'=cmd|x"
    assert cells["'=Balance"] == "-3"
    assert cells["Tags"] == "'-a, b"


@pytest.mark.parametrize(
    "phone", ["+86 512 6688 1234", "0512-66881234", "'+86", "@home", "＋86", "-1", "\t1"]
)
def test_a_telephone_number_comes_back_the_same(tmp_path: Path, day_of: DayOf, phone: str) -> None:
    customer = Customer("records/a.md", "a", "甲", contacts=(Contact("王芳", phone=phone),))
    header, row = rows_of(exported(day_of(customer), tmp_path / "a.csv", "contacts"))
    assert undo_defusing(row[header.index("电话")]) == phone


_cells = st.text("=+-@'＝＋－＠,;\t\n\" a甲1", min_size=1, max_size=8).filter(str.strip)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(_cells, _cells), min_size=1, max_size=4))
def test_an_import_reads_every_text_as_it_was(
    tmp_path: Path, day_of: DayOf, people: list[tuple[str, str]]
) -> None:
    customer = Customer(
        "records/a.md",
        "a",
        "甲",
        contacts=tuple(Contact(name, preferences=text) for name, text in people),
    )
    path = tmp_path / "a.csv"
    exported(day_of(customer), path, "contacts")
    (sheet,) = read_delimited(path)
    header, *rows = sheet.rows
    columns = [list(header.cells).index(heading) for heading in ("姓名", "偏好")]
    assert [tuple(row.cell(column) for column in columns) for row in rows] == people
