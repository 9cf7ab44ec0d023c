"""A person's editor on the draft of a follow-up, until it is written or given up."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import click

from tracker.cli.context import is_terminal, tell
from tracker.cli.draft import read_draft
from tracker.cli.editing import edit_file, tell_problems
from tracker.diagnostics import Problem
from tracker.errors import TrackerError, UsageError
from tracker.files import create_file
from tracker.text_files import read_text_file
from tracker.translation import Message, translations

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tracker.cli.followup_writer import FollowUpWriter
    from tracker.config import Config

_AT_ONCE_SECONDS = 2
"""Time within which nobody has opened an editor, decided to write nothing and closed it again."""


def require_terminal() -> None:
    """See to it that somebody is there to edit.

    Raises:
        UsageError: Nobody is.
    """
    if not is_terminal(sys.stdin):
        raise UsageError(
            Message("there is no text and no terminal; give TEXT, or - to read it from stdin")
        )


def write_from_editor(
    writer: FollowUpWriter, draft: Path, config: Config, *, says_something: bool
) -> None:
    """Open an editor on a draft, write what comes back, and remove the draft.

    Args:
        writer: Writes into the record.
        draft: The file.
        config: The workspace's settings.
        says_something: Whether the draft is worth keeping as it is.

    Raises:
        TrackerError: It cannot be written; the draft is kept, which is told, if it says something.
        OSError: Likewise.
    """
    say = translations(config.language).gettext
    as_it_was = draft.read_bytes()
    try:
        written = _edited_until_sound(writer, draft, config)
    except (TrackerError, OSError, KeyboardInterrupt, click.Abort):
        if not draft.exists():
            raise  # What it said has been shown.
        if says_something or draft.read_bytes() != as_it_was:
            writer.tell_kept(draft)
        else:
            draft.unlink()
        raise
    if not written:
        tell(Message("there is no text, so nothing was written").render(say))
        heading = _section_in(draft, config)
        if heading and heading != _heading_of(as_it_was):
            # What somebody wrote into the heading may be all that was said.
            writer.tell_kept(draft)
            return
    draft.unlink(missing_ok=True)


def _heading_of(draft: bytes) -> str:
    return read_draft(draft.decode("utf-8-sig", "replace")).partition("\n")[0].rstrip()


def _edited_until_sound(writer: FollowUpWriter, draft: Path, config: Config) -> bool:
    """Edit a draft until it can be written, or the person gives up.

    Returns:
        Whether it was written; a draft that says nothing is not.

    Raises:
        TrackerError: It cannot be written, and is not to be edited again.
    """
    say = translations(config.language).gettext
    question = Message("Edit again?").render(say)
    while True:
        _edit(writer, draft, say)
        try:
            section = _section_in(draft, config)
            heading, _, rest = section.partition("\n")
            if not rest.strip() and (not heading or heading.startswith("#")):
                return False
            attempt = writer.attempt(section)
            if attempt.found and not attempt.has_errors:
                tell_problems(attempt.found, attempt.after, config)
                if click.confirm(question, default=False, err=True):
                    continue
            writer.write(section)
        except TrackerError as error:
            tell(error.message.render(say))
            if not click.confirm(question, default=True, err=True):
                raise
        else:
            return True


def _edit(writer: FollowUpWriter, draft: Path, say: Callable[[str], str]) -> None:
    """Open an editor on a draft, and wait until the person has written.

    Some editors hand the file to a window that is open already, and end at once.

    Raises:
        TrackerError: There is no editor, it failed, or it took the draft away, which is back then.
        OSError: It took the draft away, and the system refuses to put it back; its text is shown.
    """
    before, began = draft.read_bytes(), time.monotonic()
    try:
        edit_file(draft)
    finally:
        taken_away = not draft.exists()
        if taken_away:
            _put_back(writer, draft, before)
    if taken_away:
        raise TrackerError(Message("the editor has removed the draft"))
    if time.monotonic() - began < _AT_ONCE_SECONDS and draft.read_bytes() == before:
        tell(
            Message(
                "The editor ended at once. If it is still open, save the text there; "
                "then press Enter here. (For Visual Studio Code, set EDITOR to: code --wait)"
            ).render(say)
        )
        sys.stdin.readline()


def _put_back(writer: FollowUpWriter, draft: Path, content: bytes) -> None:
    try:
        create_file(draft, content)
    except OSError:
        writer.show(read_draft(content.decode("utf-8-sig", "replace")))
        raise


def _section_in(draft: Path, config: Config) -> str:
    """Return what counts of a draft.

    Raises:
        TrackerError: The editor has written it in another encoding than UTF-8.
    """
    found = read_text_file(draft, config.limits.file_size)
    if isinstance(found, Problem):
        raise TrackerError(found.message)
    return read_draft(found.text)
