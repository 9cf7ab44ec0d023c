"""`tracker fmt`: files into the form that the workspace needs."""

from __future__ import annotations

import codecs
import glob
from pathlib import Path

import click

from tracker.cli.context import example, tell
from tracker.cli.main import FAILED, OK, PROBLEMS, os_error_message
from tracker.errors import UsageError
from tracker.files import TextFile, decode, write_atomically
from tracker.translation import Message

_MARKED = {
    "utf-16": ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")),
    "utf-32": ((codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be")),
}
"""Encodings that say by a mark at the start which of two they are."""

_ALLOWED_CONTROLS = frozenset("\t\n\r\f")


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
    name = _encoding_name(encoding)
    code = OK
    for path in _expanded(files):
        try:
            refusal = _convert(path, name)
        except OSError as error:
            tell(str(os_error_message(error)))
            code = FAILED
            continue
        if refusal is not None:
            tell(str(Message("{path}: {reason}", {"path": path, "reason": refusal})))
            code = max(code, PROBLEMS)
    return code


def _encoding_name(text: str) -> str:
    """Return the canonical name of a text encoding.

    Raises:
        UsageError: There is none of that name.
    """
    try:
        name = codecs.lookup(text).name
        b"".decode(name)
    except (LookupError, ValueError) as error:
        raise UsageError(
            Message(
                "--from: there is no encoding ‘{name}’; known are gb18030, big5, utf-16, cp1252 "
                "and others",
                {"name": text},
            )
        ) from error
    return name


def _expanded(names: tuple[str, ...]) -> list[Path]:
    """Return the files named; patterns are expanded for shells that do not (those of Windows).

    Raises:
        UsageError: There is no such file.
    """
    paths: list[Path] = []
    for name in names:
        found = [name] if Path(name).exists() else sorted(glob.glob(name, recursive=True))
        files = [Path(one) for one in found if Path(one).is_file()]
        if not files:
            raise UsageError(Message("there is no file {name}", {"name": name}))
        paths.extend(files)
    return paths


def _convert(path: Path, encoding: str) -> Message | None:
    """Convert a file, and say so; or return why it stays as it is.

    Raises:
        OSError: It cannot be read or written.
    """
    data = path.read_bytes()
    text = _decoded(data, encoding)
    if isinstance(decode(data), TextFile):
        if text == data.decode():
            tell(str(Message("{path}: is UTF-8 already", {"path": path})))
            return None
        return Message(
            "is UTF-8 already; reading it as {encoding} would garble it", {"encoding": encoding}
        )
    if isinstance(text, Message):
        return text
    content = text.removeprefix("\ufeff")
    for index, char in enumerate(content):
        if (char < " " and char not in _ALLOWED_CONTROLS) or "\x7f" <= char <= "\x9f":
            return Message(
                "is not {encoding}: line {line} would hold the control character {code}",
                {
                    "encoding": encoding,
                    "line": content.count("\n", 0, index) + 1,
                    "code": f"U+{ord(char):04X}",
                },
            )
    result = content.encode()
    write_atomically(path, result)
    tell(
        str(
            Message(
                "{path}: converted from {encoding} to UTF-8 ({before} bytes before, {after} now)",
                {"path": path, "encoding": encoding, "before": len(data), "after": len(result)},
            )
        )
    )
    return None


def _decoded(data: bytes, encoding: str) -> str | Message:
    """Return the text, if it is certain to be the same as the bytes; else why it is not."""
    body, codec = data, encoding
    for mark, marked in _MARKED.get(encoding, ()):
        if data.startswith(mark):
            body, codec = data.removeprefix(mark), marked
            break
    try:
        text = body.decode(codec)
        back = text.encode(codec)
    except UnicodeDecodeError as error:
        return Message(
            "is not {encoding}: byte {offset} (line {line}): {reason}",
            {
                "encoding": encoding,
                "offset": error.start + len(data) - len(body) + 1,
                "line": data.count(b"\n", 0, error.start) + 1,
                "reason": error.reason,
            },
        )
    except UnicodeError as error:
        return Message("is not {encoding}: {reason}", {"encoding": encoding, "reason": error})
    if back != body:
        return Message(
            "cannot be converted safely: {encoding} does not give the same bytes back",
            {"encoding": encoding},
        )
    return text
