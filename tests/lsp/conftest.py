"""What the tests of the language server share."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.lsp.editor import TODAY, Editor
from tracker.lsp.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

WORKSPACES = Path(__file__).parent.parent / "workspaces"
FIXTURES = sorted(path.parent for path in WORKSPACES.rglob("tracker.yaml"))


@pytest.fixture(scope="session")
def editor() -> Iterator[Editor]:
    """Return an editor with the fixtures as its folders; each test opens files of its own."""
    with Editor(FIXTURES) as editor:
        yield editor


@pytest.fixture
def session() -> Session:
    """Return a session of which the tests call the answers themselves."""
    return Session(date.fromisoformat(TODAY))
