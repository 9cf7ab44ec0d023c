"""Putting a follow-up into a record, without ever losing its text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from msgspec import Struct

from tracker.cli.context import printable, tell
from tracker.cli.editing import (
    RecordProblemError,
    assigned,
    new_problems,
    print_difference,
    refused,
    tell_problems,
    tell_understood,
)
from tracker.diagnostics import Problem, Severity
from tracker.format.assignment import Operation, way_to
from tracker.format.day_resolution import resolve_days
from tracker.format.editor import add_section, read_section, set_value
from tracker.library.drafts import keep_draft, taking_up
from tracker.library.record_files import open_record, records_locked, save_record
from tracker.translation import Message, translations

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from tracker.config import Config
    from tracker.diagnostics import Diagnostic
    from tracker.format.day_resolution import Understood
    from tracker.format.editor import RecordFile
    from tracker.model import Customer, FollowUp

_CHANGES = ("stage", "level")


class Attempt(Struct, frozen=True):
    """A record with a follow-up that is not written yet.

    Attributes:
        before: The record's file as it is.
        after: As it would be.
        followup: What was added.
        understood: Days in words, and what they were taken for.
        found: What would be wrong and is not yet.
    """

    before: RecordFile
    after: RecordFile
    followup: FollowUp
    understood: list[Understood]
    found: tuple[Diagnostic, ...]

    @property
    def has_errors(self) -> bool:
        """Tell whether something would be wrong that must not be written."""
        return any(one.severity is Severity.ERROR for one in self.found)

    @property
    def place(self) -> str:
        """Return where the follow-up stands in the new file: path and line."""
        line = next(
            (
                known.span.line
                for known in self.after.customer.followups
                if known.order == self.followup.order and known.summary == self.followup.summary
            ),
            1,
        )
        return f"{self.after.path}:{line}"


class FollowUpWriter:
    """Writes follow-ups into one record.

    Args:
        root: The workspace.
        config: Its settings.
        customer: The record.
        now: The team's local time.
        assignments: Values of the front matter to set with the follow-up.
    """

    def __init__(
        self,
        root: Path,
        config: Config,
        customer: Customer,
        now: datetime,
        assignments: Sequence[str] = (),
    ) -> None:
        self._root = root
        self._config = config
        self._customer = customer.id
        self._record = customer.path
        self._now = now
        self._assignments = assignments

    def opened(self) -> RecordFile:
        """Read the record.

        Raises:
            RecordProblemError: It cannot be edited.
        """
        file = open_record(self._root, self._record, self._config)
        if isinstance(file, Problem):
            raise refused(file, self._record)
        return file

    def attempt(self, section: str) -> Attempt:
        """Work out what the record would be with a section.

        Args:
            section: The section's Markdown; it begins with its heading; days may be in words.

        Raises:
            TrackerError: The section cannot be added.
        """
        before = self.opened()
        section, understood = resolve_days(section, self._config, self._now)
        read = read_section(section, self._config, before.customer.owner or "")
        if isinstance(read, Problem):
            raise RecordProblemError(_of_section(read, section))
        followup = read[0]
        after = add_section(before, self._config, section, followup.order)
        if isinstance(after, Problem):
            raise refused(after, self._record)
        for key in _CHANGES:
            after = self._with_change(after, followup, key)
        after = assigned(after, self._assignments, self._config, self._now)
        found = new_problems(self._root, self._config, before, after, self._now.date())
        return Attempt(before, after, followup, understood, found)

    def _with_change(self, file: RecordFile, followup: FollowUp, key: str) -> RecordFile:
        """Carry a change of stage or level into the front matter, if it is the newest one."""
        newest = next(
            (known for known in reversed(file.customer.chronological) if getattr(known, key)), None
        )
        change = getattr(followup, key)
        if change is None or newest is None or newest.order != followup.order:
            return file
        way = way_to(key, self._config)
        if isinstance(way, Problem) or getattr(file.customer, key) == change.new:
            return file
        changed = set_value(file, self._config, way, Operation.SET, change.new)
        if isinstance(changed, Problem):
            raise refused(changed, self._record)
        return changed

    def write(self, section: str, *, dry_run: bool = False) -> None:
        """Write a section into the record, print where it stands, and tell what is wrong in it.

        Raises:
            TrackerError: It cannot be written; the record is as it was.
            OSError: Likewise.
        """
        if dry_run:
            attempt = self.attempt(section)
            tell_understood(attempt.understood, self._config)
            print_difference(attempt.before.text, attempt.after.text, self._record)
            tell_problems(attempt.found, attempt.after, self._config)
            if attempt.has_errors:
                raise RecordProblemError(Message("nothing would be written"))
            return
        with records_locked(self._root):
            attempt = self.attempt(section)
            if not attempt.has_errors:
                save_record(self._root, attempt.before, attempt.after)
        tell_problems(attempt.found, attempt.after, self._config)
        if attempt.has_errors:
            raise RecordProblemError(Message("nothing was written"))
        tell_understood(attempt.understood, self._config)
        click.echo(printable(attempt.place))

    def rescue(self, section: str, content: bytes) -> None:
        """Keep the text of a section that cannot be written, and tell of it.

        Args:
            section: The section's Markdown.
            content: The same as a draft.
        """
        try:
            self.tell_kept(self.keep(content))
        except OSError:
            self.show(section)

    def show(self, text: str) -> None:
        """Show on stderr a text that no file can keep."""
        say = translations(self._config.language).gettext
        tell(Message("the text cannot be kept in a file; here it is:").render(say))
        tell(printable(text))

    def keep(self, content: bytes) -> Path:
        """Write a text into a draft of its own, and return the file.

        Raises:
            OSError: It cannot be written.
        """
        return keep_draft(self._root, self._customer, self._now, content)

    def tell_kept(self, draft: Path) -> None:
        """Say on stderr that a text is kept, and which command goes on with it."""
        kept = Message(
            "the text is kept; to go on with it: {command}",
            {"command": taking_up(self._root, self._customer, draft)},
        )
        tell(kept.render(translations(self._config.language).gettext))


def _of_section(problem: Problem, section: str) -> Message:
    """Return what is wrong with a section, with the line where."""
    line = section.split("\n")[problem.span.line - 1].strip()
    values = {"line": line, "message": problem.message, "hint": problem.hint}
    if problem.hint:
        return Message("‘{line}’: {message}; {hint}", values)
    return Message("‘{line}’: {message}", values)
