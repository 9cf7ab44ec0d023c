"""Hostile texts in workbooks and CSV: none becomes a formula, and all come back as they were."""

from __future__ import annotations

import csv
import re
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tests.exchange.sheet_reading import expected, parts_of, read_back
from tracker.exchange.export import TABLE, Export
from tracker.exchange.formats import csv as csv_format
from tracker.exchange.formats import xlsx
from tracker.exchange.intake.delimited import read_delimited
from tracker.exchange.sheets import sheets_of
from tracker.model import Contact, Customer, FollowUp
from trials.hostile_day import CONFIG, day_of
from trials.hostile_values import hostile_values
from trials.results import Outcome
from trials.trial import Trial

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tracker.insight.day import Day

PER_CUSTOMER = 10
PER_FILE = 2_000
"""Texts in one customer's record, and in one file."""

SHOWN = 5

_FORMULA = re.compile(r"[\s\x00-\x1f\x7f\ufeff]*[-=+@＝＋－＠]")
_MOMENT = datetime(2026, 11, 20, 12)  # noqa: DTZ001 - a follow-up's moment has no zone
_TABLES = {
    "customers": ("name", "business", "address"),
    "contacts": ("name", "title", "wechat", "preferences"),
    "followups": ("summary",),
}
"""The columns of each table in which the texts stand."""


def customers_of(texts: Sequence[str]) -> Iterator[Customer]:
    """Yield customers with the texts in fields of every kind that takes any text."""
    for at in range(0, len(texts), PER_CUSTOMER):
        cells = (*texts[at : at + PER_CUSTOMER], *["x"] * PER_CUSTOMER)
        yield Customer(
            f"records/c{at}.md",
            f"c{at}",
            cells[0],
            business=cells[1],
            address=cells[2],
            tags=(cells[3],),
            background=cells[4],
            contacts=(Contact(cells[5], title=cells[6], wechat=cells[7], preferences=cells[8]),),
            followups=(FollowUp(_MOMENT.date(), None, _MOMENT, "call", "李雷", summary=cells[9]),),
        )


def formulas_in(path: Path) -> list[str]:
    """Return the formulas of a workbook, and its links to anywhere else."""
    return [
        f"{name}: {found}"
        for name, text in parts_of(path).items()
        for found in re.findall(r"<f[ >/].{0,80}|TargetMode=\"External\".{0,80}", text)
        if name.startswith("xl/worksheets")
    ]


def try_workbook(day: Day, folder: Path) -> list[str]:
    """Write a workbook and return what is wrong with it."""
    path = folder / "a.xlsx"
    path.touch()
    export = Export(day, day.standings)
    xlsx.write(export, path)
    wrong = [f"a formula or a link: {each}" for each in formulas_in(path)]
    back, given = read_back(path, CONFIG), expected(export)
    for name, rows in given.items():
        wrong += [
            f"{name}: {want!r} came back as {got!r}"
            for want, got in zip(rows, back[name], strict=True)
            if want != got
        ]
    return wrong


def try_csv(day: Day, folder: Path) -> list[str]:
    """Write the tables as CSV, read them as an import does, and return what is wrong."""
    wrong = []
    path = folder / "a.csv"
    for table, keys in _TABLES.items():
        csv_format.write(Export(day, day.standings, options={TABLE: table}), path)
        with path.open(encoding="utf-8-sig", newline="") as stream:
            cells = [cell for row in csv.reader(stream) for cell in row]
        # Numbers of ours are numbers; in the columns of texts nothing may look like a formula.
        wrong += [f"{table}: a formula: {cell!r}" for cell in cells if begins_formula(cell)]
        wrong += _not_as_before(day, table, keys, path)
    return wrong


def begins_formula(cell: str) -> bool:
    """Tell whether a spreadsheet might take a cell of CSV for a formula; a number is none."""
    return bool(_FORMULA.match(cell)) and not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", cell)


def _not_as_before(day: Day, table: str, keys: tuple[str, ...], path: Path) -> list[str]:
    (sheet,) = read_delimited(path)
    header, *rows = sheet.rows
    (columns,) = [each.columns for each in sheets_of(CONFIG) if each.name == table]
    headings = {column.path.rpartition(".")[2]: column.heading for column in columns}
    places = [list(header.cells).index(headings[key]) for key in keys]
    wrong = []
    for customer, row in zip(day.library.customers, rows, strict=True):
        owner = {
            "customers": customer,
            "contacts": customer.contacts[0],
            "followups": customer.followups[0],
        }[table]
        given = [getattr(owner, key) for key in keys]
        back = [row.cell(place) for place in places]
        if back != given:
            wrong.append(f"{table}: {given!r} came back as {back!r}")
    return wrong


def run(count: int) -> list[Outcome]:
    """Try so many texts; see `Trial.run`."""
    wrong: dict[str, list[str]] = {"Texts in workbooks": [], "Texts in CSV": []}
    with TemporaryDirectory() as folder:
        for seed in range(0, count, PER_FILE):
            texts = list(hostile_values(min(PER_FILE, count - seed), seed))
            day = day_of(customers_of(texts))
            wrong["Texts in workbooks"] += try_workbook(day, Path(folder))
            wrong["Texts in CSV"] += try_csv(day, Path(folder))
    return [
        Outcome(subject, count, len(faults), [f"Seen: `{each[:200]}`." for each in faults[:SHOWN]])
        for subject, faults in wrong.items()
    ]


TRIAL = Trial(
    title="Formulas in spreadsheets",
    what=(
        "Texts that begin like formulas, or hold what programs take for their own markup, stand "
        "in names, contacts, tags, notes and follow-ups. A workbook of them has no formula and no "
        "link to anywhere else, and python-calamine reads every text as it was. In CSV no cell "
        "begins as a formula does, and an import reads every text as it was: `+86 …` too."
    ),
    full=10_000,
    run=run,
)
