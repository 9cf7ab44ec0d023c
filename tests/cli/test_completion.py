"""What shells are told while a line is typed; and the real shells, where the machine has them."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import click
import pytest

from tracker.cli.completion import CUSTOMER, FIELD_ASSIGNMENT, OWNER, word_of
from tracker.cli.main import COMMANDS, cli
from tracker.cli.shells import SHELLS, answer, script

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Tracker

HEAVY = {"jinja2", "markdown", "nh3", "pydantic", "pypinyin", "rich", "yaml"}


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Return a workspace with customers that are hard to type."""
    root = tmp_path / "客户 资料"
    (root / "records").mkdir(parents=True)
    (root / "tracker.yaml").write_text(
        "language: zh\nowners:\n  - name: 李雷\n    aliases: [Li Lei]\n  - Ann Other\n"
        "fields:\n  grade: {label: 评级, choices: [优, 良]}\n  iso: {type: bool}\n",
        encoding="utf-8",
    )
    for stem, lines in {
        "hengda": "name: 恒达精密机械有限公司\nshort: 恒达\nowner: 李雷\nstage: 成交",
        "hengli": "客户名称: '恒力集团' # 苏州\nowner: 韩梅梅",
        "acme-tool": 'name: "Acme Tool & Die"\nowner: Ann Other',
        "apex": "id: apex-1\nname: Apex Tools\naliases: [old-apex, 'nordwind-7']",
        "broken": "name: [",
    }.items():
        (root / "records" / f"{stem}.md").write_text(f"---\n{lines}\n---\n", encoding="utf-8")
    (root / "records" / "_template.md").write_text("---\nname: template\n---\n")
    return root


@pytest.fixture
def complete(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> Completion:
    return Completion(workspace, monkeypatch, capsysbinary)


class Completion:
    """Completes command lines in the workspace, as the script of a shell does."""

    def __init__(
        self,
        folder: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsysbinary: pytest.CaptureFixture[bytes],
    ) -> None:
        self.monkeypatch = monkeypatch
        self.capsys = capsysbinary
        monkeypatch.chdir(folder)

    def __call__(
        self, *words: str, asking: str = "zsh", command: click.Command | None = None
    ) -> list[str]:
        """Return the texts offered for the last word."""
        rows = self.rows(*words, asking=asking, command=command)
        return [row[1] for row in rows]

    def rows(
        self,
        *words: str,
        asking: str = "zsh",
        command: click.Command | None = None,
        **variables: str,
    ) -> list[list[str]]:
        """Return the lines of the answer, each split at its tabs."""
        environment = {
            "COMP_LINE": " ".join(("tracker", *words)),
            "COMP_WORDS": "\n".join(("tracker", *words[:-1])),
            "COMP_WORD": words[-1],
            "COMP_PART": words[-1],
            "COMP_TYPE": "9",
        } | variables
        for name, value in environment.items():
            self.monkeypatch.setenv(name, value)
        text = answer(command or cli, "tracker", asking)
        return [line.split("\t") for line in text.splitlines()]


@click.command
@click.argument("customer", type=CUSTOMER)
@click.argument("assignments", nargs=-1, type=FIELD_ASSIGNMENT)
@click.option("--owner", type=OWNER)
@click.option("--method", type=word_of("methods"))
@click.option("--to", type=click.Path(file_okay=False))
def set_fields(**_: object) -> None:
    """Stand for any command that takes these."""


# --- What is offered --------------------------------------------------------------------------


def test_commands_and_options(complete: Completion) -> None:
    assert complete("") == sorted(COMMANDS)
    assert complete("li") == ["list"]
    assert complete("--ver") == ["--version"]
    assert complete("list", "--st") == ["--stage", "--state"]
    assert complete("list", "--format", "") == ["table", "json", "jsonl", "csv"]
    assert complete("list", "--format=j") == ["--format=json", "--format=jsonl"]
    assert complete("completion", "") == ["bash", "zsh", "fish", "powershell"]


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("", ["acme-tool", "apex-1", "broken", "hengda", "hengli"]),
        ("heng", ["hengda", "hengli"]),
        ("恒", ["恒达精密机械有限公司", "恒力集团"]),
        ("hd", ["恒达精密机械有限公司"]),
        ("hljt", ["恒力集团"]),
        ("henglijituan", ["恒力集团"]),
        ("集团", ["恒力集团"]),
        ("ACME", ["Acme Tool & Die"]),
        ("tool", ["Acme Tool & Die", "Apex Tools"]),
        ("acme tool", ["Acme Tool & Die"]),
        ("old-a", ["Apex Tools"]),
        ("nordwind-7", ["Apex Tools"]),
        ("xyz", []),
    ],
)
def test_customers(complete: Completion, typed: str, offered: list[str]) -> None:
    assert complete("show", typed) == offered


def test_customers_of_another_workspace(complete: Completion, chinese: Path) -> None:
    assert "hengda" in complete("-C", str(chinese), "show", "")
    assert "apex-1" not in complete("-C", str(chinese), "show", "")


def test_people_of_the_settings_and_of_the_records(complete: Completion) -> None:
    assert complete("list", "--owner", "") == ["李雷", "Ann Other", "韩梅梅"]
    assert complete("list", "--owner", "Li") == ["李雷"]
    assert complete("list", "--owner", "hmm") == ["韩梅梅"]
    assert complete("list", "--owner", "李雷,h") == ["李雷,韩梅梅"]
    assert complete("list", "--owner=李雷，a") == ["--owner=李雷，Ann Other"]


def test_words_of_the_vocabulary(complete: Completion) -> None:
    assert complete("list", "--stage", "nego") == ["商务谈判"]
    assert complete("list", "--stage", "成交,sw") == ["成交,商务谈判"]
    assert complete("list", "--level", "") == ["A", "B", "C"]
    assert complete("x", "--method", "ph", command=set_fields) == ["电话"]


def test_columns(complete: Completion) -> None:
    assert complete("list", "--columns", "name,days") == ["name,days_overdue"]
    assert complete("list", "--sort", "stage,-expe") == ["stage,-expected_close"]
    assert complete("list", "--sort=stage,-val") == ["--sort=stage,-value"]


def test_formats_and_tables(complete: Completion) -> None:
    assert complete("export", "xl") == ["xlsx"]
    assert complete("export", "csv", "--table", "fo") == ["followups"]
    assert complete("export", "csv", "--table", "联系") == ["contacts"]


def test_fields_and_their_values(complete: Completion) -> None:
    assert complete("hengda", "sta", command=set_fields) == ["stage="]
    assert complete("hengda", "客户阶", command=set_fields) == ["客户阶段="]
    assert complete("hengda", "stage=谈", command=set_fields) == ["stage=商务谈判"]
    assert complete("hengda", "阶段=won", command=set_fields) == ["阶段=成交"]
    assert complete("hengda", "owner=li", command=set_fields) == ["owner=李雷"]
    assert complete("hengda", "grade=", command=set_fields) == ["grade=优", "grade=良"]
    assert complete("hengda", "iso=", command=set_fields) == ["iso=是", "iso=否"]
    assert complete("hengda", "name=", command=set_fields) == []
    assert complete("hengda", "nosuch=", command=set_fields) == []
    keys = complete("hengda", "", command=set_fields)
    assert "评级=" in keys
    assert "contacts=" not in keys, "no one text can set it"


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("sta", ["stage:", "stage_kind:", "stale:"]),
        ("负", ["负责人:"]),
        ("'level:A -预计", ["level:A -预计金额:", "level:A -预计成交日期:"]),
        ("stage:商", ["stage:商务谈判"]),
        ("阶段：nego", ["阶段：商务谈判"]),
        ("stage:成交,未", ["stage:成交,未成交"]),
        ("owner:Li", ["owner:李雷"]),
        ("owner:ann", ["owner:Ann-Other"]),
        ("下次<=next-we", ["下次<=下周", "下次<=下周三"]),
        ("has:exp", ["has:expected_close"]),
        ("foo:x", []),
    ],
)
def test_queries(complete: Completion, typed: str, offered: list[str]) -> None:
    for command in ("list", "agenda"):
        assert complete(command, typed) == offered


def test_folders_are_left_to_the_shell(complete: Completion) -> None:
    assert complete.rows("x", "--to", "a", command=set_fields) == [["dir", "a", ""]]


def test_outside_of_a_workspace_the_built_in_words_are_offered(
    complete: Completion, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert complete("show", "") == []
    assert complete("list", "--stage", "nego") == ["negotiation"]


# --- How shells want it -----------------------------------------------------------------------


def test_bash_gets_the_part_after_what_it_splits_at(complete: Completion) -> None:
    def offered(line: str, part: str, kind: str = "9") -> list[str]:
        rows = complete.rows(
            "", asking="bash", command=set_fields, COMP_LINE=line, COMP_PART=part, COMP_TYPE=kind
        )
        return [row[1] for row in rows]

    assert offered("tracker hengda grade=", "") == ["优", "良"]
    assert offered("tracker hengda stage=谈", "谈") == ["商务谈判"]
    assert offered("tracker hengda --method=ph", "ph") == ["电话"]
    assert offered("tracker Acme", "Acme") == [r"Acme\ Tool\ \&\ Die"]
    assert offered(r"tracker Acme\ T", r"Acme\ T") == [r"Acme\ Tool\ \&\ Die"]
    assert offered("tracker 'Acme", "'Acme") == ["Acme Tool & Die"]
    assert offered('tracker "Acme T', '"Acme T') == ["Acme Tool & Die"]
    assert offered("tracker ", "")[0] == "acme-tool", "a new word"
    assert offered("tracker heng", "heng") == ["hengda", "hengli"]
    assert offered("tracker heng", "heng", "63") == [
        "hengda  (恒达精密机械有限公司)",
        "hengli  (恒力集团)",
    ]


def test_bash_does_not_replace_what_was_typed_by_less(complete: Completion) -> None:
    rows = complete.rows("show", "tool", asking="bash")
    assert [row[1] for row in rows] == ["", r"Acme\ Tool\ \&\ Die", r"Apex\ Tools"]
    (shown,) = complete.rows("show", "die", asking="bash")
    assert shown == ["plain", r"Acme\ Tool\ \&\ Die"]


def test_fish_gets_a_spelling_that_it_does_not_drop(complete: Completion) -> None:
    assert complete("show", "hd", asking="fish") == ["hengda"]
    assert complete("list", "--stage", "nego", asking="fish") == ["negotiation"]
    assert complete("list", "--owner=Li", asking="fish") == ["--owner=Li Lei"]
    assert complete("show", "恒达", asking="fish") == ["恒达精密机械有限公司"]


def test_powershell_gets_quotes_menu_and_tip(complete: Completion) -> None:
    assert complete.rows(
        "show", "acme ", asking="powershell", COMP_PART="'acme ", COMP_WORD="'acme "
    ) == [["plain", "'Acme Tool & Die'", "Acme Tool & Die", "acme-tool"]]
    assert complete.rows("list", "--format", "t", asking="powershell") == [
        ["plain", "table", "table", "table"]
    ]


def test_a_new_word_is_completed_where_an_empty_variable_is_none(
    complete: Completion, monkeypatch: pytest.MonkeyPatch
) -> None:
    complete("list", "--format", "", asking="powershell")
    for name in ("COMP_WORD", "COMP_PART"):
        monkeypatch.delenv(name)
    assert answer(cli, "tracker", "powershell").startswith("plain\ttable\t")


def test_nothing_breaks_the_lines_of_an_answer(complete: Completion, workspace: Path) -> None:
    (workspace / "records" / "odd.md").write_text("---\nname: a\x07b\tc\x1b[31m\n---\n")
    for shell in SHELLS:
        rows = complete.rows("show", "odd", asking=shell)
        assert len(rows) == 1
        assert not any(char < " " for part in rows[0] for char in part)


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("harm", ["settings", "records", "folder", "variables"])
def test_whatever_is_wrong_no_message_reaches_the_prompt(
    process: Tracker, workspace: Path, tmp_path: Path, shell: str, harm: str
) -> None:
    variables = {
        "COMP_LINE": "tracker show ",
        "COMP_WORDS": "tracker\nshow",
        "COMP_WORD": "",
        "COMP_PART": "",
    }
    if harm == "settings":
        (workspace / "tracker.yaml").write_bytes(b"\xff\xfe: [")
    elif harm == "records":
        shutil.rmtree(workspace / "records")
        (workspace / "records").write_text("no folder")
    elif harm == "folder":
        variables |= {
            "COMP_LINE": f"tracker -C {tmp_path}/nowhere show ",
            "COMP_WORDS": f"tracker\n-C\n{tmp_path}/nowhere\nshow",
        }
    else:
        variables.clear()
    ended = process(workspace, _TRACKER_COMPLETE=f"{shell}_complete", **variables)
    assert ended.err == ""
    assert "Traceback" not in ended.out


def test_an_unknown_shell_is_answered_with_silence(process: Tracker, workspace: Path) -> None:
    ended = process(workspace, _TRACKER_COMPLETE="nushell_complete")
    assert (ended.code, ended.out, ended.err) == (3, "", "")


def test_completing_commands_loads_nothing_heavy(workspace: Path) -> None:
    code = (
        "import sys; from tracker.cli.main import run; run([]); "
        "print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)"
    )
    variables = {"_TRACKER_COMPLETE": "zsh_complete", "COMP_WORDS": "tracker", "COMP_WORD": "li"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=workspace,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("plain\tlist\t")
    assert not set(done.stderr.split()) & HEAVY


# --- The shells themselves --------------------------------------------------------------------


@pytest.mark.parametrize("shell", SHELLS)
def test_the_command_prints_the_script(process: Tracker, tmp_path: Path, shell: str) -> None:
    ended = process(tmp_path, "completion", shell)
    assert (ended.code, ended.out, ended.err) == (0, script(shell), "")


@pytest.fixture
def path_with_tracker(tmp_path: Path) -> str:
    """Return a PATH on which the command is the one that is tested."""
    folder = tmp_path / "bin"
    folder.mkdir()
    wrapper = folder / "tracker"
    wrapper.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m tracker "$@"\n')
    wrapper.chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


def typed_in(shell: str, arguments: list[str], keys: str, folder: Path, path: str) -> str:
    """Return what a shell on a terminal of its own shows while the keys are typed."""
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    import pty  # Late: Windows has none, and none of these shells.

    ours, theirs = pty.openpty()
    running = subprocess.Popen(
        [shell, *arguments],
        cwd=folder,
        env={**os.environ, "PATH": path, "LC_ALL": "C.UTF-8", "TERM": "dumb", "PS1": "$ "},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    os.write(ours, keys.encode())
    shown = b""
    try:
        while chunk := os.read(ours, 65536):
            shown += chunk
    except OSError:
        pass  # Linux says so that the other end is closed.
    finally:
        os.close(ours)
        running.wait(timeout=60)
    return shown.decode("utf-8", "replace")


CASES = [
    ("show hd", "恒达精密机械有限公司"),
    ("show Acme", "Acme Tool & Die"),
    ("show 'Acme", "Acme Tool & Die"),
    ("list own\tLi\t--columns=name --format=js\tl", '{"name": "恒达精密机械有限公司"}'),
    ("list --owner=Li\t--columns=name --format=js\tl", '{"name": "恒达精密机械有限公司"}'),
]


@pytest.mark.slow
@pytest.mark.parametrize(("typed", "result"), CASES)
def test_bash_completes(workspace: Path, path_with_tracker: str, typed: str, result: str) -> None:
    keys = f'eval "$(tracker completion bash)"\ntracker {typed}\t\nexit\n'
    shown = typed_in("bash", ["--norc", "-i"], keys, workspace, path_with_tracker)
    assert f"\n{result}" in shown.replace("\r", "")


@pytest.mark.slow
@pytest.mark.parametrize(("typed", "result"), CASES)
def test_zsh_completes(workspace: Path, path_with_tracker: str, typed: str, result: str) -> None:
    keys = (
        "autoload -Uz compinit; compinit -u -D\n"
        f'eval "$(tracker completion zsh)"\ntracker {typed}\t\nexit\n'
    )
    shown = typed_in("zsh", ["-f", "-i"], keys, workspace, path_with_tracker)
    assert f"\n{result}" in shown.replace("\r", "")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("tracker li", "list\tList the customers"),
        ("tracker show hd", "hengda\thengda"),
        ("tracker show ", "acme-tool\tAcme Tool & Die"),
        ("tracker show 'Acme", "Acme Tool & Die\tacme-tool"),
        ("tracker list --owner=Ann", "--owner=Ann Other"),
        ("tracker list --stage nego", "negotiation\tnegotiation"),
    ],
)
def test_fish_completes(workspace: Path, path_with_tracker: str, typed: str, offered: str) -> None:
    if not shutil.which("fish"):
        pytest.skip("fish is not installed")
    done = subprocess.run(
        ["fish", "--no-config", "-c", "tracker completion fish | source; complete -C $typed"],
        cwd=workspace,
        env={**os.environ, "PATH": path_with_tracker, "LC_ALL": "C.UTF-8", "typed": typed},
        capture_output=True,
        check=True,
    )
    assert done.stdout.decode().startswith(offered)
    assert done.stderr == b""
