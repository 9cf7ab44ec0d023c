"""What is wrong, as the editor shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lsprotocol.types import (
    Diagnostic,
    DiagnosticRelatedInformation,
    DiagnosticSeverity,
    Location,
    Position,
    PublishDiagnosticsParams,
    Range,
)

from tracker.diagnostics import FILE_START, Severity
from tracker.translation import translations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tracker import diagnostics
    from tracker.lsp.session import Session
    from tracker.lsp.text import EditorText
    from tracker.lsp.workspace import OpenWorkspace

SOURCE = "tracker"

_SEVERITIES = {
    Severity.ERROR: DiagnosticSeverity.Error,
    Severity.WARNING: DiagnosticSeverity.Warning,
    Severity.INFO: DiagnosticSeverity.Information,
}


def shown(session: Session, workspace: OpenWorkspace, found: diagnostics.Diagnostic) -> Diagnostic:
    """Return a diagnostic for the editor, in the workspace's language, the hint below it."""
    translate = translations(workspace.config.language).gettext
    lines = (found.problem.message, found.problem.hint)
    return Diagnostic(
        range=_range(session.text(workspace, found.path), found),
        message="\n".join(line.render(translate) for line in lines if line),
        severity=_SEVERITIES[found.severity],
        code=found.code,
        source=SOURCE,
        related_information=list(_related(session, workspace, found)) or None,
    )


def _range(text: EditorText, found: diagnostics.Diagnostic) -> Range:
    if text.exact:
        return text.range(found.span)
    # Of a file that cannot be read the text is not known, but the place may be.
    span = found.span
    start = Position(span.line - 1, span.column - 1)
    return Range(start, Position(span.end_line - 1, span.end_column - 1))


def _related(
    session: Session, workspace: OpenWorkspace, found: diagnostics.Diagnostic
) -> Iterator[DiagnosticRelatedInformation]:
    """Yield the other record that a problem is about."""
    path = found.problem.message.values.get("path")
    entry = workspace.library.by_path.get(path) if isinstance(path, str) else None
    if entry and entry.customer and path != found.path:
        span = entry.customer.spans.get("name", FILE_START)
        where = session.text(workspace, entry.path).range(span)
        location = Location(session.uri(workspace, entry.path), where)
        yield DiagnosticRelatedInformation(location, entry.customer.name)


class _State(NamedTuple):
    """What was sent of a file, and what that depended on.

    Attributes:
        uri: The address of the document; empty where none is open.
        version: The editor's number of its state.
        language: The language of the messages.
        found: What is wrong.
    """

    uri: str = ""
    version: int | None = None
    language: str = ""
    found: tuple[diagnostics.Diagnostic, ...] = ()


_NOTHING = _State()


class Publisher:
    """Tells the editor what is wrong in all files, and afterwards what has changed of it.

    Args:
        session: All that is open.
        send: Sends what is wrong in one file.
    """

    def __init__(self, session: Session, send: Callable[[PublishDiagnosticsParams], None]) -> None:
        self._session = session
        self._send = send
        self._sent: dict[tuple[OpenWorkspace, str], _State] = {}

    def publish(self) -> None:
        """Look at all workspaces, and send what is not as it was sent last."""
        opened = {
            (document.workspace, document.path): document
            for document in self._session.documents.values()
        }
        for workspace in self._session.workspaces.values():
            found = workspace.diagnostics()
            before = {path for known, path in self._sent if known is workspace}
            typed = {path for known, path in opened if known is workspace and path}
            for path in sorted(before | typed | found.keys()):
                document = opened.get((workspace, path))
                state = _State(
                    document.uri if document else "",
                    document.version if document else None,
                    workspace.config.language,
                    found.get(path, ()),
                )
                if self._sent.get((workspace, path), _NOTHING) != state:
                    self._publish(workspace, path, state)

    def _publish(self, workspace: OpenWorkspace, path: str, state: _State) -> None:
        session = self._session
        uri = session.uri(workspace, path)
        before = self._sent.get((workspace, path), _NOTHING)
        if before.uri not in ("", uri):
            # The editor has closed the file, and wrote its address in another way.
            self._send(PublishDiagnosticsParams(before.uri, []))
        diagnostics = [shown(session, workspace, found) for found in state.found]
        self._send(PublishDiagnosticsParams(uri, diagnostics, state.version))
        if state.found or state.uri:
            self._sent[workspace, path] = state
        else:
            self._sent.pop((workspace, path), None)
