"""The pages that are open in browsers, and what they are told."""

from __future__ import annotations

import json
import secrets
import threading
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from msgspec import Struct, field

if TYPE_CHECKING:
    from collections.abc import Iterable

RELOAD = "reload"
PROBLEMS = "problems"


class OpenPage(Struct, frozen=True, eq=False):
    """One page in one browser.

    Attributes:
        path: The page in the site.
        resources: What it loads.
    """

    path: str
    resources: frozenset[str]
    _events: SimpleQueue[tuple[str, str] | None] = field(default_factory=SimpleQueue)

    def tell(self, event: str, data: str = "") -> None:
        """Let the page know of an event; the data is one line."""
        self._events.put((event, data))

    def end(self) -> None:
        """Let whoever waits for events know that there will be no more."""
        self._events.put(None)

    def wait(self, seconds: float) -> tuple[str, str] | None:
        """Wait for the next event, and return its name and its data; None at the end.

        Raises:
            TimeoutError: Nothing happened for so long.
        """
        try:
            return self._events.get(timeout=seconds)
        except Empty as error:
            raise TimeoutError from error


class OpenPages:
    """All pages that are open now. May be used from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pages: list[OpenPage] = []
        self._token = secrets.token_hex(8)
        self._count = 0
        self._changed_at: dict[str, int] = {}
        self._problems = "[]"
        self._ended = False

    @property
    def state(self) -> str:
        """Return what names the state of the site now; `opened` is given it back."""
        return f"{self._token}.{self._count}"

    def opened(self, path: str, resources: frozenset[str], seen: str) -> OpenPage:
        """Take note of a page that was opened, and return it.

        It is told to reload at once where it, or what it loads, has changed since.

        Args:
            path: The page in the site.
            resources: What it loads.
            seen: The state of the site that it was taken from.
        """
        page = OpenPage(path, resources)
        with self._lock:
            token, _, count = seen.partition(".")
            since = int(count) if token == self._token and count.isdecimal() else -1
            changed = (self._changed_at.get(each, 0) for each in (path, *resources))
            page.tell(PROBLEMS, self._problems)
            if any(at > since for at in changed):
                page.tell(RELOAD)
            self._pages.append(page)
            if self._ended:
                page.end()
        return page

    def closed(self, page: OpenPage) -> None:
        """Take note that a page is open no more."""
        with self._lock:
            self._pages.remove(page)

    def now(self) -> list[OpenPage]:
        """Return the pages that are open, the last one that was opened first."""
        with self._lock:
            return self._pages[::-1]

    def changed(self, paths: Iterable[str]) -> None:
        """Tell pages to reload where they or what they load are among files that changed."""
        found = frozenset(paths)
        if not found:
            return
        with self._lock:
            self._count += 1
            self._changed_at.update(dict.fromkeys(found, self._count))
            for page in self._pages:
                if page.path in found or page.resources & found:
                    page.tell(RELOAD)

    def problems(self, value: object) -> None:
        """Tell all pages, and those that are opened from now on, what is wrong.

        Args:
            value: What is written as JSON.
        """
        text = json.dumps(value, ensure_ascii=False)
        with self._lock:
            if text != self._problems:
                self._problems = text
                for page in self._pages:
                    page.tell(PROBLEMS, text)

    def end(self) -> None:
        """End all pages' waiting."""
        with self._lock:
            self._ended = True
            for page in self._pages:
                page.end()
