"""The formats that records are exported in, and what an export is made from.

A format is a line in `FORMATS` and a module with a function `write(export, path)`. The function
writes the whole export to `path`, an empty file: where that lies and when it takes the place of an
older one is no matter of the format's. Only a format that is a folder is given the folder itself,
which others may have joined before.
"""

from __future__ import annotations

import importlib
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, cast

from msgspec import Struct, field

from tracker.errors import OutputError
from tracker.translation import Message, translations

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date
    from pathlib import Path

    from tracker.config import Config
    from tracker.insight.day import Day, Standing


TABLE = "--table"
TEAM = "--team"
ALARM = "--alarm"
VCARD_VERSION = "--vcard-version"


class Export(Struct, frozen=True, dict=True):
    """What is exported.

    Attributes:
        day: The workspace on the day of the export.
        standings: The records that were asked for, in the order of the paths.
        query: How they were asked for, as written; empty where all were.
        suffix: The ending of the file, where a format has several.
        options: What was given to the options that a format has for itself, by their names.
        force: Whether what somebody else wrote may be replaced.
    """

    day: Day
    standings: tuple[Standing, ...]
    query: str = ""
    suffix: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    force: bool = False

    @property
    def table(self) -> str:
        """Return the table that was asked for, where a format holds one; empty for its first."""
        return self.options.get(TABLE, "")

    @property
    def config(self) -> Config:
        """Return the workspace's settings."""
        return self.day.library.config

    @property
    def today(self) -> date:
        """Return the day."""
        return self.day.today

    @cached_property
    def chosen(self) -> Day:
        """Return the day with the records asked for alone, and with what is wrong in them."""
        if len(self.standings) == len(self.day.standings):
            return self.day
        paths = {standing.customer.path for standing in self.standings}
        found = tuple(each for each in self.day.diagnostics if each.path in paths)
        return replace(self.day, standings=self.standings, diagnostics=found)

    @cached_property
    def translate(self) -> Callable[[str], str]:
        """Return the gettext function of the workspace's language."""
        return translations(self.config.language).gettext

    def say(self, message: Message) -> str:
        """Return a message in the workspace's language."""
        return message.render(self.translate)


def write_failure(path: Path, error: Exception) -> OutputError:
    """Return what a library's error means for a person: that a file or folder was not written."""
    reason = (str(error) or type(error).__name__).partition("\n")[0]
    return OutputError(
        Message("{path} cannot be written: {reason}", {"path": path, "reason": reason})
    )


class Writer(Protocol):
    """The module of a format."""

    def write(self, export: Export, path: Path) -> None:
        """Write an export to an empty file, or into the folder that it joins.

        Raises:
            OSError: The system refuses.
            TrackerError: The format cannot hold it, or a library is missing.
        """


class Format(Struct, frozen=True):
    """A format.

    Attributes:
        name: What it is called on the command line.
        meaning: What it is for, in a few words.
        suffixes: Endings of its files, the usual one first; the ending for a folder may be empty.
        module: The module that writes it, loaded when it is asked for.
        stem: Beginning of the name that a file gets by default; the day follows.
        binary: Whether a terminal cannot show it.
        folder: Whether it is a folder that exports join, each in one step for itself.
        options: The options that it has for itself.
        one: Whether it shows customers one by one, so that one can be asked for by name.
    """

    name: str
    meaning: Message
    suffixes: tuple[str, ...]
    module: str
    stem: str = "customers"
    binary: bool = False
    folder: bool = False
    options: tuple[str, ...] = ()
    one: bool = False

    def load(self) -> Writer:
        """Import the module of the format."""
        return cast("Writer", importlib.import_module(self.module))


FORMATS = {
    found.name: found
    for found in (
        Format(
            "xlsx",
            Message("everything about customers as a workbook for Excel"),
            (".xlsx",),
            "tracker.exchange.formats.xlsx",
            binary=True,
        ),
        Format(
            "csv",
            Message("one table for spreadsheets"),
            (".csv",),
            "tracker.exchange.formats.csv",
            options=(TABLE,),
        ),
        Format(
            "json",
            Message("whole records for programs"),
            (".json",),
            "tracker.exchange.formats.json",
        ),
        Format(
            "jsonl",
            Message("whole records, one a line"),
            (".jsonl", ".ndjson"),
            "tracker.exchange.formats.jsonl",
        ),
        Format(
            "sqlite",
            Message("one SQLite file with every table, for Datasette and SQL"),
            (".db", ".sqlite", ".sqlite3"),
            "tracker.exchange.formats.sqlite",
            binary=True,
        ),
        Format(
            "parquet",
            Message("a dataset of many teams, for DuckDB and Spark"),
            ("",),
            "tracker.exchange.formats.parquet",
            stem="dataset",
            binary=True,
            folder=True,
            options=(TEAM,),
        ),
        Format(
            "ics",
            Message("next steps and promises for a calendar"),
            (".ics",),
            "tracker.exchange.formats.ics",
            stem="followups",
            options=(ALARM,),
        ),
        Format(
            "vcf",
            Message("people as cards for an address book"),
            (".vcf",),
            "tracker.exchange.formats.vcf",
            stem="contacts",
            options=(VCARD_VERSION,),
        ),
        Format(
            "form",
            Message("the classic form of a customer, as a workbook or as a page to print"),
            (".xlsx", ".html", ".htm"),
            "tracker.exchange.formats.form",
            stem="forms",
            binary=True,
            one=True,
        ),
    )
}
"""Every format by its name."""
