"""Opens pages in Chromium and takes note of everything that hostile texts bring about in them.

What counts is what the browser did: a call of `xss(N)`, a request to another host, a dialog,
another page. Beyond that a page of ours must not hold any element or attribute that only a text can
have brought in: `script_probe.js` stands before the scripts of each page and frame, looks for
those, and uses them as a reader might.
"""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trials.script_payloads import CLOBBERED, COMPUTED, HOST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import (
        Browser,
        BrowserContext,
        ConsoleMessage,
        Dialog,
        Page,
        ProxySettings,
        Request,
    )

_CALLED = "xss was called with "
_PROBED = "xss probe: "
_MARKS = {
    "@CALLED@": _CALLED,
    "@PROBED@": _PROBED,
    "@CLOBBERED@": CLOBBERED,
    "@COMPUTED@": COMPUTED,
}

_NO_PROXY: ProxySettings = {"server": "http://127.0.0.1:1", "bypass": "127.0.0.1,localhost"}
"""Nobody answers there, so that nothing that a page asks for leaves this machine."""

_OWN = ("file:", "data:", "blob:", "about:", "http://127.0.0.1", "http://localhost")

_SETTLED = 300
"""Milliseconds until a browser has done and reported what a page brings about by itself."""

_PATIENCE = 20_000
"""Milliseconds for which pages are waited for on a machine that is busy."""


@dataclass
class Seen:
    """What the texts brought about in the pages of a context.

    Attributes:
        called: Numbers of the payloads that called `xss`.
        reached: Numbers of those that asked another host for something, or put an element of
            theirs into a page.
        asked: Addresses of other hosts that were asked for something.
        events: Dialogs, new windows and other pages that came up by themselves.
        strange: What stands in a page that only a text can have brought in, with the page.
        refused: What the content security policy refused, and other errors of loading.
        errors: Errors that scripts of the page left uncaught.
        probed: Addresses of the pages and frames that were looked through.
    """

    called: set[int] = field(default_factory=set)
    reached: set[int] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    probed: set[str] = field(default_factory=set)

    @property
    def worked(self) -> set[int]:
        """Return the numbers of the payloads that did anything."""
        return self.called | self.reached

    def faults(self) -> list[str]:
        """Return everything that should not have been seen in pages of ours, a line each."""
        return [
            *(f"payload {number} worked" for number in sorted(self.worked)),
            *(f"asked for {address}" for address in self.asked),
            *self.events,
            *(f"strange: {each}" for each in self.strange),
            *(f"refused: {each}" for each in self.refused),
            *(f"error: {each}" for each in self.errors),
        ]

    def add(self, other: Seen) -> None:
        """Add what was seen in another context."""
        self.called |= other.called
        self.reached |= other.reached
        self.probed |= other.probed
        for name in ("asked", "events", "strange", "refused", "errors"):
            getattr(self, name).extend(getattr(other, name))

    def note_request(self, request: Request) -> None:
        """Take note of a request to another host, and of the payload that asked for it."""
        if request.url.startswith(_OWN):
            return
        self.asked.append(request.url)
        self.reached.update(map(int, re.findall(rf"//{HOST}/([0-9]+)", request.url)))

    def note_message(self, message: ConsoleMessage) -> None:
        """Take note of a call of `xss`, of what was found in a page, and of what was refused."""
        text = message.text
        if text.startswith(_CALLED) and text[len(_CALLED) :].isdecimal():
            self.called.add(int(text[len(_CALLED) :]))
        elif text.startswith(_PROBED):
            found = json.loads(text[len(_PROBED) :])
            self.strange += [f"{found['page']}: {each}" for each in found["strange"]]
            self.reached.update(found["numbers"])
            self.probed.add(found["page"])
        elif "Content Security Policy" in text or message.type == "error":
            self.refused.append(f"{message.page.url if message.page else ''}: {text}")


class Watched:
    """A context in which everything is noted.

    Attributes:
        page: Its page.
        seen: What was seen until now.

    Args:
        context: One without a page.
    """

    def __init__(self, context: BrowserContext) -> None:
        self.seen = Seen()
        context.add_init_script(_probe())
        context.on("request", self.seen.note_request)
        context.on("console", self.seen.note_message)
        context.on("weberror", lambda error: self.seen.errors.append(str(error.error)))
        self.page: Page = context.new_page()
        context.on("page", lambda page: self.seen.events.append(f"opened {page.url}"))
        self.page.on("dialog", self._dismiss)

    def open(self, address: str) -> None:
        """Open a page of ours, which is looked through, and see that it is still the one."""
        self.page.goto(address)
        if _without_query(self.page.url) != _without_query(address):
            self.seen.events.append(f"{address} became {self.page.url}")

    def look(self) -> None:
        """Look through the page that is open once more."""
        self.page.evaluate("xssProbe()")

    def settle(self, *addresses: str) -> None:
        """Wait until pages or frames were looked through, and for what is still to be reported."""
        for _ in range(_PATIENCE // _SETTLED):
            self.page.wait_for_timeout(_SETTLED)
            if self.seen.probed.issuperset(addresses):
                break

    def _dismiss(self, dialog: Dialog) -> None:
        self.seen.events.append(f"dialog: {dialog.message}")
        dialog.dismiss()


@contextmanager
def watched(browser: Browser, *, policy: bool, **options: Any) -> Iterator[Watched]:  # noqa: ANN401  (Playwright's own options)
    """Open a context in which everything is noted.

    Args:
        browser: Chromium.
        policy: Whether the pages' content security policy holds; without it, nothing but our own
            escaping stands between a text and the reader.
        options: For `Browser.new_context`.
    """
    context = browser.new_context(bypass_csp=not policy, proxy=_NO_PROXY, **options)
    try:
        yield Watched(context)
    finally:
        context.close()


def _probe() -> str:
    text = (Path(__file__).parent / "script_probe.js").read_text("utf-8")
    for mark, meaning in _MARKS.items():
        text = text.replace(mark, meaning)
    return text


def _without_query(address: str) -> str:
    return address.partition("#")[0].partition("?")[0]
