"""What single cells mean."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.config_file import default_config
from tracker.exchange.intake.cell_days import read_clock, read_day, tells_day_first
from tracker.exchange.intake.cells import Reading, read_cell
from tracker.exchange.intake.headers import heading_of
from tracker.exchange.intake.notation import Notation, plain_text
from tracker.exchange.intake.tables import cell_text
from tracker.exchange.intake.targets import Targets
from tracker.translation import Message

if TYPE_CHECKING:
    from tracker.exchange.intake.tables import Cell

CONFIG = default_config("zh")
TARGETS = Targets(CONFIG).by_path


def read(path: str, cell: Cell, heading: str = "", **notation: object) -> Reading:
    known = Notation(CONFIG, **notation)  # type: ignore[arg-type]  # as the tests name them
    return read_cell(cell, TARGETS[path].field, heading_of(heading or path), known)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2026-03-05", date(2026, 3, 5)),
        ("2026.3.5", date(2026, 3, 5)),
        ("2026/3/5", date(2026, 3, 5)),
        ("2026年3月5日", date(2026, 3, 5)),
        ("２０２６年３月５日", date(2026, 3, 5)),
        ("20260305", date(2026, 3, 5)),
        (20260305.0, date(2026, 3, 5)),
        ("5 March 2026", date(2026, 3, 5)),
        ("Mar 5, 2026", date(2026, 3, 5)),
        ("05.03.2026", date(2026, 3, 5)),
        ("25/3/2026", date(2026, 3, 25)),
        ("3/25/2026", date(2026, 3, 25)),
        (45000, date(2023, 3, 15)),
        (45000.0, date(2023, 3, 15)),
        ("45000", date(2023, 3, 15)),
        (date(2026, 3, 5), date(2026, 3, 5)),
        (datetime(2026, 3, 5, 14, 30), date(2026, 3, 5)),  # noqa: DTZ001  # cells have no zone
    ],
)
def test_a_day_in_any_usual_form(cell: Cell, day: date) -> None:
    assert read("created", cell) == Reading(day.isoformat())


@pytest.mark.parametrize("cell", ["2026-02-30", "soon", 7, 1.5e9, float("inf"), "2026年3月", True])
def test_what_is_no_day_is_said_to_be_none(cell: Cell) -> None:
    fault = read("created", cell).fault
    assert fault
    assert fault.code == "invalid-date"


def test_a_day_that_may_be_two_is_asked_for() -> None:
    asked = read_day("3/5/2026", Notation(CONFIG))
    assert isinstance(asked, Message)
    assert "--day-first" in str(asked)
    assert read("created", "3/5/2026", day_first=True).value == "2026-05-03"
    assert read("created", "3/5/2026", day_first=False).value == "2026-03-05"


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("25/3/2026", True),
        ("25/3/2026 14:30", True),
        ("3/25/2026", False),
        ("3/5/2026", None),
        (3, None),
    ],
)
def test_a_cell_tells_whether_days_come_first(cell: Cell, told: bool | None) -> None:  # noqa: FBT001  # a parameter of the test's examples
    assert tells_day_first(cell) is told


def test_plain_numbers_count_from_1904_where_the_workbook_does() -> None:
    assert read("created", 43538.0, from_1904=True).value == "2023-03-15"


@given(st.dates(date(1955, 1, 1), date(2110, 1, 1)))
def test_serials_are_the_days_that_excel_shows(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    assert read("created", float(serial)).value == day.isoformat()


@pytest.mark.parametrize(
    ("cell", "clock"),
    [
        ("14:30", time(14, 30)),
        ("14：30", time(14, 30)),
        ("14:30:59", time(14, 30)),
        ("下午2点半", time(14, 30)),
        ("上午9点", time(9, 0)),
        ("9:05 pm", time(21, 5)),
        (time(14, 30, 10), time(14, 30)),
        (0.604166667, time(14, 30)),
        (timedelta(hours=14, minutes=30), time(14, 30)),
        (None, None),
    ],
)
def test_a_time_of_day(cell: Cell, clock: time | None) -> None:
    assert read_clock(cell) == clock


def test_a_time_keeps_its_offset() -> None:
    clock = read_clock("14:30+02:00")
    assert isinstance(clock, time)
    assert clock.isoformat("minutes") == "14:30+02:00"


@pytest.mark.parametrize(
    ("cell", "heading", "value"),
    [
        (480000, "value", "480000 CNY"),
        (480000.0, "value", "480000 CNY"),
        (0.1 + 0.2, "value", "0.3 CNY"),
        ("48万", "value", "480000 CNY"),
        ("约48.5万元", "value", "485000 CNY"),
        ("3.5w", "value", "35000 CNY"),
        ("12 W元", "value", "120000 CNY"),
        ("¥480,000.50", "value", "480000.5 CNY"),
        ("480000 USD", "value", "480000 USD"),
        (48, "预计金额（万元）", "480000 CNY"),
        ("48", "预计金额(万)", "480000 CNY"),
        (1200, "amount (USD)", "1200 USD"),
        (1.2, "amount (k EUR)", "1200 EUR"),
        ("1.234,56", "value", "1234.56 CNY"),
        ("1.234.567", "value", "1234567 CNY"),
    ],
)
def test_money(cell: Cell, heading: str, value: str) -> None:
    assert read("value", cell, heading) == Reading(value)


def test_money_of_a_row_with_its_currency() -> None:
    assert read("value", 5, currency="EUR").value == "5 EUR"
    assert read("value", "5 USD", currency="EUR").value == "5 USD"


@pytest.mark.parametrize(
    ("cell", "value", "rest"),
    [
        (13900001111.0, "13900001111", ""),
        (13900001111, "13900001111", ""),
        ("1.3900001111E+10", "13900001111", ""),
        ("13900001111.0", "13900001111", ""),
        ("0512-66881234", "0512-66881234", ""),
        ("１３９０００１１１１１", "13900011111", ""),
        ("021-55667788/13711112222", "021-55667788", "13711112222"),
        ("13900001111、13711112222", "13900001111", "13711112222"),
        ("+44 (0)20 7946 0958", "+44 (0)20 7946 0958", ""),
        ("0113 496 0001 and 0113 496 0002", "0113 496 0001", "0113 496 0002"),
        ("0512-66881234 或 13711112222", "0512-66881234", "13711112222"),
        ("13900001111（微信同号）", "13900001111", "13900001111(微信同号)"),
        ("13900001111 王芳、13711112222", "13900001111", "13900001111 王芳\n13711112222"),
        ("021-55667788 转 801", "021-55667788 转 801", ""),
    ],
)
def test_telephone_numbers_as_spreadsheets_make_them(cell: Cell, value: str, rest: str) -> None:
    assert read("contacts.phone", cell) == Reading(value, None, rest)


@pytest.mark.parametrize("gap", [" and ", " & ", "; ", " / ", ", or ", "\n"])
def test_addresses_of_one_cell_are_told_apart(gap: str) -> None:
    addresses = gap.join(("and@example.com", "or@example.com"))
    assert read("contacts.email", addresses) == Reading("and@example.com", None, "or@example.com")


def test_a_number_whose_digits_are_lost_is_none() -> None:
    assert read("contacts.phone", "1.39E+10").fault
    assert read("contacts.phone", "1.39E+10 (手机)").fault


@pytest.mark.parametrize(("cell", "value"), [(123.0, "123"), ("123.0", "123"), ("00123", "00123")])
def test_ids(cell: Cell, value: str) -> None:
    assert read("id", cell).value == value


@pytest.mark.parametrize(
    ("path", "cell", "value"),
    [
        ("stage", "商务谈判", "商务谈判"),
        ("stage", "negotiation", "商务谈判"),
        ("stage", "赢单", "成交"),
        ("level", "B类", "B"),
        ("level", "□A ☑B □C", "B"),
        ("source", "官网", "官网"),
        ("contacts.primary", True, "yes"),
        ("contacts.primary", "√", "yes"),
        ("website", "www.example.com", "https://www.example.com"),
        ("contacts.email", "mailto:a@example.com", "a@example.com"),
        ("tags", "机床、华东", ("机床", "华东")),
        ("needs.core", "1. 缩短交期，减少返工\n2. 联网", ("缩短交期，减少返工", "联网")),
        ("needs.pains", "精度下降，导致返工", ("精度下降，导致返工",)),
    ],
)
def test_words_and_lists(path: str, cell: Cell, value: object) -> None:
    assert read(path, cell) == Reading(value)  # type: ignore[arg-type]  # the values fit the parameters


@pytest.mark.parametrize("path", ["value", "contacts.phone", "created", "stage"])
@pytest.mark.parametrize("cell", ["", "-", "/", "N/A", "无", "暂无", None])
def test_texts_that_say_nothing(path: str, cell: Cell) -> None:
    assert read(path, cell) == Reading()


def test_an_unknown_word_names_the_nearest() -> None:
    fault = read("source", "展览").fault
    assert fault
    assert fault.code == "unknown-word"
    assert "展会" in str(fault.hint)
    assert read("stage", "跟进中", words={"跟进中": "商务谈判"}).value == "商务谈判"


@given(st.floats(-1e15, 1e15))
def test_whole_numbers_are_written_whole(value: float) -> None:
    text = cell_text(value)
    assert float(text) == pytest.approx(value, rel=1e-12)
    if value.is_integer() and abs(value) < 1e15:
        assert text == str(int(value))


@given(st.floats())
def test_any_number_has_a_text(value: float) -> None:
    assert cell_text(value)


@given(st.text())
def test_any_text_can_stand_in_a_record(text: str) -> None:
    plain = plain_text(text)
    assert plain == plain_text(plain)
    assert "\r" not in plain
    plain.encode()


_CELLS = st.one_of(st.text(), st.floats(), st.integers(), st.dates(), st.times(), st.booleans())


@given(st.sampled_from(sorted(TARGETS)), _CELLS)
def test_no_cell_is_too_much(path: str, cell: Cell) -> None:
    reading = read(path, cell)
    assert reading.fault is None or reading.value is None
    read_clock(cell)
    read_day(cell, Notation(CONFIG))
