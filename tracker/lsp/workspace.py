"""A workspace as its files say, with what is being typed in their place."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.config import ATTACHMENTS_DIR, CONFIG_NAME, MAX_CONFIG_BYTES, RECORDS_DIR
from tracker.config_file import parse_config
from tracker.diagnostics import Diagnostic, Problem, Severity
from tracker.format.parser import parse_record
from tracker.insight.day import DayKeeper
from tracker.library.history import read_history
from tracker.library.library import Entry, Library
from tracker.library.loader import entry_of, load_library, reload_records
from tracker.library.record_paths import is_record_path, lies_in
from tracker.rules.diagnose import severities_of
from tracker.text_files import read_text_file, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet
    from datetime import date
    from pathlib import Path

    from tracker.config import Config
    from tracker.insight.day import Day
    from tracker.library.history import History
    from tracker.text_files import TextFile

GIT = ".git"
"""Stands for what git knows, among the names of what may have changed."""

_RECORDS_OF_A_STEP = 20
"""Records that are read anew in one go: less time than a person notices."""


class Settings(Struct, frozen=True):
    """A `tracker.yaml`, saved or not.

    Attributes:
        text: Its text, as the parser reads it.
        config: What it says.
        problems: What is wrong in it.
    """

    text: str
    config: Config
    problems: tuple[Problem, ...]

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Return what reading it found."""
        severities = severities_of(self.config)
        return tuple(
            Diagnostic(CONFIG_NAME, severity, problem)
            for problem in self.problems
            if (severity := severities[problem.code])
        )

    @property
    def has_errors(self) -> bool:
        """Tell whether some of it cannot be used."""
        return any(found.severity is Severity.ERROR for found in self.diagnostics)


class OpenWorkspace:
    """A workspace that is being written in.

    It is as `tracker check` would find it if all texts were saved, but for settings that are being
    typed: as long as these have errors, those of before hold for the records.

    Attributes:
        root: The workspace's folder.
    """

    def __init__(self, root: Path, today: date | None = None, *, cached: bool = False) -> None:
        """Read a workspace.

        Args:
            root: The folder that holds `tracker.yaml`.
            today: The day that counts; None for the one that it is where the team is.
            cached: Whether the cache of parsed records is used and kept.

        Raises:
            OSError: The records cannot be listed.
        """
        self.root = root
        self._today = today
        self._cached = cached
        self._keeper = DayKeeper()
        self._history: History | None = None
        self._typed: dict[str, str] = {}
        self._typed_entries: dict[str, Entry] = {}
        self._saved_library = load_library(root, cached=cached)
        self._saved_settings = self._read_settings()
        self._settings: Settings | None = None
        self._library: Library | None = None
        self._day: Day | None = None

    # --- What is typed, and what happens to the files ---------------------------------------------

    def type(self, path: str, text: str | None) -> None:
        """Take a text in the place of a file's.

        Args:
            path: The file, relative to the workspace, with `/`; it need not exist.
            text: What an editor has, exactly; None where none has the file open any more.
        """
        if text is None:
            self._typed.pop(path, None)
        else:
            self._typed[path] = text
        self._typed_entries.pop(path, None)
        self._forget()

    def follow(self, changed: AbstractSet[str]) -> None:
        """Read again what may have changed on the disk.

        Args:
            changed: Files and folders relative to the workspace, with `/`, and `GIT`; others than
                records, attachments and settings count for nothing.

        Raises:
            OSError: The records cannot be listed.
        """
        if CONFIG_NAME in changed:
            self._saved_settings = self._read_settings()
        records = {path for path in changed if lies_in(path, RECORDS_DIR)}
        if records:
            self._saved_library = reload_records(self._saved_library, records)
        if any(lies_in(path, ATTACHMENTS_DIR) for path in changed):
            self._keeper.forget_attachments()
        if GIT in changed:
            self._history = None
        self._forget()

    def settle(self) -> Iterator[None]:
        """Read all records with the settings as they are now, where these are others than before.

        It is done in steps, since all of it can take seconds: what is asked between two of them is
        answered with the settings of before. Whoever changes the settings begins again.
        """
        settings = self.settings
        config = settings.config
        if config.fingerprint == self.config.fingerprint or not self._usable(settings):
            return
        before = self._saved_library
        entries = []
        for number, entry in enumerate(before.entries):
            if number % _RECORDS_OF_A_STEP == 0:
                yield
            if entry.path != CONFIG_NAME:
                entries.append(_read_anew(entry, config))
        if self._saved_library is not before:
            changed = _paths_of_others(before, self._saved_library)
            library = Library(self.root, config, tuple(entries))
            self._saved_library = reload_records(library, changed)
        else:
            self._saved_library = Library(self.root, config, tuple(entries))
        self._typed_entries.clear()
        self._forget()

    def _forget(self) -> None:
        self._settings = self._library = self._day = None

    # --- What there is ----------------------------------------------------------------------------

    @property
    def config(self) -> Config:
        """Return the settings that the records are read with."""
        return self._saved_library.config

    @property
    def settings(self) -> Settings:
        """Return the settings as they are typed, or else saved."""
        if self._settings is None:
            typed = self._typed.get(CONFIG_NAME)
            self._settings = self._saved_settings
            if typed is not None:
                content = text_of(_bytes(typed), MAX_CONFIG_BYTES)
                if isinstance(content, Problem) or content.text != self._saved_settings.text:
                    self._settings = self._settings_in(content)
        return self._settings

    @property
    def library(self) -> Library:
        """Return all records, those being typed as they are typed."""
        if self._library is None:
            entries = {
                entry.path: entry
                for entry in self._saved_library.entries
                if entry.path != CONFIG_NAME
            }
            for path in self._typed:
                if is_record_path(path) and _may_be_read(entries.get(path)):
                    entries[path] = self.entry(path)
            settings = self.settings
            first: tuple[Entry, ...] = ()
            if settings.problems and settings.config.fingerprint == self.config.fingerprint:
                first = (Entry(CONFIG_NAME, settings.text, None, settings.problems),)
            rest = (entries[path] for path in sorted(entries))
            self._library = Library(self.root, self.config, (*first, *rest))
        return self._library

    def entry(self, path: str) -> Entry:
        """Return a file as it is typed, or else saved; one that there is not is empty."""
        typed = self._typed.get(path)
        if typed is None:
            saved = self._saved_library.by_path.get(path)
            return saved or entry_of(path, b"", self.config)
        if path not in self._typed_entries:
            self._typed_entries[path] = entry_of(path, _bytes(typed), self.config)
        return self._typed_entries[path]

    def text_of(self, path: str) -> str:
        """Return the text of a file as it is typed, or else saved, as the parser reads it."""
        return self.settings.text if path == CONFIG_NAME else self.entry(path).text

    def today(self) -> date:
        """Return the day that it is."""
        return self._today or datetime.now(self.config.timezone).date()

    def now(self) -> datetime:
        """Return the team's wall clock, on the day that counts."""
        now = datetime.now(self.config.timezone).replace(tzinfo=None, second=0, microsecond=0)
        return datetime.combine(self.today(), now.time())

    def day(self) -> Day:
        """Return what everything means today."""
        today = self.today()
        if self._day is None or self._day.today != today:
            self._day = self._keeper.day(self.library, today, self._read_history)
        return self._day

    def diagnostics(self) -> Mapping[str, tuple[Diagnostic, ...]]:
        """Return what is wrong, by file; files without problems are not named."""
        found: defaultdict[str, list[Diagnostic]] = defaultdict(list)
        for diagnostic in self.day().diagnostics:
            found[diagnostic.path].append(diagnostic)
        settings = self.settings
        if settings.config.fingerprint != self.config.fingerprint:
            # The records are not read with these yet, or are not to be.
            found[CONFIG_NAME] = list(settings.diagnostics)
        return {path: tuple(diagnostics) for path, diagnostics in found.items() if diagnostics}

    def _usable(self, settings: Settings) -> bool:
        """Tell whether records are to be read with settings: saved ones in any case."""
        return settings is self._saved_settings or not settings.has_errors

    def _read_settings(self) -> Settings:
        return self._settings_in(read_text_file(self.root / CONFIG_NAME, MAX_CONFIG_BYTES))

    def _settings_in(self, content: TextFile | Problem) -> Settings:
        text = "" if isinstance(content, Problem) else content.text
        config, problems = parse_config(text, self.root.name)
        if isinstance(content, Problem):
            problems = [content]
        return Settings(text, config, tuple(problems))

    def _read_history(self) -> History:
        if self._history is None:
            self._history = read_history(self.library, cached=self._cached)
        return self._history


def _bytes(typed: str) -> bytes:
    """Return the bytes that a text would be saved as; halves of characters are no UTF-8 then."""
    return typed.encode("utf-8", "surrogatepass")


def _may_be_read(saved: Entry | None) -> bool:
    """Tell whether a record may be read where its file is; one behind a link may not."""
    return saved is None or all(problem.code != "symbolic-link" for problem in saved.problems)


def _read_anew(entry: Entry, config: Config) -> Entry:
    if not entry.text:
        return entry
    parsed = parse_record(entry.text, entry.path, config)
    return Entry(entry.path, entry.text, parsed.customer, parsed.problems)


def _paths_of_others(before: Library, after: Library) -> set[str]:
    """Return the paths of files that are not the same, as objects, in two libraries."""
    paths = before.by_path.keys() | after.by_path.keys()
    return {path for path in paths if before.by_path.get(path) is not after.by_path.get(path)}
