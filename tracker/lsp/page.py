"""One file of a workspace at the moment at which the editor asks about it."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from typing import TYPE_CHECKING

from lsprotocol.types import Location
from msgspec import Struct

from tracker.config import RECORDS_DIR
from tracker.format.frontmatter import body_of
from tracker.format.sections import split_body
from tracker.translation import translations

if TYPE_CHECKING:
    from datetime import date, datetime

    from tracker.config import Config
    from tracker.diagnostics import Span
    from tracker.format.sections import Section
    from tracker.insight.day import Standing
    from tracker.library.library import Entry, Library
    from tracker.lsp.session import Document, Session
    from tracker.lsp.text import EditorText
    from tracker.lsp.workspace import OpenWorkspace
    from tracker.model import Customer
    from tracker.translation import Message


class Page(Struct, frozen=True, dict=True):
    """What an answer is made from.

    Attributes:
        session: All that is open.
        workspace: The workspace of the file.
        document: The file in the editor.
    """

    session: Session
    workspace: OpenWorkspace
    document: Document

    @property
    def path(self) -> str:
        """Return the file, relative to the workspace, with `/`."""
        return self.document.path

    @property
    def text(self) -> EditorText:
        """Return its text."""
        return self.document.text

    @property
    def is_record(self) -> bool:
        """Tell whether it is a record, or a template of records."""
        return self.path.startswith(f"{RECORDS_DIR}/") and self.path.endswith(".md")

    @cached_property
    def entry(self) -> Entry:
        """Return what is read from it."""
        return self.workspace.entry(self.path)

    @property
    def customer(self) -> Customer | None:
        """Return the record; None where it has none that can be read."""
        return self.entry.customer

    @property
    def standing(self) -> Standing | None:
        """Return the record on the day; None where there is none that can be read."""
        day = self.workspace.day()
        entry = day.library.by_path.get(self.path)
        return day.standing_of(entry.customer) if entry and entry.customer else None

    @property
    def snippets(self) -> bool:
        """Tell whether the editor knows texts with tab stops."""
        document = self.session.client.text_document
        completion = document.completion if document else None
        item = completion.completion_item if completion else None
        return bool(item and item.snippet_support)

    @property
    def config(self) -> Config:
        """Return the workspace's settings."""
        return self.workspace.config

    @property
    def library(self) -> Library:
        """Return all records of the workspace."""
        return self.workspace.library

    @property
    def today(self) -> date:
        """Return the day that it is."""
        return self.workspace.today()

    @property
    def now(self) -> datetime:
        """Return the team's wall clock."""
        return self.workspace.now()

    @property
    def chinese(self) -> bool:
        """Tell whether the workspace is in Chinese."""
        return self.config.language == "zh"

    def say(self, message: Message) -> str:
        """Return a message in the workspace's language."""
        return message.render(translations(self.config.language).gettext)

    @cached_property
    def body_line(self) -> int:
        """Return the number of the first line below the front matter."""
        return body_of(self.text.text)[1]

    @cached_property
    def sections(self) -> list[Section]:
        """Return the sections of the body; the first has no heading."""
        return split_body(*body_of(self.text.text)).sections

    @cached_property
    def section_ends(self) -> dict[int, int]:
        """Return the last line of each section, and of the deeper ones below it, by its first."""
        ends: dict[int, int] = {}
        begun: list[Section] = []
        for section in self.sections[1:]:
            while begun and begun[-1].level >= section.level:
                ends[begun.pop().line] = section.line - 1
            begun.append(section)
        return ends | dict.fromkeys((section.line for section in begun), len(self.text.lines))

    def section_at(self, line: int) -> Section:
        """Return the section that a line of the body, from 1, lies in."""
        after = bisect_right([section.line for section in self.sections], line)
        return self.sections[max(after - 1, 0)]

    def location(self, path: str, span: Span) -> Location:
        """Return a place in a file of the workspace."""
        text = self.session.text(self.workspace, path)
        return Location(self.session.uri(self.workspace, path), text.range(span))


def page_of(session: Session, uri: str) -> Page | None:
    """Return the page of a document; None where it is not open, or lies in no workspace."""
    document = session.documents.get(uri)
    if document is None or document.workspace is None or not document.path:
        return None
    return Page(session, document.workspace, document)
