"""The page of a former id leads to the customer's page, without script and from a file manager."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.site.conftest import TODAY, WORKSPACE
from tracker.insight.day import day_of
from tracker.library.loader import load_library
from tracker.site.build import build_site
from tracker.site.urls import SiteUrls

if TYPE_CHECKING:
    from pathlib import Path

RECORD = "---\nname: {name}\nstage: 初步接触\nowner: 李雷\naliases: [{aliases}]\n---\n"


def addresses(root: Path, **aliases: str) -> dict[str, str]:
    folder = root / "records"
    folder.mkdir(parents=True, exist_ok=True)
    (root / "tracker.yaml").write_text("language: zh\n", "utf-8")
    for name, former in aliases.items():
        folder.joinpath(f"{name}.md").write_text(RECORD.format(name=name, aliases=former), "utf-8")
    return SiteUrls(day_of(load_library(root), TODAY)).aliases


def test_it_redirects_and_links_to_the_page(site: dict[str, str]) -> None:
    page = site["customers/hu-li-qing.html"]
    assert '<meta http-equiv="refresh" content="0; url=../customers/late.html">' in page
    assert '<link rel="canonical" href="../customers/late.html">' in page
    assert '<meta name="robots" content="noindex">' in page
    main = page[page.index("<main") : page.index("</main>")]
    assert re.search(r'<a href="\.\./customers/late\.html">\S+</a>', main)
    assert "宜兴壶里晴陶艺有限公司" in main


def test_a_page_that_is_another_ones_stays(tmp_path: Path) -> None:
    found = addresses(tmp_path, a="b, A, C, index, page-2, x/y, old", b="OLD, older")
    assert found == {
        "customers/C.html": "records/a.md",
        "customers/old.html": "records/a.md",
        "customers/older.html": "records/b.md",
    }


def test_it_is_of_the_site_and_goes_with_the_alias(tmp_path: Path) -> None:
    root, output = tmp_path / "workspace", tmp_path / "output"
    assert addresses(root, a="gone")
    build_site(root, output, TODAY)
    assert (output / "customers/gone.html").is_file()
    addresses(root, a="other")
    build_site(root, output, TODAY)
    assert not (output / "customers/gone.html").exists()
    assert (output / "customers/other.html").is_file()


def test_the_small_workspace_has_some() -> None:
    assert SiteUrls(day_of(load_library(WORKSPACE), TODAY)).aliases == {
        "customers/hu-li-qing.html": "records/late.md"
    }
