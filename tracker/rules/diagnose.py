"""Running all rules over a workspace."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from tracker.config import CONFIG_NAME, Config
from tracker.diagnostics import MOST_OF_A_KIND, Diagnostic, Problem, Severity, did_you_mean, in_file
from tracker.rules.registry import all_rules
from tracker.rules.rule import ChangeCase, RecordCase, WorkspaceCase
from tracker.text import nearest
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from tracker.library.comparison import Comparison
    from tracker.library.library import Entry, Library
    from tracker.library.status import Status

OFF = "off"


def diagnose_changes(comparison: Comparison) -> tuple[Diagnostic, ...]:
    """Return what is wrong in how a workspace was changed, by file and place.

    Args:
        comparison: Its two states. A record that is gone has its diagnostics at the path it had.
    """
    found = Checker(comparison.after.config).changes(comparison)
    return tuple(sorted(found, key=lambda diagnostic: diagnostic.sort_key))


class Checker:
    """Runs the rules that a workspace's settings ask for, on one part of it at a time.

    Args:
        config: The settings.
    """

    def __init__(self, config: Config) -> None:
        self._config = config
        self._severities = severities_of(config)
        rules = [rule for rule in all_rules().values() if self._severities[rule.code] is not None]
        self._record_checks = [rule.check_record for rule in rules if rule.check_record]
        self._workspace_checks = [rule.check_workspace for rule in rules if rule.check_workspace]
        self._change_checks = [rule.check_change for rule in rules if rule.check_change]

    def settings(self) -> Iterator[Diagnostic]:
        """Yield what the rules find wrong in the settings of the rules themselves."""
        for problem in _unknown_codes(self._config):
            yield from self._diagnostic(CONFIG_NAME, problem)

    def entry(
        self, entry: Entry, status: Status | None, library: Library, today: date
    ) -> Iterator[Diagnostic]:
        """Yield what reading a file found, and what the rules find in its record.

        It depends on that file, the settings, the day and the files in `attachments/` alone.

        Args:
            entry: The file.
            status: What its record means on the day; None where it has none.
            library: The workspace.
            today: The day.
        """
        for problem in entry.problems:
            yield from self._diagnostic(entry.path, problem)
        if entry.customer and status:
            case = RecordCase(entry, entry.customer, status, library, today)
            for check in self._record_checks:
                for problem in islice(check(case), MOST_OF_A_KIND):
                    yield from self._diagnostic(entry.path, problem)

    def workspace(self, library: Library) -> Iterator[Diagnostic]:
        """Yield what the rules find that look at all records together.

        Args:
            library: The workspace; its records may be reduced to what tells customers apart.
        """
        case = WorkspaceCase(library)
        for check in self._workspace_checks:
            for path, problem in check(case):
                yield from self._diagnostic(path, problem)

    def changes(self, comparison: Comparison) -> Iterator[Diagnostic]:
        """Yield what the rules find that look at how records were changed."""
        for change in comparison.changes:
            case = ChangeCase(change, comparison)
            for check in self._change_checks:
                for problem in islice(check(case), MOST_OF_A_KIND):
                    yield from self._diagnostic(change.path, problem)

    def _diagnostic(self, path: str, problem: Problem) -> Iterator[Diagnostic]:
        severity = self._severities[problem.code]
        if severity is not None:
            yield Diagnostic(path, severity, in_file(problem, path))


def severities_of(config: Config) -> dict[str, Severity | None]:
    """Return the severity of each rule; None for one that is switched off."""
    severities: dict[str, Severity | None] = {
        code: rule.severity for code, rule in all_rules().items()
    }
    for code, setting in config.rules.items():
        if code in severities:
            severities[code] = None if setting == OFF else Severity(setting)
    return severities


def _unknown_codes(config: Config) -> Iterator[Problem]:
    for code in config.rules:
        if code not in all_rules():
            yield Problem(
                "config-unknown-key",
                config.rule_spans[code],
                Message("there is no rule ‘{code}’", {"code": code}),
                did_you_mean(nearest(code, all_rules())),
            )
