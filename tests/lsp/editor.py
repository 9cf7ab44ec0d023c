"""An editor for the tests: it starts the server as a process and speaks with it over its pipes."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from lsprotocol import types
from pygls.lsp.client import LanguageClient

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence

ROOT = Path(__file__).parent.parent.parent
PATIENCE_SECONDS = 60
TODAY = "2026-11-24"


class _Client(LanguageClient):
    def __init__(self) -> None:
        super().__init__("tests", "1")
        self.ended = asyncio.Event()

    async def server_exit(self, server: asyncio.subprocess.Process) -> None:
        del server
        self.ended.set()


class Editor:
    """Speaks the protocol from another thread, so that tests need not be coroutines.

    Attributes:
        result: What the server said of itself.
        told: The messages that it wanted to be shown.
        shown: The addresses that it wanted to be opened.
    """

    def __init__(
        self,
        folders: Sequence[Path],
        *,
        encodings: Sequence[types.PositionEncodingKind] = (),
        today: str = TODAY,
    ) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._client = _Client()
        self._changed = threading.Condition()
        self._published: dict[str, types.PublishDiagnosticsParams] = {}
        self._versions: defaultdict[str, int] = defaultdict(int)
        self.told: list[str] = []
        self.shown: list[str] = []
        self._client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(self._publish())
        self._client.feature(types.WINDOW_SHOW_MESSAGE)(self._tell())
        self._client.feature(types.WINDOW_SHOW_DOCUMENT)(self._show())
        self._wait(
            self._client.start_io(
                sys.executable,
                *("-m", "tracker", "--no-cache", "lsp", "--today", today),
                env={**os.environ, "PYTHONPATH": str(ROOT)},
            )
        )
        self.result = self._wait(
            self._client.initialize_async(
                types.InitializeParams(
                    capabilities=_capabilities(encodings),
                    process_id=os.getpid(),
                    workspace_folders=[
                        types.WorkspaceFolder(folder.as_uri(), folder.name) for folder in folders
                    ],
                )
            )
        )
        self._client.initialized(types.InitializedParams())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.ask(types.SHUTDOWN, None)
        self._loop.call_soon_threadsafe(self._client.exit, None)
        self._wait(self._ended())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def ask(self, method: str, params: object) -> Any:  # noqa: ANN401  # as the method has it
        """Return what the server answers; raises the error that it answers with."""

        async def answer() -> Any:  # noqa: ANN401  # as the method has it
            return await self._client.protocol.send_request_async(method, params)

        return self._wait(answer())

    def tell(self, method: str, params: object) -> None:
        """Send a notification."""
        self._loop.call_soon_threadsafe(self._client.protocol.notify, method, params)

    # --- Documents ---

    def open(self, uri: str, text: str) -> None:
        """Open a document."""
        self._versions[uri] += 1
        item = types.TextDocumentItem(uri, "markdown", self._versions[uri], text)
        self.tell(types.TEXT_DOCUMENT_DID_OPEN, types.DidOpenTextDocumentParams(item))

    def change(self, uri: str, text: str, where: types.Range | None = None) -> None:
        """Replace a stretch of a document, or all of it."""
        self._versions[uri] += 1
        change: types.TextDocumentContentChangeEvent = (
            types.TextDocumentContentChangePartial(where, text)
            if where
            else types.TextDocumentContentChangeWholeDocument(text)
        )
        document = types.VersionedTextDocumentIdentifier(self._versions[uri], uri)
        self.tell(
            types.TEXT_DOCUMENT_DID_CHANGE, types.DidChangeTextDocumentParams(document, [change])
        )

    def close(self, uri: str) -> None:
        """Close a document."""
        document = types.TextDocumentIdentifier(uri)
        self.tell(types.TEXT_DOCUMENT_DID_CLOSE, types.DidCloseTextDocumentParams(document))

    def problems(self, uri: str) -> list[types.Diagnostic]:
        """Return what is wrong in the state of an open document that was sent last."""

        def is_checked() -> bool:
            found = self._published.get(uri)
            return found is not None and found.version == self._versions[uri]

        self.wait_until(is_checked)
        return list(self._published[uri].diagnostics)

    def codes(self, uri: str) -> list[str]:
        """Return the codes of what was last said to be wrong in a file, open or not."""
        found = self._published.get(uri)
        return [str(each.code) for each in found.diagnostics] if found else []

    def wait_until(self, true: Any) -> None:  # noqa: ANN401  # a function without arguments
        """Wait until something is true that what the server sends can make so."""
        with self._changed:
            assert self._changed.wait_for(true, PATIENCE_SECONDS), "the server did not say it"

    # --- The other side ---

    def _publish(self) -> Any:  # noqa: ANN401  # a function
        def take(params: types.PublishDiagnosticsParams) -> None:
            with self._changed:
                self._published[params.uri] = params
                self._changed.notify_all()

        return take

    def _tell(self) -> Any:  # noqa: ANN401  # a function
        def take(params: types.ShowMessageParams) -> None:
            self.told.append(params.message)

        return take

    def _show(self) -> Any:  # noqa: ANN401  # a function
        def take(params: types.ShowDocumentParams) -> types.ShowDocumentResult:
            with self._changed:
                self.shown.append(params.uri)
                self._changed.notify_all()
            return types.ShowDocumentResult(success=True)

        return take

    async def _ended(self) -> None:
        # What the server still sends must be read, or it does not come to its end.
        await self._client.ended.wait()
        await self._client.stop()  # type: ignore[no-untyped-call]  # pygls gives it no types

    def _wait(self, work: Coroutine[Any, Any, Any]) -> Any:  # noqa: ANN401  # any result
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE_SECONDS)


def _capabilities(encodings: Sequence[types.PositionEncodingKind]) -> types.ClientCapabilities:
    item = types.ClientCompletionItemOptions(snippet_support=True)
    completion = types.CompletionClientCapabilities(completion_item=item)
    return types.ClientCapabilities(
        text_document=types.TextDocumentClientCapabilities(
            completion=completion, rename=types.RenameClientCapabilities(prepare_support=True)
        ),
        window=types.WindowClientCapabilities(
            show_document=types.ShowDocumentClientCapabilities(support=True)
        ),
        general=types.GeneralClientCapabilities(position_encodings=list(encodings) or None),
    )
