"""Pages compared with those reviewed before; `pytest --snapshot-update` accepts new ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

if TYPE_CHECKING:
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion


class HtmlFile(SingleFileSnapshotExtension):
    """One page, one file."""

    _write_mode = WriteMode.TEXT
    file_extension = "html"


PAGES = {
    "agenda": "agenda.html",
    "board": "board.html",
    "commitments": "commitments.html",
    "customer": "customers/full.html",
    "customer-after-sales": "customers/export.html",
    "customer-hostile": "customers/evil.html",
    "customer-lost": "customers/lost.html",
    "customer-unreadable": "customers/encoding.html",
    "customers": "customers/index.html",
    "dashboard": "index.html",
    "overdue": "overdue.html",
    "owner": "owners/李雷.html",
    "owners": "owners/index.html",
    "problems": "problems.html",
    "service": "service.html",
    "stage": "stages/negotiation.html",
    "stages": "stages/index.html",
}


@pytest.mark.parametrize("name", PAGES)
def test_page_is_as_reviewed(name: str, site: dict[str, str], snapshot: SnapshotAssertion) -> None:
    page = site[PAGES[name]]
    if name != "dashboard":  # what is the same on every page is reviewed once
        page = page[page.index("<main") : page.index("</main>")]
    assert page == snapshot(extension_class=HtmlFile)


CUT_PAGES = {
    "cut-overdue": "overdue.html",
    "cut-list": "owners/李雷/overdue/page-2.html",
    "cut-promises": "commitments/open.html",
}


@pytest.mark.parametrize("name", CUT_PAGES)
def test_long_list_is_as_reviewed(name: str, built_cut: Path, snapshot: SnapshotAssertion) -> None:
    page = (built_cut / CUT_PAGES[name]).read_text("utf-8")
    page = page[page.index("<main") : page.index("</main>")]
    assert page == snapshot(extension_class=HtmlFile)
