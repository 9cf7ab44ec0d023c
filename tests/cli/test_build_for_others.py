"""`tracker build --profile` and `--only`: who may see what, and what is said of it."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from tracker.translation import translations

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Tracker

pytestmark = pytest.mark.usefixtures("few_numbers")

BUILD = ("build", "--today", "2026-11-24")
WRONG_USE = 2
FAILED = 3

RECORD = """\
---
name: {name}
stage: proposal
level: {level}
owner: Li Lei
created: 2026-09-01
value: 483700 CNY
contacts:
  - name: {contact}
    phone: "13800001111"
---
"""

SETTINGS = """\
language: en
owners: [Li Lei]
profiles:
  partners: {hide: [phone, amounts], only: "level:A"}
  press: {hide: [contacts, created]}
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "records").mkdir()
    (tmp_path / "tracker.yaml").write_text(SETTINGS, encoding="utf-8")
    for name, level, contact in (("Acme Pumps", "A", "Zhao Wenqi"), ("Bolt Works", "B", "张")):
        text = RECORD.format(name=name, level=level, contact=contact)
        file = tmp_path / "records" / f"{name.lower().replace(' ', '-')}.md"
        file.write_text(text, encoding="utf-8")
    return tmp_path


def test_profile_withholds_and_says_what_was_proved(tracker: Tracker, workspace: Path) -> None:
    ended = tracker(workspace, *BUILD, "--profile", "partners")
    assert ended.code == 0
    assert ended.out == f"{workspace / 'output' / 'index.html'}\n"
    assert "withheld values: " in ended.err
    assert "found in none of" in ended.err
    # What is printed may end in a log.
    assert "13800001111" not in ended.err
    pages = sorted(file.name for file in (workspace / "output/customers").glob("*.html"))
    assert pages == ["acme-pumps.html", "index.html"]
    assert "13800001111" not in (workspace / "output/customers/acme-pumps.html").read_text("utf-8")


def test_query_and_profile_must_both_hold(tracker: Tracker, workspace: Path) -> None:
    tracker(workspace, *BUILD, "--profile", "partners", "--only", "name:Bolt")
    assert [file.name for file in (workspace / "output/customers").glob("*.html")] == ["index.html"]


def test_query_alone(tracker: Tracker, workspace: Path) -> None:
    assert tracker(workspace, *BUILD, "--only", "level:B").code == 0
    assert (workspace / "output/customers/bolt-works.html").exists()
    assert not (workspace / "output/customers/acme-pumps.html").exists()


def test_names_that_cannot_be_proved_are_listed(tracker: Tracker, workspace: Path) -> None:
    ended = tracker(workspace, *BUILD, "--profile", "press", "--proof", "proof.json")
    assert "not proved (too short" in ended.err
    assert "names and numbers among them: contacts.name records/bolt-works.md" in ended.err
    proof = json.loads((workspace / "proof.json").read_text("utf-8"))
    assert proof["found"] == []
    assert {
        "reason": "short",
        "record": "records/bolt-works.md",
        "field": "contacts.name",
        "value": "张",
    } in proof["not_proved"]
    assert {"own-files"} == {
        each["reason"] for each in proof["not_proved"] if each["field"] == "created"
    }


def test_leak_fails_and_is_named(tracker: Tracker, workspace: Path) -> None:
    tracker(workspace, *BUILD, "--profile", "partners")
    before = (workspace / "output/index.html").read_bytes()
    (workspace / "site_templates/assets").mkdir(parents=True)
    (workspace / "site_templates/assets/own.js").write_text("'138\\u002d0000\\u002d1111'", "utf-8")
    ended = tracker(workspace, *BUILD, "--profile", "partners", "--proof", "proof.json")
    assert (ended.code, ended.out) == (FAILED, "")
    assert "assets/own.js (contacts.phone of records/acme-pumps.md)" in ended.err
    assert (workspace / "output/index.html").read_bytes() == before
    found = json.loads((workspace / "proof.json").read_text("utf-8"))["found"]
    assert {each["file"] for each in found} == {"assets/own.js"}


def test_site_for_others_and_for_all_take_turns(tracker: Tracker, workspace: Path) -> None:
    """Nothing is taken over from one to the other, though both are in the same folder."""
    tracker(workspace, *BUILD)
    whole = (workspace / "output/customers/acme-pumps.html").read_bytes()
    assert b"13800001111" in whole
    ended = tracker(workspace, *BUILD, "--profile", "partners")
    assert "nothing has changed" not in ended.err
    assert b"13800001111" not in (workspace / "output/customers/acme-pumps.html").read_bytes()
    tracker(workspace, *BUILD)
    assert (workspace / "output/customers/acme-pumps.html").read_bytes() == whole


def test_encrypted_site_of_a_profile_is_searched_before_it_is_encrypted(
    tracker: Tracker, workspace: Path
) -> None:
    pytest.importorskip("cryptography")
    arguments = (*BUILD, "--profile", "partners", "--encrypt")
    secret = {"TRACKER_PASSPHRASE": "correct horse battery"}
    assert tracker(workspace, *arguments, **secret).code == 0
    shutil.rmtree(workspace / "output")
    (workspace / "site_templates/assets").mkdir(parents=True)
    (workspace / "site_templates/assets/own.js").write_text("13800001111", encoding="utf-8")
    ended = tracker(workspace, *arguments, **secret)
    assert ended.code == FAILED
    assert "assets/own.js" in ended.err


def test_problems_are_counted_of_the_records_that_are_shown(
    tracker: Tracker, workspace: Path
) -> None:
    for name, level in (("shown", "A"), ("other", "C")):
        (workspace / f"records/{name}.md").write_text(
            f"---\nname: {name}\nshort: {name} only\nstage: proposal\nlevel: {level}\n"
            "owner: 李雷\nbudgett: 1\n---\n",
            encoding="utf-8",
        )
    whole = tracker(workspace, *BUILD)
    only = tracker(workspace, *BUILD, "--only", 'level:A "shown only"')
    told = [int(ended.err.rsplit("warnings: ", 1)[1].split()[0]) for ended in (whole, only)]
    assert (only.code, told[1]) == (0, 3), only.err
    assert told[0] >= 2 * told[1]
    # Nobody knows whether it would be shown.
    (workspace / "records/unread.md").write_text("no front matter\n", encoding="utf-8")
    unread = tracker(workspace, *BUILD, "--only", 'level:A "shown only"')
    assert (unread.code, unread.err.count("errors: 1")) == (1, 1), unread.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--profile", "partner"], "did you mean ‘partners’?"),
        (["--profile", "xyz"], "known are: partners, press"),
        (["--only", "levle:A"], "did you mean ‘level’?"),
        (["--only", " "], "--only is empty"),
        (["--proof", "x.json"], "--proof is for --profile and --only"),
        (["--profile", "press", "--proof", "output/x.json"], "would be published with the site"),
    ],
)
def test_wrong_use(tracker: Tracker, workspace: Path, arguments: list[str], said: str) -> None:
    ended = tracker(workspace, *BUILD, *arguments)
    assert ended.code == WRONG_USE
    assert said in ended.err
    assert not (workspace / "output").exists()


def test_without_profiles(tracker: Tracker, workspace: Path) -> None:
    (workspace / "tracker.yaml").write_text("language: zh\n", encoding="utf-8")
    ended = tracker(workspace, *BUILD, "--profile", "press")
    assert ended.code == WRONG_USE
    assert translations("zh").gettext("there are no profiles in tracker.yaml") in ended.err


@pytest.mark.parametrize(
    ("profiles", "place"),
    [
        ("p: {hide: [fone]}", "4:14: error[config-invalid]"),
        ("p: {hidden: [phone]}", "4:7: warning[config-unknown-key]"),
        ('p: {only: "levle:A"}', "4:14: error[view-query]"),
    ],
)
def test_mistakes_in_profiles_are_located_and_stop_the_build(
    tracker: Tracker, workspace: Path, profiles: str, place: str
) -> None:
    settings = f"language: en\nowners: [Li Lei]\nprofiles:\n  {profiles}\n"
    (workspace / "tracker.yaml").write_text(settings, encoding="utf-8")
    assert f"tracker.yaml:{place}" in tracker(workspace, "check").out
    assert tracker(workspace, *BUILD, "--profile", "p").code in (WRONG_USE, FAILED)
    assert not (workspace / "output").exists()
