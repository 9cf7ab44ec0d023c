"""What the editor has open, and the workspaces that it belongs to."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol.types import (
    ClientCapabilities,
    PositionEncodingKind,
    TextDocumentContentChangePartial,
)
from msgspec import Struct

from tracker.config import find_workspace
from tracker.errors import WorkspaceNotFoundError
from tracker.lsp.text import EditorText
from tracker.lsp.uris import path_of, relative_path, uri_of
from tracker.lsp.workspace import OpenWorkspace

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from lsprotocol.types import TextDocumentContentChangeEvent


class Document(Struct):
    """A file that the editor has open.

    Attributes:
        uri: Its address as the editor writes it.
        version: The editor's number of this state.
        text: The text.
        workspace: The workspace that it lies in; None for any other file.
        path: Its path relative to the workspace, with `/`; empty outside of one.
    """

    uri: str
    version: int
    text: EditorText
    workspace: OpenWorkspace | None = None
    path: str = ""


class Session:
    """One editor's documents and workspaces.

    Attributes:
        encoding: In which units the editor counts within a line.
        client: What the editor can do.
        documents: What is open, by address.
        workspaces: The workspaces that were met so far, by folder.
    """

    def __init__(self, today: date | None = None, *, cached: bool = False) -> None:
        """Have nothing open.

        Args:
            today: The day that counts; None for the one that it is.
            cached: Whether the caches of parsed records are used and kept.
        """
        self.encoding: PositionEncodingKind = PositionEncodingKind.Utf16
        self.client = ClientCapabilities()
        self.documents: dict[str, Document] = {}
        self.workspaces: dict[Path, OpenWorkspace] = {}
        self._today = today
        self._cached = cached
        self._named: dict[Path, Path] = {}

    # --- Workspaces -------------------------------------------------------------------------------

    def attach(self, folder: Path) -> OpenWorkspace | None:
        """Return the workspace that a folder lies in, read at its first use; None for none.

        Args:
            folder: The folder as the editor names it; links may lead to it.

        Raises:
            OSError: The records cannot be listed.
        """
        try:
            root = find_workspace(folder)
        except (WorkspaceNotFoundError, OSError):
            return None
        if root not in self.workspaces:
            self.workspaces[root] = OpenWorkspace(root, self._today, cached=self._cached)
            self._named[root] = _as_named(root, folder)
        return self.workspaces[root]

    def uri(self, workspace: OpenWorkspace, path: str) -> str:
        """Return the address of a file of a workspace, as the editor writes it where it is open."""
        document = self._opened(workspace, path)
        return document.uri if document else uri_of(self._named[workspace.root] / path)

    def text(self, workspace: OpenWorkspace, path: str) -> EditorText:
        """Return the text of a file of a workspace: the editor's, or else that on the disk."""
        document = self._opened(workspace, path)
        return document.text if document else EditorText(workspace.text_of(path), self.encoding)

    def _opened(self, workspace: OpenWorkspace, path: str) -> Document | None:
        for document in self.documents.values():
            if document.workspace is workspace and document.path == path:
                return document
        return None

    # --- Documents --------------------------------------------------------------------------------

    def open(self, uri: str, version: int, text: str) -> Document:
        """Take what the editor has opened.

        Raises:
            OSError: The records of its workspace cannot be listed.
        """
        document = Document(uri, version, EditorText(text, self.encoding))
        self.documents[uri] = document
        self._type(document)
        return document

    def change(
        self, uri: str, version: int, changes: Iterable[TextDocumentContentChangeEvent]
    ) -> Document | None:
        """Carry out the editor's changes of a text, one after the other; None for one not open.

        Raises:
            OSError: It lies in a workspace only now, and the records there cannot be listed.
        """
        document = self.documents.get(uri)
        if document is None:
            return None
        document.version = version
        for change in changes:
            if isinstance(change, TextDocumentContentChangePartial):
                document.text = document.text.edited(change.range, change.text)
            else:
                document.text = EditorText(change.text, self.encoding)
        self._type(document)
        return document

    def close(self, uri: str) -> None:
        """Forget a document: from now on its file counts, as it is on the disk.

        Raises:
            OSError: The records of its workspace cannot be listed.
        """
        document = self.documents.pop(uri, None)
        if document and document.workspace and document.path:
            document.workspace.type(document.path, None)
            document.workspace.follow({document.path})

    def _type(self, document: Document) -> None:
        if document.workspace is None:
            self._find_workspace(document)
        if document.workspace and document.path:
            document.workspace.type(document.path, document.text.exact)

    def _find_workspace(self, document: Document) -> None:
        """Say in which workspace a document lies; one may be made while it is open."""
        path = path_of(document.uri, windows=os.name == "nt")
        if path is None:
            return
        file = Path(path)
        document.workspace = self.attach(file.parent)
        if document.workspace:
            real = Path(os.path.realpath(file.parent)) / file.name
            document.path = relative_path(real, document.workspace.root) or ""


def _as_named(root: Path, folder: Path) -> Path:
    """Return a workspace's folder by the way that the editor takes to a folder in it.

    Args:
        root: The workspace, links followed.
        folder: A folder within it, as the editor names it.
    """
    for candidate in (folder, *folder.parents):
        if os.path.realpath(candidate) == str(root):
            return candidate
    return root
