"""What is wrong in the records since a change of them: by the rules, and by those about changes."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tracker.diagnostics import Severity
from tracker.insight.changes import NewProblem
from tracker.library.status import status_of
from tracker.rules.diagnose import Checker, diagnose_changes
from tracker.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from tracker.diagnostics import Diagnostic
    from tracker.library.comparison import Comparison
    from tracker.library.library import Entry, Library


def new_problems(comparison: Comparison, today: date) -> Iterator[NewProblem]:
    """Yield the errors and warnings that the files did not have before, in their order.

    Args:
        comparison: The two states.
        today: The day on which both are checked.
    """
    if not comparison.changes:
        return
    found = [*_added_diagnostics(comparison, today), *diagnose_changes(comparison)]
    customers = {change.path: change.new or change.old for change in comparison.changes}
    customers |= {customer.path: customer for customer in comparison.after.customers}
    for diagnostic in sorted(found, key=lambda each: each.sort_key):
        if diagnostic.severity is not Severity.INFO:
            yield NewProblem(diagnostic, customers.get(diagnostic.path))


def _added_diagnostics(comparison: Comparison, today: date) -> Iterator[Diagnostic]:
    """Yield what is wrong in the newer state and was not in the older one.

    A problem is the same where its rule, its record and the line that it is in are: numbers of
    lines change whenever something is added above.
    """
    before, after = comparison.before, comparison.after
    newer_path = {
        change.before.path: change.after.path
        for change in comparison.changes
        if change.before and change.after
    }
    known: Counter[tuple[str, str, str]] = Counter()
    olds = [change.before for change in comparison.changes if change.before]
    for each in _diagnostics(before, olds, today):
        path = newer_path.get(each.path, each.path)
        known[path, each.code, _line(each, before)] += 1
    news = [change.after for change in comparison.changes if change.after]
    for each in _diagnostics(after, news, today):
        key = (each.path, each.code, _line(each, after))
        if known[key]:
            known[key] -= 1
        else:
            yield each


def _diagnostics(library: Library, entries: Iterable[Entry], today: date) -> Iterator[Diagnostic]:
    """Yield what is wrong in some records, and among all records together."""
    checker = Checker(library.config)
    for entry in entries:
        status = status_of(entry.customer, library.config, today) if entry.customer else None
        yield from checker.entry(entry, status, library, today)
    yield from checker.workspace(library)


def _line(diagnostic: Diagnostic, library: Library) -> str:
    entry = library.by_path.get(diagnostic.path)
    lines = entry.text.split("\n") if entry else []
    number = diagnostic.span.line - 1
    return fold(lines[number]) if number < len(lines) else ""
