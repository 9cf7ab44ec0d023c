"""Addresses of files, as editors on both kinds of systems write them."""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.lsp.uris import path_of, relative_path, uri_of


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///c%3A/Users/%E7%8E%8B/records/a%20b.md", "c:/Users/王/records/a b.md"),
        ("file:///C:/records/a.md", "C:/records/a.md"),
        ("file://localhost/d%3A/a.md", "d:/a.md"),
        ("file://server/share/records/a.md", "//server/share/records/a.md"),
        ("FILE:///c%3a/a.md", "c:/a.md"),
        ("file:///c%3A", "c:"),
    ],
)
def test_paths_of_windows(uri: str, path: str) -> None:
    assert path_of(uri, windows=True) == PureWindowsPath(path)


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///home/%E7%8E%8B/a%20b.md", "/home/王/a b.md"),
        ("file:///home/王/a b.md", "/home/王/a b.md"),
        ("file:///home/a%23b%3Fc.md", "/home/a#b?c.md"),
        ("file:///home/a#b.md", "/home/a#b.md"),
        ("file:///home/%FF.md", "/home/\udcff.md"),
        ("file:///c%3A/a.md", "/c:/a.md"),
    ],
)
def test_paths_elsewhere(uri: str, path: str) -> None:
    assert path_of(uri, windows=False) == PurePosixPath(path)


@pytest.mark.parametrize(
    "uri", ["", "untitled:Untitled-1", "git:/a.md?HEAD", "https://x/a.md", "file:///a%00b", "//["]
)
def test_what_is_no_file(uri: str) -> None:
    assert path_of(uri, windows=True) is None
    assert path_of(uri, windows=False) is None


def test_addresses_of_windows_have_a_small_drive_and_no_colon() -> None:
    assert uri_of(PureWindowsPath("C:\\王\\a b.md")) == "file:///c%3A/%E7%8E%8B/a%20b.md"
    assert uri_of(PureWindowsPath("\\\\server\\share\\a.md")) == "file://server/share/a.md"


NAMES = st.text(st.characters(exclude_characters='/\\\0:<>|"?*', exclude_categories=["Cs"])).filter(
    lambda name: name.strip(". ") and name == name.strip()
)


@given(st.lists(NAMES, min_size=1, max_size=4))
def test_an_address_leads_back_to_its_path(names: list[str]) -> None:
    posix = PurePosixPath("/", *names)
    assert path_of(uri_of(posix), windows=False) == posix
    windows = PureWindowsPath("c:/", *names)
    assert path_of(uri_of(windows), windows=True) == windows


def test_windows_knows_no_case_in_folders() -> None:
    path = PureWindowsPath("C:\\Team\\Records\\A.md")
    assert relative_path(path, PureWindowsPath("c:\\team")) == "Records/A.md"
    assert relative_path(PurePosixPath("/Team/a.md"), PurePosixPath("/team")) is None
