"""Workspaces with every turn that sales can take, written as files, the same for the same chance.

Customers skip stages, go back, are lost and won again, on one day or written ahead; records have
no `created`, no stage lines, a stage that their history does not tell, amounts in a currency with
a rate and in one without, days of deals and losses that differ from those of the stage lines.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from tracker.insight.day import Day, day_of
from tracker.library.loader import load_library

if TYPE_CHECKING:
    import random
    from pathlib import Path

TODAY = date(2026, 11, 24)
SETTINGS = """\
language: en
currency: CNY
rates: {USD: 7}
owners: [{name: Li, aliases: [Li Lei]}, Han, "O'Neil"]
forecast: {commit: 0.5}
costs:
  trade show: {2026-03: 9000, 2026: 36500 CNY}
  website: {2025-Q4: 1000 USD, 2026-09-01..2026-09-10: 70}
  partner: {2026: 365 EUR}
"""
STAGES = (
    *("initial contact", "needs analysis", "proposal", "negotiation"),
    *("won", "after-sales", "lost"),
)
_SOURCES = (None, "trade show", "website", "partner", "referral")
_REASONS = (None, "price", "competitor", "other")
_RIVALS = (None, "Acme", "ACME", "ａｃｍｅ", "Bolt Ltd", "甲")
_PRODUCTS = (None, "X200", "x200", "Cell", "改造")
_OWNERS = ("Li", "Li Lei", "Han", "O'Neil", "somebody else")


def write_workspace(folder: Path, chance: random.Random, customers: int) -> Day:
    """Write a workspace and return it on `TODAY`, without what git might tell."""
    records = folder / "records"
    records.mkdir(parents=True)
    (folder / "tracker.yaml").write_text(SETTINGS, encoding="utf-8")
    for number in range(customers):
        text = _record(number, chance)
        (records / f"c{number:04d}.md").write_text(text, encoding="utf-8")
    return day_of(load_library(folder), TODAY, checked=False)


def former_owners(day: Day, chance: random.Random) -> dict[str, list[tuple[date, str]]]:
    """Return who had some of the customers before, as `Scope` takes it."""
    names = ("Li", "Han", "O'Neil")
    turns: dict[str, list[tuple[date, str]]] = {}
    for standing in day.standings:
        if not chance.randrange(3):
            since = TODAY - timedelta(days=chance.randrange(600))
            now = standing.customer.owner or ""
            turns[standing.customer.path] = [(date.min, chance.choice(names)), (since, now)]
    return turns


def _record(number: int, chance: random.Random) -> str:
    first = TODAY - timedelta(days=chance.randrange(700))
    stage, body = _history(first, chance)
    if not chance.randrange(12):
        stage = chance.choice(STAGES)
    matter = [f"name: c{number}", f"stage: {stage}", f"owner: {chance.choice(_OWNERS)}"]
    begun = first - timedelta(days=chance.choice((0, 0, 3, 40)))
    if chance.randrange(5):
        matter.append(f"created: {begun + timedelta(days=chance.choice((0, 0, 0, 0, 60)))}")
    if source := chance.choice(_SOURCES):
        matter.append(f"source: {source}")
    if level := chance.choice((None, "A", "B", "C")):
        matter.append(f"level: {level}")
    if value := _money(chance):
        matter.append(f"value: {value}")
    if chance.randrange(3):
        matter.append(f"expected_close: {TODAY + timedelta(days=chance.randrange(-60, 300))}")
    matter += _offers(chance) + _outcomes(first, chance)
    return "\n".join(["---", *matter, "---", "", *body]) + "\n"


def _money(chance: random.Random) -> str | None:
    amount = chance.randrange(1, 400) * 250
    # A currency without a rate is rare, or no total would ever say anything.
    currency = chance.choices(("CNY", "USD", "EUR"), (20, 8, 1))[0]
    return f"{amount} {currency}" if chance.randrange(6) else None


def _offers(chance: random.Random) -> list[str]:
    lines = []
    for _ in range(chance.choice((0, 0, 1, 2))):
        day = TODAY + timedelta(days=chance.randrange(-200, 20))
        product = chance.choice(_PRODUCTS)
        lines.append(f"  - quote: Q{chance.randrange(10**6)}")
        lines += [f"    date: {day}"] if chance.randrange(3) else []
        lines += [f"    product: {product}"] if product else []
    return ["offers:", *lines] if lines else []


def _outcomes(first: date, chance: random.Random) -> list[str]:
    lines = []
    if not chance.randrange(3):
        day = first + timedelta(days=chance.randrange(-10, 300))
        amount = _money(chance)
        lines += ["deal:", f"  date: {day}"] if chance.randrange(3) else ["deal:", "  contract: x"]
        lines += [f"  amount: {amount}"] if amount else []
    if not chance.randrange(3):
        reason, rival = chance.choice(_REASONS), chance.choice(_RIVALS)
        day = first + timedelta(days=chance.randrange(300))
        lines += ["lost:", f"  date: {day}"] if chance.randrange(2) else ["lost:", "  note: x"]
        lines += [f"  reason: {reason}"] if reason else []
        lines += [f"  competitor: {rival}"] if rival else []
    return lines


def _history(first: date, chance: random.Random) -> tuple[str, list[str]]:
    """Return the stage of the record and its dated sections, newest first."""
    stage = chance.choice(STAGES[:3])
    day, sections = first, []
    for _ in range(chance.choice((0, 0, 1, 2, 3, 4, 5, 6))):
        lines = [f"## {day} call", ""]
        if chance.randrange(4):
            old, stage = stage, _next(stage, chance)
            lines += [f"- stage: {old} -> {stage}" if chance.randrange(3) else f"- stage: {stage}"]
        sections.append([*lines, ""])
        day += timedelta(days=chance.choice((0, 1, 9, 30, 31, 95)))
    return stage, [line for section in reversed(sections) for line in section]


def _next(stage: str, chance: random.Random) -> str:
    """Return the next stage mostly, else any."""
    place = STAGES.index(stage)
    if chance.randrange(3) and place < len(STAGES) - 1:
        return STAGES[place + 1]
    return chance.choice((*STAGES, "won", "lost", "lost"))
