"""A small workspace that uses every element of a record, and its site."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tracker.insight.day import Day, day_of
from tracker.library.loader import load_library
from tracker.site import chunks, sections
from tracker.site.attachments import Attachments
from tracker.site.build import build_site
from tracker.site.markdown import MarkdownRenderer
from tracker.site.page import Site as SharedSite
from tracker.site.pages import site_pages
from tracker.site.render import SiteRenderer

if TYPE_CHECKING:
    from collections.abc import Callable

WORKSPACE = Path(__file__).parent / "workspace"
TODAY = date(2026, 11, 24)

Site = dict[str, str]


def render_site(root: Path, today: date = TODAY) -> Site:
    """Return the pages of a workspace's site by path."""
    day = day_of(load_library(root), today)
    renderer = SiteRenderer(day.library.config, root, MarkdownRenderer(), Attachments(root))
    return {page.path: renderer.render(page) for page in site_pages(SharedSite.of(day))}


@pytest.fixture(scope="session")
def site() -> Site:
    """The site of the small workspace."""
    return render_site(WORKSPACE)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the small workspace's site, with every file of it."""
    output = tmp_path_factory.mktemp("site") / "output"
    build_site(WORKSPACE, output, TODAY)
    return output


@pytest.fixture(scope="session")
def built_cut(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with room for a row or two on a page, so that every list has pages of its own."""
    output = tmp_path_factory.mktemp("cut") / "output"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sections, "WHOLE", 3)
        patch.setattr(sections, "LEAST", 1)
        patch.setattr(chunks, "WHOLE", 1)
        patch.setattr(chunks, "ROWS_PER_PAGE", 1)
        build_site(WORKSPACE, output, TODAY)
    return output


@pytest.fixture(scope="session")
def day() -> Day:
    """The small workspace on its day."""
    return day_of(load_library(WORKSPACE), TODAY)


@pytest.fixture
def build(tmp_path: Path) -> Callable[..., Site]:
    """Render a workspace made of `records={name: text}`, `config` and `templates={name: text}`."""

    def make(
        records: dict[str, str], config: str = "", templates: dict[str, str] | None = None
    ) -> Site:
        (tmp_path / "tracker.yaml").write_text(config, "utf-8")
        for folder, files in (("records", records), ("site_templates", templates or {})):
            for name, text in files.items():
                path = tmp_path / folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, "utf-8")
        return render_site(tmp_path)

    return make
