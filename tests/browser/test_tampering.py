"""A sample of the trial that changes files of encrypted sites."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from trials.tampering import CHANGES, Seal

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def seal(tmp_path_factory: pytest.TempPathFactory) -> Seal:
    """A small encrypted site."""
    return Seal.made_in(tmp_path_factory.mktemp("seal"))


def test_changed_files_are_refused(chromium: Browser, seal: Seal) -> None:
    assert len(seal.plain) > len(CHANGES)
    assert seal.attempt(chromium, 2 * len(CHANGES)) == []


def test_content_that_was_not_written_is_noticed(chromium: Browser, seal: Seal) -> None:
    script: Path = seal.folder / "shell" / "vault.js"
    text = script.read_text("utf-8")
    careless = text.replace('throw new Refused("damaged", path);', 'return utf8("anything");')
    assert careless != text
    script.write_text(careless, "utf-8")
    wrong = seal.attempt(chromium, len(CHANGES))
    script.write_text(text, "utf-8")
    # Others may have become what is no script any more, which never gets that far.
    assert {each.partition(" ")[0] for each in wrong} >= {"exchanged", "of_another_build"}
    assert all(each.endswith(": opened") for each in wrong)
