"""Files of another encoding to UTF-8, or not at all.

A wrong encoding garbles a record in silence, so nothing is guessed here, and nothing is converted
that could not be turned back into the same bytes.
"""

from __future__ import annotations

import codecs

from tracker.text_files import TextFile, decode
from tracker.translation import Message

_MARKED = {
    "utf-16": ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")),
    "utf-32": ((codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be")),
}
"""Encodings that say by a mark at the start which of two they are."""

_ALLOWED_CONTROLS = frozenset("\t\n\r\f")


def encoding_name(text: str) -> str | None:
    """Return the canonical name of a text encoding, or None where there is none of that name."""
    try:
        name = codecs.lookup(text).name
        "a".encode(name)
    except (LookupError, ValueError):
        return None
    return name


def to_utf8(data: bytes, encoding: str) -> bytes | Message:
    """Convert the bytes of a file.

    Line breaks stay as they are; a byte order mark goes.

    Args:
        data: The file.
        encoding: What it is in, as `encoding_name` gives it.

    Returns:
        The same text in UTF-8, which is `data` itself where it means the same in both; or why it
        is not converted.
    """
    text = _decoded(data, encoding)
    if isinstance(decode(data), TextFile):
        if text == data.decode():
            return data
        return Message(
            "is UTF-8 already; reading it as {encoding} would garble it", {"encoding": encoding}
        )
    if isinstance(text, Message):
        return text
    text = text.removeprefix("\ufeff")
    for index, char in enumerate(text):
        if _is_control(char):
            return Message(
                "is not {encoding}: line {line} would hold the control character {code}",
                {
                    "encoding": encoding,
                    "line": text.count("\n", 0, index) + 1,
                    "code": f"U+{ord(char):04X}",
                },
            )
    return text.encode()


def _is_control(char: str) -> bool:
    """Tell whether no text holds the character: a sign that the encoding is another one."""
    return (char < " " and char not in _ALLOWED_CONTROLS) or "\x7f" <= char <= "\x9f"


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
            "is not {encoding}: byte {offset}, in line {line}: {reason}",
            {
                "encoding": encoding,
                "offset": error.start + len(data) - len(body) + 1,
                "line": body.count(b"\n", 0, error.start) + 1,
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
