"""Which files a site publishes: those below `attachments/` that a record names, no others."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

import pytest

from tracker.site.attachments import Attachments

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "workspace"
    for path in (
        "attachments/a/报价.pdf",
        "attachments/unnamed.txt",
        "records/a.md",
        "tracker.yaml",
    ):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(path, encoding="utf-8")
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    (root / "attachments" / "file.txt").symlink_to(tmp_path / "secret.txt")
    (root / "attachments" / "folder").symlink_to(tmp_path)
    (root / "attachments" / "inner.pdf").symlink_to(root / "attachments" / "a" / "报价.pdf")
    return root


def test_what_a_record_names_is_published(root: Path) -> None:
    attachments = Attachments(root)
    named = "attachments/a/报价.pdf"
    assert attachments.publish(named) == named
    assert attachments.publish("attachments\\a\\报价.pdf") == named
    assert (
        attachments.publish_link("records/a.md", "../attachments/a/%E6%8A%A5%E4%BB%B7.pdf") == named
    )
    assert attachments.publish("attachments/inner.pdf") == "attachments/inner.pdf"


@pytest.mark.parametrize(
    "target", ["//[x", "//a\u2100b/c", "http://a]/b", "https://x.example/a", "#a"]
)
def test_a_link_to_no_file_of_ours_publishes_nothing(root: Path, target: str) -> None:
    attachments = Attachments(root)
    assert attachments.publish_link("records/a.md", target) is None
    assert attachments.take_asked() == {}


@pytest.mark.parametrize(
    "path",
    [
        "attachments/missing.pdf",
        "attachments",
        "attachments/a",
        "attachments/../tracker.yaml",
        "tracker.yaml",
        "records/a.md",
        "../secret.txt",
        "/etc/hostname",
        "C:\\secret.txt",
        "attachments/\0",
        "attachments/file.txt",
        "attachments/folder/secret.txt",
    ],
)
def test_nothing_else_is_published(root: Path, path: str) -> None:
    attachments = Attachments(root)
    assert attachments.publish(path) is None
    assert attachments.take_asked() == {posixpath.normpath(path.replace("\\", "/")): False}
