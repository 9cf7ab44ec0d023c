"""The prompt of `tracker sql`: one query after another, with completion and history."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click
from prompt_toolkit import PromptSession
from prompt_toolkit.application import get_app
from prompt_toolkit.completion import Completer, Completion
from prompt_toolkit.filters import Condition
from prompt_toolkit.history import FileHistory, InMemoryHistory

from tracker.cli.context import tell
from tracker.cli.sql_results import (
    mistake_lines,
    named_tables,
    print_result,
    print_schema,
    print_tables,
)
from tracker.cli.wording import Wording, tell_of_gaps
from tracker.database.functions import FUNCTIONS
from tracker.database.mistakes import Mistake
from tracker.database.reader import Reader, Stopped
from tracker.database.sql_text import (
    READING_KEYWORDS,
    is_complete,
    quoted,
    statements_of,
    table_meant,
    tokens_of,
)
from tracker.errors import UsageError
from tracker.text import nearest
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from prompt_toolkit.completion import CompleteEvent
    from prompt_toolkit.document import Document
    from prompt_toolkit.history import History

    from tracker.database.mistakes import Names
    from tracker.database.reader import Limits
    from tracker.insight.day import Day

_PROMPT = "sql> "
_CONTINUATION = "  -> "
_FORMS = ("table", "json", "jsonl", "csv")
_COMMANDS = {
    ".tables": Message("the tables"),
    ".schema": Message("the columns of all tables, or of those named behind it"),
    ".format": Message("print table, json, jsonl or csv, whichever is named behind it"),
    ".reload": Message("read the records again"),
    ".help": Message("this list"),
    ".quit": Message("end; so does Ctrl-D"),
}
_TABLE_FOLLOWS = frozenset({"FROM", "JOIN"})
_BEGUN = re.compile(r"[^\W\d]\w*\Z|\Z")


class Prompt:
    """Takes queries until somebody ends it.

    Args:
        day: The workspace on the day.
        reload: Reads it again.
        limits: What one query may use.
        form: How rows are printed, until `.format` says otherwise.
    """

    def __init__(self, day: Day, reload: Callable[[], Day], limits: Limits, form: str) -> None:
        self._day = day
        self._reload = reload
        self._limits = limits
        self._form = form
        self._wording = Wording(day.library.config)
        self._reader = Reader(day, limits)

    def run(self) -> int:
        """Ask until the end; return the exit code."""
        session: PromptSession[str] = PromptSession(
            _PROMPT,
            completer=SqlCompleter(lambda: self._reader.names),
            complete_while_typing=False,
            history=_history(),
            multiline=Condition(lambda: not _is_whole(get_app().current_buffer.text)),
            prompt_continuation=_CONTINUATION,
        )
        self._tell_day()
        while True:
            try:
                text = session.prompt().strip()
                if text in {".quit", ".exit"}:
                    break
                self._answer(text)
            except KeyboardInterrupt:
                continue
            except EOFError:
                break
        self._reader.close()
        return 0

    def _say(self, template: Message) -> None:
        tell(self._wording.say(template))

    def _tell_day(self) -> None:
        self._say(
            Message(
                "customers: {count}, on {day}; .help shows help, Ctrl-D ends",
                {"count": len(self._day.standings), "day": self._day.today.isoformat()},
            )
        )

    def _answer(self, text: str) -> None:
        if text.startswith("."):
            self._obey(*text.rstrip(";").split())
            return
        for _, sql in statements_of(text):
            if not self._ask(sql):
                return

    def _ask(self, sql: str) -> bool:
        """Run a query; tell whether it was right."""
        answer = self._reader.ask(sql)
        if isinstance(answer, Mistake):
            tell("\n".join(mistake_lines(sql, answer, self._wording)))
            return False
        if isinstance(answer, Stopped):
            self._say(answer.message)
            return False
        print_result(self._form, sql, answer, self._wording)
        return True

    # --- commands ---

    def _obey(self, name: str, *words: str) -> None:
        match name:
            case ".tables":
                print_tables(
                    self._form, self._reader.tables, self._reader.row_counts(), self._wording
                )
            case ".schema":
                self._show_schema(words)
            case ".format":
                self._set_form(words)
            case ".reload":
                self._read_again()
            case ".help":
                self._show_help()
            case _:
                near = nearest(name, _COMMANDS)
                self._say(
                    Message(
                        "there is no {name}; did you mean {near}?", {"name": name, "near": near}
                    )
                    if near
                    else Message("there is no {name}; see .help", {"name": name})
                )

    def _show_schema(self, names: tuple[str, ...]) -> None:
        try:
            chosen = named_tables(names, self._reader.tables)
        except UsageError as error:
            self._say(error.message)
        else:
            print_schema("table", chosen, self._wording)

    def _set_form(self, words: tuple[str, ...]) -> None:
        if len(words) == 1 and words[0] in _FORMS:
            self._form = words[0]
        else:
            self._say(Message("one of these is wanted: {forms}", {"forms": _FORMS}))

    def _read_again(self) -> None:
        self._day = self._reload()
        self._wording = Wording(self._day.library.config)
        self._reader.close()
        self._reader = Reader(self._day, self._limits)
        tell_of_gaps(self._day, self._wording)
        self._tell_day()

    def _show_help(self) -> None:
        say = self._wording.say
        lines = [
            say(Message("A query ends with a semicolon. Tab completes, Ctrl-C drops the line.")),
            "",
            *_listed({name: say(meaning) for name, meaning in _COMMANDS.items()}),
            "",
            say(Message("Functions beside those of SQLite:")),
            *_listed({call: say(meaning) for call, meaning in FUNCTIONS.items()}),
        ]
        click.echo("\n".join(lines))


def _listed(meanings: dict[str, str]) -> Iterator[str]:
    width = max(map(len, meanings))
    for name, meaning in meanings.items():
        yield f"  {name:<{width}}  {meaning}"


def _is_whole(text: str) -> bool:
    """Tell whether Enter ends the input: after a semicolon, a command, or nothing at all."""
    return not text.strip() or text.lstrip().startswith(".") or is_complete(text)


def _history() -> History:
    """Return the history of all prompts of this person, or of this one where it cannot be kept."""
    file = Path(click.get_app_dir("tracker")) / "sql_history"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        # Queries may hold names of customers.
        file.touch(mode=0o600)
    except OSError:
        return InMemoryHistory()
    return FileHistory(file)


# --- Completion -------------------------------------------------------------------------------


class SqlCompleter(Completer):
    """Completes tables, columns, functions, keywords and the prompt's own commands.

    Args:
        names: Returns the names that a query can use now.
    """

    def __init__(self, names: Callable[[], Names]) -> None:
        self._names = names

    def get_completions(
        self, document: Document, complete_event: CompleteEvent
    ) -> Iterator[Completion]:
        """Yield what fits to the text before the cursor."""
        del complete_event
        before = document.text_before_cursor
        if before.lstrip().startswith("."):
            begun, offers = _command_offers(before.lstrip(), self._names())
        else:
            begun, offers = _offers(before, document.text, self._names())
        for offer in offers:
            if offer.casefold().startswith(begun.casefold()):
                yield Completion(offer, start_position=-len(begun))


def _command_offers(before: str, names: Names) -> tuple[str, Iterable[str]]:
    name, blank, begun = before.rpartition(" ")
    if not blank:
        return begun, _COMMANDS
    return begun, {".schema": tuple(names.tables), ".format": _FORMS}.get(name.split()[0], ())


def _offers(before: str, whole: str, names: Names) -> tuple[str, Iterable[str]]:
    """Return what is begun at the end of a text, and what may be meant.

    Args:
        before: The text before the cursor.
        whole: The whole text, whose tables may be named after the cursor.
        names: The names that a query can use.
    """
    match = _BEGUN.search(before)
    begun = match[0] if match else ""
    tokens = tokens_of(before[: len(before) - len(begun)])
    last = tokens[-1] if tokens else None
    if last and last.kind == "text" and (len(last.text) == 1 or not last.text.endswith("'")):
        return begun, ()
    if last and last.text == "." and len(tokens) > 1:
        table = table_meant(whole, tokens[-2].name, names.tables)
        return begun, map(quoted, names.tables[table] if table else ())
    if last and last.keyword in _TABLE_FOLLOWS:
        return begun, names.tables
    used = {token.name.casefold() for token in tokens_of(whole)}
    mentioned = [table for table in names.tables if table in used] or list(names.tables)
    columns = dict.fromkeys(quoted(column) for table in mentioned for column in names.tables[table])
    keywords = sorted(READING_KEYWORDS)
    if begun.islower():
        keywords = [keyword.lower() for keyword in keywords]
    calls = (f"{name}(" for name in names.functions)
    return begun, dict.fromkeys((*columns, *names.tables, *keywords, *calls))
