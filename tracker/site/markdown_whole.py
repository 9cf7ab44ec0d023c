"""Parts of Python-Markdown that would drop words, made to keep them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markdown.extensions.tables import TableExtension, TableProcessor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown import Markdown

_Link = tuple[str, str]
"""An address and a title; the title is missing where there is none, whatever the type says."""


class WholeTables(TableExtension):
    """Tables whose rows may have more cells than the head: what is over stands in the last one."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802  # the library's name
        """Register the tables."""
        super().extendMarkdown(md)
        md.parser.blockprocessors.register(_Rows(md.parser, self.getConfigs()), "table", 75)


class _Rows(TableProcessor):
    def _split_row(self, row: str) -> list[str]:
        cells: list[str] = super()._split_row(row)  # type: ignore[misc]  # the stubs leave it out
        columns = len(self.separator or cells)
        return [*cells[: columns - 1], "|".join(cells[columns - 1 :])]

    def test(self, parent: object, block: str) -> bool:
        # What the last table had says nothing of the rows that may begin this one.
        self.separator = []  # type: ignore[assignment]  # the stubs have a text
        return bool(super().test(parent, block))  # type: ignore[arg-type]  # the library's element


class References(dict[str, _Link]):
    """Addresses that a text defines for its links, and which of them no link has used."""

    def __init__(self) -> None:
        super().__init__()
        self._used: set[_Link] = set()
        self._defined: list[tuple[str, _Link]] = []

    def __setitem__(self, label: str, link: _Link) -> None:
        self._defined.append((label, link))
        super().__setitem__(label, link)

    def __getitem__(self, label: str) -> _Link:
        link = super().__getitem__(label)
        self._used.add(link)
        return link

    def clear(self) -> None:
        """Forget the last text."""
        super().clear()
        self._used.clear()
        self._defined.clear()

    def unused(self) -> Iterator[str]:
        """Yield the definitions that no link has used, as they would be written."""
        for label, (address, title) in self._defined:
            if (address, title) not in self._used:
                yield f"[{label}]: {address}" + (f' "{title}"' if title else "")
