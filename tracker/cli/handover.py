"""`tracker handover`: customers from one owner to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tracker.cli.briefing import briefing_lines
from tracker.cli.completion import OWNER
from tracker.cli.context import ExitCode, example, load_day, printable, tell, today_option
from tracker.cli.editing import RecordProblemError, known_owner, refused
from tracker.cli.filters import unknown_person
from tracker.cli.query_argument import asked_for, query_argument
from tracker.cli.wording import Wording, tell_of_gaps
from tracker.diagnostics import Problem
from tracker.errors import FileChangedError, UsageError, os_error_message
from tracker.format.assignment import Operation, way_to
from tracker.format.editor import add_note, set_value
from tracker.library.record_files import open_record, records_locked, save_record
from tracker.text import fold
from tracker.translation import Message, translations

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tracker.config import Config
    from tracker.format.editor import RecordFile
    from tracker.insight.day import Day, Standing

_HEADINGS = {"zh": ("交接记录", "交接", "handover"), "en": ("Handover", "交接记录", "交接")}


@click.command(
    epilog=example(
        "tracker handover 李雷 韩梅梅 > briefing.md",
        "tracker handover 'Li Lei' 'Han Meimei' stage:negotiation --note 'Li Lei moves to service'",
        "tracker handover 李雷 韩梅梅 地区:江苏 --dry-run",
    )
)
@click.argument("before", metavar="FROM", type=OWNER)
@click.argument("after", metavar="TO", type=OWNER)
@query_argument
@click.option("--note", metavar="TEXT", default="", help="Why, for the note in each record.")
@click.option("--dry-run", is_flag=True, help="Print the briefing, and write nothing.")
@today_option
def command(  # noqa: PLR0913  # click passes each option as an argument
    before: str,
    after: str,
    query: tuple[str, ...],
    note: str,
    today: date | None,
    *,
    dry_run: bool,
) -> int:
    """Hand customers over from one owner to another.

    All customers of FROM, or those of them that a QUERY asks for. In each record the owner
    changes and a dated note is written; plans and promises stay as they are, and past follow-ups
    stay the work of whoever did them. Prints a briefing for the successor, in Markdown.
    """
    day = load_day(today)
    config = day.library.config
    wording = Wording(config)
    old, new = _owner_of(before, day), known_owner(after, config, "TO")
    if fold(old) == fold(new):
        raise UsageError(Message("FROM and TO are both {name}", {"name": new}))
    matches = asked_for(query, day)
    chosen = [
        standing
        for standing in day.standings
        if fold(standing.customer.owner or "") == fold(old) and matches(standing)
    ]
    if not chosen:
        tell(wording.say(Message("{name} has no such customer", {"name": old})))
        tell_of_gaps(day, wording)
        return ExitCode.OK
    failed = {} if dry_run else _handed_over(chosen, day, (old, new), note)
    done = [standing for standing in chosen if standing.customer.path not in failed]
    if done:
        click.echo(printable("\n".join(briefing_lines(done, old, new, day.today, wording))))
    count = {"done": len(done), "all": len(chosen), "name": new}
    if dry_run:
        tell(wording.say(Message("customers that would go to {name}: {all}", count)))
    elif failed:
        tell(wording.say(Message("customers that went to {name}: {done} of {all}", count)))
    else:
        tell(wording.say(Message("customers that went to {name}: {all}", count)))
    tell_of_gaps(day, wording)
    return max(failed.values(), default=ExitCode.OK)


def _owner_of(text: str, day: Day) -> str:
    """Return the owner whom a text means: of the settings, or whoever a record names.

    Raises:
        UsageError: There is none.
    """
    config = day.library.config
    name = config.owner_name(text)
    named = [standing.customer.owner for standing in day.standings if standing.customer.owner]
    names = list(dict.fromkeys((*(owner.label for owner in config.owners), *named)))
    found = next((known for known in names if fold(known) == fold(name)), None)
    if found is None:
        option = "FROM"
        raise unknown_person(option, text, names)
    return found


def _handed_over(
    chosen: Sequence[Standing], day: Day, owners: tuple[str, str], note: str
) -> dict[str, int]:
    """Change the records, and return the paths of those that could not be; each is told.

    Returns:
        For each of them how a command ends that meets it alone.
    """
    root, config = day.library.root, day.library.config
    old, new = owners
    arrow = f"{old} → {new}"
    reason = f": {' '.join(note.split())}" if note.strip() else ""
    line = f"- {day.today.isoformat()} {arrow}{reason}"
    say = translations(config.language).gettext
    failed: dict[str, int] = {}
    with records_locked(root):
        for standing in chosen:
            path = standing.customer.path
            try:
                file = open_record(root, path, config)
                if isinstance(file, Problem):
                    raise refused(file, path)
                save_record(root, file, _changed(file, config, owners, line))
            except (RecordProblemError, FileChangedError) as error:
                tell(error.message.render(say))
                failed[path] = error.exit_code
            except OSError as error:
                tell(os_error_message(error).render(say))
                failed[path] = ExitCode.FAILED
    return failed


def _changed(file: RecordFile, config: Config, owners: tuple[str, str], line: str) -> RecordFile:
    """Return a record with its new owner and the note.

    Raises:
        RecordProblemError: It cannot be edited safely, or is somebody else's by now.
    """
    way = way_to("owner", config)
    if isinstance(way, Problem):
        raise refused(way)
    if fold(file.customer.owner or "") != fold(owners[0]):
        raise RecordProblemError(
            Message("{path}: the owner has changed meanwhile", {"path": file.path})
        )
    owned = set_value(file, config, way, Operation.SET, owners[1])
    if isinstance(owned, Problem):
        raise refused(owned, file.path)
    noted = add_note(owned, config, _HEADINGS[config.language], line)
    if isinstance(noted, Problem):
        raise refused(noted, file.path)
    return noted
