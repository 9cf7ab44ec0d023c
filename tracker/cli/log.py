"""`tracker log`: a follow-up that has happened."""

from __future__ import annotations

import re
import sys
import time
from typing import TYPE_CHECKING

import click

from tracker.cli.completion import CUSTOMER, FIELD_ASSIGNMENT, OWNER, word_of
from tracker.cli.context import (
    ExitCode,
    example,
    is_terminal,
    load_records,
    tell,
    text_from_stdin,
    today_option,
)
from tracker.cli.draft import draft_text, read_draft
from tracker.cli.editing import (
    dry_run_option,
    edit_file,
    known_owner,
    moment_of,
    person_at_work,
    team_time,
    tell_problems,
    tell_understood,
)
from tracker.cli.filters import unknown_word
from tracker.cli.find_customer import find_customer
from tracker.cli.followup_writer import FollowUpWriter, TextKeptError
from tracker.day_words.reading import leading_when, why_no_day
from tracker.day_words.when import When
from tracker.diagnostics import Problem
from tracker.errors import TrackerError, UsageError
from tracker.files import read_text_file
from tracker.format.day_resolution import impossible_due
from tracker.format.editor import read_section
from tracker.format.section_editor import (
    SectionDraft,
    keys_are_chinese,
    section_text,
    usual_level,
)
from tracker.library.status import status_of
from tracker.schema import FOLLOWUP_FIELDS, Field, Kind, by_spelling, known_keys
from tracker.text import fold, nearest
from tracker.translation import Message, translations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date, datetime
    from pathlib import Path

    from tracker.config import Config
    from tracker.format.editor import RecordFile
    from tracker.model import Customer

_METHOD_HELP = "How: call, visit. Default: none; a draft begins with that of the step that is due."
_WHO_HELP = (
    "Who followed up. Default: you, where git's user.name or user.email is that of an owner, else "
    "the owner of the customer, which is told."
)

_STDIN = "-"
_METHOD = "--method"
_DECLARED = "--field"
_FIELD = "field_"
_AT_ONCE_SECONDS = 2
"""Time within which nobody has opened an editor, decided to write nothing and closed it again."""

_ASSIGNED = re.compile(r"\s*([^=＝]+?)\s*[=＝]\s*(.*)", re.DOTALL)


def _field_options(function: Callable[..., int]) -> Callable[..., int]:
    """Give a command an option for each built-in field of a follow-up."""
    for field in reversed(FOLLOWUP_FIELDS):
        if field.key != "summary":
            function = click.option(
                f"--{field.key}",
                f"{_FIELD}{field.key}",
                metavar="TEXT",
                type=word_of(field.vocabulary) if field.vocabulary else str,
                help=f"{field.meaning}.",
            )(function)
    return function


@click.command(
    epilog=example(
        "tracker log 恒达精密 -m 电话 王芳确认了周末安装 --next '下周三 10:00 面谈 签合同'",
        "tracker log acme -m call 'They want two batches.' --todo 'send the quote @friday'",
        "tracker log hdjm --when 昨天下午三点 --stage 商务谈判",
        "tracker log acme",
        "tracker log acme - < notes.txt",
    )
)
@click.argument("customer", type=CUSTOMER)
@click.argument("text", nargs=-1)
@click.option("-m", _METHOD, metavar="METHOD", type=word_of("methods"), help=_METHOD_HELP)
@click.option("--when", metavar="WHEN", help="Day and time, also in words. Default: now.")
@click.option("--who", metavar="NAME", type=OWNER, help=_WHO_HELP)
@click.option("--summary", metavar="TEXT", help="What was said, where TEXT does not say it.")
@click.option("--todo", multiple=True, metavar="TEXT", help="A promise: what @day [@who].")
@_field_options
@click.option(
    _DECLARED,
    "declared",
    multiple=True,
    metavar="KEY=TEXT",
    help="A field that tracker.yaml declares for follow-ups.",
)
@click.option(
    "--set",
    "assignments",
    multiple=True,
    metavar="KEY=VALUE",
    type=FIELD_ASSIGNMENT,
    help="A value of the front matter to set with it, as tracker set does.",
)
@click.option("-e", "--edit", is_flag=True, help="Open the editor although there is a text.")
@dry_run_option
@today_option
def command(  # noqa: PLR0913, PLR0917  # click passes each option as an argument
    customer: str,
    text: tuple[str, ...],
    method: str | None,
    when: str | None,
    who: str | None,
    summary: str | None,
    todo: tuple[str, ...],
    declared: tuple[str, ...],
    assignments: tuple[str, ...],
    today: date | None,
    *,
    edit: bool,
    dry_run: bool,
    **fields: str | None,
) -> int:
    """Write down a follow-up.

    TEXT is what was said, in Markdown; - reads it from stdin, and one that begins with - goes
    behind --. Without any, $VISUAL or $EDITOR opens on a draft. The section goes where the order of
    the sections wants it, and a change of stage or level into the front matter too. Days may be in
    words, and what they were taken for is told. Nothing gets lost: a text that cannot be saved is
    kept in a draft, and told where.
    """
    library = load_records()
    config = library.config
    path = find_customer(library, customer).path
    now = team_time(config, today)
    writer = FollowUpWriter(library.root, config, path, now, assignments)
    record = writer.opened()
    values = {key.removeprefix(_FIELD): value for key, value in fields.items() if value}
    values |= _declared(declared, config)
    _require_known_day(values.get("next", ""), config, now)
    for promise in todo:
        _require_possible_day(promise, now)
    moment = _moment(when, now, config)
    how = None if method is None else _method(method, config)
    me = known_owner(who, config, "--who") if who is not None else person_at_work(library)
    bullets = [
        (field, _change(field, values[field.key], record.customer, config))
        for field in config.all_followup_fields
        if field.key in values
    ]
    # Last, so that nobody types a text that a wrong option then keeps from being written.
    said = _said(text, summary)
    says_something = bool(said or todo or values)
    drafted = not dry_run and (edit or not says_something)
    planned = _planned_method(record.customer, config, now)
    draft = SectionDraft(
        moment.date,
        moment.time,
        # A plan is no proof of how it went: in a draft a person sees what is taken from it.
        (planned if drafted else "") if how is None else how,
        me or record.customer.owner or "",
        said,
        bullets,
        todo,
    )
    section = section_text(
        draft,
        chinese=keys_are_chinese(record.text, config),
        level=usual_level(record.customer, record.text),
    )
    if drafted:
        _write_from_editor(writer, section, record, config, now)
        return ExitCode.OK
    if dry_run:
        writer.write(section, dry_run=True)
    else:
        _write_or_keep(writer, section)
    say = translations(config.language).gettext
    if how is None and planned:
        tell(
            Message(
                "planned was {method}, but no method is written; {option} says how it went",
                {"method": planned, "option": _METHOD},
            ).render(say)
        )
    if me is None and (owner := record.customer.owner):
        tell(
            Message(
                "who followed up is taken to be {owner}, the customer's owner, since git names "
                "no owner as you; {option} says who it was",
                {"owner": owner, "option": "--who NAME"},
            ).render(say)
        )
    return ExitCode.OK


# --- What the command line says ---------------------------------------------------------------


def _said(text: Iterable[str], summary: str | None) -> str:
    """Return what was said, from wherever it was given."""
    words = " ".join(text)
    if _STDIN in (words, summary):
        return text_from_stdin().strip()
    return "\n\n".join(filter(None, (words, summary))).strip()


def _moment(text: str | None, now: datetime, config: Config) -> When:
    if text is None:
        return When(now.date(), now.time())
    when = moment_of(text, now, "--when", past=True)
    tell_understood([(text, when)], config)
    return when


def _require_known_day(plan: str, config: Config, now: datetime) -> None:
    """See to it that a plan begins with a day, unless it says that there is none.

    Raises:
        UsageError: It does not.
    """
    if not plan or leading_when(plan, now):
        return
    heading = f"## {now.date().isoformat()}"
    read = read_section(f"{heading}\n\n- next: {plan}", config, "")
    if not isinstance(read, Problem) and any(one.code == "next-unreadable" for one in read[1]):
        reason = why_no_day(plan, now)
        raise UsageError(Message("{option}: {reason}", {"option": "--next", "reason": reason}))


def _require_possible_day(promise: str, now: datetime) -> None:
    """See to it that a promise says something, and is not due on a day that there is not.

    Raises:
        UsageError: It is not so.
    """
    reason = None if promise.strip() else Message("a promise needs a text")
    if reason := reason or impossible_due(promise, now):
        raise UsageError(Message("{option}: {reason}", {"option": "--todo", "reason": reason}))


def _method(text: str, config: Config) -> str:
    """Return the label of the method that a word means.

    Raises:
        UsageError: There is none.
    """
    term = config.methods.find(text)
    if term is None:
        labels = [method.label for method in config.methods]
        raise unknown_word(_METHOD, text, config.methods.nearest(text), labels)
    return str(term.label)


def _planned_method(customer: Customer, config: Config, now: datetime) -> str:
    """Return the label of the method of the step that is due; empty for none."""
    step = status_of(customer, config, now.date()).next
    due = step and step.date and step.date <= now.date()
    return config.methods.label(step.method) if step and due else ""


def _declared(texts: Iterable[str], config: Config) -> dict[str, str]:
    """Return the values of `--field KEY=TEXT` by the keys of their fields."""
    fields = config.all_followup_fields
    values: dict[str, str] = {}
    for text in texts:
        match = _ASSIGNED.fullmatch(text)
        if match is None:
            raise UsageError(Message("--field: ‘{text}’ is not KEY=TEXT", {"text": text}))
        field = by_spelling(fields).get(fold(match[1]))
        if field is None:
            names = known_keys(fields)
            raise unknown_word(_DECLARED, match[1], nearest(match[1], names), names)
        values[field.key] = match[2]
    return values


def _change(field: Field, value: str, customer: Customer, config: Config) -> str:
    """Return `OLD -> NEW` for a change of stage or level, any other value as it is.

    Raises:
        UsageError: The new stage or level is not of the vocabulary.
    """
    if field.kind is not Kind.CHANGE:
        return value
    terms = config.terms(field.vocabulary or "")
    term = terms.find(value)
    if term is None:
        labels = [known.label for known in terms]
        option = f"--{field.key}"
        raise unknown_word(option, value, terms.nearest(value), labels)
    old = getattr(customer, field.key)
    return f"{terms.label(old)} -> {term.label}" if old and old != term.id else str(term.label)


# --- Writing ----------------------------------------------------------------------------------


def _write_or_keep(writer: FollowUpWriter, section: str) -> None:
    try:
        writer.write(section)
    except (TrackerError, OSError) as error:
        raise TextKeptError(error, writer.keep(section)) from error


def _write_from_editor(
    writer: FollowUpWriter, section: str, record: RecordFile, config: Config, now: datetime
) -> None:
    """Open an editor on a draft, and write what comes back.

    Raises:
        UsageError: Nobody is there to edit.
        TextKeptError: It cannot be written.
    """
    if not is_terminal(sys.stdin):
        raise UsageError(
            Message("there is no text and no terminal; give TEXT, or - to read it from stdin")
        )
    text = draft_text(section, record.customer, config, now.date())
    draft = writer.keep(text)
    says_nothing = not section.partition("\n")[2].strip()
    say = translations(config.language).gettext
    try:
        written = _edited_until_sound(writer, draft, config)
    except (TrackerError, OSError) as error:
        if not draft.exists():
            draft = writer.keep(text)
        if says_nothing and draft.read_bytes() == text.encode():
            draft.unlink()
            raise
        raise TextKeptError(error, draft) from error
    except (KeyboardInterrupt, click.Abort):
        tell(Message("the text is kept in {path}", {"path": draft}).render(say))
        raise
    if not written:
        tell(Message("there is no text, so nothing was written").render(say))
    draft.unlink(missing_ok=True)


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
        _edit(draft, say)
        try:
            section = _section_in(draft, config)
            if not section.partition("\n")[2].strip():
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


def _edit(draft: Path, say: Callable[[str], str]) -> None:
    """Open an editor on a draft, and wait until the person has written.

    Some editors hand the file to a window that is open already, and end at once.

    Raises:
        TrackerError: There is no editor, or it failed.
    """
    before, began = draft.read_bytes(), time.monotonic()
    edit_file(draft)
    if time.monotonic() - began < _AT_ONCE_SECONDS and draft.read_bytes() == before:
        tell(
            Message(
                "The editor ended at once. If it is still open, save the text there; "
                "then press Enter here. (For Visual Studio Code, set EDITOR to: code --wait)"
            ).render(say)
        )
        sys.stdin.readline()


def _section_in(draft: Path, config: Config) -> str:
    """Return what counts of a draft.

    Raises:
        TrackerError: The editor has written it in another encoding than UTF-8.
    """
    found = read_text_file(draft, config.limits.file_size)
    if isinstance(found, Problem):
        raise TrackerError(found.message)
    return read_draft(found.text)
