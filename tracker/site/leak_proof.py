"""The proof that a folder of built files holds none of the values that it must not hold.

Every file is read as bytes, whatever wrote it. What can hide a value from a plain search is undone
first: compression and archives, character references of HTML, escapes of JSON and JavaScript,
percent-encoding, folded lines of calendars and cards, and tags in the midst of a word. Names of
files are searched like their contents.

What is within pictures, and what is drawn in a PDF, is not read.
"""

from __future__ import annotations

import gzip
import html
import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote

from tracker.library.withheld import Finder, Reason, Sort, Withheld, folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet
    from pathlib import Path

_ROUNDS = 3
"""How many encodings within one another are undone."""

_DEPTH = 3
"""How many archives within one another are opened."""

_LARGEST_PART = 256 * 1024 * 1024
"""Bytes of an unpacked part that are looked at; no file of a site is so large."""

_FOLDED_LINE = re.compile(rb"\r\n[ \t]")
_TAG = re.compile(r"<[^<>]*>")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|u\{([0-9a-fA-F]{1,6})\}|(.))")
_CONTROLS = {"n": "\n", "N": "\n", "r": "\n", "t": "\t", "b": " ", "f": " "}
_PERCENT = re.compile(r"(?:%[0-9a-fA-F]{2})+")
_SURROGATES = re.compile(r"[\ud800-\udbff][\udc00-\udfff]")


@dataclass(frozen=True, slots=True)
class Hit:
    """A withheld value that a file holds.

    Attributes:
        withheld: The value, with the record and the field that it comes from.
        file: The file, relative to the folder; a part of an archive after `!`.
    """

    withheld: Withheld
    file: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What a search of a folder for withheld values has shown.

    Attributes:
        hits: The values that were found, in the order of the files.
        sought: How many values were sought.
        files: How many files were searched.
        unproved: The values that were not sought, or not everywhere, with the reason.
    """

    hits: tuple[Hit, ...]
    sought: int
    files: int
    unproved: tuple[tuple[Withheld, Reason], ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be found, since it is shown for a good reason.

    Attributes:
        texts: Texts that are shown, such as values of fields that are not withheld.
        own_texts: By a record's path, those of that record; days are held against these alone.
        own_files: By a record's path, the files that are about it alone. Days are sought there.
    """

    texts: Iterable[str] = ()
    own_texts: Mapping[str, str] = field(default_factory=dict)
    own_files: Mapping[str, AbstractSet[str]] = field(default_factory=dict)


def prove(folder: Path, values: Iterable[Withheld], shown: Shown | None = None) -> Proof:
    """Search all files of a folder, and their names, for values that they must not hold.

    Args:
        folder: The folder.
        values: The values.
        shown: What is shown all the same; values that stand there are not sought.

    Raises:
        OSError: A file cannot be read.
    """
    shown = shown or Shown()
    everywhere: list[Withheld] = []
    days: list[Withheld] = []
    for value in values:
        (days if value.sort is Sort.DATE else everywhere).append(value)
    finder = Finder(everywhere)
    unproved = [*finder.unsought, *((value, Reason.OWN_FILES) for value in days)]
    known: set[Withheld] = set()
    for text in shown.texts:
        known |= finder.find(folded(text))
    unproved += [(value, Reason.SHOWN) for value in finder.sought if value in known]
    finder = Finder(value for value in finder.sought if value not in known)
    days_of = _days(days, shown)
    hits: dict[Hit, None] = {}
    files = 0
    for file in sorted(path for path in folder.rglob("*") if not path.is_dir()):
        files += 1
        path = file.relative_to(folder).as_posix()
        day_finder = days_of.get(path)
        for name, text in _texts(path, file.read_bytes()):
            versions = _versions(text)
            found = finder.find(*versions)
            if day_finder:
                found |= day_finder.find(*versions)
            hits.update(dict.fromkeys(Hit(value, name) for value in sorted(found, key=_order)))
    return Proof(
        tuple(hits), len(finder.sought) + len(days), files, tuple(sorted(unproved, key=_reasoned))
    )


def _order(value: Withheld) -> tuple[str, str, str]:
    return value.record, value.field, value.value


def _reasoned(entry: tuple[Withheld, Reason]) -> tuple[str, str, str, str]:
    value, reason = entry
    return (reason.value, *_order(value))


def _days(days: list[Withheld], shown: Shown) -> dict[str, Finder]:
    """Return what finds the withheld days of a record, by the files that are about it alone."""
    by_record: dict[str, list[Withheld]] = {}
    for value in days:
        by_record.setdefault(value.record, []).append(value)
    finders: dict[str, Finder] = {}
    for record, values in by_record.items():
        known = Finder(values).find(folded(shown.own_texts.get(record, "")))
        finder = Finder(value for value in values if value not in known)
        finders.update(dict.fromkeys(shown.own_files.get(record, ()), finder))
    return finders


# --- What a file says -------------------------------------------------------------------------


def _texts(path: str, data: bytes, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Yield the name of a file and everything that it says, parts of archives after it."""
    name = path.rpartition("!")[2]
    yield path, f"{name}\n{_decoded(_FOLDED_LINE.sub(b'', data).decode('utf-8', 'replace'))}"
    if depth < _DEPTH:
        for part, content in _parts(name, data):
            yield from _texts(f"{path}!{part}", content, depth + 1)


def _parts(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield what is packed in a file; nothing where that cannot be unpacked."""
    try:
        if data.startswith(b"\x1f\x8b"):
            with gzip.open(io.BytesIO(data)) as packed:
                yield name.removesuffix(".gz"), packed.read(_LARGEST_PART)
        elif data.startswith(b"PK\x03\x04"):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                for member in archive.infolist():
                    with archive.open(member) as packed:
                        yield member.filename, packed.read(_LARGEST_PART)
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError, NotImplementedError):
        # Encrypted or broken: nobody reads a value out of it without more than the file.
        return


def _decoded(text: str) -> str:
    """Return a text with everything that stands for another character replaced by it."""
    for _ in range(_ROUNDS):
        before = text
        if "&" in text:
            text = html.unescape(text)
        if "\\" in text:
            text = _SURROGATES.sub(_joined, _ESCAPE.sub(_unescaped, text))
        if "%" in text:
            text = _PERCENT.sub(lambda match: unquote(match[0], errors="replace"), text)
        if text == before:
            break
    return text


def _unescaped(match: re.Match[str]) -> str:
    digits = match[1] or match[2] or match[3]
    if digits:
        code = int(digits, 16)
        return chr(code) if code <= 0x10FFFF else " "  # noqa: PLR2004  # the last character
    return _CONTROLS.get(match[4], match[4])


def _joined(match: re.Match[str]) -> str:
    return match[0].encode("utf-16", "surrogatepass").decode("utf-16")


def _versions(text: str) -> tuple[str, ...]:
    """Return a text, folded: without its tags, and with a gap for each of them.

    A tag may stand within a word (`<mark>`), or between two of them (`</td>`); which it is, is not
    known here. What stands in tags comes after the text.
    """
    if "<" not in text:
        return (folded(text),)
    tags = "\n".join(dict.fromkeys(_TAG.findall(text)))
    return tuple(folded(f"{_TAG.sub(gap, text)}\n{tags}") for gap in ("", "\n"))
