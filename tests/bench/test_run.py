"""The benchmarks as a whole, over ten customers, and what they need."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bench.generate import generate
from bench.peer_builds import INSTALLED, PEERS, Installed, installed_peers
from bench.results import COLD, COMMANDS, read_result, write_result
from bench.results_page import page_of
from bench.scopes import SCOPES, Scope
from bench.session import run
from bench.stages import STAGES

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.slow
def test_a_tiny_run_measures_all_of_ours_and_can_be_kept(tmp_path: Path) -> None:
    # One test: each run builds half a dozen sites.
    tiny = run("tiny", with_peers=False)
    subjects = [(group.subject, group.customers) for group in tiny.groups]
    assert subjects == [(COLD, 10), (COMMANDS, 10)]
    series = [each for group in tiny.groups for each in group.series]
    assert all(len(each.wall) == len(each.cpu) == 1 for each in series)
    assert all(each.wall[0] > 0 for each in series)
    assert tiny.groups[0].baseline == "tracker build"
    pages = tiny.groups[0].series[0].pages
    assert pages is not None
    assert pages > 10
    assert [list(each.seconds) for each in tiny.stages] == [list(STAGES)]
    assert tiny.left_out == ["Other programs: not asked for"]
    write_result(tmp_path / "result.json", tiny)
    assert read_result(tmp_path / "result.json") == tiny
    page = page_of(tiny)
    names = [each.name for each in series]
    assert all(f"| {name} |" in page for name in [*names, *STAGES, *tiny.versions])


@pytest.mark.slow
def test_what_can_be_left_out_is_when_the_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    (size,) = SCOPES["tiny"].sizes
    monkeypatch.setattr("bench.session.SCOPES", {"tiny": Scope((size,), seconds=0)})
    result = run("tiny", with_peers=False)
    assert [group.subject for group in result.groups] == [COLD]
    assert result.left_out[1:] == [
        "stages, 10 customers: the time was over",
        "commands, 10 customers: the time was over",
    ]


def test_peers_that_are_not_installed_say_how_to_install_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bench.peer_builds.INSTALLED", tmp_path / INSTALLED.name)
    missing = Installed(problem="not installed; make bench-peers does it")
    assert installed_peers() == {peer.name: missing for peer in PEERS}
    (tmp_path / INSTALLED.name).write_text('{"Hugo": {"program": ["/no/such"]}}', "utf-8")
    assert installed_peers()["Hugo"] == missing


def test_every_peer_has_its_templates() -> None:
    assert all(any(peer.folder.iterdir()) for peer in PEERS)


def test_records_are_the_same_for_the_same_seed_and_size(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        generate(tmp_path / name, 5, seed=seed)
    texts = {
        name: [file.read_bytes() for file in sorted((tmp_path / name).rglob("*.md"))]
        for name in "abc"
    }
    assert texts["a"] == texts["b"] != texts["c"]
    sizes = [len(text) for text in texts["a"]]
    assert 3000 < sum(sizes) / len(sizes) < 6000
