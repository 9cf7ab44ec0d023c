"""The proof that a folder of built files holds none of the values that it must not hold.

Every file is read as bytes, whatever wrote it. What can hide a value from a plain search is undone
first: compression and archives, character references of HTML, escapes of JSON and JavaScript,
percent-encoding, folded lines of calendars and cards, and tags in the midst of a word. Names of
files are searched like their contents.

What is within pictures, and what is drawn in a PDF, is not read.
"""

from __future__ import annotations

import codecs
import gzip
import html
import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from tracker import processes
from tracker.library.withheld import Finder, Form, Reason, Sort, Withheld, folded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet
    from pathlib import Path

_ROUNDS = 3
"""How many encodings within one another are undone."""

_PART = 20
"""Files that a process searches in one go."""

_DEPTH = 3
"""How many archives within one another are opened."""

_LARGEST_PART = 256 * 1024 * 1024
"""Bytes of an unpacked part that are looked at; no file of a site is so large."""

_STRETCH = 8 * 1024 * 1024
_OVERLAP = 4096
"""Characters that are looked at in one go, and those that are looked at twice where they end."""

_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_FOLDED_LINE = re.compile(rb"\r\n[ \t]")
_TAG = re.compile(r"(<[^<>]*>)")
_PHRASING = re.compile(
    r"</?(?:a|abbr|b|bdi|bdo|big|cite|code|data|del|dfn|em|font|i|ins|kbd|mark|nobr|output|q|ruby|"
    r"s|samp|slot|small|span|strike|strong|sub|sup|time|tspan|tt|u|var|wbr)\b",
    re.IGNORECASE,
)
"""Tags that may stand within a word; any other ends one."""

_BREAK = "\0"
"""Stands between what two tags keep apart; no value goes on across it, as it may across lines."""

_LINE_BREAK = re.compile(r"<br\b", re.IGNORECASE)
_DIGITS_AROUND_TAG = re.compile(r"[0-9,'.]<[^<>]*>[0-9,'.]")
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
        texts: Texts that are shown; values that stand there are not sought.
        files: Files that are shown, by path with their contents; likewise.
        forms: Forms of values that are not sought either.
        days: Days that are not sought.
        own_files: By a record's path, the files that are about it alone. Its days are sought there,
            and nowhere else.
        computing: Tells of a path whether figures computed from amounts that are shown may stand in
            the file: one of them may be a withheld amount by chance. In such a file amounts are
            sought where it is their record's own.
    """

    texts: Iterable[str] = ()
    files: Iterable[tuple[str, bytes]] = ()
    forms: AbstractSet[Form] = frozenset()
    days: AbstractSet[Withheld] = frozenset()
    own_files: Mapping[str, AbstractSet[str]] = field(default_factory=dict)
    computing: Callable[[str], bool] | None = None


class Prover:
    """Searches files for values that they must not hold.

    Args:
        sought: The values.
        shown: What is shown all the same.
    """

    def __init__(self, sought: Finder | Iterable[Withheld], shown: Shown | None = None) -> None:
        self._shown = shown or Shown()
        self._finder = sought if isinstance(sought, Finder) else Finder(sought)
        self._known = set(self._shown.forms).union(
            *map(self._finder.find_in, self._shown.texts),
            *(
                _Versions(found.text).found(self._finder)
                for path, data in self._shown.files
                for found in _texts(path, data)
            ),
        )

    def hits(self, path: str, data: bytes) -> list[Hit]:
        """Return the values that a file or its name holds, one of those that are written alike.

        Args:
            path: The file, relative to the site.
            data: Its content.
        """
        return [
            Hit(value, found.file)
            for found in _texts(path, data)
            for value in sorted(self._values_in(found, path), key=_order)
        ]

    def _values_in(self, found: _Text, path: str) -> Iterator[Withheld]:
        for form in _Versions(found.text).found(self._finder, noise=found.noise):
            values = self._finder.sharers(form).values
            if values[0].sort is Sort.DATE:
                yield from (day for day in self._own(values, path) if day not in self._shown.days)
            elif form in self._known:
                continue
            elif values[0].sort is Sort.AMOUNT and self._shown.computing:
                computed = self._shown.computing(path)
                yield from self._own(values, path) if computed else values[:1]
            else:
                yield values[0]

    def _own(self, values: Iterable[Withheld], path: str) -> Iterator[Withheld]:
        """Yield the values of the record that a file is about."""
        own_files = self._shown.own_files
        return (value for value in values if path in own_files.get(value.record, ()))

    def proof(self, hits: Iterable[Hit], files: int) -> Proof:
        """Return what has been shown by a search of all files."""
        unproved = list(self._finder.unsought)
        sought = 0
        for value, forms in self._finder.forms.items():
            if self._is_shown(value, forms):
                unproved.append((value, Reason.SHOWN))
                continue
            sought += 1
            if value.sort is Sort.DATE:
                unproved.append((value, Reason.OWN_FILES))
            elif value.sort is Sort.AMOUNT and self._shown.computing:
                unproved.append((value, Reason.FIGURES))
        return Proof(
            tuple(dict.fromkeys(hits)), sought, files, tuple(sorted(unproved, key=_reasoned))
        )

    def _is_shown(self, value: Withheld, forms: list[Form]) -> bool:
        if value.sort is Sort.DATE:
            return value in self._shown.days
        # Of a text some pieces may be shown; of all else, the form as written counts.
        written = forms if value.sort is Sort.PROSE else forms[:1]
        return self._known.issuperset(written)

    def search(self, folder: Path, jobs: int = 1) -> Proof:
        """Search all files of a folder.

        Args:
            folder: The folder.
            jobs: How many processes search.

        Raises:
            OSError: A file cannot be read.
        """
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        parts = [files[start : start + _PART] for start in range(0, len(files), _PART)]

        def look(part: list[Path]) -> list[Hit]:
            return [
                hit
                for file in part
                for hit in self.hits(file.relative_to(folder).as_posix(), file.read_bytes())
            ]

        found = [hit for hits in processes.shared(look, parts, jobs) for hit in hits]
        return self.proof(
            sorted(found, key=lambda hit: (hit.file, *_order(hit.withheld))), len(files)
        )


def prove(folder: Path, sought: Finder | Iterable[Withheld], shown: Shown | None = None) -> Proof:
    """Search all files of a folder, and their names, for values that they must not hold.

    Args:
        folder: The folder.
        sought: The values.
        shown: What is shown all the same.

    Raises:
        OSError: A file cannot be read.
    """
    return Prover(sought, shown).search(folder)


def _order(value: Withheld) -> tuple[str, str, str]:
    return value.record, value.field, value.value


def _reasoned(entry: tuple[Withheld, Reason]) -> tuple[str, str, str, str]:
    value, reason = entry
    return (reason.value, *_order(value))


# --- What a file says -------------------------------------------------------------------------


class _Text(NamedTuple):
    """A text that a file holds.

    Attributes:
        file: The file; a part of an archive after `!`.
        text: The text, with the name of the file before it.
        noise: Whether it is no text, but may hold some.
    """

    file: str
    text: str
    noise: bool


def _texts(path: str, data: bytes, depth: int = 0) -> Iterator[_Text]:
    """Yield the name of a file with everything that it says, parts of archives after it."""
    name = path.rpartition("!")[2]
    for text, noise in _readings(_FOLDED_LINE.sub(b"", data)):
        yield _Text(path, f"{name}\n{_decoded(text)}", noise)
    if depth < _DEPTH:
        for part, content in _parts(name, data):
            yield from _texts(f"{path}!{part}", content, depth + 1)


def _readings(data: bytes) -> Iterator[tuple[str, bool]]:
    """Yield what bytes say, in stretches that overlap, each with whether it is noise."""
    encodings = ("utf-8", *(("utf-16",) if data.startswith(_UTF16_MARKS) else ()), "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        yield from ((text[start : start + _STRETCH], False) for start in _starts(len(text)))
        return
    for start in _starts(len(data)):
        yield data[start : start + _STRETCH].decode("utf-8", "replace"), True


def _starts(length: int) -> Iterable[int]:
    return range(0, max(length, 1), _STRETCH - _OVERLAP)


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


def _gap(tag: str) -> str:
    """Return what a tag puts between what stands before and after it."""
    if _PHRASING.match(tag):
        return ""
    return "\n" if _LINE_BREAK.match(tag) else _BREAK


class _Versions:
    """A text, folded, in the two ways in which its tags can be read.

    A tag such as `<span>` may stand within a word or between two; which it is, is not known here.
    What stands in tags comes after the text.

    Args:
        text: The text.

    Attributes:
        within: The text with a gap for each tag that ends a word.
    """

    def __init__(self, text: str) -> None:
        self._parts = _TAG.split(text)
        tags = self._parts[1::2]
        self._tags = _BREAK.join(dict.fromkeys(tags))
        gaps = {tag: _gap(tag) for tag in dict.fromkeys(tags)}
        self._parts[1::2] = [gaps[tag] for tag in tags]
        self._splits_numbers = bool(_DIGITS_AROUND_TAG.search(text))
        self.within = folded(f"{''.join(self._parts)}{_BREAK}{self._tags}")

    def apart(self) -> str:
        """Return the text with a gap for every tag."""
        return folded(_BREAK.join((*self._parts[::2], self._tags)))

    def found(self, finder: Finder, *, noise: bool = False) -> set[Form]:
        """Return the forms of values that the text holds."""
        found = finder.find(self.within, self.apart, noise=noise)
        # Elsewhere both have the same numbers.
        return found | finder.amounts(self.apart()) if self._splits_numbers else found
