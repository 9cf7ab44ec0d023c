"""Calling the server's answers without a process: a text with a mark, and what is asked there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from lsprotocol import types

from trials.editing import ANSWERS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tracker.lsp.session import Session

MARK = "▮"
ENCODINGS = {
    types.PositionEncodingKind.Utf8: ("utf-8", 1),
    types.PositionEncodingKind.Utf16: ("utf-16-le", 2),
    types.PositionEncodingKind.Utf32: ("utf-32-le", 4),
}


class Opened(NamedTuple):
    """A document, and the position of the mark in it."""

    uri: str
    text: str
    at: types.Position

    @property
    def document(self) -> types.TextDocumentIdentifier:
        return types.TextDocumentIdentifier(self.uri)


def open_marked(session: Session, file: Path, marked: str) -> Opened:
    """Open a text; the mark is taken out of it, and is where the pointer stands."""
    before, _, after = marked.partition(MARK)
    text = before + after
    session.open(file.as_uri(), 1, text)
    return Opened(file.as_uri(), text, position_after(before, session.encoding))


def position_after(before: str, encoding: types.PositionEncodingKind) -> types.Position:
    """Return the position behind a text, counted as the protocol wants it."""
    lines = before.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    codec, size = ENCODINGS[encoding]
    return types.Position(len(lines) - 1, len(lines[-1].encode(codec)) // size)


def ask(session: Session, method: str, params: object) -> Any:  # noqa: ANN401  # as the method has it
    """Return the answer to a request."""
    return ANSWERS[method](session, params)


def offset_of(text: str, position: types.Position, encoding: types.PositionEncodingKind) -> int:
    """Return the offset of a position, found by trying all of them."""
    return next(
        at
        for at in range(len(text) + 1)
        if text[at - 1 : at + 1] != "\r\n" and position_after(text[:at], encoding) == position
    )


def edited(
    text: str,
    edits: list[types.TextEdit],
    encoding: types.PositionEncodingKind = types.PositionEncodingKind.Utf16,
) -> str:
    """Return a text with edits carried out as an editor does.

    All of them are about the text as it was; of several at one place, the first comes first.
    """
    stretches = [
        (
            offset_of(text, edit.range.start, encoding),
            offset_of(text, edit.range.end, encoding),
            edit.new_text,
        )
        for edit in edits
    ]
    stretches.sort(key=lambda stretch: stretch[:2])
    for start, end, new in reversed(stretches):
        text = text[:start] + new + text[end:]
    return text


def write(root: Path, files: Mapping[str, str]) -> None:
    """Write files into a workspace."""
    for path, content in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, "utf-8")
