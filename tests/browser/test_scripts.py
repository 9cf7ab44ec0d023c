"""A sample of the trial of hostile texts (`python -m trials scripts`), and what it stands on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from tests.numbers_pages import ONE_OF_EACH, numbers_pages
from tracker.page_policy import SITE_POLICY
from trials.script_payloads import payloads
from trials.script_use import use_site
from trials.scripts import build_hostile_site, pages_to_open, ran_in_site, ran_raw

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

SAMPLE = payloads()[::12]


@pytest.fixture(scope="session")
def hostile_site(shared_folder: Path) -> Path:
    """The site of a workspace with the sample in everything that a page shows."""
    folder = shared_folder / "hostile"
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            folder.mkdir()
            with numbers_pages(ONE_OF_EACH):
                build_hostile_site(folder, SAMPLE, per_record=20)
    return folder / "site"


def test_there_are_enough_payloads_of_every_family() -> None:
    every = payloads()
    assert len(every) >= 300
    assert [each.number for each in every] == list(range(1, len(every) + 1))
    assert len({each.text for each in every}) == len(every)
    assert {each.family for each in SAMPLE} == {each.family for each in every}


def test_what_runs_is_seen_and_the_policy_stops_it(chromium: Browser, tmp_path: Path) -> None:
    seen = ran_raw(chromium, tmp_path, SAMPLE)
    assert len(seen.worked) > len(SAMPLE) / 3
    families = {each.family for each in SAMPLE if each.number in seen.worked}
    assert families >= {"script elements", "event handlers", "addresses", "mutations", "requests"}
    assert ran_raw(chromium, tmp_path, SAMPLE, SITE_POLICY).called == set()


@pytest.mark.parametrize("policy", [False, True], ids=["without-policy", "with-policy"])
def test_no_text_does_anything_in_a_site(
    chromium: Browser, hostile_site: Path, *, policy: bool
) -> None:
    seen = ran_in_site(chromium, hostile_site, policy=policy, later=not policy)
    assert seen.faults() == []
    opened = {page.as_uri() for page in pages_to_open(hostile_site)}
    # The page of a former id leads on at once.
    assert len(opened - seen.probed) <= 1


def test_no_text_does_anything_where_it_is_typed_or_linked(
    chromium: Browser, hostile_site: Path
) -> None:
    assert use_site(chromium, hostile_site, SAMPLE[::15], policy=False).faults() == []
