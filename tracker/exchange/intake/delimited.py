"""CSV and its relatives: any usual encoding, any usual sign between the columns."""

from __future__ import annotations

import codecs
import csv
import io
import re
from itertools import islice
from statistics import multimode
from typing import TYPE_CHECKING

from tracker.exchange.intake.tables import Sheet, SourceError, rows_of
from tracker.exchange.spreadsheet_text import undo_defusing
from tracker.text_files import likely_encoding
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
"""Byte order marks; that of UTF-32 begins with that of UTF-16, so it comes first."""

_DELIMITERS = (",", ";", "\t", "|")
_NAMED = re.compile(r"sep=(.)\r?\n")
"""The first line by which Excel is told the sign."""

_SAMPLE = 100
"""Rows from which the sign is told."""

_LONGEST_CELL = 16 * 1024 * 1024


def read_delimited(path: Path, encoding: str | None = None) -> list[Sheet]:
    """Return the one sheet of a CSV or TSV file.

    Args:
        path: The file.
        encoding: What it is in; None to tell that from its bytes.

    Raises:
        SourceError: It is no text in a known encoding.
        OSError: It cannot be read.
    """
    text = decoded(path, path.read_bytes(), encoding)
    named = _NAMED.match(text)
    if named:
        text = text[named.end() :]
    csv.field_size_limit(_LONGEST_CELL)
    sign = named[1] if named else _delimiter(text)
    try:
        lines = [[undo_defusing(cell) for cell in line] for line in _parsed(text, sign)]
    except csv.Error as error:
        raise SourceError(path, str(error)) from error
    return [Sheet("", rows_of(lines))]


def decoded(path: Path, data: bytes, encoding: str | None) -> str:
    """Return the text of a file.

    Args:
        path: The file, for messages.
        data: Its bytes.
        encoding: What it is in; None to tell that from its bytes.

    Raises:
        SourceError: It is no text in that encoding, or in none that is known.
    """
    mark = next((mark for mark in _MARKS if data.startswith(mark)), b"")
    name = encoding or _MARKS.get(mark) or _told(data)
    if name is None:
        raise SourceError(path, Message("its encoding is not known; name it with --encoding"))
    try:
        return data.removeprefix(mark).decode(name)
    except (UnicodeDecodeError, LookupError) as error:
        reason = Message("this is not {encoding}; --encoding names another", {"encoding": name})
        raise SourceError(path, reason) from error


def _told(data: bytes) -> str | None:
    """Return the encoding of bytes without a mark."""
    if b"\0" not in data:
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            return likely_encoding(data)
        return "utf-8"
    # Latin letters in UTF-16: every other byte is zero.
    even, odd = data[::2].count(0), data[1::2].count(0)
    wide = "utf-16-be" if even > odd else "utf-16-le"
    return likely_encoding(data) or wide


def _parsed(text: str, sign: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=sign)


def _delimiter(text: str) -> str:
    """Return the sign that parts the greatest share of lines into the same number of columns."""

    def regularity(sign: str) -> tuple[bool, float, int]:
        try:
            widths = [len(line) for line in islice(_parsed(text, sign), _SAMPLE) if line]
        except csv.Error:
            return (False, 0, 0)
        usual = max(multimode(widths), default=0)
        # A share of the lines: a wrong sign cuts texts in quotes into lines that there are not.
        return (usual > 1, widths.count(usual) / max(len(widths), 1), usual)

    return max(_DELIMITERS, key=regularity)
