"""A library on one day: every record with its status and its problems."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import chain, zip_longest
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from msgspec import Struct

from tracker.config import CONFIG_NAME
from tracker.diagnostics import Severity
from tracker.library.identity import identity_of
from tracker.library.stage_history import tells_stages
from tracker.library.status import Status, status_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from tracker.config import Config
    from tracker.diagnostics import Diagnostic
    from tracker.library.history import History
    from tracker.library.library import Entry, Library
    from tracker.library.stage_history import StageEntry
    from tracker.model import Customer
    from tracker.rules.diagnose import Checker
    from tracker.rules.last_check import LastCheck


Found = TypeVar("Found")


class Standing(Struct, frozen=True):
    """A record on the day: the customer, what it means, and what is wrong with it."""

    customer: Customer
    status: Status
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def broken(self) -> bool:
        """Tell whether the record has errors."""
        return any(found.severity is Severity.ERROR for found in self.diagnostics)


def _no_history() -> History:
    # Imported late: most days are never asked for their history.
    from tracker.library.history import History

    return History()


@dataclass(frozen=True)
class Day:
    """A workspace on one day; everything shown or counted comes from here.

    Attributes:
        library: The workspace as read.
        today: The day.
        standings: Every readable record, in the order of the paths.
        diagnostics: Everything that is wrong, by file and place.
        read_history: Reads the history of the records, for whoever asks for it.
    """

    library: Library
    today: date
    standings: tuple[Standing, ...]
    diagnostics: tuple[Diagnostic, ...]
    read_history: Callable[[], History] = field(default=_no_history, repr=False, compare=False)

    @cached_property
    def history(self) -> History:
        """Return the history of the records in git, which is read when it is first asked for."""
        return self.read_history()

    def standing_of(self, customer: Customer) -> Standing:
        """Return a record of the library as it stands on the day.

        Raises:
            KeyError: It is a record of another library.
        """
        return self._by_path[customer.path]

    def once(self, find: Callable[[Day], Found]) -> Found:
        """Return what is found out about the day; the same function finds it out only once.

        Args:
            find: A function of a module, not one that is made anew for each call.
        """
        if find not in self._found:
            self._found[find] = find(self)
        found: Found = self._found[find]
        return found

    @cached_property
    def _found(self) -> dict[object, Any]:
        return {}

    @cached_property
    def _by_path(self) -> dict[str, Standing]:
        return {standing.customer.path: standing for standing in self.standings}

    @cached_property
    def errors(self) -> int:
        """Return the number of errors."""
        return sum(found.severity is Severity.ERROR for found in self.diagnostics)

    @cached_property
    def warnings(self) -> int:
        """Return the number of warnings."""
        return sum(found.severity is Severity.WARNING for found in self.diagnostics)


def day_of(library: Library, today: date, *, checked: bool = True, cached: bool = False) -> Day:
    """Work out every record's status and problems on a day.

    Args:
        library: The workspace as read.
        today: The day.
        checked: Whether to look for problems, and in git for changes of stage. It takes most of
            the time; without it the day has no diagnostics and only the stages of the records.
        cached: Whether what git said and what was wrong before is taken from the workspace's
            cache, and kept there.
    """

    @cache
    def history() -> History:
        # Imported late: a day that is not checked needs nothing of git, unless it is asked for.
        from tracker.library.history import read_history

        return read_history(library, cached=cached)

    if not checked:
        return Day(
            library,
            today,
            tuple(
                Standing(customer, status_of(customer, library.config, today))
                for customer in library.customers
            ),
            (),
            history,
        )
    return DayKeeper(cached=cached).day(library, today, history)


class _Known(Struct, frozen=True):
    """What is known of one file as long as it stays as it is.

    Attributes:
        entry: The file.
        history: Changes of its record's stage in git.
        status: What its record means on the day; None where it has none.
        diagnostics: What is wrong in it.
    """

    entry: Entry
    history: tuple[StageEntry, ...]
    status: Status | None
    diagnostics: tuple[Diagnostic, ...]


class _ByPath(Generic[Found]):
    """Values by path, in the order of the paths; little is to do where few change."""

    def __init__(self) -> None:
        self._found: dict[str, Found] = {}
        self._is_sorted = True

    def get(self, path: str) -> Found | None:
        """Return the value of a path; None where it has none."""
        return self._found.get(path)

    def put(self, path: str, value: Found | None) -> None:
        """Give a path another value, or none."""
        if value is None:
            self._found.pop(path, None)
            return
        self._is_sorted = self._is_sorted and path in self._found
        self._found[path] = value

    def values(self) -> Iterable[Found]:
        """Return all values."""
        if not self._is_sorted:
            self._found = dict(sorted(self._found.items(), key=itemgetter(0)))
            self._is_sorted = True
        return self._found.values()


_NO_STAGES: Mapping[str, tuple[StageEntry, ...]] = {}


class DayKeeper:
    """Works out days of a workspace, and does so anew only for what has changed in between.

    What is asked of an entry that is the same object as last time is remembered. So are standings:
    a record that nothing has happened to is the same object in the next day.

    Args:
        cached: Whether a day that begins anew takes what it can from the last check of the
            workspace, and is kept for the next one.
    """

    def __init__(self, *, cached: bool = False) -> None:
        self._cached = cached
        self._today: date | None = None
        self._config: Config | None = None
        self._is_complete = False
        self._begin()

    def _begin(self) -> None:
        """Forget everything."""
        self._rules: Checker | None = None
        self._entries: tuple[Entry, ...] = ()
        self._known: dict[str, _Known] = {}
        self._stages = _NO_STAGES
        self._silent: set[str] = set()
        self._settings: tuple[Diagnostic, ...] = ()
        self._forgotten: set[str] = set()
        self._shared: dict[str, list[Diagnostic]] = {}
        self._compared = False
        self._diagnostics: _ByPath[tuple[Diagnostic, ...]] = _ByPath()
        self._standings: _ByPath[Standing] = _ByPath()

    def day(self, library: Library, today: date, read_history: Callable[[], History]) -> Day:
        """Return a workspace on a day.

        Args:
            library: The workspace as read.
            today: The day.
            read_history: Reads the history of the records. It is asked for only where the day
                depends on it: where a record tells no changes of stage itself.
        """
        last = None
        if not self._is_complete or self._config is not library.config or self._today != today:
            self._config, self._today = library.config, today
            self._begin()
            if self._cached:
                # Imported late: a day that is not checked needs none.
                from tracker.rules.last_check import LastCheck

                settings = library.by_path.get(CONFIG_NAME)
                problems = settings.problems if settings else ()
                last = LastCheck(library.root, library.config, problems, today)
        # Until all is done, nothing is known: should something fail, the next day begins anew.
        self._is_complete = False
        changed = self._changed(library, read_history)
        for path in changed:
            self._look_at(path, library, today, last)
        if not self._compared:
            changed |= self._compare(library, last)
        if self._settings:
            changed.add(CONFIG_NAME)
        for path in changed:
            self._conclude(path)
        self._is_complete = True
        return Day(
            library,
            today,
            tuple(self._standings.values()),
            tuple(chain.from_iterable(self._diagnostics.values())),
            read_history,
        )

    def _changed(self, library: Library, read_history: Callable[[], History]) -> set[str]:
        """Return the files that are there now, or were, of which something is another."""
        known, by_path = self._known, library.by_path
        # Where a file has come or gone, all after it stand at other places too.
        moved = {
            entry.path
            for pair in zip_longest(library.entries, self._entries)
            if pair[0] is not pair[1]
            for entry in pair
            if entry
        }
        changed = {
            path
            for path in moved
            if path not in known or known[path].entry is not by_path.get(path)
        }
        changed |= self._forgotten
        self._entries, self._forgotten = library.entries, set()
        for path in changed:
            customer = by_path[path].customer if path in by_path else None
            if customer is None or tells_stages(customer):
                self._silent.discard(path)
            else:
                self._silent.add(path)
        stages = read_history().stages if self._silent else _NO_STAGES
        if stages is not self._stages:
            changed |= {path for path in known if known[path].history != stages.get(path, ())}
            self._stages = stages
        return changed

    def _look_at(self, path: str, library: Library, today: date, last: LastCheck | None) -> None:
        """Find out what a file means on the day, and what is wrong in it."""
        before, entry = self._known.pop(path, None), library.by_path.get(path)
        if entry is None:
            self._compared = False
            return
        customer, stages = entry.customer, self._stages.get(path, ())
        status = status_of(customer, library.config, today, stages) if customer else None
        found = last.diagnostics_of(entry) if last else None
        if found is None:
            checks = self._checker(library.config).entry(entry, status, library, today)
            found = sorted(checks, key=lambda each: each.sort_key)
            if last and path != CONFIG_NAME:
                last.tell(entry, found)
        if before is None or _identity(before.entry) != _identity(entry):
            # Rules over all records look at nothing else of them.
            self._compared = False
        self._known[path] = _Known(entry, stages, status, tuple(found))

    def _compare(self, library: Library, last: LastCheck | None) -> set[str]:
        """Find out what is wrong among all records, and return of which files that is another."""
        before, together = self._shared, None
        found = last.shared(len(self._known.keys() - {CONFIG_NAME})) if last else None
        if found is None:
            checker = self._checker(library.config)
            found = list(checker.workspace(library))
            # Where it is known what was found, nothing was wrong in the settings.
            self._settings = tuple(checker.settings())
            settings = self._known.get(CONFIG_NAME)
            together = [*self._settings, *(settings.diagnostics if settings else ()), *found]
        if last:
            last.keep(together)
        self._shared, self._compared = _by_path(found), True
        paths = before.keys() | self._shared.keys()
        return {path for path in paths if before.get(path) != self._shared.get(path)}

    def _checker(self, config: Config) -> Checker:
        """Return what runs the rules; they load slowly, so only where something is to be found."""
        if self._rules is None:
            # Imported late, for the same reason.
            from tracker.rules.diagnose import Checker

            self._rules = Checker(config)
        return self._rules

    def _conclude(self, path: str) -> None:
        """Put together what is wrong in a file, and how its record stands."""
        known = self._known.get(path)
        found = [
            *(self._settings if path == CONFIG_NAME else ()),
            *(known.diagnostics if known else ()),
            *self._shared.get(path, ()),
        ]
        found.sort(key=lambda each: each.sort_key)
        diagnostics, standing = tuple(found), None
        if known and known.entry.customer and known.status:
            now = Standing(known.entry.customer, known.status, diagnostics)
            standing = _same(self._standings.get(path), now)
        self._diagnostics.put(path, diagnostics or None)
        self._standings.put(path, standing)

    def forget_attachments(self) -> None:
        """Forget what was found in records that may name files, since these have changed."""
        # Imported late, as the rules.
        from tracker.rules.references import may_name_files

        self._forgotten |= {
            path for path, known in self._known.items() if may_name_files(known.entry)
        }


def _identity(entry: Entry) -> Customer | None:
    """Return what tells the customer of a file from others; None where it has none."""
    return identity_of(entry.customer) if entry.customer else None


def _by_path(found: Iterable[Diagnostic]) -> dict[str, list[Diagnostic]]:
    by_path: defaultdict[str, list[Diagnostic]] = defaultdict(list)
    for each in found:
        by_path[each.path].append(each)
    return dict(by_path)


def _same(before: Standing | None, now: Standing) -> Standing:
    """Return the standing of before where it says the same, so that it is known by identity."""
    if (
        before is not None
        and before.customer is now.customer
        and before.status is now.status
        and before.diagnostics == now.diagnostics
    ):
        return before
    return now
