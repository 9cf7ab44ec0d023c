"""Which file a request asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.server.files import content_type, find_file, site_path

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("/", ""),
        ("/index.html", "index.html"),
        ("/customers/", "customers/"),
        ("/customers/a%20b.html?x=1#y", "customers/a b.html"),
        ("/owners/%E6%9D%8E%E9%9B%B7.html", "owners/李雷.html"),
        ("/attachments/50%25.pdf", "attachments/50%.pdf"),
    ],
)
def test_paths_of_a_site(target: str, path: str) -> None:
    assert site_path(target) == path


@pytest.mark.parametrize(
    "target",
    [
        "index.html",
        "http://example.com/index.html",
        "*",
        "//example.com/x",
        "/a//b",
        "/..",
        "/../tracker.yaml",
        "/a/../b",
        "/%2e%2e/tracker.yaml",
        "/..%2ftracker.yaml",
        "/a%2Fb",
        "/a%5cb",
        "/a\\b",
        "/a%00b",
        "/a%0ab",
        "/C:/Windows/win.ini",
        "/c:x",
        "/.tracker-site.json",
        "/.gitignore",
        "/a/.b/c",
        "/%ff",
        "/%c0%ae%c0%ae/x",
    ],
)
def test_paths_that_no_site_has(target: str) -> None:
    assert site_path(target) is None


@given(st.text(max_size=40).map(lambda text: f"/{text}"))
def test_no_path_leads_out(target: str) -> None:
    path = site_path(target)
    if path is not None:
        assert not path.startswith(("/", "\\"))
        assert ".." not in path.split("/")
        assert "\\" not in path
        assert "\0" not in path


def test_links_are_followed_within_the_site_only(tmp_path: Path) -> None:
    site = tmp_path / "site"
    (site / "a").mkdir(parents=True)
    (site / "page.html").write_text("page")
    (tmp_path / "secret.txt").write_text("secret")
    (site / "out.txt").symlink_to(tmp_path / "secret.txt")
    (site / "up").symlink_to(tmp_path, target_is_directory=True)
    (site / "round").symlink_to("round")
    (site / "again.html").symlink_to("page.html")
    assert find_file(site, "page.html") == site / "page.html"
    assert find_file(site, "again.html") == site / "page.html"
    for path in ("out.txt", "up/secret.txt", "round", "a", "", "absent.html", "x" * 5000):
        assert find_file(site, path) is None


@pytest.mark.parametrize(
    ("path", "data", "kind"),
    [
        ("index.html", "名".encode(), "text/html; charset=utf-8"),
        ("assets/today.js", b"x", "text/javascript; charset=utf-8"),
        ("assets/site.css", b"x", "text/css; charset=utf-8"),
        ("data/customers.json", b"[]", "application/json; charset=utf-8"),
        ("feed.xml", b"<feed/>", "application/atom+xml; charset=utf-8"),
        ("followups.ics", b"x", "text/calendar; charset=utf-8"),
        ("customers/a.vcf", b"x", "text/vcard; charset=utf-8"),
        ("attachments/a.PDF", b"%PDF", "application/pdf"),
        ("attachments/a.svg", b"<svg/>", "image/svg+xml"),
        ("attachments/old.txt", "报价".encode("gbk"), "text/plain"),
        ("attachments/a.unheard-of", b"x", "application/octet-stream"),
    ],
)
def test_content_types(path: str, data: bytes, kind: str) -> None:
    assert content_type(path, data) == kind
