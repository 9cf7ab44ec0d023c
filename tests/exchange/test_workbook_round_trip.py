"""Records become a workbook and the workbook records again, and nothing is lost on the way."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.exchange.conftest import TODAY
from tests.exchange.sheet_reading import read_back
from tests.record_strategies import CONFIGS, PATH, records
from tracker.exchange.export import Export
from tracker.exchange.formats import xlsx
from tracker.exchange.intake.contributions import Policy, Unfit
from tracker.exchange.intake.mapping import Choices
from tracker.exchange.intake.planner import Choice, plan_import
from tracker.exchange.intake.source import read_sheets, understand
from tracker.exchange.sheets import sheets_of
from tracker.format.comparison import content_of
from tracker.format.parser import parse_record
from tracker.insight.day import Day, Standing
from tracker.library.library import Entry, Library
from tracker.library.loader import load_library
from tracker.library.status import status_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.config import Config
    from tracker.exchange.intake.plan import Plan
    from tracker.model import Customer

ROOT = Path(__file__).parent.parent.parent
NOWHERE = ROOT / "tests" / "workspaces" / "none"


def day_of(customers: Sequence[Customer], config: Config) -> Day:
    standings = tuple(Standing(one, status_of(one, config, TODAY)) for one in customers)
    entries = tuple(Entry(one.path, "", one) for one in customers)
    return Day(Library(NOWHERE, config, entries), TODAY, standings, ())


def exported(day: Day, path: Path) -> Path:
    path.touch()
    xlsx.write(Export(day, day.standings), path)
    return path


def imported(path: Path, config: Config) -> Plan:
    """Return what an import of a workbook into an empty workspace would write."""
    source = understand(read_sheets(path), config, Choices(), ())
    assert source.own, "it is a workbook of ours"
    rows = source.contributions(
        config, Choices(), Policy(Unfit.NOTE, keep_columns=False, today=TODAY)
    )
    return plan_import(rows, Library(NOWHERE, config, ()), Choice(TODAY))


def said_by(customer: Customer) -> dict[str, Any]:
    """Return what a record says: without its places in the file, and with every default filled in.

    Left out is what no cell holds: the file's name, that a follow-up names the owner or that a
    promise names whoever followed up, fields and groups without a value, and the order of sections
    in the file, beyond that of their moments.
    """
    content: dict[str, Any] = content_of(customer)
    del content["path"]
    content["fields"] = _present(content["fields"])
    content["offers"] = [offer for offer in content["offers"] if any(offer.values())]
    for key in ("deal", "lost"):
        content[key] = content[key] if content[key] and any(content[key].values()) else None
    content["followups"] = [content_of(followup) for followup in customer.chronological]
    for followup in content["followups"]:
        del followup["who_written"]
        followup["texts"] = _present(followup["texts"])
        followup["fields"] = _present(followup["fields"])
        for promise in followup["commitments"]:
            promise["who"] = promise["who"] or followup["who"]
    return content


def _present(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in ("", [])}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records(), st.sampled_from(CONFIGS))
def test_a_record_comes_back(tmp_path: Path, text: str, config: Config) -> None:
    customer = parse_record(text, PATH, config).customer
    assert customer
    path = exported(day_of([customer], config), tmp_path / "a.xlsx")
    plan = imported(path, config)
    assert not plan.rejected, [str(row.reason) for row in plan.rejected]
    (change,) = plan.records
    assert said_by(change.after.customer) == said_by(customer)
    again = exported(day_of([change.after.customer], config), tmp_path / "b.xlsx")
    assert columns_of_records(again, config) == columns_of_records(path, config)


def columns_of_records(path: Path, config: Config) -> dict[str, list[list[Any]]]:
    """Return the rows of a workbook, without the columns that are worked out."""
    rows = read_back(path, config)
    return {
        sheet.name: [
            [cell for column, cell in zip(sheet.columns, row, strict=True) if not column.derived]
            for row in rows[sheet.name]
        ]
        for sheet in sheets_of(config)
    }


def test_the_demo_comes_back(tmp_path: Path) -> None:
    library = load_library(ROOT)
    day = day_of(library.customers, library.config)
    plan = imported(exported(day, tmp_path / "a.xlsx"), library.config)
    assert not plan.rejected
    found = {change.after.customer.id: change.after.customer for change in plan.records}
    assert {key: said_by(customer) for key, customer in found.items()} == {
        customer.id: said_by(customer) for customer in library.customers
    }


def test_a_change_with_a_remark_comes_back_as_one_bullet(tmp_path: Path) -> None:
    config = CONFIGS[0]
    bullet = "- 阶段: 方案制定 -> 商务谈判，客户很急"
    text = (
        "---\nname: 甲\nstage: 商务谈判\nowner: 李雷\n---\n\n"
        f"## 2026-11-20 10:00 电话 李雷\n\n聊了。\n\n{bullet}\n"
    )
    customer = parse_record(text, PATH, config).customer
    assert customer
    plan = imported(exported(day_of([customer], config), tmp_path / "a.xlsx"), config)
    after = plan.records[0].after
    assert said_by(after.customer) == said_by(customer)
    assert after.text.count("阶段:") == after.text.count(bullet) == 1


def test_texts_beyond_a_cell_come_back(tmp_path: Path) -> None:
    config = CONFIGS[0]
    long = "客户说了很多。\n\n" * 9_000
    text = (
        "---\nname: 甲\nstage: 成交\nowner: 李雷\n---\n\n背景…⟦1⟧\n\n"
        f"## 2026-11-20 10:00 电话 李雷\n\n{long}\n\n## 备注\n\n<r>x</r>\n"
    )
    customer = parse_record(text, PATH, config).customer
    assert customer
    plan = imported(exported(day_of([customer], config), tmp_path / "a.xlsx"), config)
    assert not plan.rejected
    assert said_by(plan.records[0].after.customer) == said_by(customer)
