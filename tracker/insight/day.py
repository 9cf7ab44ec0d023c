"""A library on one day: every record with its status and its problems."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache, cached_property
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeVar

from tracker.diagnostics import Severity
from tracker.library.identity import identity_of
from tracker.library.status import Status, status_of, tells_stages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date
    from typing import TypeAlias

    from tracker.config import Config
    from tracker.diagnostics import Diagnostic, Span
    from tracker.library.history import History
    from tracker.library.library import Entry, Library
    from tracker.library.status import StageEntry
    from tracker.model import Customer
    from tracker.rules.diagnose import Checker

    _Keyed: TypeAlias = tuple[tuple[str, Span, str, str], Diagnostic]


Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Standing:
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
        cached: Whether what git said before is taken from the workspace's cache.
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
    return DayKeeper().day(library, today, history)


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of one file as long as it stays as it is.

    Attributes:
        entry: The file.
        history: Changes of its record's stage in git.
        status: What its record means on the day; None where it has none.
        diagnostics: What is wrong in it, each with the key that orders it among all.
        identity: What tells its customer from others; None where it has no record.
    """

    entry: Entry
    history: tuple[StageEntry, ...]
    status: Status | None
    diagnostics: tuple[_Keyed, ...]
    identity: Customer | None


class DayKeeper:
    """Works out days of a workspace, and does so anew only for what has changed in between.

    What is asked of an entry that is the same object as last time is remembered. So are standings:
    a record that nothing has happened to is the same object in the next day.
    """

    def __init__(self) -> None:
        self._today: date | None = None
        self._config: Config | None = None
        self._checker: Checker | None = None
        self._known: dict[str, _Known] = {}
        self._shared: tuple[_Keyed, ...] | None = None
        self._standings: dict[str, Standing] = {}

    def day(self, library: Library, today: date, read_history: Callable[[], History]) -> Day:
        """Return a workspace on a day.

        Args:
            library: The workspace as read.
            today: The day.
            read_history: Reads the history of the records. It is asked for only where the day
                depends on it: where a record tells no changes of stage itself.
        """
        if self._checker is None or self._config is not library.config or self._today != today:
            self._config, self._today = library.config, today
            # Imported late: a day that is not checked needs no rules, and they load slowly.
            from tracker.rules.diagnose import Checker

            self._checker = Checker(library.config)
            self._known, self._shared, self._standings = {}, None, {}
        checker = self._checker
        before, self._known = self._known, {}
        statuses: dict[str, Status] = {}
        found = list(_keyed(checker.settings()))
        history: Mapping[str, tuple[StageEntry, ...]] = {}
        if not all(map(tells_stages, library.customers)):
            history = read_history().stages
        for entry in library.entries:
            known = before.get(entry.path)
            stages = history.get(entry.path, ())
            if known is None or known.entry is not entry or known.history != stages:
                status = (
                    status_of(entry.customer, library.config, today, stages)
                    if entry.customer
                    else None
                )
                diagnostics = tuple(_keyed(checker.entry(entry, status, library, today)))
                identity = identity_of(entry.customer) if entry.customer else None
                if known is None or known.identity != identity:
                    self._shared = None
                known = _Known(entry, stages, status, diagnostics, identity)
            self._known[entry.path] = known
            found += known.diagnostics
            if known.status:
                statuses[entry.path] = known.status
        if self._shared is None or len(before) != len(self._known):
            # Rules over all records look at nothing else of them.
            self._shared = tuple(_keyed(checker.workspace(library)))
        found += self._shared
        found.sort(key=itemgetter(0))
        by_path: defaultdict[str, list[Diagnostic]] = defaultdict(list)
        for _key, each in found:
            by_path[each.path].append(each)
        standings = {}
        for customer in library.customers:
            path = customer.path
            standing = Standing(customer, statuses[path], tuple(by_path.get(path, ())))
            standings[path] = _same(self._standings.get(path), standing)
        self._standings = standings
        return Day(
            library,
            today,
            tuple(standings.values()),
            tuple(each for _key, each in found),
            read_history,
        )

    def forget_attachments(self) -> None:
        """Forget what was found in records that may name files, since these have changed."""
        # Imported late, as the rules.
        from tracker.rules.references import may_name_files

        self._known = {
            path: known for path, known in self._known.items() if not may_name_files(known.entry)
        }


def _keyed(found: Iterable[Diagnostic]) -> Iterator[_Keyed]:
    return ((each.sort_key, each) for each in found)


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
