"""Keeps the site up to date in a thread of its own: what is looked at first, the rest after it."""

from __future__ import annotations

import gc
import threading
import time
from collections import deque
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.config import ATTACHMENTS_DIR, TEMPLATES_DIR
from tracker.errors import TrackerError, os_error_message
from tracker.library.record_paths import lies_in
from tracker.server.problems import NewProblems
from tracker.server.watching import GIT
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.diagnostics import Diagnostic
    from tracker.server.open_pages import OpenPages
    from tracker.site.live import LiveSite
    from tracker.site.live_workspace import LiveWorkspace

QUIET_SECONDS = 0.03
"""How long nothing must have happened before changes are followed: one save is several events."""

LONGEST_SECONDS = 0.25
"""How long changes are waited for in a burst that does not end, such as a checkout."""

DAY_SECONDS = 20.0
"""How often the clock is looked at, since a new day is a new site."""

ANSWER_SECONDS = 60.0
"""How long a request waits for its page; a large workspace may just be read anew."""


class Outcome(Struct, frozen=True):
    """How the site is, now that nothing is left to do.

    Attributes:
        files: How many files were written or removed since nothing was left to do last.
        errors: Errors in the workspace.
        warnings: Warnings in the workspace.
        failures: What kept the site, or pages of it, from being made; they stayed as they were.
        refused: What is wrong with the settings in the file; those before it are in use.
    """

    files: int
    errors: int
    warnings: int
    failures: tuple[Message, ...]
    refused: tuple[Diagnostic, ...]


class Rebuilder(threading.Thread):
    """Follows changes of a workspace with its site until it is told to stop.

    Args:
        workspace: The workspace.
        live: Its site.
        pages: The pages that are open in browsers.
        follow: Called before changes are followed, such as to watch new folders.
        report: Called when nothing is left to do.
    """

    def __init__(
        self,
        workspace: LiveWorkspace,
        live: LiveSite,
        pages: OpenPages,
        follow: Callable[[], None],
        report: Callable[[Outcome], None],
    ) -> None:
        super().__init__(name="rebuilder", daemon=True)
        self._workspace = workspace
        self._live = live
        self._pages = pages
        self._follow = follow
        self._report = report
        self._problems = NewProblems(workspace)
        self._condition = threading.Condition()
        self._changed: set[str] = set()
        self._unfollowed: set[str] = set()
        self._due = self._latest = 0.0
        self._wanted: deque[tuple[str, threading.Event]] = deque()
        self._stopped = False
        self._working = False
        self._look_at_git = False
        self._written: set[str] = set()
        self._faults: list[Message] = []

    # --- What other threads call ---

    def changed(self, paths: set[str]) -> None:
        """Take note of files and folders that may have changed, relative to the workspace."""
        with self._condition:
            now = time.monotonic()
            if not self._changed:
                self._latest = now + LONGEST_SECONDS
            self._changed |= paths
            self._due = min(now + QUIET_SECONDS, self._latest)
            self._condition.notify()

    def ensure(self, path: str) -> None:
        """Wait until a file of the site is up to date; return at once where it is."""
        if self._live.is_fresh(path):
            return
        done = threading.Event()
        with self._condition:
            if self._stopped:
                return
            self._wanted.append((path, done))
            self._condition.notify()
        done.wait(ANSWER_SECONDS)

    def stop(self) -> None:
        """End the thread, and wait for its end."""
        with self._condition:
            self._stopped = True
            self._condition.notify()
        self.join()

    # --- The thread ---

    def run(self) -> None:
        """Follow changes until the end."""
        # The search for cycles takes longer than a page; it has its time when all is done.
        gc.disable()
        self._try(self._show)
        while task := self._next_task():
            self._try(task)
        for _path, done in self._wanted:
            done.set()
        gc.enable()

    def _next_task(self) -> Callable[[], None] | None:
        """Wait for something to do; None at the end."""
        with self._condition:
            while not self._stopped:
                now = time.monotonic()
                if self._wanted:
                    return self._answer
                if self._changed:
                    # Not even a small step of the work is begun now: the change would wait for it.
                    if now >= self._due:
                        return self._update
                    self._condition.wait(self._due - now)
                elif self._working:
                    return self._step
                else:
                    if self._workspace.today() != self._workspace.site.today:
                        return self._update
                    self._condition.wait(DAY_SECONDS)
        return None

    def _try(self, task: Callable[[], None]) -> None:
        try:
            task()
        except TrackerError as error:
            self._fail(error.message)
        except OSError as error:
            self._fail(os_error_message(error))
        except Exception as error:  # noqa: BLE001  # one change must not end all following
            self._unfollowed = set()  # nor be met again with the next one
            reason = f"{type(error).__name__}: {error}".partition("\n")[0]
            self._fail(Message("this is a bug in tracker ({reason})", {"reason": reason}))

    def _fail(self, reason: Message) -> None:
        """Take note of what keeps the site from following; the next change is a new try.

        What was not followed by now is followed then.
        """
        self._faults = [reason]
        self._working = False
        self._tell_problems()
        self._tell_outcome()

    def _update(self) -> None:
        with self._condition:
            self._unfollowed |= self._changed
            self._changed = set()
        changed = self._unfollowed
        self._follow()
        self._faults = []
        if any(lies_in(path, TEMPLATES_DIR) for path in changed):
            self._live.templates_changed()
        if any(lies_in(path, ATTACHMENTS_DIR) for path in changed):
            self._live.attachments_changed()
        self._workspace.update(changed - {GIT})
        self._unfollowed = set()
        self._look_at_git = True
        self._show()

    def _show(self) -> None:
        """Begin to follow with the site, and bring the open pages up to date."""
        self._live.show(self._workspace.site)
        self._working = True
        changed: set[str] = set()
        for page in self._pages.now():
            for path in (page.path, *page.resources):
                changed |= self._live.refresh(path)
        # All at once: a page must not be told to reload for what it loads before it is made.
        self._note(changed)
        self._tell_problems()

    def _answer(self) -> None:
        path, done = self._wanted.popleft()
        try:
            self._note(self._live.refresh(path))
        finally:
            done.set()

    def _step(self) -> None:
        if self._look_at_git:
            self._look_at_git = False
            if self._workspace.look_at_git():
                self._show()
            return
        changed = self._live.step()
        if changed is not None:
            self._note(changed)
            return
        self._working = False
        self._tell_problems()
        gc.collect()
        gc.freeze()
        self._tell_outcome()

    def _note(self, changed: set[str]) -> None:
        self._written |= changed
        self._pages.changed(changed)

    def _tell_problems(self) -> None:
        self._pages.problems(self._problems.shown(self._failures()))

    def _tell_outcome(self) -> None:
        day = self._workspace.site.day
        count, self._written = len(self._written), set()
        failures, refused = tuple(self._failures()), self._workspace.refused
        self._report(Outcome(count, day.errors, day.warnings, failures, refused))

    def _failures(self) -> list[Message]:
        return [*self._faults, *(error.message for error in self._live.failures)]
