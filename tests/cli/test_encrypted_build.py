"""`tracker build --encrypt`: where the passphrase comes from, and what is refused."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tests.cli.pseudo_terminal import Conversation
from tests.encrypted_reader import EncryptedReader
from tracker.cli.passphrase import new_passphrase
from tracker.site.writer import own_files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.conftest import Tracker

pytestmark = pytest.mark.usefixtures("few_numbers")

BUILD = ("build", "--today", "2026-11-24", "--encrypt")
PASSPHRASE = "correct horse battery"  # noqa: S105  # it protects nothing
PROBLEMS = 1  # The workspace has a record with an error: it is built all the same.
WRONG_USE = 2


@pytest.fixture(autouse=True)
def _no_passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRACKER_PASSPHRASE", raising=False)


def test_the_environment_may_hold_it(tracker: Tracker, english: Path) -> None:
    ended = tracker(english, *BUILD, TRACKER_PASSPHRASE=PASSPHRASE)
    assert (ended.code, ended.out) == (PROBLEMS, f"{english / 'output' / 'index.html'}\n")
    assert b"Acme Pumps" in EncryptedReader(english / "output", PASSPHRASE).read("index.html")
    assert PASSPHRASE not in ended.err


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\N{ZERO WIDTH NO-BREAK SPACE}"])
def test_a_file_may_hold_it_as_editors_write_it(tmp_path: Path, end: str, mark: str) -> None:
    file = tmp_path / "secret.txt"
    file.write_text(f"{mark}铁观音炒青菜雨伞灯{end}", "utf-8", newline="")
    assert new_passphrase(file, str) == "铁观音炒青菜雨伞灯"


def test_a_file_comes_before_the_environment(tracker: Tracker, chinese: Path) -> None:
    (chinese / "secret.txt").write_text("铁观音炒青菜雨伞灯\n", "utf-8")
    ended = tracker(
        chinese, *BUILD, "--passphrase-file", "secret.txt", TRACKER_PASSPHRASE=PASSPHRASE
    )
    assert ended.code == PROBLEMS
    assert EncryptedReader(chinese / "output", "铁观音炒青菜雨伞灯").read("index.html")


def files(workspace: Path) -> Iterator[tuple[list[str], dict[str, str], str]]:
    """Yield arguments and variables that give no good passphrase, and what is said."""
    contents = {"empty": b"", "blank": b"\n", "gbk": "铁观音炒青菜雨伞灯".encode("gbk")}
    for name, content in contents.items():
        (workspace / name).write_bytes(content)
    yield [], {}, "--encrypt needs a passphrase"
    yield [], {"TRACKER_PASSPHRASE": ""}, "the passphrase is empty"
    yield [], {"TRACKER_PASSPHRASE": "hunter2"}, "15 characters at least"
    for name in ("empty", "blank"):
        yield ["--passphrase-file", name], {}, "the passphrase is empty"
    yield ["--passphrase-file", "gbk"], {}, "gbk: the text is not UTF-8"
    yield ["--passphrase-file", "output/p"], {}, "p would be published with the site"
    yield ["--passphrase-file", "nowhere"], {}, "nowhere: No such file or directory"


def test_without_a_good_one_nothing_is_built(tracker: Tracker, english: Path) -> None:
    for arguments, environment, why in files(english):
        with pytest.MonkeyPatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(name, value)
            ended = tracker(english, *BUILD, *arguments)
        assert (ended.code, ended.out) == (WRONG_USE, ""), why
        assert why in ended.err
        assert not (english / "output").exists()


def test_it_is_never_an_argument(tracker: Tracker, english: Path) -> None:
    ended = tracker(english, *BUILD, "--passphrase", PASSPHRASE)
    assert ended.code == WRONG_USE
    ended = tracker(english, "build", "--passphrase-file", "secret.txt")
    assert ended.code == WRONG_USE
    assert "--encrypt" in ended.err


def test_it_is_refused_in_the_language_of_the_workspace(tracker: Tracker, chinese: Path) -> None:
    assert "--encrypt 需要口令" in tracker(chinese, *BUILD).err
    (chinese / "weak").write_text("hunter2", "utf-8")
    assert "口令太弱" in tracker(chinese, *BUILD, "--passphrase-file", "weak").err


def test_without_the_library_it_is_said_how_to_install_it(
    tracker: Tracker, english: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [each for each in sys.modules if each.partition(".")[0] == "cryptography"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "cryptography", None)
    ended = tracker(english, *BUILD, TRACKER_PASSPHRASE=PASSPHRASE)
    assert ended.code == 3
    assert "pip install 'tracker-records[encrypt]'" in ended.err


def test_nothing_is_kept_of_it_and_a_plain_build_comes_back(
    tracker: Tracker, english: Path
) -> None:
    plain = ("build", "--today", "2026-11-24")
    tracker(english, *plain)
    before = own_files(english / "output")
    tracker(english, *BUILD, TRACKER_PASSPHRASE=PASSPHRASE)
    assert not own_files(english / "output") & before - {"index.html"}
    ended = tracker(english, *plain)
    assert "nothing has changed" not in ended.err
    assert own_files(english / "output") == before
    assert "Acme Pumps" in (english / "output" / "index.html").read_text("utf-8")


def test_what_else_is_in_the_folder_is_named(tracker: Tracker, english: Path) -> None:
    (english / "output").mkdir()
    (english / "output" / ".nojekyll").write_bytes(b"")
    ended = tracker(english, *BUILD, TRACKER_PASSPHRASE=PASSPHRASE)
    assert "was in its folder: .nojekyll" in ended.err
    ended = tracker(english, *BUILD, "--clean", TRACKER_PASSPHRASE=PASSPHRASE)
    assert ".nojekyll" not in ended.err


@pytest.mark.slow
@pytest.mark.parametrize(
    ("typed", "code", "said"),
    [
        ((PASSPHRASE, PASSPHRASE), PROBLEMS, "records: 5"),
        ((PASSPHRASE, "correct horse batterz"), WRONG_USE, "are not the same"),
        (("", ""), WRONG_USE, "the passphrase is empty"),
    ],
)
def test_on_a_terminal_it_is_typed_twice_unseen(
    english: Path, typed: tuple[str, str], code: int, said: str
) -> None:
    with Conversation(english, ["-m", "tracker", *BUILD]) as talk:
        talk.wait_for("15 characters at least")
        for question, answer in zip(("Passphrase:", "Once more:"), typed, strict=True):
            talk.wait_for(question)
            talk.type(f"{answer}\n")
        talk.wait_for(said)
        assert talk.end() == code
    assert PASSPHRASE not in talk.shown
