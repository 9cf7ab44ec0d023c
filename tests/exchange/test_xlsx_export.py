"""The workbook of `tracker export xlsx`, read back by another library."""

from __future__ import annotations

import re
import tempfile
from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.exchange.conftest import NOON, TODAY
from tests.exchange.sheet_reading import cells_of, expected, parts_of, read_back
from tests.record_strategies import CONFIGS, PATH, records
from tracker.config_file import parse_config
from tracker.errors import TrackerError
from tracker.exchange.export import FORMATS, Export
from tracker.exchange.formats import xlsx
from tracker.exchange.sheets import sheets_of
from tracker.format.parser import parse_record
from tracker.insight.day import Day, Standing, day_of
from tracker.library.library import Entry, Library
from tracker.library.loader import load_library
from tracker.library.status import status_of
from tracker.model import Commitment, Contact, Customer, FollowUp, Note, Offer
from tracker.money import Money, MoneyRange

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

    from tests.exchange.conftest import DayOf
    from tracker.config import Config

WORKSPACES = Path(__file__).parent.parent / "workspaces"

pytestmark = pytest.mark.filterwarnings("error")


def exported(day: Day, path: Path, query: str = "") -> Export:
    export = Export(day, day.standings, query)
    path.touch()
    xlsx.write(export, path)
    return export


def day_of_text(text: str, config: Config) -> Day:
    customer = parse_record(text, PATH, config).customer
    assert customer
    standing = Standing(customer, status_of(customer, config, TODAY))
    library = Library(Path("none"), config, (Entry(PATH, text, customer),))
    return Day(library, TODAY, (standing,), ())


@pytest.mark.parametrize("name", ["small-zh", "small-en"])
def test_what_a_workbook_holds(name: str, tmp_path: Path, snapshot: SnapshotAssertion) -> None:
    day = day_of(load_library(WORKSPACES / name), TODAY, checked=False)
    path = tmp_path / "a.xlsx"
    export = exported(day, path, "level:A,B")
    assert read_back(path, export.config) == expected(export)
    for part in parts_of(path).values():
        ET.fromstring(part)  # noqa: S314  # we have written it ourselves
    lines = []
    for title, rows in cells_of(path).items():
        lines.append(f"# {title}")
        lines += [" | ".join("" if cell is None else str(cell) for cell in row) for row in rows]
    assert "\n".join(lines) == snapshot


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records(), st.sampled_from(CONFIGS))
def test_every_value_of_a_record_is_in_its_cell(tmp_path: Path, text: str, config: Config) -> None:
    path = tmp_path / "a.xlsx"
    export = exported(day_of_text(text, config), path)
    assert read_back(path, config) == expected(export)


_ODD = "=<>/r'\"&_x0041\x00\x01\x0b\x1f\x85\u2028\t\n ;+@-{}甲😀"
_odd_texts = st.text(_ODD, min_size=1, max_size=12) | st.sampled_from(
    [
        "<r>bold</r>",
        "<r></r>",
        "_x0041_",
        "_x0041_x0042_",
        "_x000D_x000D_x000D_",
        "<r>_x0041_x0042_</r>",
        "=1+1",
        "https://example.com",
        "internal:Sheet1!A1",
        "010",
        "1E5",
        "TRUE",
        "#N/A",
        "\r\n",
    ]
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_odd_texts, min_size=8, max_size=8))
def test_no_text_becomes_anything_else(tmp_path: Path, day_of: DayOf, texts: list[str]) -> None:
    name, business, person, preference, summary, heading, background, promise = texts
    customer = Customer(
        "records/a.md",
        "a",
        name,
        business=business,
        stage="needs",
        contacts=(Contact(person, preferences=preference),),
        background=background,
        notes=(Note(heading, 2, "x"),),
        followups=(
            FollowUp(
                NOON.date(),
                None,
                NOON,
                "call",
                "李雷",
                summary=summary,
                commitments=(Commitment(promise),),
            ),
        ),
    )
    path = tmp_path / "a.xlsx"
    export = exported(day_of(customer), path)
    assert read_back(path, export.config) == expected(export)
    parts = parts_of(path)
    sheets = [text for part, text in parts.items() if part.startswith("xl/worksheets/sheet")]
    assert not any("<f>" in text for text in sheets)
    assert not any("TargetMode" in text for part, text in parts.items() if "worksheets" in part)


def test_texts_longer_than_a_cell_go_on_in_a_sheet_of_their_own(
    tmp_path: Path, day_of: DayOf
) -> None:
    long = "客户说了很多。\n" * 20_000
    tricky = "…⟦1⟧"
    customer = Customer(
        "records/a.md",
        "a",
        "甲",
        background=long,
        notes=(Note("尾", 2, tricky), Note("长", 2, "x" * 32_751 + "…⟦2⟧" + "y" * 40_000)),
    )
    path = tmp_path / "a.xlsx"
    export = exported(day_of(customer), path)
    assert read_back(path, export.config) == expected(export)
    cells = cells_of(path)
    assert "长文本" in cells
    assert all(len(str(cell)) <= 32_767 for rows in cells.values() for row in rows for cell in row)


def test_numbers_and_days_that_excel_cannot_hold_are_texts(tmp_path: Path, day_of: DayOf) -> None:
    customer = Customer(
        "records/a.md",
        "a",
        "甲",
        value=Money(Decimal("12345678901234567.89"), "CNY"),
        created=date(1899, 12, 31),
        expected_close=date(2026, 12, 1),
        offers=(
            Offer(amount=MoneyRange(Money(Decimal("0.1"), "JPY"), Money(Decimal(5), "JPY"))),
            Offer(amount=Money(Decimal("999999999999.999"), "USD")),
        ),
    )
    path = tmp_path / "a.xlsx"
    export = exported(day_of(customer), path)
    rows = read_back(path, export.config)
    assert rows == expected(export)
    (row,) = rows["customers"]
    assert "12345678901234567.89" in row
    assert "1899-12-31" in row
    assert date(2026, 12, 1) in row
    assert [offer[6:9] for offer in rows["offers"]] == [
        [0.1, 5.0, "JPY"],
        [999999999999.999, None, "USD"],
    ]


def test_amounts_are_shown_with_their_currency(tmp_path: Path, day_of: DayOf) -> None:
    customer = Customer(
        "records/a.md",
        "a",
        "甲",
        value=Money(Decimal("1.5"), "EUR"),
        offers=(
            Offer(amount=Money(Decimal(5), "JPY")),
            Offer(amount=Money(Decimal("0.125"), "USD")),
        ),
    )
    path = tmp_path / "a.xlsx"
    exported(day_of(customer), path)
    styles = parts_of(path)["xl/styles.xml"]
    for code in ("[$EUR] #,##0.00", "[$JPY] #,##0", "[$USD] #,##0.000", "yyyy-mm-dd"):
        assert f'formatCode="{code}"' in styles


def test_times_with_an_offset_are_texts(tmp_path: Path) -> None:
    text = "---\nname: 甲\nstage: 成交\nowner: 李雷\n---\n\n## 2026-11-20 14:30+08:00 电话\n\nx\n"
    path = tmp_path / "a.xlsx"
    export = exported(day_of_text(text, CONFIGS[0]), path)
    (row,) = read_back(path, export.config)["followups"]
    assert row[3:5] == [date(2026, 11, 20), "14:30+08:00"]
    plain = text.replace("+08:00", "")
    export = exported(day_of_text(plain, CONFIGS[0]), path)
    (row,) = read_back(path, export.config)["followups"]
    assert row[3:5] == [date(2026, 11, 20), time(14, 30)]


def test_each_sheet_is_a_table_with_a_frozen_header_and_filters(tmp_path: Path) -> None:
    day = day_of(load_library(WORKSPACES / "small-zh"), TODAY, checked=False)
    path = tmp_path / "a.xlsx"
    export = exported(day, path)
    parts = parts_of(path)
    tables = [text for part, text in parts.items() if part.startswith("xl/tables/")]
    sheets = sheets_of(export.config)
    assert len(tables) == len(sheets)
    for sheet in sheets:
        (table,) = [text for text in tables if f'displayName="{sheet.name}"' in text]
        assert "<autoFilter ref=" in table
    frozen = [text for text in parts.values() if 'state="frozen"' in text]
    assert len(frozen) == len(sheets)


def test_fields_named_as_columns_of_ours_stay_apart(tmp_path: Path) -> None:
    config = parse_config(
        "language: en\nfields: {stale: {label: Stale, type: text}, path: {label: Way}}\n"
    )[0]
    text = "---\nname: A\nstage: won\nowner: Li\nstale: bread\npath: uphill\n---\n"
    (customers, *_) = sheets_of(config)
    assert len({column.path for column in customers.columns}) == len(customers.columns)
    path = tmp_path / "a.xlsx"
    export = exported(day_of_text(text, config), path)
    rows = read_back(path, config)
    assert rows == expected(export)
    assert {"bread", "uphill", "records/a.md"} <= set(rows["customers"][0])


def test_excel_offers_the_words_of_the_team(tmp_path: Path, day_of: DayOf) -> None:
    config = """\
language: zh
title: 小样例
levels: [重要, "一般,较少"]
owners: [李雷, 韩梅梅]
sources: ['"展会"', 转介绍]
fields: {brand: {label: 品牌, choices: [国产, 进口]}}
"""
    path = tmp_path / "a.xlsx"
    exported(day_of(Customer("records/a.md", "a", "甲"), config=config), path)
    customers = parts_of(path)["xl/worksheets/sheet2.xml"]
    lists = re.findall(r'<dataValidation type="list"[^>]*><formula1>"([^"]*)"', customers)
    assert "李雷,韩梅梅" in lists
    assert "国产,进口" in lists
    assert any(words.startswith("初步接触,需求分析,") for words in lists)
    # A word with a comma would be two, and one with quotes would end the list.
    assert len(lists) == len(re.findall("<dataValidation ", customers)) == 3


def test_rows_lead_to_their_customer_and_nowhere_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = day_of(load_library(WORKSPACES / "small-zh"), TODAY, checked=False)
    path = tmp_path / "a.xlsx"
    export = exported(day, path)
    keys = [standing.customer.id for standing in day.standings]
    rows = read_back(path, export.config)
    for number, sheet in enumerate(sheets_of(export.config), start=2):
        links = links_of(path, number)
        if sheet.name == "customers":
            assert links == []
        else:
            owners = [row[0] for row in rows[sheet.name]]
            assert links == [f"'客户'!A{keys.index(owner) + 2}" for owner in owners]
    monkeypatch.setattr(xlsx, "MOST_LINKS", 2)
    few = tmp_path / "few.xlsx"
    exported(day, few)
    counts = [len(links_of(few, number)) for number in range(2, len(rows) + 2)]
    assert max(counts) == 2
    assert read_back(few, export.config) == rows


def links_of(path: Path, number: int) -> list[str]:
    """Return where the links of a sheet lead within the workbook; none may lead out of it."""
    parts = parts_of(path)
    relations = parts.get(f"xl/worksheets/_rels/sheet{number}.xml.rels", "")
    assert "External" not in relations
    found = re.findall(r"<hyperlink [^>]*", parts[f"xl/worksheets/sheet{number}.xml"])
    return [match[1] for link in found if (match := re.search(r'location="([^"]*)"', link))]


def test_the_same_day_gives_the_same_bytes(tmp_path: Path) -> None:
    day = day_of(load_library(WORKSPACES / "small-en"), TODAY, checked=False)
    one, other = tmp_path / "one.xlsx", tmp_path / "other.xlsx"
    exported(day, one)
    exported(day, other)
    assert one.read_bytes() == other.read_bytes()
    exported(replace(day, today=date(2026, 11, 25)), other)
    assert one.read_bytes() != other.read_bytes()


def test_more_rows_than_a_sheet_has_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = day_of(load_library(WORKSPACES / "small-en"), TODAY, checked=False)
    monkeypatch.setattr(xlsx, "MOST_ROWS", 3)
    with pytest.raises(TrackerError, match="the sheet Customers would have"):
        exported(day, tmp_path / "a.xlsx")


def test_a_workbook_without_customers_has_all_its_headings(tmp_path: Path, day_of: DayOf) -> None:
    path = tmp_path / "a.xlsx"
    export = exported(day_of(), path)
    assert read_back(path, export.config) == {sheet.name: [] for sheet in sheets_of(export.config)}


def test_records_with_one_id_stay_apart(tmp_path: Path, day_of: DayOf) -> None:
    one = Customer("records/a.md", "a", "甲", contacts=(Contact("王芳"),))
    other = Customer("records/b.md", "a", "乙", contacts=(Contact("李明"),))
    path = tmp_path / "a.xlsx"
    export = exported(day_of(one, other), path)
    rows = read_back(path, export.config)
    assert [row[:2] for row in rows["customers"]] == [["a", "甲"], ["records/b.md", "乙"]]
    assert [row[0] for row in rows["contacts"]] == ["a", "records/b.md"]


PLAIN = "---\nname: A\nstage: lead\nowner: B\n---\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("name", ["xlsx", "form"])
def test_a_full_disk_is_what_the_system_says_it_is(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    day = day_of_text(PLAIN, CONFIGS[0])
    with pytest.raises(OSError, match="No space left"):
        FORMATS[name].load().write(Export(day, day.standings), Path("/dev/full"))
    assert capsys.readouterr().err == ""


def test_a_full_folder_for_temporary_files_is_told_likewise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = day_of_text(PLAIN, CONFIGS[0])
    # The library puts the parts of a workbook there before it packs them.
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(FileNotFoundError):
        xlsx.write(Export(day, day.standings), tmp_path / "a.xlsx")
