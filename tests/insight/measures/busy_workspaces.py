"""Workspaces in which much is done and promised, and their tables in SQLite with former owners.

People follow up customers of others, promise with and without days, keep, miss and forget it, plan
ahead, move and end plans, and write sections ahead; customers change stage, level and owner, go
cold for weeks, and have amounts in a currency with a rate and in one without.
"""

from __future__ import annotations

import random
import sqlite3
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from tracker.database.fill import fill
from tracker.insight.day import Day, day_of
from tracker.insight.measure import Figure, Line, Scope, Spread, Table
from tracker.insight.measure_registry import all_measures
from tracker.insight.sums import Sums
from tracker.library.loader import load_library

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tracker.periods import Period

TODAY = date(2026, 11, 24)
SETTINGS = """\
language: en
currency: CNY
rates: {USD: 7}
owners: [{name: Li, aliases: [Li Lei]}, Han, "O'Neil"]
levels:
  - {id: a, label: A, max_idle_days: 10}
  - {id: b, label: B, max_idle_days: 25}
  - {id: c, label: C}
"""
PEOPLE = ("Li", "Li Lei", "Han", "O'Neil", "somebody else")
STAGES = ("initial contact", "proposal", "negotiation", "won", "after-sales", "lost")
METHODS = ("call", "visit", "email", "")
LEVELS = ("A", "B", "C")

Owned = tuple[tuple[date, str], ...]


class Tables(sqlite3.Connection):
    """Tables in memory, which are closed when nobody holds them any more."""

    def __del__(self) -> None:
        """Close them."""
        self.close()


@dataclass(frozen=True)
class Workspace:
    """A workspace with its tables.

    Attributes:
        day: The workspace on `TODAY`.
        owners_before: As `Scope` takes it.
        tables: The tables of `tracker sql`, and `ownership` (customer, since, owner).
    """

    day: Day
    owners_before: Mapping[str, Owned]
    tables: sqlite3.Connection

    def scope(self, period: Period, owner: str | None = None) -> Scope:
        """Return what is asked of it."""
        return Scope(self.day, period, owner, self.owners_before)


def write_workspace(folder: Path, seed: int, customers: int = 30) -> Workspace:
    """Write a workspace, the same for the same seed, and return it with its tables."""
    chance = random.Random(seed)  # noqa: S311  # no secret
    records = folder / "records"
    records.mkdir(parents=True)
    (folder / "tracker.yaml").write_text(SETTINGS, encoding="utf-8")
    for number in range(customers):
        (records / f"c{number:03}.md").write_text(_record(number, chance), encoding="utf-8")
    day = day_of(load_library(folder), TODAY, checked=False)
    owners_before = {
        standing.customer.path: _owned(standing.customer.owner or "", chance)
        for standing in day.standings
        if not chance.randrange(3)
    }
    return Workspace(day, owners_before, tables_of(day, owners_before))


def tables_of(day: Day, owners_before: Mapping[str, Owned]) -> sqlite3.Connection:
    """Return the tables of a day, with who owned which customer from which day on."""
    tables = Tables(":memory:", isolation_level=None)
    tables.row_factory = sqlite3.Row
    fill(tables, day)
    tables.execute("CREATE TABLE ownership (customer TEXT, since TEXT, owner TEXT)")
    for standing in day.standings:
        customer = standing.customer
        history = owners_before.get(customer.path, ((date.min, customer.owner or ""),))
        tables.executemany(
            "INSERT INTO ownership VALUES (?, ?, ?)",
            [(customer.id, since.isoformat(), owner) for since, owner in history],
        )
    tables.execute("CREATE TABLE today (day TEXT)")
    tables.execute("INSERT INTO today VALUES (?)", (day.today.isoformat(),))
    return tables


def _owned(now: str, chance: random.Random) -> Owned:
    names = ("Li", "Han", "O'Neil")
    turns = sorted({TODAY - timedelta(days=chance.randrange(400)) for _ in range(2)})
    return (
        (date.min, chance.choice(names)),
        *((day, chance.choice(names)) for day in turns[:-1]),
        (turns[-1], now),
    )


def _record(number: int, chance: random.Random) -> str:
    first = TODAY - timedelta(days=chance.randrange(1200))
    stage, level, body = _sections(first, chance)
    matter = [f"name: c{number}", f"stage: {stage}", f"owner: {chance.choice(PEOPLE)}"]
    matter += [f"level: {level}"] if level else []
    if chance.randrange(4):
        matter.append(f"created: {first - timedelta(days=chance.choice((0, 0, 20, 45, -30)))}")
    matter += [f"value: {_money(chance)}"] if chance.randrange(5) else []
    if not chance.randrange(3):
        day = first + timedelta(days=chance.randrange(300))
        matter += ["deal:", f"  date: {day}"] if chance.randrange(3) else ["deal:", "  contract: x"]
        matter += [f"  amount: {_money(chance)}"] if chance.randrange(3) else []
    if not chance.randrange(4):
        matter += ["lost:", f"  date: {first + timedelta(days=chance.randrange(300))}"]
    offers = [
        TODAY + timedelta(days=chance.randrange(-300, 20)) for _ in range(chance.randrange(3))
    ]
    matter += ["offers:"] if offers else []
    for place, day in enumerate(offers):
        matter += [f"  - quote: Q{number}-{place}", *([f"    date: {day}"] * chance.randrange(2))]
    return "\n".join(["---", *matter, "---", "", *body]) + "\n"


def _money(chance: random.Random) -> str:
    currency = chance.choices(("CNY", "USD", "EUR"), (12, 5, 1))[0]
    return f"{chance.randrange(1, 40) * 2500} {currency}"


def _sections(first: date, chance: random.Random) -> tuple[str, str | None, list[str]]:
    """Return the stage and the level of a record, and its sections, the newest first."""
    stage = chance.choice((*STAGES[:3], *STAGES))
    level = chance.choice((None, *LEVELS))
    day, sections = first, []
    for _ in range(chance.choice((0, 1, 2, 4, 8, 12))):
        lines = [
            f"## {day} {chance.choice(METHODS)} {chance.choice(PEOPLE)}".replace("  ", " "),
            "",
        ]
        if not chance.randrange(4):
            old, stage = stage, chance.choice(STAGES)
            lines.append(
                f"- stage: {old} -> {stage}" if chance.randrange(2) else f"- stage: {stage}"
            )
        if not chance.randrange(8):
            level = chance.choice(LEVELS)
            lines.append(f"- level: {level}")
        lines += [_promise(day, chance) for _ in range(chance.choice((0, 0, 1, 2)))]
        if plan := _plan(day, chance):
            lines.append(plan)
        sections.append([*lines, ""])
        day += timedelta(days=chance.choice((0, 1, 3, 8, 11, 24, 31, 60)))
    return stage, level, [line for section in reversed(sections) for line in section]


def _promise(day: date, chance: random.Random) -> str:
    due = day + timedelta(days=chance.randrange(-1, 25))
    box = chance.choice("xxx ")
    text = f"- [{box}] do it" + (f" @{due}" if chance.randrange(6) else "")
    if not chance.randrange(3):
        text += f" @{chance.choice(('Li Lei', 'Han'))}"
    if box == "x" and chance.randrange(3):
        text += f" ✅ {due + timedelta(days=chance.choice((-2, 0, 0, 1, 5, 9)))}"
    return text


def _plan(day: date, chance: random.Random) -> str:
    if not chance.randrange(2):
        return ""
    if not chance.randrange(6):
        return "- next: none"
    return f"- next: {day + timedelta(days=chance.randrange(30))} call ask again"


# --- Figures as SQL has them ----------------------------------------------------------------------


def figures_of(scope: Scope, measure: str, table: str) -> dict[str, dict[str, Any]]:
    """Return the figures of a table by the keys of lines and columns, as plain values."""
    found = table_of(scope, measure, table)
    lines = {line.key: _plain(line, found) for line in found.lines}
    if found.total:
        lines["total"] = _plain(found.total, found)
    return lines


def table_of(scope: Scope, measure: str, key: str) -> Table:
    """Return a table of a measure by its key."""
    return next(each for each in all_measures()[measure].tables(scope) if each.key == key)


def _plain(line: Line, table: Table) -> dict[str, Any]:
    pairs = zip(table.columns, line.figures, strict=True)
    return {column.key: plain(figure) for column, figure in pairs}


def plain(figure: Figure) -> object:
    """Return what a figure says: a number, three of a spread, sums by currency, or None."""
    match figure.value:
        case Spread(lower, median, upper):
            return (lower, median, upper)
        case Sums(amounts):
            return {money.currency: float(money.amount) for money in amounts}
        case None:
            return None
        case number:
            return number if isinstance(number, int) else float(number)


def rows(workspace: Workspace, sql: str, **values: object) -> Sequence[sqlite3.Row]:
    """Return the rows of a query; days are given as they are."""
    given = {name: str(each) if isinstance(each, date) else each for name, each in values.items()}
    return workspace.tables.execute(sql, given).fetchall()
