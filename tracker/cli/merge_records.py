"""`tracker merge-records`: one record out of two of the same customer."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from tracker.cli.completion import CUSTOMER, names_of
from tracker.cli.context import ExitCode, example, is_terminal, load_records, tell, today_option
from tracker.cli.editing import (
    dry_run_option,
    new_problems,
    print_difference,
    refused,
    team_time,
    tell_problems,
)
from tracker.cli.filters import unknown_word, words_of
from tracker.cli.find_customer import find_customer
from tracker.cli.merge_preview import preview_lines
from tracker.cli.merge_undo import undoing
from tracker.cli.wording import Wording
from tracker.diagnostics import Problem
from tracker.errors import UsageError
from tracker.format.unite import Refusal, unite
from tracker.library.record_files import open_record, records_locked, replace_two_by_one
from tracker.schema import FRONT_MATTER, by_spelling, known_keys
from tracker.starter.record_template import template_comments
from tracker.text import fold, nearest
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from tracker.config import Config
    from tracker.format.editor import RecordFile
    from tracker.library.library import Library

_TAKE = "--take"
_ALL = ("all", "全部")
_NEVER_TAKEN = frozenset({"id", "aliases", "not_duplicate_of"})
_TAKEN = tuple(field for field in FRONT_MATTER if field.key not in _NEVER_TAKEN)


@click.command(
    epilog=example(
        "tracker merge-records hengda hengda-2",
        "tracker merge-records 恒达精密 恒达集团 --take owner,level --diff",
        "tracker merge-records acme 'Acme Ltd' --take all --yes",
    )
)
@click.argument("stays", metavar="A", type=CUSTOMER)
@click.argument("goes", metavar="B", type=CUSTOMER)
@click.option(
    _TAKE,
    "taken",
    multiple=True,
    metavar="KEY,…",
    type=names_of((_ALL[0], *(field.key for field in _TAKEN)), several=True),
    help="Where both have different values of KEY, take that of B; all for every key. "
    "Default: A's stay.",
)
@click.option("--diff", is_flag=True, help="Show what changes in the file of A, too.")
@click.option("-y", "--yes", is_flag=True, help="Do it without asking.")
@dry_run_option
@today_option
def command(  # noqa: PLR0913  # click passes each option as an argument
    stays: str,
    goes: str,
    taken: tuple[str, ...],
    today: date | None,
    *,
    diff: bool,
    yes: bool,
    dry_run: bool,
) -> int:
    """Merge the record of customer B into that of customer A.

    A gets every follow-up, contact, offer, need, tag and note of B, and B's ids as former ones, by
    which it is found from then on. Where both have different values A's stay, and B's are kept in
    a note. Then the file of B is removed. First it is shown what would happen, and what git could
    not bring back: a person at a terminal is asked, and otherwise nothing is written without
    --yes. `tracker docs duplicates` says how to undo it.
    """
    library = load_records()
    config, root = library.config, library.root
    wording = Wording(config)
    takes = _takes(taken, config)
    ours, theirs = _opened(library, stays, goes)
    united = unite(ours, theirs, config, takes, template_comments(root, config))
    if isinstance(united, Refusal):
        raise refused(united.problem, united.path)
    sure = yes and not dry_run
    for line in preview_lines(library, ours, theirs, united, wording):
        click.echo(line, err=sure)
    if diff:
        print_difference(ours.text, united.file.text, ours.path)
    undo = undoing(root, ours.path, theirs.path)
    for message in undo.warnings():
        tell(wording.say(message))
    if dry_run or not (sure or _agreed(wording)):
        return ExitCode.OK
    with records_locked(root):
        replace_two_by_one(root, ours, united.file, theirs)
    click.echo(ours.path)
    values = {"path": ours.path, "gone": theirs.path}
    tell(wording.say(Message("{gone} went into {path} and was removed", values)))
    if how := undo.afterwards():
        tell(wording.say(how))
    day = team_time(config, today).date()
    tell_problems(new_problems(root, config, ours, united.file, day), united.file, config)
    return ExitCode.OK


def _takes(texts: Sequence[str], config: Config) -> Callable[[str], bool]:
    """Return what tells for a key whether B's value is taken.

    Raises:
        UsageError: There is no such key, or its values of both are kept anyway.
    """
    fields = (*_TAKEN, *config.fields)
    known = by_spelling(fields)
    keys: set[str] = set()
    for word in words_of(_TAKE, texts):
        if fold(word) in map(fold, _ALL):
            return lambda _: True
        if fold(word) not in known:
            names = known_keys(fields)
            raise unknown_word(_TAKE, word, nearest(word, names), (field.key for field in fields))
        keys.add(known[fold(word)].key)
    return keys.__contains__


def _opened(library: Library, stays: str, goes: str) -> tuple[RecordFile, RecordFile]:
    """Read the two records.

    Raises:
        UsageError: They are one.
        RecordProblemError: One cannot be read.
    """
    one, other = find_customer(library, stays), find_customer(library, goes)
    if one.path == other.path:
        former = {fold(name) for name in one.aliases}
        message = (
            Message("‘{other}’ was merged into {path} already")
            if fold(goes) in former or fold(stays) in former
            else Message("‘{one}’ and ‘{other}’ are both {path}")
        )
        values = {"one": stays, "other": goes, "path": one.path}
        raise UsageError(Message(message.template, values))
    files = []
    for customer in (one, other):
        file = open_record(library.root, customer.path, library.config)
        if isinstance(file, Problem):
            raise refused(file, customer.path)
        files.append(file)
    return files[0], files[1]


def _agreed(wording: Wording) -> bool:
    """Ask whether to do it.

    Raises:
        UsageError: Nobody can be asked.
    """
    if not (is_terminal(sys.stdin) and is_terminal(sys.stderr)):
        raise UsageError(Message("nothing was written; to do it, give --yes"))
    return click.confirm(wording.say(Message("Merge them?")), default=False, err=True)
