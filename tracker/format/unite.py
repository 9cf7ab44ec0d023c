"""One record out of two of the same customer, with everything that both say.

The other record goes into the one that stays: its follow-ups, people, lists and notes come to what
is there, and where both have different values the one that is not taken is kept in a note. As with
every edit the result is read again, and it must say just what it should, or it is not given out.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from tracker.diagnostics import FILE_START, NOT_EDITABLE, Problem
from tracker.format.assignment import Operation, Step
from tracker.format.comparison import content_of
from tracker.format.editor import RecordFile, read_record_file, set_value
from tracker.format.frontmatter import body_of
from tracker.format.section_editor import keys_are_chinese
from tracker.format.splice import Splice, splice_bytes
from tracker.format.unite_body import unite_body
from tracker.format.unite_matter import unite_matter
from tracker.schema import FRONT_MATTER
from tracker.text import fold
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.config import Config
    from tracker.format.unite_body import UnitedBody
    from tracker.format.unite_matter import UnitedMatter
    from tracker.model import Customer, FollowUp

_OWNER = Step(next(field for field in FRONT_MATTER if field.key == "owner"))
_HEADINGS = {True: "合并自 {name} ({id})", False: "Merged from {name} ({id})"}
_DISPLACED = {True: "在此被取代的原值：", False: "What it replaced here:"}
"""By whether the note is in Chinese."""

_NOT_READ = frozenset({"yaml-syntax", "yaml-feature", "yaml-depth"})
"""Problems with which a part of a front matter is not in its tree, and would be lost."""


class Refusal(Struct, frozen=True):
    """Why two records cannot be united.

    Attributes:
        path: The record that it lies in.
        problem: What it is, with its place there.
    """

    path: str
    problem: Problem


class Union(Struct, frozen=True):
    """A record with all that another one of the same customer says.

    Attributes:
        file: The record that stays, as it is then.
        matter: What was taken from the other one's front matter, and what was not.
        body: What was taken from its body.
        note: The note with what was not taken, as Markdown; empty where there is none that is new.
    """

    file: RecordFile
    matter: UnitedMatter
    body: UnitedBody
    note: str


def unite(
    ours: RecordFile,
    theirs: RecordFile,
    config: Config,
    takes: Callable[[str], bool] = lambda _: False,
    idle: frozenset[str] = frozenset(),
) -> Union | Refusal:
    """Put another record of the same customer into the one that stays.

    Doing it again changes nothing: sections, values and notes that stand there already stand once.

    Args:
        ours: The record that stays.
        theirs: The other one.
        config: The workspace's settings.
        takes: Tells for a key of the front matter whether the other one's value is taken where
            both say something different.
        idle: Comments that say nothing of a customer, as those of a template; they are not kept.

    Returns:
        The record as it is then, or why it cannot be made.
    """
    owner = _owner(ours.customer, theirs.customer, takes)
    unread = next((each for each in theirs.problems if each.code in _NOT_READ), None)
    ours, theirs = _with_authors(ours, owner, config), _with_authors(theirs, owner, config)
    found = {theirs.path: unread or _nameless(theirs, owner), ours.path: _nameless(ours, owner)}
    refusals = (Refusal(path, problem) for path, problem in found.items() if problem)
    return next(refusals, None) or _united(ours, theirs, config, takes, idle)


def _united(
    ours: RecordFile,
    theirs: RecordFile,
    config: Config,
    takes: Callable[[str], bool],
    idle: frozenset[str],
) -> Union | Refusal:
    head = _head(ours, config)
    if isinstance(head, Problem):
        return Refusal(ours.path, head)
    chinese = _note_is_chinese(ours, theirs.customer, config)
    matter = unite_matter(head, theirs, config, takes, idle, chinese=chinese)
    note = _note(matter, ours, theirs.customer, chinese=chinese)
    body = unite_body(ours, theirs, config, note)
    data = splice_bytes(ours.data, body.splices)
    data = matter.file.data + data[len(head.data) :]
    if data == ours.data:
        return Union(ours, matter, body, note)
    after = read_record_file(ours.path, data, config)
    if isinstance(after, Problem):
        return Refusal(ours.path, after)
    united = Union(after, matter, body, note)
    if not _says_everything(united, ours, theirs) or _brings_problems(after, ours, theirs):
        problem = Problem(
            NOT_EDITABLE,
            FILE_START,
            Message("merging it would change what the records say"),
            Message("move what it holds into {path} by hand", {"path": ours.path}),
        )
        return Refusal(theirs.path, problem)
    return united


# --- Whose work it is ---------------------------------------------------------------------------


def _owner(ours: Customer, theirs: Customer, takes: Callable[[str], bool]) -> str:
    """Return the owner that the record will have; empty for none."""
    first, second = (theirs, ours) if takes("owner") else (ours, theirs)
    return first.owner or second.owner or ""


def _with_authors(file: RecordFile, owner: str, config: Config) -> RecordFile:
    """Name who followed up where nobody is named, if the record will have another owner.

    The front matter stays as it is.
    """
    if not file.customer.owner or fold(file.customer.owner) == fold(owner):
        return file
    named = set_value(file, config, (_OWNER,), Operation.SET, owner)
    if isinstance(named, Problem):
        return file
    data = _head_bytes(file) + named.data[len(_head_bytes(named)) :]
    again = read_record_file(file.path, data, config)
    return file if isinstance(again, Problem) else again


def _nameless(file: RecordFile, owner: str) -> Problem | None:
    """Return the problem of a follow-up that would become the work of another owner."""
    if not file.customer.owner or fold(file.customer.owner) == fold(owner):
        return None
    for followup in file.customer.followups:
        if not followup.who_written:
            return Problem(
                NOT_EDITABLE,
                followup.span,
                Message("this follow-up names nobody, and the records have different owners"),
                Message("write into its heading who followed up: ## DATE TIME METHOD WHO"),
            )
    return None


# --- Front matter alone -------------------------------------------------------------------------


def _head(file: RecordFile, config: Config) -> RecordFile | Problem:
    """Return the record without its body, which is quicker to change."""
    return read_record_file(file.path, _head_bytes(file), config)


def _head_bytes(file: RecordFile) -> bytes:
    end = len(file.text) - len(body_of(file.text)[0])
    return splice_bytes(file.data, [Splice(end, len(file.text), "")])


# --- What was not taken -------------------------------------------------------------------------


def _heading(gone: Customer, *, chinese: bool) -> str:
    return _HEADINGS[chinese].format(name=" ".join(gone.name.split()), id=gone.id)


def _note_is_chinese(ours: RecordFile, gone: Customer, config: Config) -> bool:
    """Tell the language of the note: that of one that is there, else that of the follow-ups."""
    headings = {note.heading for note in ours.customer.notes}
    written = (chinese for chinese in _HEADINGS if _heading(gone, chinese=chinese) in headings)
    return next(written, keys_are_chinese(ours.text, config))


def _note(matter: UnitedMatter, ours: RecordFile, gone: Customer, *, chinese: bool) -> str:
    """Return the section that keeps what was not taken; empty where it stands there already."""
    heading = _heading(gone, chinese=chinese)
    known = {
        line
        for note in ours.customer.notes
        if note.heading == heading
        for line in note.text.split("\n")
    }
    left, displaced = (
        [line for line in dict.fromkeys(f"- {fact}" for fact in facts) if line not in known]
        for facts in (matter.left, matter.displaced)
    )
    parts = ["\n".join(left)]
    if displaced:
        parts += [_DISPLACED[chinese], "\n".join(displaced)]
    text = "\n\n".join(filter(None, parts))
    return f"## {heading}\n\n{text}" if text else ""


# --- Safety -------------------------------------------------------------------------------------


def _says_everything(united: Union, ours: RecordFile, theirs: RecordFile) -> bool:
    """Tell whether a united record says all that it should, each thing once, and nothing else."""
    after, head = united.file.customer, united.matter.file.customer
    found, wanted = content_of(after), content_of(head)
    unnamed = not (ours.customer.owner and theirs.customer.owner)
    own = [_told(each, head, unnamed=unnamed) for each in ours.customer.followups]
    lines = {each.span.line: each for each in theirs.customer.followups}
    first = body_of(theirs.text)[1]
    new = [lines[first + block.section.line - 1] for block in united.body.followups]
    told = [*own, *(_told(each, head, unnamed=unnamed) for each in new)]
    notes = [(note.level, note.heading, note.text) for note in ours.customer.notes]
    notes += [
        (block.section.level, block.section.heading, block.section.text)
        for block in united.body.notes
    ]
    if united.note:
        title, _, text = united.note.partition("\n\n")
        notes.append((2, title.removeprefix("## "), text))
    background = f"{ours.customer.background}\n{united.body.background}"
    return bool(
        Counter(repr(content) for content in found.pop("followups")) == Counter(map(repr, told))
        and Counter((n.level, n.heading, n.text) for n in after.notes) == Counter(notes)
        and _lines(found.pop("background")) == _lines(background)
        and all(found[key] == wanted[key] for key in found.keys() - {"notes"})
    )


def _told(followup: FollowUp, head: Customer, *, unnamed: bool) -> Any:  # noqa: ANN401  # nested plain values
    """Return what a follow-up is to say; one that names nobody is its owner's.

    Where one of the records has no owner, nobody can say whose it was before.
    """
    content = content_of(followup)
    if unnamed and not followup.who_written:
        content["who"] = head.owner or ""
    return content


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.split("\n") if line.strip()]


def _brings_problems(after: RecordFile, ours: RecordFile, theirs: RecordFile) -> bool:
    """Tell whether reading finds anything wrong that was right in both records."""
    counts = [Counter(each.code for each in file.problems) for file in (after, ours, theirs)]
    return bool(counts[0] - counts[1] - counts[2])
