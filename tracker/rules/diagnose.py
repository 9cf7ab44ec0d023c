"""Running all rules over a workspace."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from tracker.config import CONFIG_NAME, Config
from tracker.diagnostics import Diagnostic, Problem, Severity
from tracker.rules.registry import all_rules
from tracker.rules.rule import RecordCase, WorkspaceCase
from tracker.text import nearest
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from tracker.library.library import Library
    from tracker.library.status import Status

OFF = "off"
MOST_OF_A_KIND = 200
"""Problems of one rule in one record beyond which no more are looked for: nobody reads them, and
a file made to be slow must not be."""


def diagnose(
    library: Library, statuses: Mapping[str, Status], today: date
) -> tuple[Diagnostic, ...]:
    """Return everything that is wrong in a workspace, by file and place.

    Args:
        library: The workspace as read; the problems of reading come with it.
        statuses: What each record means on the day, by path.
        today: The day.
    """
    severities = severities_of(library.config)
    found = []
    for path, problem in _problems(library, statuses, today):
        severity = severities[problem.code]
        if severity is not None:
            found.append(Diagnostic(path, severity, problem))
    return tuple(sorted(found, key=lambda diagnostic: diagnostic.sort_key))


def severities_of(config: Config) -> dict[str, Severity | None]:
    """Return the severity of each rule; None for one that is switched off."""
    severities: dict[str, Severity | None] = {
        code: rule.severity for code, rule in all_rules().items()
    }
    for code, setting in config.rules.items():
        if code in severities:
            severities[code] = None if setting == OFF else Severity(setting)
    return severities


def _problems(
    library: Library, statuses: Mapping[str, Status], today: date
) -> Iterator[tuple[str, Problem]]:
    severities = severities_of(library.config)
    rules = [rule for rule in all_rules().values() if severities[rule.code] is not None]
    checks = [rule.check_record for rule in rules if rule.check_record]
    for problem in _unknown_codes(library.config):
        yield CONFIG_NAME, problem
    for entry in library.entries:
        for problem in entry.problems:
            yield entry.path, problem
        if entry.customer:
            case = RecordCase(entry, entry.customer, statuses[entry.path], library, today)
            for check in checks:
                for problem in islice(check(case), MOST_OF_A_KIND):
                    yield entry.path, problem
    workspace = WorkspaceCase(library, statuses, today)
    for rule in rules:
        if rule.check_workspace:
            yield from rule.check_workspace(workspace)


def _unknown_codes(config: Config) -> Iterator[Problem]:
    for code in config.rules:
        if code not in all_rules():
            near = nearest(code, all_rules())
            yield Problem(
                "config-unknown-key",
                config.rule_spans[code],
                Message("there is no rule ‘{code}’", {"code": code}),
                Message("did you mean ‘{word}’?", {"word": near}) if near else None,
            )
