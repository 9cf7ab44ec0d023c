"""Reading texts strictly: UTF-8 alone, and what is not is a located problem."""

from __future__ import annotations

import codecs
import os
import re
import stat
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.diagnostics import FILE_START, THIS_FILE, Problem, Span
from tracker.errors import system_reason
from tracker.translation import Message

if TYPE_CHECKING:
    from pathlib import Path

_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
"""Byte order marks; that of UTF-32 begins with that of UTF-16, so it comes first."""

_CHINESE = ("gb18030", "big5")
_WITHOUT_MARK = ("utf-16-le", "utf-16-be")
_WESTERN = "cp1252"
_CUT_OFF = "unexpected end of data"
"""What Python says of bytes that end within a character."""

_LONE_HIGH_BYTE = re.compile(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])")
_EVERYDAY_SHARE = 0.2
"""Least share of everyday characters at which bytes are taken for Chinese."""

_COMMON_CHINESE = frozenset(
    "的一是不了在人有我他这中大来上国和地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运"
)

_PIECE = 4096
"""Bytes that are read at a time where a file grows while it is read."""


class TextFile(Struct, frozen=True):
    r"""The text of a file.

    Attributes:
        text: Decoded, without byte order mark, with `\n` as the only line break.
        newline: The line break of the file: `\n`, `\r\n` or `\r`.
    """

    text: str
    newline: str = "\n"


def read_text_file(path: Path, max_bytes: int) -> TextFile | Problem:
    """Read a UTF-8 file, or say what keeps it from being one.

    Args:
        path: The file.
        max_bytes: The largest size that is read.

    Returns:
        The text; or a problem of `read_bytes` or of `decode`.
    """
    data = read_bytes(path, max_bytes)
    return decode(data) if isinstance(data, bytes) else data


def read_bytes(path: Path, max_bytes: int) -> bytes | Problem:
    """Read a file, or say what keeps it from being read.

    Args:
        path: The file.
        max_bytes: The largest size that is read.

    Returns:
        The content; or a problem with the code `unreadable-file` (the system refuses) or
        `file-size`.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            # A pipe would keep the reader waiting for ever.
            return Problem("unreadable-file", FILE_START, Message("this is not a file"))
        # Without a buffer, which would be made for each of thousands of files.
        with path.open("rb", buffering=0) as stream:
            data = stream.read(min(status.st_size, max_bytes) + 1)
            while len(data) <= max_bytes and (more := stream.read(_PIECE)):
                data += more
    except OSError as error:
        return Problem(
            "unreadable-file",
            FILE_START,
            Message("cannot be read: {reason}", {"reason": system_reason(error)}),
        )
    return _too_large(max_bytes) if len(data) > max_bytes else data


def _too_large(max_bytes: int) -> Problem:
    return Problem(
        "file-size",
        FILE_START,
        Message("the file is larger than {limit} bytes", {"limit": max_bytes}),
        Message("move long material to attachments/, or raise limits.file_size"),
    )


def text_of(data: bytes, max_bytes: int) -> TextFile | Problem:
    """Return what `read_text_file` would of a file with these bytes."""
    return _too_large(max_bytes) if len(data) > max_bytes else decode(data)


def decode(data: bytes) -> TextFile | Problem:
    """Decode UTF-8 strictly, with or without a byte order mark.

    Nothing is guessed: much Chinese UTF-8 also decodes as GB18030, and the other way round, so a
    wrong guess would garble a record in silence. The likely encoding is named in the hint.

    Returns:
        The text; or a problem with the code `nul-byte` or `encoding`.
    """
    if data.startswith(tuple(_MARKS)):
        name = next(name for mark, name in _MARKS.items() if data.startswith(mark))
        return _encoding_problem(data, 0, name)
    body = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        offset = error.start + len(data) - len(body)
        if error.reason == _CUT_OFF and not body[: error.start].isascii():
            return _cut_off_problem(data, offset)
        return _encoding_problem(data, offset, likely_encoding(body))
    newline = "\n"
    if "\r" in text:
        newline = "\r\n" if "\r\n" in text else "\n" if "\n" in text else "\r"
        text = _unified(text)
    if "\0" in text:
        wide = next((name for name in _WITHOUT_MARK if _is_wide(body, name)), None)
        if wide:
            return _encoding_problem(data, 0, wide)
        return Problem(
            "nul-byte",
            _place(text, text.index("\0")),
            Message("the file contains a NUL byte, so it is damaged or no text"),
        )
    return TextFile(text, newline)


def _unified(text: str) -> str:
    r"""Return the text with `\n` as the only line break."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _place(text: str, index: int) -> Span:
    line_start = text.rfind("\n", 0, index) + 1
    return Span.of_line(text.count("\n", 0, index) + 1, index - line_start + 1)


def _cut_off_problem(data: bytes, offset: int) -> Problem:
    return Problem(
        "encoding",
        _place_of_byte(data, offset),
        Message("the file ends within a character, so its end is missing"),
        Message("git has it as it was committed last: git diff {file}", THIS_FILE),
    )


def _place_of_byte(data: bytes, offset: int) -> Span:
    before = _unified(data[:offset].removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace"))
    return _place(before + "?", len(before))


def _encoding_problem(data: bytes, offset: int, encoding: str | None) -> Problem:
    span = _place_of_byte(data, offset)
    if encoding is None:
        return Problem("encoding", span, Message("the file is not UTF-8"))
    return Problem(
        "encoding",
        span,
        Message("the file is not UTF-8; it looks like {encoding}", {"encoding": encoding}),
        Message(
            "convert it with: tracker fmt --from {encoding} {file}",
            {"encoding": encoding, **THIS_FILE},
        ),
    )


def likely_encoding(data: bytes) -> str | None:
    """Return the encoding in which bytes that are not UTF-8 hold most everyday Chinese.

    Where they hold none, a Western one; None where no encoding fits.
    """
    wide: tuple[str, ...] = _WITHOUT_MARK if b"\0" in data else ()
    shares = {name: _everyday_share(data, name) for name in (*_CHINESE, *wide)}
    best = max(shares, key=lambda name: shares[name])
    if shares[best] >= _EVERYDAY_SHARE:
        return best
    if not _LONE_HIGH_BYTE.search(data):
        # Rare characters: their bytes come in pairs, while Western letters stand among others.
        return next((name for name in _CHINESE if _decoded(data, name)), None)
    return _WESTERN if _decoded(data, _WESTERN) is not None else None


def name_as_text(name: str) -> str:
    """Return the name of a file or folder as it can be shown and written.

    One from another system may have bytes that are not UTF-8, for which Python has no characters:
    they are read in their likely encoding.
    """
    try:
        name.encode()
    except UnicodeEncodeError:
        data = os.fsencode(name)
        return data.decode(likely_encoding(data) or "utf-8", "replace")
    return name


def _is_wide(data: bytes, encoding: str) -> bool:
    """Tell whether bytes are a text of two bytes a character: everyday Chinese, or mostly ASCII."""
    text = _decoded(data, encoding) or ""
    return _everyday_share(data, encoding) >= _EVERYDAY_SHARE or sum(
        map(str.isascii, text)
    ) * 2 > len(text)


def _everyday_share(data: bytes, encoding: str) -> float:
    """Return how many of the characters beyond ASCII are everyday Chinese, of 1."""
    foreign = [char for char in _decoded(data, encoding) or "" if not char.isascii()]
    return sum(char in _COMMON_CHINESE for char in foreign) / max(len(foreign), 1)


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return str(data, encoding)
    except UnicodeDecodeError:
        return None
