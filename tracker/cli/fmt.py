"""`tracker fmt`: files into the form that the workspace needs."""

from __future__ import annotations

import glob
import os
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec import Struct

from tracker.cli.context import (
    ExitCode,
    example,
    printable,
    tell,
    wants_colour,
    workspace,
)
from tracker.cli.language import translator
from tracker.config import CONFIG_NAME
from tracker.config_file import load_config
from tracker.diagnostics import Diagnostic, Problem, Severity, in_file
from tracker.errors import FileChangedError, UsageError, os_error_message
from tracker.files import replace_if_unchanged, write_atomically
from tracker.format.conversion import encoding_name, to_utf8
from tracker.format.formatter import format_file
from tracker.library.record_paths import record_paths
from tracker.text import nearest
from tracker.text_files import read_bytes
from tracker.translation import Message, translations

if TYPE_CHECKING:
    from tracker.config import Config
    from tracker.format.tidy_matter import KeyLanguage

_RECORD = ".md"


@click.command(
    epilog=example(
        "tracker fmt",
        "tracker fmt records/acme.md --diff",
        "tracker fmt --check",
        "tracker fmt --from gb18030 records/hengda.md",
    )
)
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 where anything would.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change.")
@click.option(
    "--keys",
    type=click.Choice(["zh", "en"]),
    help="Write all keys in this language.  Default: each stays in its own.",
)
@click.option(
    "--from",
    "encoding",
    metavar="ENCODING",
    help="Only convert the files PATH to UTF-8, from gb18030, big5, utf-16 or any other encoding.",
)
def command(
    paths: tuple[str, ...],
    keys: KeyLanguage | None,
    encoding: str | None,
    *,
    check: bool,
    diff: bool,
) -> int:
    """Write records in their canonical form.

    Without PATH, a record or a folder, all of them. `tracker docs format` describes the form. No
    record is changed in what it means; one whose errors leave that open stays as it is. Prints the
    records that changed, and exits with 1 where one was left as it is.

    With --from, files are converted to UTF-8 and not touched otherwise. Nothing is guessed, and
    nothing is written that could not be turned back into the same bytes.
    """
    if encoding is not None:
        others = {"--check": check, "--diff": diff, "--keys": keys}
        for name in (name for name, given in others.items() if given):
            raise UsageError(
                Message("--from only converts; it takes no {option}", {"option": name})
            )
        return _convert_all(paths, encoding)
    root = workspace()
    config, problems = load_config(root)
    run = _Run(root=root, config=config, keys=keys, check=check, diff=diff)
    if problems:
        # With a setting at its default, sections might be put in an order that nobody wants.
        run.refuse(CONFIG_NAME, (root / CONFIG_NAME).read_bytes(), problems)
        run.tell(Message("nothing was formatted: mend {name} first", {"name": CONFIG_NAME}))
        return ExitCode.PROBLEMS
    return run.format_all(_named(paths, root))


# --- Formatting -------------------------------------------------------------------------------


class _Run(Struct, kw_only=True):
    """Formats records, one after the other.

    Attributes:
        root: The workspace.
        config: Its settings.
        keys: The language that keys are to be in; None to leave them.
        check: Whether to say only which records would change.
        diff: Whether to show only what would change.
    """

    root: Path
    config: Config
    keys: KeyLanguage | None
    check: bool
    diff: bool
    _changed: int = 0
    _unchanged: int = 0
    _refused: int = 0
    _failed: int = 0

    def format_all(self, paths: list[str]) -> int:
        """Format the records at these paths, relative to the workspace; return the exit code."""
        # Imported late: what locks is not needed to look.
        from tracker.library.record_files import records_locked

        with nullcontext() if self._only_looks else records_locked(self.root):
            for path in paths:
                try:
                    self._format(path)
                except FileChangedError as error:
                    self._failed += 1
                    self.tell(error.message)
                except OSError as error:
                    self._failed += 1
                    self.tell(os_error_message(error))
        self._tell_counts()
        if self._failed:
            return ExitCode.FAILED
        return ExitCode.PROBLEMS if self._refused or (self.check and self._changed) else ExitCode.OK

    @property
    def _only_looks(self) -> bool:
        return self.check or self.diff

    def _format(self, path: str) -> None:
        """Format one record.

        Raises:
            FileChangedError: Somebody has changed it meanwhile.
            OSError: It cannot be written.
        """
        file = self.root / path
        before = read_bytes(file, self.config.limits.file_size)
        if isinstance(before, Problem):
            self.refuse(path, b"", [before])
            return
        after = format_file(before, self.config, self.keys)
        if isinstance(after, tuple):
            self.refuse(path, before, list(after))
            return
        if after == before:
            self._unchanged += 1
            return
        if not self._only_looks:
            replace_if_unchanged(file, before, after)
        self._changed += 1
        if self.diff:
            # Imported late: only edits that are shown need it.
            from tracker.cli.editing import print_difference

            print_difference(before.decode(), after.decode(), path)
        else:
            click.echo(printable(_shown(file)))

    def refuse(self, path: str, data: bytes, problems: list[Problem]) -> None:
        """Say why a file stays as it is."""
        # Imported late: most records have nothing wrong.
        from tracker.reporters.report import Report, lines_of
        from tracker.reporters.text import render

        self._refused += 1
        folder = Path(_shown(self.root)).as_posix()
        report = Report(
            [Diagnostic(path, Severity.ERROR, in_file(problem, path)) for problem in problems],
            1,
            lines_of(data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")),
            "" if folder == "." else folder,
        )
        colour = wants_colour(sys.stderr)
        *lines, _ = render(report, translations(self.config.language), colour=colour)
        for line in lines:
            click.echo(line, nl=False, err=True, color=colour)

    def _tell_counts(self) -> None:
        values = {
            "changed": self._changed,
            "unchanged": self._unchanged,
            "refused": self._refused + self._failed,
        }
        self.tell(
            Message(
                "to format: {changed}, canonical: {unchanged}, cannot be formatted: {refused}",
                values,
            )
            if self._only_looks
            else Message(
                "formatted: {changed}, canonical before: {unchanged}, left as they are: {refused}",
                values,
            )
        )

    def tell(self, message: Message) -> None:
        """Print a message on stderr, in the language of the workspace."""
        tell(message.render(translations(self.config.language).gettext))


def _shown(path: Path) -> str:
    """Return a path as it is read from the current folder."""
    try:
        return os.path.relpath(path)
    except ValueError:  # On Windows, another drive.
        return str(path)


# --- Files ------------------------------------------------------------------------------------


def _named(names: tuple[str, ...], root: Path) -> list[str]:
    """Return the records that are meant, relative to the workspace; all where none is named.

    Raises:
        UsageError: There is no such record.
        OSError: The folder of records cannot be listed.
    """
    records = record_paths(root)
    if not names:
        return records
    meant: dict[str, None] = {}
    for name in names:
        for place in _places(name, root, records):
            path = place.relative_to(root).as_posix()
            if place.is_dir():
                folder = "" if path == "." else f"{path}/"
                found = [record for record in records if record.startswith(folder)]
            else:
                found = [path] if place.suffix == _RECORD else []
            if not found:
                raise UsageError(Message("{path} is no record, and holds none", {"path": name}))
            meant.update(dict.fromkeys(found))
    return list(meant)


def _places(name: str, root: Path, records: list[str]) -> list[Path]:
    """Return the files and folders of the workspace that a name or pattern means.

    Raises:
        UsageError: There is none, or it lies elsewhere.
    """
    matching = [Path(one) for one in _matching(name)] or [
        root / one for one in _matching(name, root)
    ]
    if not matching:
        near = nearest(name, records)
        values = {"name": name, "near": near}
        raise UsageError(
            Message("there is no file {name}; did you mean {near}?", values)
            if near
            else Message("there is no file {name}", values)
        )
    places = [
        file.parent.resolve() / file.name if file.is_file() else file.resolve() for file in matching
    ]
    for place in places:
        if not place.is_relative_to(root):
            raise UsageError(
                Message("{path} does not lie in the workspace {root}", {"path": name, "root": root})
            )
    return places


def _matching(name: str, folder: Path | None = None) -> list[str]:
    """Return what a name means; patterns are expanded for shells that do not (of Windows)."""
    base = Path() if folder is None else folder
    if (base / name).exists():
        return [name]
    # Path.glob refuses absolute patterns.
    return sorted(glob.glob(name, root_dir=folder, recursive=True))  # noqa: PTH207  # as said above


# --- Encodings --------------------------------------------------------------------------------


def _convert_all(names: tuple[str, ...], encoding: str) -> int:
    name = encoding_name(encoding)
    if name is None:
        raise UsageError(
            Message(
                "--from: there is no encoding ‘{name}’; known are gb18030, big5, utf-16, cp1252 "
                "and others",
                {"name": encoding},
            )
        )
    if not names:
        raise UsageError(Message("--from converts the files that are named: add PATH"))
    code = ExitCode.OK
    for path in _existing_files(names):
        try:
            code = max(code, _convert(path, name))
        except OSError as error:
            tell(os_error_message(error).render(translator()))
            code = ExitCode.FAILED
    return code


def _existing_files(names: tuple[str, ...]) -> list[Path]:
    """Return the files named.

    Raises:
        UsageError: There is no such file.
    """
    paths: list[Path] = []
    for name in names:
        files = [Path(one) for one in _matching(name) if Path(one).is_file()]
        if not files:
            raise UsageError(Message("there is no file {name}", {"name": name}))
        paths.extend(files)
    return paths


def _convert(path: Path, encoding: str) -> ExitCode:
    """Convert a file, and say what was done or why it was not.

    Raises:
        OSError: It cannot be read or written.
    """
    say = translator()
    data = path.read_bytes()
    result = to_utf8(data, encoding)
    if isinstance(result, Message):
        tell(Message("{path}: {reason}", {"path": path, "reason": result}).render(say))
        return ExitCode.PROBLEMS
    if result == data:
        tell(Message("{path}: is UTF-8 already", {"path": path}).render(say))
        return ExitCode.OK
    write_atomically(path, result)
    converted = Message(
        "{path}: converted from {encoding} to UTF-8 ({before} bytes before, {after} now)",
        {"path": path, "encoding": encoding, "before": len(data), "after": len(result)},
    )
    tell(converted.render(say))
    return ExitCode.OK
