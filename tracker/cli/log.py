"""`tracker log`: a follow-up that has happened."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from tracker.cli.completion import CUSTOMER, FIELD_ASSIGNMENT, OWNER, word_of
from tracker.cli.context import (
    ExitCode,
    example,
    load_records,
    tell,
    text_from_stdin,
    today_option,
)
from tracker.cli.draft import draft_text
from tracker.cli.draft_editor import require_terminal, write_from_editor
from tracker.cli.editing import (
    dry_run_option,
    known_owner,
    past_moment,
    person_at_work,
    team_time,
    tell_understood,
)
from tracker.cli.filters import term_of, unknown_word
from tracker.cli.find_customer import find_customer
from tracker.cli.followup_writer import FollowUpWriter
from tracker.day_words.reading import leading_when, why_no_day
from tracker.day_words.when import When
from tracker.diagnostics import Problem
from tracker.errors import TrackerError, UsageError
from tracker.format.day_resolution import wrong_due
from tracker.format.editor import read_section
from tracker.format.section_editor import (
    SectionDraft,
    keys_are_chinese,
    section_text,
    usual_level,
)
from tracker.library.drafts import customer_of, is_kept_draft
from tracker.library.status import status_of
from tracker.schema import FOLLOWUP_FIELDS, Field, Kind, by_spelling, known_keys
from tracker.text import fold, nearest
from tracker.translation import Message, translations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date, datetime

    from tracker.config import Config
    from tracker.library.library import Library
    from tracker.model import Customer

_METHOD_HELP = "How: call, visit. Default: none; a draft begins with that of the step that is due."
_WHO_HELP = (
    "Who followed up. Default: you, where git's user.name or user.email is that of an owner, else "
    "the owner of the customer, which is told."
)

_STDIN = "-"
_METHOD = "--method"
_DECLARED = "--field"
_DRAFT = "--draft"
_BESIDE_A_DRAFT = frozenset({"customer", "draft", "assignments", "today"})
_FIELD = "field_"
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
@click.option(
    _DRAFT,
    "draft",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Open the editor on a text that was kept.",
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
    draft: Path | None,
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
    kept, and told how to go on with it.
    """
    library = load_records()
    config = library.config
    found = find_customer(library, customer)
    now = team_time(config, today)
    writer = FollowUpWriter(library.root, config, found, now, assignments)
    record = writer.opened()
    if draft is not None:
        _go_on_with(draft, found, writer, library.root, config)
        return ExitCode.OK
    values = {key.removeprefix(_FIELD): value for key, value in fields.items() if value}
    values |= _declared(declared, config)
    _require_known_day(values.get("next", ""), config, now)
    for promise in todo:
        _require_possible_day(promise, library, now)
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
    known = SectionDraft(
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
        known,
        chinese=keys_are_chinese(record.text, config),
        level=usual_level(record.customer, record.text),
    )
    text_to_edit = partial(draft_text, section, record.customer, config, now.date())
    if drafted:
        require_terminal()
        file = writer.keep(text_to_edit().encode())
        write_from_editor(writer, file, config, says_something=says_something)
        return ExitCode.OK
    if dry_run:
        writer.write(section, dry_run=True)
    else:
        _write_or_keep(writer, section, text_to_edit)
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
    when = past_moment(text, now, "--when")
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


def _require_possible_day(promise: str, library: Library, now: datetime) -> None:
    """See to it that a promise says something, and is not due on a day that there is not.

    Raises:
        UsageError: It is not so.
    """
    reason = None if promise.strip() else Message("a promise needs a text")
    people = [name for owner in library.config.owners for name in owner.spellings]
    people += {customer.owner for customer in library.customers if customer.owner}
    if reason := reason or wrong_due(promise, people, now):
        raise UsageError(Message("{option}: {reason}", {"option": "--todo", "reason": reason}))


def _method(text: str, config: Config) -> str:
    """Return the label of the method that a word means.

    Raises:
        UsageError: There is none.
    """
    return term_of(_METHOD, text, config.methods).label


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
    term = term_of(f"--{field.key}", value, terms)
    old = getattr(customer, field.key)
    return f"{terms.label(old)} -> {term.label}" if old and old != term.id else str(term.label)


# --- Writing ----------------------------------------------------------------------------------


def _write_or_keep(writer: FollowUpWriter, section: str, text_to_edit: Callable[[], str]) -> None:
    try:
        writer.write(section)
    except (TrackerError, OSError):
        writer.rescue(section, text_to_edit().encode())
        raise


def _go_on_with(
    draft: Path, customer: Customer, writer: FollowUpWriter, root: Path, config: Config
) -> None:
    """Edit a text that was kept, and write it; a file of the person's own stays as it is.

    Raises:
        UsageError: Nobody is there to edit, something else is to be written with it, or it was kept
            for another customer.
    """
    context = click.get_current_context()
    given = {
        name
        for name in context.params
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE
    }
    if given - _BESIDE_A_DRAFT:
        raise UsageError(
            Message(
                "{option} goes with {other} alone; write the rest in the editor that it opens",
                {"option": _DRAFT, "other": "--set"},
            )
        )
    kept = is_kept_draft(root, draft)
    meant = customer_of(draft) if kept else None
    if meant not in (None, customer.id, *customer.aliases):
        raise UsageError(
            Message(
                "{option}: this text was written for {customer}",
                {"option": _DRAFT, "customer": meant},
            )
        )
    require_terminal()
    if not kept:
        draft = writer.keep(draft.read_bytes())
    write_from_editor(writer, draft, config, says_something=True)
