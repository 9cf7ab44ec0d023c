"""Measuring how soon pages can be used: `bench/pages.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.pages import open_pages

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

_BUSY_LATER = """
setTimeout(() => { const end = performance.now() + 300; while (performance.now() < end); }, 100);
"""


def test_a_page_can_be_used_when_its_last_long_task_has_ended(
    tmp_path: Path, chromium: Browser
) -> None:
    (tmp_path / "plain.html").write_text("<p>Hello", encoding="utf-8")
    (tmp_path / "busy.html").write_text(f"<script>{_BUSY_LATER}</script>", encoding="utf-8")
    folder = tmp_path / "customers"
    folder.mkdir()
    (folder / "a.html").write_text("<p>" + "a" * 9, encoding="utf-8")
    (folder / "b.html").write_text("<p>" + "".join(map(str, range(99))), encoding="utf-8")
    opened = {each.page: each for each in open_pages(chromium, tmp_path, 2)}
    assert sorted(opened) == ["busy.html", "customers/b.html", "plain.html"]
    assert all(len(each.milliseconds) == 2 for each in opened.values())
    assert min(opened["busy.html"].milliseconds) >= 400
    assert next(iter(opened)) == "busy.html"
    assert opened["customers/b.html"].compressed > opened["plain.html"].compressed
