"""The server: what the editor tells and asks, and who answers it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
import webbrowser
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

from tracker import __version__
from tracker.config import CONFIG_NAME, OUTPUT_DIR
from tracker.errors import TrackerError, os_error_message
from tracker.lsp.diagnostics import Publisher
from tracker.lsp.features import FEATURES
from tracker.lsp.lenses import OPEN_PAGE
from tracker.lsp.page import page_of
from tracker.lsp.session import Session
from tracker.lsp.uris import path_of, relative_path
from tracker.pinyin import readings
from tracker.server.watching import Watcher
from tracker.translation import Message, translations

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from tracker.lsp.features import Feature
    from tracker.lsp.workspace import OpenWorkspace

_SETTINGS_SECONDS = 0.4
"""How long `tracker.yaml` must be left alone before all records are read by it."""

_QUICK_SECONDS = 0.05
"""What a check may take without a person noticing."""

_REQUEST_FAILED = -32803
"""The protocol's code for a request that is sound and cannot be carried out."""

_DAY_SECONDS = 60.0
"""How often it is looked whether another day has begun."""

_TEXTS = (
    types.TEXT_DOCUMENT_DID_OPEN,
    types.TEXT_DOCUMENT_DID_CHANGE,
    types.TEXT_DOCUMENT_DID_CLOSE,
)
"""What pygls would keep texts by; it also splits lines where the protocol does not."""


class TrackerServer(LanguageServer):
    """A language server for the workspaces that an editor has files of open.

    Attributes:
        session: What is open.
        left_early: Whether the editor has told it to end without having it shut down first.
    """

    def __init__(self, today: date | None = None, *, cached: bool = False) -> None:
        """Be ready to be started.

        Args:
            today: The day that counts; None for the one that it is.
            cached: Whether the caches of parsed records are used and kept.
        """
        super().__init__("tracker", __version__)
        self.session = Session(today, cached=cached)
        self._publisher = Publisher(self.session, self.text_document_publish_diagnostics)
        self._watchers: dict[Path, Watcher | None] = {}
        self._check: asyncio.TimerHandle | None = None
        self._check_seconds = 0.0
        self._settling: asyncio.Task[None] | None = None
        self._shut_down = False
        self.left_early = False
        for method in _TEXTS:
            self.protocol.fm.builtin_features.pop(method)
        self._listen()

    def stop(self) -> None:
        """Let go of the files that are watched."""
        for watcher in filter(None, self._watchers.values()):
            watcher.stop()

    def _listen(self) -> None:
        """Say who takes which message."""
        takes: dict[str, Callable[..., None]] = {
            types.INITIALIZE: self._initialize,
            types.INITIALIZED: self._initialized,
            types.SHUTDOWN: self._shut,
            types.EXIT: self._exit,
            types.TEXT_DOCUMENT_DID_OPEN: self._open,
            types.TEXT_DOCUMENT_DID_CHANGE: self._change,
            types.TEXT_DOCUMENT_DID_CLOSE: self._close,
            types.WORKSPACE_DID_CHANGE_WATCHED_FILES: self._files_changed,
            types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS: self._folders_changed,
        }
        for method, take in takes.items():
            self.feature(method)(_plain(take))
        for feature in FEATURES:
            self.feature(feature.method, feature.options)(_plain(partial(self._answer, feature)))

        def open_page(*arguments: str) -> None:
            for address in arguments[:1]:
                self._open_page(str(address))  # What an editor sends need be no text.

        self.command(OPEN_PAGE)(open_page)

    def _answer(self, feature: Feature, params: object) -> object:
        """Answer a request; what cannot be done is told in words, never as a traceback.

        Raises:
            JsonRpcException: It cannot be answered.
        """
        try:
            return feature.answer(self.session, params)
        except TrackerError as error:
            reason, code = error.message, _REQUEST_FAILED
        except OSError as error:
            reason, code = os_error_message(error), _REQUEST_FAILED
        except Exception as error:  # noqa: BLE001  # one wrong answer must not end all others
            reason, code = _bug(error), None
        document = getattr(params, "text_document", None)
        page = page_of(self.session, document.uri) if document else None
        raise JsonRpcException(page.say(reason) if page else self._say(reason), code)

    def _open_page(self, address: str) -> None:
        """Open a page of a site that was built, and nothing else."""
        path = path_of(address, windows=os.name == "nt")
        if path is None or ".." in path.parts or path.suffix != ".html":
            return
        sites = [root / OUTPUT_DIR for root in self.session.workspaces]
        if not any(relative_path(path, site) for site in sites):
            return
        window = self.client_capabilities.window
        if window and window.show_document and window.show_document.support:
            self.window_show_document(types.ShowDocumentParams(address, external=True))
        else:
            webbrowser.open(address)

    # --- Beginning --------------------------------------------------------------------------------

    def _initialize(self, _params: types.InitializeParams) -> None:
        encoding = self.workspace.position_encoding
        self.session.encoding = types.PositionEncodingKind(encoding)
        self.session.client = self.client_capabilities

    def _initialized(self, _params: types.InitializedParams) -> None:
        for uri in [folder.uri for folder in self.workspace.folders.values()] or [
            self.workspace.root_uri or ""
        ]:
            self._attach(uri)
        # The tables of pinyin take a quarter of a second to load: better now than when one types.
        self.thread_pool.submit(readings, "名")
        self._follow_days()

    def _attach(self, uri: str) -> None:
        path = path_of(uri, windows=os.name == "nt")
        if path is not None:
            self._guarded(lambda: self.session.attach(Path(path)))
            self._check_soon()

    def _folders_changed(self, params: types.DidChangeWorkspaceFoldersParams) -> None:
        for folder in params.event.added:
            self._attach(folder.uri)

    # --- Ending -----------------------------------------------------------------------------------

    def _shut(self, _params: None) -> None:
        self._shut_down = True

    def _exit(self, _params: object = None) -> None:
        self.left_early = not self._shut_down

    # --- Texts ------------------------------------------------------------------------------------

    def _open(self, params: types.DidOpenTextDocumentParams) -> None:
        document = params.text_document
        self._guarded(lambda: self.session.open(document.uri, document.version, document.text))
        self._typed(document.uri)

    def _change(self, params: types.DidChangeTextDocumentParams) -> None:
        document = params.text_document
        changes = params.content_changes
        self._guarded(lambda: self.session.change(document.uri, document.version, changes))
        self._typed(document.uri)

    def _close(self, params: types.DidCloseTextDocumentParams) -> None:
        uri = params.text_document.uri
        page = page_of(self.session, uri)
        self._guarded(lambda: self.session.close(uri))
        if page and page.path == CONFIG_NAME:
            self._settle_later()
        self._check_soon()

    def _typed(self, uri: str) -> None:
        page = page_of(self.session, uri)
        if page and page.path == CONFIG_NAME:
            self._settle_later()
        self._check_soon()

    # --- Files ------------------------------------------------------------------------------------

    def _files_changed(self, params: types.DidChangeWatchedFilesParams) -> None:
        for workspace in self.session.workspaces.values():
            changed = set()
            for event in params.changes:
                path = path_of(event.uri, windows=os.name == "nt")
                real = Path(os.path.realpath(path.parent)) / path.name if path else None
                if real and (within := relative_path(real, workspace.root)):
                    changed.add(within)
            self._follow(workspace, changed)

    def _watch(self) -> None:
        """Watch the workspaces that are not watched yet."""
        loop = asyncio.get_running_loop()
        for root, workspace in self.session.workspaces.items():
            if root in self._watchers:
                continue

            def notify(changed: set[str], workspace: OpenWorkspace = workspace) -> None:
                # Called from the thread that watches; a loop that has ended listens no more.
                with contextlib.suppress(RuntimeError):
                    loop.call_soon_threadsafe(self._follow, workspace, changed)

            watcher = Watcher(root, notify)
            self._watchers[root] = watcher if self._guarded(watcher.start) else None

    def _follow(self, workspace: OpenWorkspace, changed: set[str]) -> None:
        if not changed:
            return
        self._guarded(lambda: workspace.follow(changed))
        if watcher := self._watchers.get(workspace.root):
            self._guarded(watcher.follow)
        if CONFIG_NAME in changed:
            self._settle_later()
        self._check_soon()

    # --- Checking ---------------------------------------------------------------------------------

    def _check_soon(self) -> None:
        """Look for what is wrong when the editor has nothing else to ask.

        Where it takes long, it waits for as long first, so that it never takes more than half of
        the time in which somebody types.
        """
        if self._check is None:
            wait = self._check_seconds if self._check_seconds > _QUICK_SECONDS else 0
            self._check = asyncio.get_running_loop().call_later(wait, self._check_now)

    def _check_now(self) -> None:
        self._check = None
        begun = time.perf_counter()
        self._watch()
        try:
            self._publisher.publish()
        except Exception as error:  # noqa: BLE001  # the next state may be checked all the same
            text = self._say(_bug(error))
            self.window_log_message(types.LogMessageParams(types.MessageType.Error, text))
        self._check_seconds = time.perf_counter() - begun

    def _settle_later(self) -> None:
        """Read all records by the settings when nobody has changed these for a moment."""
        if self._settling:
            self._settling.cancel()
        self._settling = asyncio.get_running_loop().create_task(self._settle())

    async def _settle(self) -> None:
        await asyncio.sleep(_SETTINGS_SECONDS)
        for workspace in list(self.session.workspaces.values()):
            for _ in workspace.settle():
                await asyncio.sleep(0)
        self._check_soon()

    def _follow_days(self) -> None:
        self._check_soon()
        asyncio.get_running_loop().call_later(_DAY_SECONDS, self._follow_days)

    def _guarded(self, work: Callable[[], object]) -> bool:
        """Do what needs the disk; where that refuses, say so, go on, and return False."""
        try:
            work()
        except OSError as error:
            text = self._say(os_error_message(error))
            self.window_show_message(types.ShowMessageParams(types.MessageType.Error, text))
            return False
        return True

    def _say(self, message: Message) -> str:
        """Return a message in the language of the workspace that was opened first."""
        configs = [workspace.config for workspace in self.session.workspaces.values()]
        return message.render(translations(configs[0].language if configs else "en").gettext)


def _bug(error: Exception) -> Message:
    reason = f"{type(error).__name__}: {error}".partition("\n")[0]
    return Message("this is a bug in tracker: {reason}", {"reason": reason})


def _plain(function: Callable[..., Any]) -> Callable[[Any], Any]:
    """Return a function that pygls can put its marks on, as it cannot on methods."""

    def call(params: Any) -> Any:  # noqa: ANN401  # each message has its own
        return function(params)

    return call
