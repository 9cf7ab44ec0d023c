"""What `import` prints: where the columns went, and what became of the rows."""

from __future__ import annotations

import json
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.context import Cell, Column, print_bytes, print_table, printable, tell
from tracker.exchange.intake.plan import SHARED, Outcome
from tracker.exchange.intake.tables import cell_text
from tracker.exchange.intake.targets import BACKGROUND, IGNORED, NOTE
from tracker.schema import PLACE_IN_LIST, chinese_name
from tracker.text import cut_to_width
from tracker.translation import Message, translations

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tracker.config import Config
    from tracker.exchange.intake.contributions import Origin
    from tracker.exchange.intake.mapping import Column as SourceColumn
    from tracker.exchange.intake.plan import Plan, RowResult
    from tracker.exchange.intake.source import Mapped, Source

_TITLE_WIDTH = 120
"""Columns of a terminal that a heading takes at most: longer ones are no headings."""

_MOST_SHOWN = 10
_EXAMPLE_WIDTH = 24
_OUTCOMES = {
    Outcome.CREATED: Message("created"),
    Outcome.UPDATED: Message("updated"),
    Outcome.SKIPPED: Message("nothing new"),
    Outcome.REJECTED: Message("rejected"),
}
_PLANNED = {
    Outcome.CREATED: Message("to be created"),
    Outcome.UPDATED: Message("to be updated"),
    Outcome.SKIPPED: Message("nothing new"),
    Outcome.REJECTED: Message("cannot be taken"),
}
_PARTS = {
    "background": Message("background"),
    "followups": Message("follow-ups"),
    "notes": Message("notes"),
    "next": Message("next step"),
}
"""Parts of a record that are no fields of its front matter."""

_STYLES = {Outcome.CREATED: "green", Outcome.UPDATED: "cyan", Outcome.REJECTED: "red"}


class ImportReport:
    """Puts an import into words, in the workspace's language.

    Args:
        config: The workspace's settings.
        source: The file as it was understood.
        plan: What becomes of its rows.
        file: The file.
        mapping: Where the mapping is saved.
        rejects: Where rows go that cannot be taken.
    """

    def __init__(  # noqa: PLR0913, PLR0917  # an import is made of these
        self,
        config: Config,
        source: Source,
        plan: Plan,
        file: Path,
        mapping: Path,
        rejects: Path,
    ) -> None:
        self._config = config
        self._source = source
        self._plan = plan
        self._file = file
        self._mapping = mapping
        self._rejects = rejects
        self._translate = translations(config.language).gettext

    def say(self, message: Message) -> str:
        """Return a message in the workspace's language."""
        return message.render(self._translate)

    def print(self, form: str, *, dry_run: bool, rows: bool) -> None:
        """Print the result.

        Args:
            form: `table` or `json`.
            dry_run: Whether nothing was written.
            rows: Whether every row is shown.
        """
        if form == "json":
            data = self._data(dry_run=dry_run)
            print_bytes(json.dumps(data, ensure_ascii=False, indent=2) + "\n")
            return
        self._print_columns()
        self._print_misfits()
        self._print_likely()
        self._print_kept()
        self._print_plans()
        self._print_strangers()
        if rows:
            self._print_rows(self._plan.rows, dry_run=dry_run)
        elif self._plan.rejected:
            self._print_rows(self._plan.rejected[:_MOST_SHOWN], dry_run=dry_run)
        self._print_problems()
        self._print_totals(dry_run=dry_run)

    # --- Columns ---

    def _print_columns(self) -> None:
        lines = [
            (
                Cell(cut_to_width(column.heading.title, _TITLE_WIDTH)),
                Cell(self._place(column), "" if column.target else "yellow"),
                Cell(cut_to_width(example, _EXAMPLE_WIDTH)),
            )
            for column, example in self._columns()
        ]
        if lines:
            titles = (Message("Column"), Message("Goes to"), Message("First value"))
            print_table([Column(self.say(title)) for title in titles], lines)
            click.echo()
        lost = [
            cut_to_width(column.heading.title, _TITLE_WIDTH)
            or Message("one without a heading ({example})", {"example": example})
            for column, example in self._columns()
            if column.target is None and not column.on_purpose
        ]
        if lost:
            self._tell(
                Message(
                    "not taken: {columns}; --map gives them a field, --keep-columns keeps them "
                    "as notes",
                    {"columns": tuple(lost)},
                )
            )
        if self._source.left_out:
            names = tuple(self._source.left_out)
            self._tell(Message("sheets without customers, left out: {names}", {"names": names}))
        if hidden := self._source.hidden:
            self._tell(
                Message("hidden sheets, left out: {names}; --sheet takes one", {"names": hidden})
            )
        if passed := Counter(what for _, _, what in self._source.passed):
            self._tell(
                Message(
                    "rows that are no data: {headers} repeated headers, {totals} totals",
                    {"headers": passed["header"], "totals": passed["total"]},
                )
            )

    def _columns(self) -> Iterator[tuple[SourceColumn, str]]:
        """Yield the columns that hold anything, each heading once, with their first text."""
        seen: set[tuple[str, str]] = set()
        for mapped in self._source.tables:
            for column in mapped.columns:
                example = _first_text(mapped, column)
                key = (column.heading.title, column.path)
                if key not in seen and (column.heading.title or example):
                    seen.add(key)
                    yield column, example

    def _place(self, column: SourceColumn) -> str:
        """Return where a column goes, with its name in the workspace's language."""
        if column.target is None:
            return self.say(Message("not taken")) if not column.on_purpose else IGNORED
        named = {
            NOTE: Message("a note of the record"),
            BACKGROUND: Message("background"),
        }.get(column.target.path)
        label = self.say(named) if named else column.target.field.zh
        if self._config.language != "zh" and not named:
            return column.path
        return column.path if label == column.path else f"{column.path} ({label})"

    # --- What a person should see ---

    def _print_misfits(self) -> None:
        found = sorted(self._plan.misfits.values(), key=lambda one: -one[1])
        if not found:
            return
        lines = [
            (
                Cell(misfit.column),
                Cell(cut_to_width(" ".join(misfit.text.split()), 2 * _EXAMPLE_WIDTH), "yellow"),
                Cell(str(count)),
                Cell(self.say(misfit.fault.hint or misfit.fault.message)),
            )
            for misfit, count in islice(found, 2 * _MOST_SHOWN)
        ]
        columns = [
            Column(self.say(Message("Column"))),
            Column(self.say(Message("Not understood"))),
            Column(self.say(Message("Rows")), numeric=True),
            Column(self.say(Message("Hint"))),
        ]
        print_table(columns, lines)
        click.echo()
        self._tell(
            Message(
                "texts that are not what their columns hold: {count}; --word 'text=word' says "
                "what a word means, --unfit what becomes of the others",
                {"count": len(found)},
            )
        )

    def _print_likely(self) -> None:
        for one in self._plan.likely[:_MOST_SHOWN]:
            values = {
                "name": one.name,
                "row": self._where(one.origin),
                "other": one.twin.subject.name,
                "place": one.twin.subject.place,
                "shared": SHARED[one.twin.shared],
            }
            self._tell(Message("{row}: {name} is like {other} in {place}: {shared}", values))
        if (more := len(self._plan.likely) - _MOST_SHOWN) and more > 0:
            self._tell(Message("… and {count} more likely duplicates", {"count": more}))

    def _print_kept(self) -> None:
        kept = Counter(self._named(kept.path) for row in self._plan.rows for kept in row.kept)
        if kept:
            fields = tuple(f"{name} ({count})" for name, count in kept.most_common(_MOST_SHOWN))
            self._tell(
                Message(
                    "values that differ and stay as the records have them: {fields}; --rows shows "
                    "them, --overwrite takes those of the file",
                    {"fields": fields},
                )
            )

    def _print_plans(self) -> None:
        if self._plan.plans:
            self._tell(
                Message(
                    "next steps beside which no follow-up stands: {count}; each stands under the "
                    "day of the last follow-up, or of the record's beginning, or under its own "
                    "where that is before",
                    {"count": self._plan.plans},
                )
            )

    def _print_strangers(self) -> None:
        strangers = self._plan.strangers
        if strangers:
            named = tuple(f"{name} ({count})" for name, count in strangers.most_common(_MOST_SHOWN))
            self._tell(
                Message(
                    "not among owners in tracker.yaml: {names}; add them there, or say with --word "
                    "'name=owner' who is meant",
                    {"names": named},
                )
            )

    def _print_problems(self) -> None:
        codes = Counter(found.code for found in self._plan.problems)
        if codes:
            named = tuple(f"{code} ({count})" for code, count in codes.most_common())
            self._tell(
                Message(
                    "tracker check will call errors in these records: {codes}", {"codes": named}
                )
            )

    # --- Rows and totals ---

    def _print_rows(self, rows: Sequence[RowResult], *, dry_run: bool) -> None:
        words = _PLANNED if dry_run else _OUTCOMES
        lines = [
            (
                Cell(self._where(row.origin)),
                Cell(self.say(words[row.outcome]), _STYLES.get(row.outcome, "")),
                Cell(row.name),
                Cell(self._details(row)),
            )
            for row in rows
        ]
        titles = (Message("Row"), Message("Result"), Message("Customer"), Message("Details"))
        print_table([Column(self.say(title)) for title in titles], lines)
        click.echo()

    def _details(self, row: RowResult) -> str:
        if row.reason:
            return self.say(row.reason)
        counted = Counter(map(self._named, row.changed))
        new = tuple(f"{name} ×{count}" if count > 1 else name for name, count in counted.items())
        kept = tuple(
            f"{self._named(one.path)} {cut_to_width(one.text, _EXAMPLE_WIDTH)}" for one in row.kept
        )
        parts = [
            self.say(message)
            for names, message in (
                (new, Message("new: {parts}", {"parts": new})),
                (kept, Message("not taken over: {values}", {"values": kept})),
            )
            if names
        ]
        return ("；" if self._config.language == "zh" else "; ").join(parts) or row.path

    def _named(self, path: str) -> str:
        """Return what a part of a record is called: `contacts[0].phone` is 联系人电话."""
        if path in _PARTS:
            return self.say(_PARTS[path])
        if self._config.language == "zh":
            return chinese_name(path, self._config.front_matter_fields)
        return PLACE_IN_LIST.sub("", path)

    def _where(self, origin: Origin) -> str:
        return f"{origin.sheet}!{origin.row}" if origin.sheet else str(origin.row)

    def _print_totals(self, *, dry_run: bool) -> None:
        if not self._source.is_understood:
            return  # Which is wrong use, and said as that.
        if not self._plan.rows:
            named = {"file": self._file}
            self._tell(
                Message("{file} has no rows below its header; there is nothing to import", named)
                if self._source.titles
                else Message("{file} is empty; there is nothing to import", named)
            )
            return
        counts, words = self._plan.counts, _PLANNED if dry_run else _OUTCOMES
        created = sum(change.before is None for change in self._plan.records)
        customers = {
            Outcome.CREATED: created,
            Outcome.UPDATED: len(self._plan.records) - created,
        }
        lines = [
            (
                Cell(self.say(words[outcome]), _STYLES.get(outcome, "")),
                Cell(str(counts[outcome])),
                Cell(str(customers[outcome]) if outcome in customers else ""),
            )
            for outcome in Outcome
        ]
        print_table(
            [
                Column(""),
                Column(self.say(Message("Rows")), numeric=True),
                Column(self.say(Message("Customers")), numeric=True),
            ],
            lines,
        )
        if dry_run:
            return
        if self._plan.rejected:
            values = {"count": len(self._plan.rejected), "path": self._rejects}
            self._tell(Message("rows that could not be taken: {count}; they are in {path}", values))
        if self._source.tables:
            self._tell(Message("the columns are remembered in {path}", {"path": self._mapping}))

    def _tell(self, message: Message) -> None:
        tell(printable(self.say(message)))

    # --- For programs ---

    def _data(self, *, dry_run: bool) -> dict[str, Any]:
        plan = self._plan
        created = sum(change.before is None for change in plan.records)
        remembered = self._source.tables and plan.rows and not dry_run
        return {
            "file": str(self._file),
            "dry_run": dry_run,
            "columns": [
                {
                    "column": column.heading.title,
                    "field": None if column.target is None else column.path,
                    "example": example,
                }
                for column, example in self._columns()
            ],
            "sheets_left_out": [*self._source.left_out, *self._source.hidden],
            "totals": {outcome.value: plan.counts[outcome] for outcome in Outcome},
            "customers": {"created": created, "updated": len(plan.records) - created},
            "rows": [self._row_data(row) for row in plan.rows],
            "not_understood": [
                {
                    "column": misfit.column,
                    "text": misfit.text,
                    "rows": count,
                    "code": misfit.fault.code,
                    "message": self.say(misfit.fault.message),
                    "hint": self.say(misfit.fault.hint) if misfit.fault.hint else None,
                }
                for misfit, count in plan.misfits.values()
            ],
            "plans_without_followup": plan.plans,
            "unknown_owners": dict(plan.strangers),
            "likely_duplicates": [
                {
                    "sheet": one.origin.sheet,
                    "row": one.origin.row,
                    "name": one.name,
                    "like": one.twin.subject.name,
                    "where": self._said(one.twin.subject.place),
                    "shared": one.twin.shared,
                    "rejected": one.refused,
                }
                for one in plan.likely
            ],
            "errors": [
                {"path": found.path, "code": found.code, "message": self.say(found.problem.message)}
                for found in plan.problems
            ],
            "rejects": str(self._rejects) if plan.rejected and not dry_run else None,
            "mapping": str(self._mapping) if remembered else None,
        }

    def _said(self, place: Message | str) -> str:
        return self.say(place) if isinstance(place, Message) else place

    def _row_data(self, row: RowResult) -> dict[str, Any]:
        return {
            "sheet": row.origin.sheet,
            "row": row.origin.row,
            "result": row.outcome.value,
            "path": row.path or None,
            "name": row.name or None,
            "changed": list(row.changed),
            "kept": [{"field": kept.path, "text": kept.text} for kept in row.kept],
            "reason": self.say(row.reason) if row.reason else None,
        }


def _first_text(mapped: Mapped, column: SourceColumn) -> str:
    cells = (row.cell(column.index) for row in mapped.table.rows)
    first = next((cell for cell in cells if cell is not None), None)
    return " ".join(cell_text(first).split())
