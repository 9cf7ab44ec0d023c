"""`tracker fmt`: files into the form that the workspace needs."""

from __future__ import annotations

import glob
from pathlib import Path

import click

from tracker.cli.context import ExitCode, example, os_error_message, tell
from tracker.errors import UsageError
from tracker.files import write_atomically
from tracker.format.conversion import encoding_name, to_utf8
from tracker.translation import Message


@click.command(
    epilog=example(
        "tracker fmt --from gb18030 records/hengda.md", "tracker fmt --from big5 records/*.md"
    )
)
@click.option(
    "--from",
    "encoding",
    required=True,
    metavar="ENCODING",
    help="The encoding that the files have now, such as gb18030, big5 or utf-16.",
)
@click.argument("files", metavar="FILE…", nargs=-1, required=True)
def command(encoding: str, files: tuple[str, ...]) -> int:
    """Convert files to UTF-8.

    Nothing is guessed, and nothing is written that could not be turned back into the same bytes.
    Files that are UTF-8 already, and files that are not in ENCODING, stay as they are. Line breaks
    are kept. Exits with 1 where a file was refused.
    """
    name = encoding_name(encoding)
    if name is None:
        raise UsageError(
            Message(
                "--from: there is no encoding ‘{name}’; known are gb18030, big5, utf-16, cp1252 "
                "and others",
                {"name": encoding},
            )
        )
    code = ExitCode.OK
    for path in _expanded(files):
        try:
            code = max(code, _convert(path, name))
        except OSError as error:
            tell(str(os_error_message(error)))
            code = ExitCode.FAILED
    return code


def _expanded(names: tuple[str, ...]) -> list[Path]:
    """Return the files named; patterns are expanded for shells that do not (those of Windows).

    Raises:
        UsageError: There is no such file.
    """
    paths: list[Path] = []
    for name in names:
        matching = glob.glob(name)  # noqa: PTH207  # Path.glob refuses absolute patterns
        found = [name] if Path(name).exists() else sorted(matching)
        files = [Path(one) for one in found if Path(one).is_file()]
        if not files:
            raise UsageError(Message("there is no file {name}", {"name": name}))
        paths.extend(files)
    return paths


def _convert(path: Path, encoding: str) -> ExitCode:
    """Convert a file, and say what was done or why it was not.

    Raises:
        OSError: It cannot be read or written.
    """
    data = path.read_bytes()
    result = to_utf8(data, encoding)
    if isinstance(result, Message):
        tell(str(Message("{path}: {reason}", {"path": path, "reason": result})))
        return ExitCode.PROBLEMS
    if result == data:
        tell(str(Message("{path}: is UTF-8 already", {"path": path})))
        return ExitCode.OK
    write_atomically(path, result)
    tell(
        str(
            Message(
                "{path}: converted from {encoding} to UTF-8 ({before} bytes before, {after} now)",
                {"path": path, "encoding": encoding, "before": len(data), "after": len(result)},
            )
        )
    )
    return ExitCode.OK
