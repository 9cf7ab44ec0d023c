"""A library on one day: every record with its status and its problems."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from tracker.diagnostics import Severity
from tracker.library.status import Status, status_of

if TYPE_CHECKING:
    from datetime import date

    from tracker.diagnostics import Diagnostic
    from tracker.library.library import Library
    from tracker.model import Customer


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


@dataclass(frozen=True)
class Day:
    """A workspace on one day; everything shown or counted comes from here.

    Attributes:
        library: The workspace as read.
        today: The day.
        standings: Every readable record, in the order of the paths.
        diagnostics: Everything that is wrong, by file and place.
    """

    library: Library
    today: date
    standings: tuple[Standing, ...]
    diagnostics: tuple[Diagnostic, ...]

    def standing_of(self, customer: Customer) -> Standing:
        """Return a record of the library as it stands on the day.

        Raises:
            KeyError: It is a record of another library.
        """
        return self._by_path[customer.path]

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


def day_of(library: Library, today: date, *, checked: bool = True) -> Day:
    """Work out every record's status and problems on a day.

    Args:
        library: The workspace as read.
        today: The day.
        checked: Whether to look for problems, and in git for changes of stage. It takes most of
            the time; without it the day has no diagnostics and only the stages of the records.
    """
    if not checked:
        return Day(
            library,
            today,
            tuple(
                Standing(customer, status_of(customer, library.config, today))
                for customer in library.customers
            ),
            (),
        )
    # Imported late: a day that is not checked needs neither, and they take a while to load.
    from tracker.library.history import git_stage_history
    from tracker.rules.diagnose import diagnose

    history = git_stage_history(library)
    statuses = {
        customer.path: status_of(customer, library.config, today, history.get(customer.path, ()))
        for customer in library.customers
    }
    diagnostics = diagnose(library, statuses, today)
    by_path: defaultdict[str, list[Diagnostic]] = defaultdict(list)
    for found in diagnostics:
        by_path[found.path].append(found)
    standings = tuple(
        Standing(customer, statuses[customer.path], tuple(by_path.get(customer.path, ())))
        for customer in library.customers
    )
    return Day(library, today, standings, diagnostics)
