"""What a merge of two records would do, in words."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

import click

from tracker.cli.context import printable
from tracker.text import fold
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tracker.cli.wording import Wording
    from tracker.format.editor import RecordFile
    from tracker.format.unite import Union
    from tracker.library.library import Library

_MOST_SHOWN = 10
_LONGEST = 100
"""Characters of a value that are shown."""

_LINK = re.compile(r"\]\(<?([^)#>\s]+)")


def preview_lines(
    library: Library, ours: RecordFile, theirs: RecordFile, united: Union, wording: Wording
) -> Iterator[str]:
    """Yield the lines that say what would be taken from where.

    Args:
        library: The workspace.
        ours: The record that stays.
        theirs: The one that goes into it.
        united: Both in one.
        wording: The language.
    """
    names = (f"{file.customer.name} ({file.path})" for file in (theirs, ours))
    yield click.style(printable(" → ".join(names)), bold=True)
    if united.file.data == ours.data:
        message = Message("All of it is there already; its file would be removed.")
        yield wording.say(message)
    matter, body = united.matter, united.body
    paragraphs: tuple[tuple[Message, Iterable[str]], ...] = (
        (_followups_title(theirs, united), [b.section.heading for b in body.followups]),
        (Message("Notes that come over:"), _notes(united, wording)),
        (Message("Values that come over:"), map(str, matter.added)),
        (Message("Values taken in the place of others:"), map(str, matter.replaced)),
        (Message("Kept in a note of the record:"), map(str, matter.left)),
        (Message("Kept in the note, since others take their place:"), map(str, matter.displaced)),
        (Message("Former ids:"), _new_aliases(ours, united)),
        (Message("Beware:"), (wording.say(each) for each in _warnings(library, ours, theirs))),
    )
    for title, lines in paragraphs:
        shown = list(lines)
        if shown:
            yield wording.say(title)
            yield from _listed(shown, wording)


def _listed(lines: list[str], wording: Wording) -> Iterator[str]:
    for line in lines[:_MOST_SHOWN]:
        text = line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
        yield printable(f"  {text}")
    if len(lines) > _MOST_SHOWN:
        more = Message("and {count} more", {"count": len(lines) - _MOST_SHOWN})
        yield f"  {wording.say(more)}"


def _followups_title(theirs: RecordFile, united: Union) -> Message:
    new, every = len(united.body.followups), len(theirs.customer.followups)
    values = {"new": new, "same": every - new}
    if every == new:
        return Message("Follow-ups that come over: {new}", values)
    return Message("Follow-ups that come over: {new}; in both records: {same}", values)


def _notes(united: Union, wording: Wording) -> Iterator[str]:
    if united.body.background:
        yield wording.say(Message("the text above the first heading"))
    for block in united.body.notes:
        yield block.section.heading


def _new_aliases(ours: RecordFile, united: Union) -> list[str]:
    known = set(ours.customer.aliases)
    return [alias for alias in united.file.customer.aliases if alias not in known]


def _warnings(library: Library, ours: RecordFile, theirs: RecordFile) -> Iterator[Message]:
    if library.told_apart(ours.customer, theirs.customer):
        yield Message("one of the records says that they are not the same customer")
    if fold(ours.customer.id) == fold(theirs.customer.id):
        yield Message("both have the id {id}", {"id": ours.customer.id})
    for path in _linking(library, theirs.path):
        yield Message("{path} links to the file that goes", {"path": path})


def _linking(library: Library, gone: str) -> Iterator[str]:
    """Yield the records with a link to a file."""
    for entry in library.entries:
        folder = posixpath.dirname(entry.path)
        if entry.path != gone and any(
            posixpath.normpath(posixpath.join(folder, unquote(target))) == gone
            for target in _LINK.findall(entry.text)
        ):
            yield entry.path
