"""`tracker new`: a record of a new customer."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from tracker.cli.completion import FIELD_ASSIGNMENT, OWNER
from tracker.cli.context import (
    ExitCode,
    example,
    is_terminal,
    load_records,
    printable,
    tell,
    today_option,
)
from tracker.cli.editing import (
    assigned,
    edit_file,
    known_owner,
    new_problems,
    person_at_work,
    refused,
    team_time,
    tell_problems,
)
from tracker.config import RECORDS_DIR
from tracker.diagnostics import Problem
from tracker.errors import UsageError
from tracker.format.editor import RecordFile, read_record_file
from tracker.library.likeness import customers_like
from tracker.library.naming import file_stems
from tracker.library.record_files import add_record, records_locked
from tracker.starter.record_template import TEMPLATE_NAME, built_in_template
from tracker.text import fold
from tracker.translation import Message, translations

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    from tracker.config import Config
    from tracker.library.library import Library
    from tracker.library.likeness import Likeness

_MOST_SHOWN = 8


@click.command(
    epilog=example(
        "tracker new 恒达精密机械有限公司 --owner 李雷 --set source=展会",
        "tracker new 'Acme Tools Ltd' --set contacts+='Ann Lee' --set level=A",
        "tracker new 'Acme Tools Ltd' --file acme --edit",
    )
)
@click.argument("name", nargs=-1, required=True)
@click.option(
    "--owner", metavar="NAME", type=OWNER, help="Who is responsible. Default: you, by git."
)
@click.option(
    "--set",
    "assignments",
    multiple=True,
    metavar="KEY=VALUE",
    type=FIELD_ASSIGNMENT,
    help="A value of the front matter, as tracker set takes it.",
)
@click.option(
    "--file",
    "stem",
    metavar="NAME",
    help="The file's name, without .md, where a folder may stand before it. Default: as "
    "file_names in tracker.yaml has it, by pinyin unless it says otherwise.",
)
@click.option("--force", is_flag=True, help="Go on although a customer like it is there.")
@click.option("-e", "--edit", is_flag=True, help="Open the editor on the new record.")
@today_option
def command(  # noqa: PLR0913  # click passes each option as an argument
    name: tuple[str, ...],
    owner: str | None,
    assignments: tuple[str, ...],
    stem: str | None,
    today: date | None,
    *,
    force: bool,
    edit: bool,
) -> int:
    """Begin the record of a new customer.

    It comes from records/_template.md, or from the built-in template where the team has none.
    A customer of the same name, number or address is refused. Of one that is like it, a person at
    a terminal is asked; otherwise it is refused too, until --force says that it is another one.
    """
    library = load_records()
    config = library.config
    now = team_time(config, today)
    written = " ".join(name).strip()
    if not fold(written):
        raise UsageError(Message("the customer's name is empty"))
    draft = _filled(_template(library), written, owner, assignments, library, now)
    _refuse_twins(draft, library, force=force)
    with records_locked(library.root):
        record = _named(draft, stem, library, now)
        add_record(library.root, record)
    click.echo(printable(record.path))
    if edit:
        edit_file(library.root / record.path)
    else:
        found = new_problems(library.root, config, None, record, now.date())
        tell_problems(found, record, config)
    return ExitCode.OK


def _template(library: Library) -> RecordFile:
    """Return the template of new records.

    Raises:
        RecordProblemError: The team's own cannot be read.
        OSError: Likewise.
    """
    file = library.root / TEMPLATE_NAME
    data = file.read_bytes() if file.is_file() else built_in_template(library.config).encode()
    template = read_record_file(TEMPLATE_NAME, data, library.config)
    if isinstance(template, Problem):
        raise refused(template, TEMPLATE_NAME)
    return template


def _filled(  # noqa: PLR0913, PLR0917  # what a record begins with
    template: RecordFile,
    name: str,
    owner: str | None,
    assignments: Sequence[str],
    library: Library,
    now: datetime,
) -> RecordFile:
    """Return the template with the values of a new record; what it has already stays.

    Raises:
        UsageError: An assignment makes no sense, or nobody is responsible.
    """
    config = library.config
    given = template.customer
    values = {"name": name}
    if owner:
        values["owner"] = known_owner(owner, config, "--owner")
    elif not given.owner and not _sets("owner", assignments, config):
        values["owner"] = _responsible(library)
    if not given.stage and not _sets("stage", assignments, config):
        values["stage"] = next(iter(config.stages)).label
    if not given.created and not _sets("created", assignments, config):
        values["created"] = now.date().isoformat()
    first = [f"{key}={value}" for key, value in values.items()]
    return assigned(template, [*first, *assignments], config, now)


def _sets(key: str, assignments: Sequence[str], config: Config) -> bool:
    """Tell whether assignments give a field of the front matter a value."""
    field = next(field for field in config.front_matter_fields if field.key == key)
    keys = {fold(spelling) for spelling in field.spellings}
    return any(fold(text.partition("=")[0]) in keys for text in assignments)


def _responsible(library: Library) -> str:
    if me := person_at_work(library):
        return me
    names = [owner.label for owner in library.config.owners]
    raise UsageError(
        Message(
            "say who is responsible: --owner NAME; owners are: {names}", {"names": tuple(names)}
        )
        if names
        else Message("say who is responsible: --owner NAME")
    )


# --- Twins ------------------------------------------------------------------------------------


def _refuse_twins(draft: RecordFile, library: Library, *, force: bool) -> None:
    """See to it that a customer is not begun twice by mistake.

    Raises:
        UsageError: One like it is there, and nobody said to go on.
    """
    customer = draft.customer
    found = customers_like(customer.name, customer.contacts, library.customers)
    if not found or force:
        return
    say = translations(library.config.language).gettext
    for one in found[:_MOST_SHOWN]:
        tell(f"  {_described(one, library.config, say)}")
    same = found[0].shared != "near"
    asked = is_terminal(sys.stdin) and is_terminal(sys.stderr)
    if asked and not same:
        question = Message("Is {name} another customer?", {"name": customer.name}).render(say)
        if click.confirm(question, default=False, err=True):
            return
    raise UsageError(
        Message("this customer seems to be there already; --force begins another record")
    )


def _described(one: Likeness, config: Config, say: Callable[[str], str]) -> str:
    customer = one.customer
    reason = {
        "name": Message("the same name"),
        "phone": Message("the same telephone number"),
        "email": Message("the same e-mail address"),
        "wechat": Message("the same WeChat account"),
        "near": Message("a name like it"),
    }[one.shared].render(say)
    facts = (customer.name, config.stages.label(customer.stage), customer.owner, customer.path)
    return printable(f"{' · '.join(filter(None, facts))} ({reason})")


# --- File -------------------------------------------------------------------------------------


def _named(draft: RecordFile, stem: str | None, library: Library, now: datetime) -> RecordFile:
    """Return the record under the name of its own file.

    Raises:
        UsageError: The name that was asked for cannot be had.
    """
    if stem is not None:
        record = _at(stem.removesuffix(".md").strip(), draft, library)
        if reason := _unusable(record, library, now):
            raise UsageError(Message("--file: {reason}", {"reason": reason}))
        return record
    for name in file_stems(draft.customer.name, draft.customer.short or "", library.config):
        record = _at(name, draft, library)
        if not _unusable(record, library, now):
            return record
    raise AssertionError


def _at(name: str, draft: RecordFile, library: Library) -> RecordFile:
    path = f"{RECORDS_DIR}/{name.removeprefix(f'{RECORDS_DIR}/')}.md"
    record = read_record_file(path, draft.data, library.config)
    if isinstance(record, Problem):
        raise refused(record)
    return record


def _unusable(record: RecordFile, library: Library, now: datetime) -> Message | None:
    """Return why a record cannot have its name; None where it can."""
    parts = record.path.split("/")[1:]
    if any(part.startswith((".", "_")) or not part.strip(". ") for part in parts):
        return Message("{path} is no name of a record", {"path": record.path})
    taken = fold(record.customer.id) in library.by_any_id
    if (library.root / record.path).exists() or taken:
        return Message("there is a record {id} already", {"id": record.customer.id})
    found = new_problems(library.root, library.config, None, record, now.date())
    return next((one.problem.message for one in found if one.code == "unusable-id"), None)
