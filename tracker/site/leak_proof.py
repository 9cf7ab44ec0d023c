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
import io
import os
import re
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct, field

from tracker import processes
from tracker.library.plain_reading import BREAK, TAG, decoded, folded, gap
from tracker.library.withheld import Reason, Sort, Withheld
from tracker.library.withheld_finder import Finder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from tracker.library.withheld_forms import Form

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
_DIGITS_AROUND_TAG = re.compile(r"[0-9,'.]<[^<>]*>[0-9,'.]")


class Hit(Struct, frozen=True):
    """A withheld value that a file holds.

    Attributes:
        withheld: The value, with the record and the field that it comes from.
        file: The file, relative to the folder; a part of an archive after `!`.
    """

    withheld: Withheld
    file: str


class Proof(Struct, frozen=True):
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


class Shown(Struct, frozen=True):
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

    def hits(self, path: str, data: bytes, *, ours: bool = True) -> list[Hit]:
        """Return the values that a file or its name holds, one of those that are written alike.

        Args:
            path: The file, relative to the site.
            data: Its content.
            ours: Whether a build wrote it, so that figures may stand in it.
        """
        computing = ours and self._shown.computing is not None and self._shown.computing(path)
        return [
            Hit(value, found.file)
            for found in _texts(path, data)
            for value in sorted(self._values_in(found, path, computing=computing), key=_order)
        ]

    def _values_in(self, found: _Text, path: str, *, computing: bool) -> Iterator[Withheld]:
        for form in _Versions(found.text).found(self._finder, noise=found.noise):
            values = self._finder.sharers(form).values
            if values[0].sort is Sort.DATE:
                yield from (day for day in self._own(values, path) if day not in self._shown.days)
            elif form in self._known:
                continue
            elif values[0].sort is Sort.AMOUNT and computing:
                yield from self._own(values, path)
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

    def search(
        self, folder: Path, jobs: int = 1, is_ours: Callable[[str], bool] = lambda _path: True
    ) -> Proof:
        """Search all files of a folder, those behind links to other folders too.

        Args:
            folder: The folder.
            jobs: How many processes search.
            is_ours: Tells of a file's path whether a build wrote it.

        Raises:
            OSError: A file cannot be read.
        """
        files = sorted(_files_below(folder))
        parts = [files[start : start + _PART] for start in range(0, len(files), _PART)]

        def look(part: list[Path]) -> list[Hit]:
            return [
                hit
                for file in part
                for path in (file.relative_to(folder).as_posix(),)
                for hit in self.hits(path, file.read_bytes(), ours=is_ours(path))
            ]

        found = [hit for hits in processes.shared(look, parts, jobs) for hit in hits]
        return self.proof(
            sorted(found, key=lambda hit: (hit.file, *_order(hit.withheld))), len(files)
        )


def _files_below(folder: Path) -> Iterator[Path]:
    """Yield all files below a folder; what links lead to more than once is looked at once."""
    seen: set[tuple[int, int]] = set()
    for place, folders, names in os.walk(folder, followlinks=True):
        status = os.stat(place)  # noqa: PTH116  # as `os.walk` has it
        if (status.st_dev, status.st_ino) in seen:
            folders.clear()
            continue
        seen.add((status.st_dev, status.st_ino))
        for name in names:
            file = Path(place, name)
            if file.is_file():
                yield file


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
        yield _Text(path, f"{name}\n{decoded(text)}", noise)
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
        self._parts = TAG.split(text)
        tags = self._parts[1::2]
        self._tags = BREAK.join(dict.fromkeys(tags))
        gaps = {tag: gap(tag) for tag in dict.fromkeys(tags)}
        self._parts[1::2] = [gaps[tag] for tag in tags]
        self._splits_numbers = bool(_DIGITS_AROUND_TAG.search(text))
        self.within = folded(f"{''.join(self._parts)}{BREAK}{self._tags}")

    def apart(self) -> str:
        """Return the text with a gap for every tag."""
        return folded(BREAK.join((*self._parts[::2], self._tags)))

    def found(self, finder: Finder, *, noise: bool = False) -> set[Form]:
        """Return the forms of values that the text holds."""
        found = finder.find(self.within, self.apart, noise=noise)
        # Elsewhere both have the same numbers.
        return found | finder.amounts(self.apart()) if self._splits_numbers else found
