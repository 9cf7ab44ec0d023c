from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tracker.cli.language import preferred_language
from tracker.cli.main import COMMANDS
from tracker.config import CONFIG_NAME, find_workspace
from tracker.config_file import default_config, load_config, parse_config
from tracker.config_shape import ConfigFile
from tracker.format.parser import parse_record
from tracker.insight.day import day_of
from tracker.library.loader import load_library
from tracker.library.status import CommitmentState, NextState
from tracker.starter.record_template import built_in_template

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Tracker

pytestmark = pytest.mark.usefixtures("few_numbers")

LANGUAGES = ("zh", "en")
FILES = {
    ".editorconfig",
    ".gitattributes",
    ".github/workflows/tracker.yml",
    ".gitignore",
    ".gitlab-ci.yml",
    ".vscode/extensions.json",
    ".vscode/settings.json",
    ".vscode/tasks.json",
    ".vscode/tracker.code-snippets",
    "records/_template.md",
    "tracker.yaml",
}
EXAMPLES = {
    *("owners", "rates", "fields", "followup_fields"),
    *("rules", "views", "profiles", "costs", "edit_url"),
}
"""Settings that are nothing by default, so that an example stands in the comment."""


def files_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", *arguments],
        cwd=folder,
        env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    assert not done.stderr or "Switched" in done.stderr, done.stderr
    return done.stdout


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    """Return each language in turn."""
    chosen: str = request.param
    return chosen


@pytest.fixture
def made(tmp_path: Path, tracker: Tracker, language: str) -> Path:
    """Return a new workspace, in each language."""
    folder = tmp_path / "客户 资料"
    ended = tracker(tmp_path, "init", str(folder), "--lang", language)
    assert ended.code == 0, ended.err
    return folder


# --- A workspace that builds at once ----------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("demo", [[], ["--demo"]], ids=["empty", "demo"])
def test_it_checks_and_builds_at_once(
    tracker: Tracker, tmp_path: Path, language: str, demo: list[str]
) -> None:
    ended = tracker(tmp_path, "init", "客户 资料", "--lang", language, *demo)
    folder = tmp_path / "客户 资料"
    assert (ended.code, ended.out) == (0, f"{folder}\n")
    assert files_in(folder) >= FILES
    checked = tracker(folder, "check", "--format", "json")
    found = json.loads(checked.out)
    assert (checked.code, found["errors"], found["records"]) == (0, 0, 12 if demo else 0)
    if not demo:
        assert found["warnings"] == 0
        assert files_in(folder) - {path for path in files_in(folder) if "cache" in path} == FILES
    built = tracker(folder, "build")
    assert built.code == 0, built.err
    assert (folder / "output" / "index.html").is_file()


@pytest.mark.parametrize(("language", "words"), [("zh", "接下来"), ("en", "What comes next")])
def test_it_ends_with_three_lines_about_what_comes_next(
    tracker: Tracker, tmp_path: Path, language: str, words: str
) -> None:
    *notes, first, second, third, fourth = tracker(
        tmp_path, "init", "a", "--lang", language
    ).err.splitlines()
    lines = [first, second, third, fourth]
    told = ["note: the time zone is UTC and the currency USD; set yours in tracker.yaml"]
    assert notes == (told if language == "en" else [])
    assert words in lines[0]
    assert str(tmp_path / "a") in lines[0]
    named = [re.findall(r"tracker ([\w-]+)", line) for line in lines[1:]]
    assert named == [["new", "log"], ["build"], ["git-setup"]]
    # The first of them can be given as it stands, in a workspace that knows nobody yet.
    begin = re.match(r"tracker (new \S+( --\S+ \S+)*)", lines[1].strip())
    assert begin
    assert tracker(tmp_path / "a", *begin[1].split()).code == 0


def test_the_title_is_the_folder_s_name(tracker: Tracker, tmp_path: Path) -> None:
    for name in ("客户: #1", 'a "b" $title \\'):
        tracker(tmp_path, "init", name, "--lang", "zh")
        assert load_config(tmp_path / name)[0].title == name


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_TW"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "de_DE.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LC_ALL": "", "LANG": "zh"}, "zh"),
        ({}, "en"),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="Windows is asked where nothing is set")
def test_the_language_is_the_machine_s(environment: dict[str, str], language: str) -> None:
    assert preferred_language(environment) == language


def test_without_an_option_the_machine_s_language_is_taken(
    tracker: Tracker, tmp_path: Path
) -> None:
    tracker(tmp_path, "init", "a", LC_ALL="zh_CN.UTF-8")
    tracker(tmp_path, "init", "b", LC_ALL="C")
    assert load_config(tmp_path / "a")[0].language == "zh"
    assert load_config(tmp_path / "b")[0].language == "en"


# --- Settings ---------------------------------------------------------------------------------


def uncommented(text: str) -> str:
    return re.sub(r"^#(?! |$)|^#(?=  )", "", text, flags=re.MULTILINE)


def shape_of(model: dict[str, Any]) -> set[str]:
    """Return every name of a setting that a JSON Schema knows, in all its parts."""
    names = set(model.get("properties", ()))
    for part in model.get("$defs", {}).values():
        names |= set(part.get("properties", ()))
    return names


def test_every_setting_is_named(made: Path) -> None:
    text = (made / CONFIG_NAME).read_text(encoding="utf-8")
    whole = yaml.safe_load(uncommented(text))
    assert list(whole) == list(dict.fromkeys(whole))
    assert set(whole) == set(ConfigFile.model_fields)
    missing = {
        name
        for name in shape_of(ConfigFile.model_json_schema())
        if not re.search(rf"\b{name}\b", text)
    }
    assert missing == set()


def test_the_settings_in_comments_are_the_defaults(made: Path) -> None:
    text = (made / CONFIG_NAME).read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=#?[a-z])", uncommented(text))
    defaults = "\n".join(
        block for block in blocks if block.partition(":")[0] not in EXAMPLES | {"title"}
    )
    config, problems = parse_config(defaults)
    assert problems == []
    plain = default_config(config.language)
    for name in config.__struct_fields__:
        if name not in {"fingerprint", "rule_spans"}:
            value, default = getattr(config, name), getattr(plain, name)
            if name in {"stages", "levels", "owners"} or hasattr(default, "find_at_start"):
                value, default = list(value), list(default)
            assert value == default, name


def test_with_every_example_switched_on_there_is_no_problem(made: Path, tracker: Tracker) -> None:
    path = made / CONFIG_NAME
    path.write_text(uncommented(path.read_text(encoding="utf-8")), encoding="utf-8")
    ended = tracker(made, "check", "--format", "json")
    assert json.loads(ended.out)["problems"] == []
    config = load_config(made)[0]
    assert all(getattr(config, name) for name in EXAMPLES)


def test_a_new_setting_that_is_only_mentioned_nowhere_would_be_seen() -> None:
    assert shape_of({"properties": {"a": 1}, "$defs": {"B": {"properties": {"c": 1}}}}) == {
        "a",
        "c",
    }
    assert uncommented("# prose\n#\n#key:\n#  inner: 1\n") == "# prose\n#\nkey:\n  inner: 1\n"


def test_the_template_is_the_built_in_one(made: Path) -> None:
    config = load_config(made)[0]
    written = (made / "records" / "_template.md").read_bytes()
    assert written == built_in_template(config).encode()


# --- The demo ---------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("today", [date(2024, 2, 29), date(2027, 6, 1)])
def test_the_demo_is_alive_on_its_day(
    tracker: Tracker, tmp_path: Path, language: str, today: date
) -> None:
    tracker(tmp_path, "init", "a", "--demo", "--lang", language, "--today", today.isoformat())
    day = day_of(load_library(tmp_path / "a"), today)
    assert 10 <= len(day.standings) <= 15
    assert not [found for found in day.diagnostics if found.severity.value == "error"]
    states = [standing.status.next_state for standing in day.standings]
    for state in NextState:
        assert state in states
    promises = [promise.state for standing in day.standings for promise in standing.status.promises]
    assert {*promises} == {*CommitmentState}
    customers = day.library.customers
    config = day.library.config
    assert {customer.owner for customer in customers} == {owner.label for owner in config.owners}
    assert {customer.stage for customer in customers} == {stage.id for stage in config.stages}
    assert {customer.level for customer in customers} == {level.id for level in config.levels}
    assert any(customer.offers for customer in customers)
    assert any(customer.deal for customer in customers)
    assert any(customer.lost for customer in customers)
    assert any(standing.status.open_tickets for standing in day.standings)
    assert any(standing.status.stale for standing in day.standings)
    newest = max(followup.date for customer in customers for followup in customer.followups)
    assert timedelta() < today - newest < timedelta(days=7)


def test_without_a_day_the_demo_stands_at_this_one(tracker: Tracker, tmp_path: Path) -> None:
    tracker(tmp_path, "init", "a", "--demo", "--lang", "en")
    library = load_library(tmp_path / "a")
    newest = max(f.date for customer in library.customers for f in customer.followups)
    assert abs(date.today() - newest) < timedelta(days=7)  # noqa: DTZ011  # near enough


def test_a_day_that_the_calendar_does_not_reach_is_told(tracker: Tracker, tmp_path: Path) -> None:
    ended = tracker(tmp_path, "init", "a", "--demo", "--today", "0001-01-01")
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert "0001-01-01" in ended.err
    assert not (tmp_path / "a").exists()


# --- Folders that hold something --------------------------------------------------------------


def test_files_that_would_be_overwritten_are_named_and_nothing_is_written(
    tracker: Tracker, tmp_path: Path
) -> None:
    folder = tmp_path / "有 文件"
    (folder / ".vscode").mkdir(parents=True)
    (folder / ".gitignore").write_text("mine\n")
    (folder / "README.md").write_text("read me\n")
    (folder / ".vscode" / "tasks.json").symlink_to("nowhere")
    before = files_in(folder)
    ended = tracker(folder, "init")
    assert (ended.code, ended.out) == (2, "")
    assert ".gitignore, .vscode/tasks.json already" in ended.err
    assert "--keep" in ended.err
    assert "README" not in ended.err
    assert files_in(folder) == before
    assert (folder / ".gitignore").read_text() == "mine\n"


def test_they_can_be_kept(tracker: Tracker, tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("mine\n")
    ended = tracker(tmp_path, "init", "--keep", "--lang", "en")
    assert ended.code == 0
    assert "kept as they are: .gitignore\n" in ended.err
    assert "before git add, see what git needs in them: tracker doctor\n" in ended.err
    assert (tmp_path / ".gitignore").read_text() == "mine\n"
    assert files_in(tmp_path) == FILES


@pytest.mark.parametrize("options", [[], ["--keep"]])
def test_a_file_in_the_place_of_a_folder_is_told(
    tracker: Tracker, tmp_path: Path, options: list[str]
) -> None:
    (tmp_path / "records").write_text("a file")
    ended = tracker(tmp_path, "init", *options)
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert "records/_template.md" in ended.err
    assert files_in(tmp_path) == {"records"}


def test_a_workspace_is_not_made_twice(tracker: Tracker, made: Path, language: str) -> None:
    told = {
        "zh": "已经是工作区：里面有 tracker.yaml",
        "en": "is a workspace already: it has a tracker.yaml",
    }
    before = {path: (made / path).read_bytes() for path in files_in(made)}
    for options in ([], ["--keep"], ["--demo"]):
        ended = tracker(made, "init", *options)
        assert (ended.code, ended.err.count("\n")) == (2, 1)
        assert ended.err == f"tracker: {made} {told[language]}\n"
    assert {path: (made / path).read_bytes() for path in files_in(made)} == before


def test_a_folder_within_a_workspace_is_told(tracker: Tracker, made: Path) -> None:
    ended = tracker(made, "init", "inner/部门", "--lang", "en")
    assert ended.code == 0
    assert ended.err.startswith("note: the folder lies in the workspace ")
    assert str(made) in ended.err.splitlines()[0]
    assert find_workspace(made / "inner" / "部门") == made / "inner" / "部门"


def test_a_folder_among_the_records_of_another_workspace_is_refused(
    tracker: Tracker, made: Path, language: str
) -> None:
    told = {
        "zh": f"在工作区 {made} 的客户记录当中；请另选别处的文件夹",
        "en": f"lies among the records of the workspace {made}; choose a folder outside of it",
    }
    before = files_in(made)
    ended = tracker(made, "init", "records/部门", "--demo")
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert ended.err == f"tracker: {made / 'records' / '部门'} {told[language]}\n"
    assert files_in(made) == before


def test_a_file_for_a_folder_is_wrong_use(tracker: Tracker, tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    ended = tracker(tmp_path, "init", "a")
    assert (ended.code, ended.err.count("\n")) == (2, 1)


# --- Ends in the middle -----------------------------------------------------------------------


@pytest.mark.parametrize("number", range(len(FILES)))
def test_a_run_that_fails_leaves_nothing(
    tracker: Tracker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    from tracker.files import write_atomically

    written: list[Path] = []

    def write(path: Path, data: bytes) -> None:
        if len(written) == number:
            raise OSError(28, "No space left on device", str(path))
        write_atomically(path, data)
        written.append(path)

    monkeypatch.setattr("tracker.starter.workspace.write_atomically", write)
    (tmp_path / "mine.txt").write_text("mine")
    ended = tracker(tmp_path, "init", ".")
    assert (ended.code, ended.out) == (3, "")
    assert "No space left on device" in ended.err
    assert [path.name for path in tmp_path.rglob("*")] == ["mine.txt"]


@pytest.mark.parametrize("number", range(len(FILES)))
def test_a_run_that_is_killed_leaves_no_workspace_and_can_be_done_again(
    tracker: Tracker, tmp_path: Path, number: int
) -> None:
    script = (
        "import os, tracker.starter.workspace as module; from tracker.cli.main import run; "
        "write, left = module.write_atomically, list(range(int(os.environ['FILES'])));\n"
        "def killed(*arguments):\n"
        "    left.pop() if left else os._exit(9)\n"
        "    write(*arguments)\n"
        "module.write_atomically = killed; run(['init', '.', '--lang', 'zh'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={**os.environ, "FILES": str(number)},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 9
    assert not (tmp_path / CONFIG_NAME).exists()
    assert len(files_in(tmp_path)) == number
    assert tracker(tmp_path, "init", "--lang", "zh").code == 0
    assert files_in(tmp_path) == FILES


# --- git --------------------------------------------------------------------------------------


@pytest.mark.git
def test_in_a_repository_it_lies_beside_what_is_there(tracker: Tracker, tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "README.md").write_text("read me\n")
    (tmp_path / "客户.xlsx").write_bytes(b"\0")
    ended = tracker(tmp_path, "init", "--demo", "--lang", "zh")
    assert ended.code == 0
    assert "git init" not in ended.err
    tracker(tmp_path, "build")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "begin")
    tracked = set(git(tmp_path, "-c", "core.quotePath=no", "ls-files").splitlines())
    assert tracked >= {*FILES, "README.md", "客户.xlsx"}
    assert not [path for path in tracked if path.startswith(("output/", ".tracker-cache"))]
    assert tracker(tmp_path, "list").code == 0


@pytest.mark.git
@pytest.mark.parametrize("language", LANGUAGES)
def test_below_the_root_of_a_repository_no_workflow_lies_where_nobody_looks(
    tracker: Tracker, tmp_path: Path, language: str
) -> None:
    git(tmp_path, "init", "-q")
    ended = tracker(tmp_path, "init", "客户", "--lang", language)
    assert ended.code == 0
    assert files_in(tmp_path / "客户") == {
        path for path in FILES if not path.startswith((".github", ".gitlab"))
    }
    note = ended.err.splitlines()[0]
    assert "GitHub" in note
    assert str(tmp_path) in note
    assert "tracker docs git" in note


@pytest.mark.git
def test_the_attributes_do_no_harm_where_git_setup_was_not_run(made: Path) -> None:
    record = made / "records" / "a.md"
    record.write_bytes(
        "---\r\nname: 恒达\r\nstage: 成交\r\nowner: 李雷\r\n---\r\n\r\n一\r\n".encode()
    )
    git(made, "init", "-q", "-b", "main")
    subprocess.run(["git", "add", "."], cwd=made, capture_output=True, check=True)
    git(made, "commit", "-q", "-m", "begin")
    assert (
        b"\r"
        not in subprocess.run(
            ["git", "show", "HEAD:records/a.md"], cwd=made, capture_output=True, check=True
        ).stdout
    ), "a file from Windows has LF in the repository"
    text = record.read_text(encoding="utf-8")
    git(made, "checkout", "-q", "-b", "other")
    record.write_text(text.replace("恒达", "恒达精密"), encoding="utf-8", newline="\n")
    assert "+name: 恒达精密" in git(made, "diff")
    git(made, "commit", "-q", "-a", "-m", "name")
    git(made, "checkout", "-q", "main")
    record.write_text(text + "\n二\n", encoding="utf-8", newline="\n")
    git(made, "commit", "-q", "-a", "-m", "text")
    git(made, "merge", "-q", "other", "-m", "merge")
    merged = record.read_text(encoding="utf-8")
    assert "name: 恒达精密\n" in merged
    assert merged.endswith("一\n\n二\n")


# --- Continuous integration and editors -------------------------------------------------------


def commands_in(text: str) -> set[str]:
    return set(re.findall(r"^[^#\n]*?\btracker ([a-z][\w-]*)", text, re.MULTILINE))


def test_ci_checks_always_and_publishes_only_when_switched_on(made: Path) -> None:
    path = made / ".github" / "workflows" / "tracker.yml"
    github = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506  # texts
    assert {"push", "pull_request"} <= set(github["on"])
    assert github["permissions"] == {"contents": "read"}
    jobs = github["jobs"]
    assert "if" not in jobs["check"]
    assert "vars.PUBLISH_CUSTOMER_SITE == 'yes'" in jobs["publish"]["if"]
    assert jobs["publish"]["needs"] == "check"
    assert [
        step for step in jobs["check"]["steps"] if step.get("run", "").startswith("tracker check")
    ]
    assert not [step for step in jobs["check"]["steps"] if "pages" in step.get("uses", "")]

    gitlab = yaml.safe_load((made / ".gitlab-ci.yml").read_text(encoding="utf-8"))
    assert "tracker check" in "".join(gitlab["check"]["script"])
    (rule,) = gitlab["pages"]["rules"]
    assert '$PUBLISH_CUSTOMER_SITE == "yes"' in rule["if"]
    assert "artifacts" not in gitlab["check"]


def test_ci_warns_that_pages_are_public_before_it_says_how_to_publish(made: Path) -> None:
    for name in (".github/workflows/tracker.yml", ".gitlab-ci.yml"):
        text = (made / name).read_text(encoding="utf-8")
        warning = re.search("WARNING|警告", text)
        assert warning
        assert warning.start() < text.index("PUBLISH_CUSTOMER_SITE")
        assert re.search("usually public|通常是公开的", text)


def test_every_command_and_option_that_is_named_exists(made: Path, tracker: Tracker) -> None:
    texts = {path: (made / path).read_text(encoding="utf-8") for path in FILES}
    named = {
        command
        for path in (".github/workflows/tracker.yml", ".gitlab-ci.yml", ".vscode/tasks.json")
        for command in commands_in(texts[path])
    }
    assert named == {"check", "build", "changes"}
    assert named <= set(COMMANDS)
    assert tracker(made, "check", "--format", "github").code == 0
    assert tracker(made, "build", "--output", "public").code == 0
    assert (made / "public" / "index.html").is_file()


def test_the_editor_s_files_are_json(made: Path) -> None:
    settings = json.loads((made / ".vscode" / "settings.json").read_text(encoding="utf-8"))
    assert settings["[markdown]"]["files.trimTrailingWhitespace"] is False
    extensions = json.loads((made / ".vscode" / "extensions.json").read_text(encoding="utf-8"))
    assert "redhat.vscode-yaml" in extensions["recommendations"]


def test_the_editor_finds_what_check_prints(made: Path, process: Tracker) -> None:
    tasks = json.loads((made / ".vscode" / "tasks.json").read_text(encoding="utf-8"))["tasks"]
    (matcher,) = [task["problemMatcher"]["pattern"] for task in tasks if task["problemMatcher"]]
    (made / "records" / "a.md").write_text("---\nname: a\nstage: 不存在\nowner: b\n---\n")
    printed = process(made, "check").out
    found = [match for line in printed.splitlines() if (match := re.match(matcher["regexp"], line))]
    assert [(m[matcher["file"]], m[matcher["line"]], m[matcher["code"]]) for m in found] == [
        ("records/a.md", "3", "unknown-word")
    ]


def test_the_snippet_is_a_follow_up_without_problems(made: Path) -> None:
    text = (made / ".vscode" / "tracker.code-snippets").read_text(encoding="utf-8")
    (snippet,) = json.loads(text).values()
    config = load_config(made)[0]
    body = "\n".join(snippet["body"])
    for word in re.findall(r"\|([^|]*)\|", body):
        choices = word.split(",")
        terms = config.attitudes if len(choices) == 3 else config.methods
        assert choices == [term.label for term in terms]
    values = {"YEAR": "2026", "MONTH": "11", "DATE": "24", "HOUR": "14", "MINUTE": "30"}
    body = re.sub(r"\$CURRENT_(\w+?)(?=\W|$)", lambda found: values[found[1]], body)
    body = re.sub(
        r"\$\{\d+:([^}]*)\}|\$\{\d+\|([^,]*)[^}]*\}|\$0", lambda f: f[1] or f[2] or "", body
    )
    stage = next(iter(config.stages)).label
    record = f"---\nname: a\nstage: {stage}\nowner: b\n---\n\n{body}\n"
    parsed = parse_record(record, "records/a.md", config)
    assert parsed.problems == ()
    assert parsed.customer
    (followup,) = parsed.customer.followups
    assert followup.method == "call"
    assert followup.next
    assert followup.commitments
