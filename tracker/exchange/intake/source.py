"""A file to import: its sheets, the tables in them, and where each of their columns goes."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from tracker.errors import UsageError
from tracker.exchange.intake.cards import read_cards
from tracker.exchange.intake.cells import word_of
from tracker.exchange.intake.contributions import Contribution, Origin
from tracker.exchange.intake.delimited import read_delimited
from tracker.exchange.intake.form import form_tables, is_form
from tracker.exchange.intake.headers import find_table
from tracker.exchange.intake.json_lines import read_json_lines
from tracker.exchange.intake.mapping import Choices, Column, map_columns
from tracker.exchange.intake.notation import Notation
from tracker.exchange.intake.own_workbook import OwnTable, find_own_tables, read_own_tables
from tracker.exchange.intake.table_reader import day_first_of, read_table
from tracker.exchange.intake.tables import SourceError
from tracker.exchange.intake.targets import IGNORED, Targets
from tracker.exchange.intake.workbook import read_workbook
from tracker.text import fold, nearest
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from tracker.config import Config
    from tracker.exchange.intake.contributions import Policy
    from tracker.exchange.intake.headers import Heading, Table
    from tracker.exchange.intake.tables import Row, Sheet

_WORKBOOKS = frozenset((".xlsx", ".xlsm", ".xlsb", ".xls", ".xlam", ".ods"))
_TEXTS = frozenset((".csv", ".tsv", ".tab", ".txt"))
_CARDS = frozenset((".vcf", ".vcard"))
_JSON = frozenset((".jsonl", ".ndjson", ".json"))
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_LOOKED_AT = 4096
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<[!?A-Za-z]")


class Mapped(Struct, frozen=True):
    """A table with its columns.

    Attributes:
        table: The table.
        columns: Its columns with their targets.
    """

    table: Table
    columns: tuple[Column, ...]


class Source(Struct, frozen=True):
    """A file as it is understood.

    Attributes:
        tables: Its tables with where their columns go; none where the file is a workbook of ours.
        own: The sheets of a workbook of ours.
        left_out: Names of sheets that hold no table of customers.
        hidden: Names of sheets that the workbook does not show, which are left out as well.
    """

    tables: tuple[Mapped, ...]
    own: tuple[OwnTable, ...] = ()
    left_out: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()

    @property
    def is_understood(self) -> bool:
        """Tell whether anything of it goes anywhere; so it is of a file that holds nothing."""
        columns = list(self.columns)
        return bool(self.own or not columns or any(column.target for column in columns))

    @property
    def columns(self) -> Iterator[Column]:
        """Yield the columns of all tables."""
        for mapped in self.tables:
            yield from mapped.columns

    @property
    def titles(self) -> tuple[str, ...]:
        """Return the headings of all tables, each once."""
        tables = [mapped.table for mapped in self.tables] + [own.table for own in self.own]
        titles = (heading.title for table in tables for heading in table.headings)
        return tuple(dict.fromkeys(filter(None, titles)))

    @property
    def passed(self) -> Iterator[tuple[str, int, str]]:
        """Yield the rows that are no data: sheet, row, and what it is, `header` or `total`."""
        for mapped in self.tables:
            for row, what in mapped.table.passed:
                yield mapped.table.sheet.name, row, what

    def absent_words(self, words: Iterable[str]) -> tuple[str, ...]:
        """Return those of some words that no cell is."""
        present = {
            fold(word_of(cell))
            for mapped in self.tables
            for row in mapped.table.rows
            for cell in row.cells
        }
        return tuple(word for word in words if fold(word) not in present)

    def rows(self) -> dict[Origin, tuple[tuple[Heading, ...], Row]]:
        """Return every row by where it stands, with the headings above it."""
        tables = [mapped.table for mapped in self.tables] + [own.table for own in self.own]
        return {
            Origin(table.sheet.name, row.number, row.part): (table.headings, row)
            for table in tables
            for row in table.rows
        }

    def contributions(self, config: Config, choices: Choices, policy: Policy) -> list[Contribution]:
        """Return what the rows of all tables say, in their order.

        Args:
            config: The workspace's settings.
            choices: What people have decided about words.
            policy: What is done where a cell is not understood.
        """
        if self.own:
            return read_own_tables(self.own, config)
        found: list[Contribution] = []
        for mapped in self.tables:
            told = day_first_of(mapped.table, mapped.columns)
            notation = Notation(
                config,
                choices.words,
                mapped.table.sheet.from_1904,
                policy.day_first if policy.day_first is not None else told,
            )
            found += read_table(mapped.table, mapped.columns, notation, policy)
        return found


def read_sheets(path: Path, encoding: str | None = None) -> list[Sheet]:
    """Return the sheets of a file in any format that is read.

    Args:
        path: The file.
        encoding: What a file of text is in; None to tell that from its bytes.

    Raises:
        MissingExtraError: The library that reads the format is not installed.
        SourceError: The file cannot be read as what it is.
        OSError: It cannot be read.
    """
    suffix = path.suffix.lower()
    with path.open("rb") as stream:
        start = stream.read(_LOOKED_AT)
    if _is_workbook(path, suffix, start):
        return read_workbook(path)
    if suffix in _CARDS:
        return read_cards(path, encoding)
    if suffix in _JSON:
        return read_json_lines(path, encoding)
    if suffix not in _TEXTS:
        begin = start.lstrip(b"\xef\xbb\xbf \t\r\n")
        if begin[:11].upper() == b"BEGIN:VCARD":
            return read_cards(path, encoding)
        if begin.startswith((b"{", b"[{")):
            return read_json_lines(path, encoding)
    return read_delimited(path, encoding)


def _is_workbook(path: Path, suffix: str, start: bytes) -> bool:
    """Tell whether a file is to be read as a workbook.

    Many programs save a text or a page under the name of a workbook, and Excel opens it.

    Raises:
        SourceError: It is such a page.
    """
    if start.startswith((_ZIP, _OLE)):
        return True
    if suffix not in _WORKBOOKS:
        return False
    if _MARKUP.match(start):
        reason = Message(
            "this is a page or XML with the ending of a workbook; open it in Excel or WPS, and "
            "save it as .xlsx"
        )
        raise SourceError(path, reason)
    is_text = b"\0" not in start or start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return not (is_text and any(sign in start for sign in (b"\t", b",", b";")))


def understand(
    sheets: Sequence[Sheet], config: Config, choices: Choices, names: Sequence[str] = ()
) -> Source:
    """Return a file as it is understood.

    Args:
        sheets: Its sheets.
        config: The workspace's settings.
        choices: What people have decided about columns.
        names: The sheets to take; empty for all shown ones that can be understood.

    Raises:
        UsageError: There is no sheet of such a name.
    """
    targets = Targets(config)
    chosen = _chosen(sheets, names)
    hidden: tuple[str, ...] = ()
    if not names:
        # They hold lists and settings, or what somebody has put aside.
        hidden = tuple(
            sheet.name
            for sheet in chosen
            if sheet.hidden and not all(row.is_blank for row in sheet.rows)
        )
        chosen = [sheet for sheet in chosen if not sheet.hidden]
        if own := find_own_tables(chosen, config):
            return Source((), tuple(own), hidden=hidden)
    tables: list[Table] = []
    unknown: list[Table] = []
    for sheet in chosen:
        table = find_table(sheet, targets)
        if table.header_rows == 1 and is_form(sheet, targets):
            tables += form_tables(sheet, targets)
            continue
        taken = table.recognised or names or _is_mapped(table, choices)
        (tables if taken else unknown).append(table)
    if not tables:
        # Nothing is understood: the first rows are taken for headers, so that --map can name them.
        tables, unknown = unknown, []
    left_out = tuple(table.sheet.name for table in unknown if table.rows or table.headings)
    mapped = (Mapped(table, map_columns(table, targets, choices)) for table in tables)
    return Source(tuple(one for one in mapped if one.table.headings), (), left_out, hidden)


def _is_mapped(table: Table, choices: Choices) -> bool:
    """Tell whether people have given a column of a table a field: its header is one then."""
    chosen = (choices.columns.get(fold(heading.title)) for heading in table.headings)
    return any(path not in {None, "", IGNORED} for path in chosen)


def _chosen(sheets: Sequence[Sheet], names: Sequence[str]) -> list[Sheet]:
    if not names:
        return _distinct(sheets)
    by_name = {fold(sheet.name): sheet for sheet in sheets}
    chosen = []
    for name in names:
        if fold(name) not in by_name:
            known = tuple(sheet.name for sheet in sheets if sheet.name)
            if not known:
                raise UsageError(Message("--sheet is for workbooks; this file has no sheets"))
            near = nearest(name, known)
            values = {"name": name, "near": near, "names": known}
            raise UsageError(
                Message("there is no sheet ‘{name}’; did you mean ‘{near}’?", values)
                if near
                else Message("there is no sheet ‘{name}’; there are: {names}", values)
            )
        chosen.append(by_name[fold(name)])
    return _distinct(chosen)


def _distinct(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Return sheets whose rows are numbered, so that each row is named once."""
    seen: set[str] = set()
    result = []
    for sheet in sheets:
        name = sheet.name
        while name in seen:
            name = f"{name}'"
        seen.add(name)
        result.append(replace(sheet, name=name))
    return result
