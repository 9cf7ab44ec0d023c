"""What is wrong in a workspace is the same in the editor, saved or not, as `tracker check` says."""

from __future__ import annotations

import shutil
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.lsp.conftest import FIXTURES, WORKSPACES
from tests.lsp.editor import TODAY, Editor
from tests.rules.conftest import diagnose_workspace
from tests.rules.test_cases import OF_BYTES, read_case
from tracker.lsp.workspace import OpenWorkspace
from tracker.rules.registry import all_rules
from tracker.rules.rule import Origin

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from tracker.diagnostics import Diagnostic

DAY = date.fromisoformat(TODAY)
OF_FILES = sorted(
    code
    for code, rule in all_rules().items()
    if code not in OF_BYTES and rule.origin is not Origin.CHANGE
)
SOUND = "---\nname: 恒达\nstage: 未成交\nowner: 李雷\nlost: {reason: 价格}\n---\n"


def sorted_of(workspace: OpenWorkspace) -> tuple[Diagnostic, ...]:
    found = (each for diagnostics in workspace.diagnostics().values() for each in diagnostics)
    return tuple(sorted(found, key=lambda each: each.sort_key))


def write(root: Path, files: Mapping[str, str | bytes]) -> None:
    for path, content in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)


def settle(workspace: OpenWorkspace) -> None:
    for _ in workspace.settle():
        pass


def files_of(root: Path) -> Iterable[Path]:
    yield root / "tracker.yaml"
    yield from sorted(root.glob("records/**/*.md"))


@pytest.mark.parametrize("root", FIXTURES, ids=lambda root: str(root.relative_to(WORKSPACES)))
def test_of_every_fixture_as_saved_and_as_opened(root: Path) -> None:
    checked = diagnose_workspace(root, DAY)
    workspace = OpenWorkspace(root, DAY)
    assert sorted_of(workspace) == checked
    for file in files_of(root):
        data = file.read_bytes()
        try:
            workspace.type(file.relative_to(root).as_posix(), data.decode())
        except UnicodeDecodeError:
            continue  # No editor can show the bytes; the file on the disk counts.
    settle(workspace)
    assert sorted_of(workspace) == checked


@pytest.mark.parametrize("code", OF_FILES)
def test_of_every_rule_in_texts_that_are_not_saved(code: str, tmp_path: Path) -> None:
    case = read_case(code, "bad")
    saved, typed = tmp_path / "saved", tmp_path / "typed"
    write(saved, {"tracker.yaml": "", **case.files})
    write(typed, {"tracker.yaml": "", "records/other/_none.md": ""})
    for attachment in saved.glob("attachments/**/*"):
        if attachment.is_file():
            write(typed, {attachment.relative_to(saved).as_posix(): attachment.read_bytes()})
    workspace = OpenWorkspace(typed, DAY)
    for path, text in case.files.items():
        if not path.startswith("attachments/"):
            workspace.type(path, text)
    if not workspace.settings.has_errors:
        settle(workspace)
        assert sorted_of(workspace) == diagnose_workspace(saved, DAY)
    found = {(each.path, *each.span[:2]) for each in sorted_of(workspace) if each.code == code}
    assert case.places <= found


def test_what_two_records_share_is_found_as_one_types(tmp_path: Path) -> None:
    write(tmp_path, {"tracker.yaml": "", "records/a.md": SOUND, "records/b.md": SOUND})
    workspace = OpenWorkspace(tmp_path, DAY)
    assert [each.code for each in workspace.diagnostics()["records/b.md"]] == ["duplicate-customer"]
    workspace.type("records/b.md", SOUND.replace("恒达", "远航"))
    assert workspace.diagnostics() == {}
    workspace.type("records/b.md", SOUND.replace("恒达", "远航").replace("name", "id: a\nname"))
    assert {path: [each.code for each in found] for path, found in workspace.diagnostics().items()}[
        "records/b.md"
    ] == ["duplicate-id"]
    workspace.type("records/b.md", None)
    assert "duplicate-customer" in {each.code for each in workspace.diagnostics()["records/b.md"]}


def test_a_record_that_was_never_saved_counts_while_it_is_open(tmp_path: Path) -> None:
    write(tmp_path, {"tracker.yaml": "", "records/b.md": SOUND})
    workspace = OpenWorkspace(tmp_path, DAY)
    workspace.type("records/a.md", SOUND)
    assert list(workspace.diagnostics()) == ["records/b.md"]
    workspace.type("records/a.md", None)
    assert workspace.diagnostics() == {}


def test_a_template_is_no_record(tmp_path: Path) -> None:
    write(tmp_path, {"tracker.yaml": "", "records/_template.md": "---\nname:\n---\n"})
    workspace = OpenWorkspace(tmp_path, DAY)
    workspace.type("records/_template.md", "---\nnam:\n---\n")
    assert workspace.diagnostics() == {}


def test_settings_with_errors_hold_for_records_only_when_they_are_saved(tmp_path: Path) -> None:
    settings = "language: zh\nstages: [潜在, {id: lost, label: 未成交, kind: lost}]\n"
    write(tmp_path, {"tracker.yaml": settings, "records/a.md": SOUND})
    workspace = OpenWorkspace(tmp_path, DAY)
    assert workspace.diagnostics() == {}
    # Unfinished: the stages that are known so far would leave the record without one.
    workspace.type("tracker.yaml", "language: zh\nstages: [潜在\n")
    settle(workspace)
    assert list(workspace.diagnostics()) == ["tracker.yaml"]
    # Finished: now the record has a stage that there is not.
    workspace.type("tracker.yaml", "language: zh\nstages: [潜在]\n")
    assert workspace.diagnostics() == {}  # Until the records are read anew.
    settle(workspace)
    assert list(workspace.diagnostics()) == ["records/a.md"]
    workspace.type("tracker.yaml", None)
    settle(workspace)
    assert workspace.diagnostics() == {}
    write(tmp_path, {"tracker.yaml": "language: zh\nstages: [潜在\n"})
    workspace.follow({"tracker.yaml"})
    settle(workspace)
    assert sorted_of(workspace) == diagnose_workspace(tmp_path, DAY)


def test_what_happens_between_two_steps_of_reading_anew_counts(tmp_path: Path) -> None:
    names = {f"records/{at:02}.md": SOUND.replace("恒达", f"公司{at:02}") for at in range(50)}
    write(tmp_path, {"tracker.yaml": "", **names})
    workspace = OpenWorkspace(tmp_path, DAY)
    write(tmp_path, {"tracker.yaml": "language: zh\nlevels: [A]\n"})
    workspace.follow({"tracker.yaml"})
    steps = workspace.settle()
    next(steps)
    next(steps)
    write(tmp_path, {"records/01.md": SOUND.replace("stage", "level: B\nstage")})
    (tmp_path / "records/02.md").unlink()
    workspace.follow({"records/01.md", "records/02.md"})
    workspace.type("records/03.md", SOUND.replace("恒达", "公司三").replace("stage", "stag"))
    for _ in steps:
        pass
    found = sorted_of(workspace)
    write(tmp_path, {"records/03.md": SOUND.replace("恒达", "公司三").replace("stage", "stag")})
    assert found == diagnose_workspace(tmp_path, DAY)


RECORDS = ["records/a.md", "records/b.md", "records/c/d.md"]
TEXTS = [
    SOUND,
    SOUND.replace("恒达", "远航"),
    SOUND.replace("stage", "id: a\nstage"),
    SOUND.replace("李雷", "[李雷"),
    "",
    "---\nname: x\nstage: 线索\nowner: 李雷\n---\n\n## 2026-11-20 电话\n\n- 联系人: 王芳\n",
]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["type", "save", "remove", "close"]),
        st.sampled_from(RECORDS),
        st.sampled_from(TEXTS),
    ),
    max_size=8,
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_any_series_of_edits_ends_as_if_all_were_saved(
    tmp_path: Path, steps: list[tuple[str, str, str]]
) -> None:
    shutil.rmtree(tmp_path)
    root, wanted = tmp_path / "open", tmp_path / "saved"
    write(root, {"tracker.yaml": "language: zh\n", "records/a.md": SOUND})
    workspace = OpenWorkspace(root, DAY)
    typed: dict[str, str] = {}
    for step, path, text in steps:
        match step:
            case "type":
                typed[path] = text
                workspace.type(path, text)
            case "close":
                typed.pop(path, None)
                workspace.type(path, None)
            case "save":
                write(root, {path: text})
                workspace.follow({path})
            case _:
                (root / path).unlink(missing_ok=True)
                workspace.follow({path})
        sorted_of(workspace)
    shutil.copytree(root, wanted)
    write(wanted, typed)
    assert sorted_of(workspace) == diagnose_workspace(wanted, DAY)


# --- Spoken with the process --------------------------------------------------------------------


def test_the_editor_is_told_of_what_is_wrong_in_every_file(editor: Editor) -> None:
    for root in FIXTURES:
        wanted: dict[str, list[str]] = {}
        for each in diagnose_workspace(root, DAY):
            wanted.setdefault((root / each.path).as_uri(), []).append(each.code)
        for uri, codes in wanted.items():
            editor.wait_until(lambda uri=uri, codes=codes: editor.codes(uri) == codes)


def test_problems_have_places_words_and_the_other_record(editor: Editor) -> None:
    root = WORKSPACES / "small-zh"
    uri = (root / "records/neu.md").as_uri()
    other = (root / "records/hengda.md").read_text("utf-8")
    editor.open(uri, other.replace("stage:", "stagx:"))
    found = {str(each.code): each for each in editor.problems(uri)}
    assert found["unknown-key"].message == "不认识“stagx”这个键\n是不是“stage”？"
    assert found["unknown-key"].source == "tracker"
    related = found["duplicate-customer"].related_information
    assert related
    assert related[0].location.uri == (root / "records/hengda.md").as_uri()
    editor.close(uri)
    editor.wait_until(lambda: editor.codes(uri) == [])


def test_files_that_others_write_are_followed(tmp_path_factory: pytest.TempPathFactory) -> None:
    root = tmp_path_factory.mktemp("followed")
    write(root, {"tracker.yaml": "", "records/a.md": SOUND})
    with Editor([root]) as editor:
        uri = (root / "records/b.md").as_uri()
        sound = (root / "records/a.md").as_uri()
        editor.open(sound, SOUND)
        assert editor.problems(sound) == []
        write(root, {"records/b.md": SOUND})
        editor.wait_until(lambda: editor.codes(uri) == ["duplicate-customer"])
        (root / "records/b.md").unlink()
        editor.wait_until(lambda: editor.codes(uri) == [])
