"""Folders of earlier runs: out of the way of the next, and deleted only where there is no room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.aside import put_aside

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_folders_are_kept_beside_each_other(tmp_path: Path) -> None:
    site = tmp_path / "cold" / "output"
    put_aside(site)  # There is none yet.
    for text in ("first", "second"):
        site.mkdir(parents=True, exist_ok=True)
        (site / "index.html").write_text(text, "utf-8")
        put_aside(site)
        assert not site.exists()
    kept = [file.read_text("utf-8") for file in (tmp_path / "used").rglob("index.html")]
    assert sorted(kept) == ["first", "second"]


def test_a_folder_is_deleted_where_there_is_no_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bench.aside._ROOM", 10**18)
    site = tmp_path / "cold" / "output"
    site.mkdir(parents=True)
    put_aside(site)
    assert not site.exists()
    assert not (tmp_path / "used").exists()
