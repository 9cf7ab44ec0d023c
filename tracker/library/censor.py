"""Blacking out, in texts that stay, what must not be in them."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from tracker.config import ATTACHMENTS_DIR, RECORDS_DIR
from tracker.library.record_parts import is_group, rebuilt

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tracker.library.field_sorts import FieldSorts
    from tracker.library.forms_of_address import People
    from tracker.library.withheld_finder import Finder
    from tracker.model import Customer

BLACKED_OUT = "██"
"""What stands in a text in the place of a value that is withheld."""

_TARGET = r"(?:<([^<>\n]+)>|([^()<>\s]+(?:\([^()\s]*\)[^()<>\s]*)*))"
_LINK = re.compile(rf"!?\[([^\[\]]*)\]\(\s*{_TARGET}(?:\s+[^()]*)?\)")
_DEFINITION = re.compile(rf"^ {{0,3}}\[([^\[\]]+)\]:\s*{_TARGET}(?:\s.*)?$", re.MULTILINE)


def links_of(record: str, text: str) -> Iterator[str]:
    """Yield the paths in the workspace that a text links to, as far as they are relative.

    Args:
        record: The path of the record that the text stands in.
        text: The text, as Markdown.
    """
    for pattern in (_LINK, _DEFINITION):
        for match in pattern.finditer(text):
            yield _linked(record, _target(match))


class Censor:
    """Takes out of the texts of records what must not be in them.

    What is one customer's alone is blacked out in the texts of all; other values, such as an
    amount, in those of their own record. Links to files and records that are not shown, and those
    whose address holds such a value, become their words.

    Args:
        finder: Finds the values that are withheld.
        sorts: What the fields are.
        paths: The path of each record that is shown, by its path in the whole library.
        people: By a record's path, those who are withheld and known to whoever writes in it. Where
            its texts speak of them by a part of their names, that is blacked out too.
        without_files: Whether no file may be linked.
    """

    def __init__(
        self,
        finder: Finder,
        sorts: FieldSorts,
        paths: Mapping[str, str],
        people: Mapping[str, Sequence[People]],
        *,
        without_files: bool,
    ) -> None:
        self._finder = finder
        self._sorts = sorts
        self._paths = paths
        self._without_files = without_files
        self._people = people
        self._record = ""

    def customer(self, record: str, customer: Customer) -> Customer:
        """Return a record whose texts hold nothing that is withheld.

        Args:
            record: Its path in the whole library.
            customer: The record, without the values that are withheld.
        """
        self._record = record
        return rebuilt(customer, self._visit)

    def _visit(self, value: object, path: str) -> object:
        if isinstance(value, tuple):
            changed = tuple(self._visit(each, path) for each in value)
            return value if changed == value else changed
        if is_group(value):
            return rebuilt(value, self._visit, path)
        return self._written(value, path) if isinstance(value, str) else value

    def _written(self, text: str, path: str) -> str | None:
        if self._sorts.is_text(path):
            return self._blacked_out(self._without_dead_links(text))
        if self._sorts.may_quote(path):
            return self._blacked_out(text, own=True)
        # A file cannot be linked under another name.
        is_file = path == "offers.file"
        quotes = is_file and any(self._finder.places(text, self._record, own=True))
        return None if quotes else text

    def _without_dead_links(self, text: str) -> str:
        if "]" not in text:
            return text
        text = _LINK.sub(lambda link: link[1] if self._is_dead(link) else link[0], text)
        return _DEFINITION.sub(lambda line: "" if self._is_dead(line) else line[0], text)

    def _blacked_out(self, text: str, *, own: bool = False) -> str:
        places = sorted(
            {
                *self._finder.places(text, self._record, own=own),
                *(place for each in self._people[self._record] for place in each.places(text)),
            },
            key=lambda place: (place[0], -place[1]),
        )
        done = []
        end = 0
        for first, last in places:
            if first >= end:
                done += [text[end:first], BLACKED_OUT]
            end = max(end, last)
        return "".join((*done, text[end:]))

    def _is_dead(self, link: re.Match[str]) -> bool:
        target = _target(link)
        if any(self._finder.places(unquote(target), self._record)):
            return True
        path = _linked(self._record, target)
        if path.startswith(f"{ATTACHMENTS_DIR}/"):
            return self._without_files
        return path.startswith(f"{RECORDS_DIR}/") and self._paths.get(path) != path


def _target(link: re.Match[str]) -> str:
    return link[2] or link[3]


def _linked(record: str, target: str) -> str:
    path = unquote(target.partition("#")[0])
    return posixpath.normpath(posixpath.join(posixpath.dirname(record), path))
