"""What `tracker init` writes for CI, run step by step in a fresh clone as the services would.

Their own programs are stood in for: `pip` does nothing, `gh` and `curl` note what they are asked.
"""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest
import yaml

from tests.git_repository import Repository
from tracker.starter.workspace import create_workspace, workspace_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Language = Literal["zh", "en"]

ROOT = Path(__file__).resolve().parents[2]
GITHUB = ".github/workflows/tracker.yml"
GITLAB = ".gitlab-ci.yml"
MARK = "<!-- tracker changes -->\n"
RECORD = """---
name: {name}
stage: {stage}
owner: Li Lei
website: https://acme.example
address: 1 Example Street
---

## 2026-11-20 10:00 call

Asked for the quote.

- next: none
"""

NOTES_CALLS = """#!{python}
import json, os, pathlib, sys
place = pathlib.Path(os.environ["CALLS"])
bodies = [each.partition("body=@")[2] or each.partition("body@")[2] for each in sys.argv[1:]]
body = "".join(pathlib.Path(each).read_text("utf-8") for each in bodies if each)
with place.open("a", encoding="utf-8") as calls:
    call = {{"program": {program!r}, "arguments": sys.argv[1:], "body": body}}
    calls.write(json.dumps(call) + "\\n")
if not body:
    print(os.environ.get("ANSWER", ""))
"""

pytestmark = [
    pytest.mark.git,
    pytest.mark.skipif(os.name == "nt", reason="the services run bash on Linux"),
]


def read(workspace: Path, path: str) -> dict[str, Any]:
    """Return a workflow; words such as `on` stay texts."""
    text = (workspace / path).read_text(encoding="utf-8")
    read: dict[str, Any] = yaml.load(text, yaml.BaseLoader)  # noqa: S506  # makes texts only
    return read


@dataclass
class Service:
    """A service that runs commands in a clone.

    Attributes:
        clone: The clone.
        environment: The variables that it sets.
        calls: The file with what the programs that stand in were asked.
    """

    clone: Repository
    environment: dict[str, str]
    calls: Path

    def run(self, commands: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-e", "-c", commands],
            cwd=self.clone.folder,
            env={**os.environ, **self.environment, **variables},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )

    def asked(self) -> list[dict[str, Any]]:
        """Return what was asked of the programs that stand in, but for pip."""
        if not self.calls.exists():
            return []
        calls = map(json.loads, self.calls.read_text("utf-8").splitlines())
        return [call for call in calls if call["program"] != "pip"]


@pytest.fixture
def origin(tmp_path: Path, language: Language) -> Repository:
    """Return a repository with a new workspace, and a branch on which a customer was won."""
    repository = Repository(tmp_path / "origin")
    (repository.folder / "tracker.yaml").unlink()
    create_workspace(repository.folder, workspace_files(language, "Sales"))
    repository.write("records/acme.md", RECORD.format(name="Acme", stage="proposal"))
    repository.commit("2026-11-20")
    repository.git("checkout", "-q", "-b", "deal")
    repository.write("records/acme.md", RECORD.format(name="Acme", stage="negotiation"))
    repository.commit("2026-11-21")
    repository.git("checkout", "-q", "main")
    # Meanwhile, so that what is new there is not taken for a change of the branch.
    repository.write("records/other.md", RECORD.format(name="Northwind", stage="contact"))
    repository.commit("2026-11-22")
    return repository


@pytest.fixture(params=["zh", "en"])
def language(request: pytest.FixtureRequest) -> Language:
    chosen: Language = request.param
    return chosen


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """Return a folder with what stands in for other programs, and with this tracker."""
    folder = tmp_path / "programs"
    folder.mkdir()
    scripts = {
        name: NOTES_CALLS.format(python=sys.executable, program=name)
        for name in ("pip", "gh", "curl")
    }
    scripts["tracker"] = f'#!/bin/sh\nexec "{sys.executable}" -m tracker "$@"\n'
    scripts["python3"] = f'#!/bin/sh\nexec "{sys.executable}" "$@"\n'
    for name, text in scripts.items():
        script = folder / name
        script.write_text(text, encoding="utf-8")
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
    return folder


# --- GitHub -----------------------------------------------------------------------------------


@pytest.fixture
def github(origin: Repository, programs: Path, tmp_path: Path) -> Service:
    """Return a runner with the merge of a pull request checked out."""
    clone = origin.clone(tmp_path / "clone")
    clone.git("checkout", "-q", "--detach")
    clone.git("merge", "-q", "--no-edit", "origin/deal")
    temporary = tmp_path / "runner"
    temporary.mkdir()
    return Service(
        clone,
        {
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "CALLS": str(tmp_path / "calls"),
            "GITHUB_BASE_REF": "main",
            "GITHUB_REPOSITORY": "team/sales",
            "GITHUB_WORKSPACE": str(clone.folder),
            "GITHUB_STEP_SUMMARY": str(temporary / "summary.md"),
            "RUNNER_TEMP": str(temporary),
            "TRACKER_PACKAGE": "tracker-records",
        },
        tmp_path / "calls",
    )


def run_job(service: Service, job: Mapping[str, Any], **variables: str) -> list[str]:
    """Run what a job does for a pull request, until a step fails; return what it printed."""
    printed = []
    for step in job["steps"]:
        if "run" not in step or "!= 'pull_request'" in step.get("if", ""):
            continue
        # What is put in from the event; anything else must come through the environment.
        assert "${{" not in step["run"]
        own = {**step.get("env", {}), **variables}
        assert all(name in own for name in step.get("env", {}))
        ended = service.run(step["run"], **own)
        printed.append(ended.stdout)
        if ended.returncode:
            printed.append(f"exit code {ended.returncode}")
            break
    return printed


def test_a_pull_request_is_checked_and_built(github: Service) -> None:
    job = read(github.clone.folder, GITHUB)["jobs"]["check"]
    *_, checked, built = run_job(github, job)
    assert "file=records/acme.md" in checked
    assert "change-stage-unexplained" in checked
    assert "other.md" not in checked
    assert built.strip().endswith("index.html")


def test_what_was_merged_wrongly_by_lines_is_found(origin: Repository, github: Service) -> None:
    record = (origin.folder / "records" / "acme.md").read_text("utf-8")
    origin.write("records/acme.md", record.replace("\naddress", "\nlevel: A\naddress"))
    origin.commit("2026-11-23")
    origin.git("checkout", "-q", "deal")
    record = (origin.folder / "records" / "acme.md").read_text("utf-8")
    origin.write("records/acme.md", record.replace("Street\n", "Street\nlevel: B\n"))
    origin.commit("2026-11-23")
    github.clone.git("fetch", "-q")
    github.clone.git("checkout", "-q", "origin/main")
    github.clone.git("merge", "-q", "--no-edit", "origin/deal")
    *_, checked, code = run_job(github, read(github.clone.folder, GITHUB)["jobs"]["check"])
    assert code == "exit code 1"
    assert "::error file=records/acme.md" in checked
    assert "duplicate-key" in checked


@pytest.mark.parametrize(
    ("found", "asked"),
    [
        ("", ["--method", "POST", "repos/team/sales/issues/7/comments"]),
        ("42\n43", ["--method", "PATCH", "repos/team/sales/issues/comments/42"]),
    ],
)
def test_a_pull_request_gets_one_comment_that_is_kept_up_to_date(
    github: Service, found: str, asked: list[str]
) -> None:
    job = read(github.clone.folder, GITHUB)["jobs"]["changes"]
    run_job(github, job, ANSWER=found, NUMBER="7", GH_TOKEN="secret")  # noqa: S106  # of no service
    looked, written = github.asked()
    assert looked["arguments"][:3] == ["api", "--paginate", "repos/team/sales/issues/7/comments"]
    assert MARK.strip() in looked["arguments"][-1]
    assert [each for each in asked if each not in written["arguments"]] == []
    assert written["body"].startswith(MARK)
    assert "Acme" in written["body"]
    assert "Northwind" not in written["body"]
    summary = Path(github.environment["GITHUB_STEP_SUMMARY"])
    assert summary.read_text("utf-8") == written["body"]


def test_only_the_comment_gets_a_token_and_none_of_a_fork(origin: Repository) -> None:
    workflow = read(origin.folder, GITHUB)
    assert set(workflow["on"]) == {
        *("push", "pull_request", "merge_group", "workflow_dispatch", "schedule")
    }
    assert workflow["permissions"] == {"contents": "read"}
    job = workflow["jobs"]["changes"]
    assert job["permissions"] == {"contents": "read", "pull-requests": "write"}
    assert job["if"] == "github.event_name == 'pull_request'"
    *before, comment = job["steps"]
    assert "head.repo.full_name == github.repository" in comment["if"]
    assert "token" in comment["env"]["GH_TOKEN"]
    assert "token" not in json.dumps(before)
    for each in workflow["jobs"].values():
        (checkout,) = (step for step in each["steps"] if "checkout" in step.get("uses", ""))
        assert checkout["with"]["fetch-depth"] == "0"
        if each is job:
            assert checkout["with"]["persist-credentials"] == "false"


# --- GitLab -----------------------------------------------------------------------------------


@pytest.fixture
def gitlab(origin: Repository, programs: Path, tmp_path: Path) -> Service:
    """Return a runner with the branch of a merge request checked out."""
    clone = origin.clone(tmp_path / "clone")
    clone.git("checkout", "-q", "origin/deal")
    return Service(
        clone,
        {
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "CALLS": str(tmp_path / "calls"),
            "CI_API_V4_URL": "https://gitlab.example/api/v4",
            "CI_MERGE_REQUEST_IID": "7",
            "CI_MERGE_REQUEST_PROJECT_ID": "12",
            "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
            "TRACKER_PACKAGE": "tracker-records",
        },
        tmp_path / "calls",
    )


def script(commands: Iterable[str]) -> str:
    return "\n".join(commands)


def test_the_result_of_a_merge_request_is_checked_and_built(gitlab: Service) -> None:
    job = read(gitlab.clone.folder, GITLAB)["check"]
    ended = gitlab.run(script(job["script"]))
    assert ended.returncode == 0, ended.stderr
    assert "records/acme.md:3:8: warning[change-stage-unexplained]" in ended.stdout
    assert (gitlab.clone.folder / "records" / "other.md").is_file()
    assert (gitlab.clone.folder / "output" / "index.html").is_file()


def test_a_merge_request_that_is_in_conflict_or_wrong_fails(
    origin: Repository, gitlab: Service
) -> None:
    job = read(gitlab.clone.folder, GITLAB)["check"]
    origin.write("records/acme.md", RECORD.format(name="Acme", stage="won"))
    origin.commit("2026-11-23")
    gitlab.clone.git("fetch", "-q")
    ended = gitlab.run(script(job["script"]))
    assert ended.returncode == 1
    assert "CONFLICT" in ended.stdout
    gitlab.clone.git("merge", "--abort")
    gitlab.clone.write("records/faulty.md", "---\nname: X\n")
    assert gitlab.run(script(job["script"]), CI_MERGE_REQUEST_TARGET_BRANCH_NAME="").returncode == 1


def test_the_main_branch_is_checked_and_published(gitlab: Service) -> None:
    gitlab.clone.git("checkout", "-q", "origin/main")
    jobs = read(gitlab.clone.folder, GITLAB)
    for name in ("check", "pages"):
        ended = gitlab.run(script(jobs[name]["script"]), CI_MERGE_REQUEST_TARGET_BRANCH_NAME="")
        assert ended.returncode == 0, ended.stderr
    assert jobs["pages"]["artifacts"]["paths"] == ["public"]
    assert (gitlab.clone.folder / "public" / "index.html").is_file()


@pytest.mark.parametrize(
    ("found", "method", "address"),
    [
        ([], "POST", "/notes"),
        ([{"id": 5, "body": "fine"}, {"id": 6, "body": f"{MARK}old"}], "PUT", "/notes/6"),
    ],
)
def test_a_merge_request_gets_one_comment_that_is_kept_up_to_date(
    gitlab: Service, found: list[dict[str, Any]], method: str, address: str
) -> None:
    job = read(gitlab.clone.folder, GITLAB)["changes"]
    assert job["rules"] == [{"if": '$CI_PIPELINE_SOURCE == "merge_request_event"'}]
    ended = gitlab.run(
        script(job["script"]),
        ANSWER=json.dumps(found),
        TRACKER_COMMENT_TOKEN="secret",  # noqa: S106  # of no service
    )
    assert ended.returncode == 0, ended.stderr
    _, written = gitlab.asked()
    assert method in written["arguments"]
    assert written["arguments"][-1] == (
        f"https://gitlab.example/api/v4/projects/12/merge_requests/7{address}"
    )
    assert written["body"].startswith(MARK)
    assert "Acme" in written["body"]
    assert "Northwind" not in written["body"]
    assert "secret" not in ended.stdout


def test_without_a_token_the_log_and_the_artifact_have_the_text(gitlab: Service) -> None:
    job = read(gitlab.clone.folder, GITLAB)["changes"]
    ended = gitlab.run(script(job["script"]))
    assert ended.returncode == 0, ended.stderr
    assert "Acme" in ended.stdout
    assert (gitlab.clone.folder / "changes.md").read_text("utf-8") in ended.stdout
    assert job["artifacts"]["paths"] == ["changes.md"]
    assert gitlab.asked() == []


# --- Both languages ---------------------------------------------------------------------------


@pytest.mark.parametrize("path", [GITHUB, GITLAB])
def test_both_languages_do_the_same(path: str) -> None:
    names = re.compile(r"^(?: *- name: .*| *- cron: .*| *#.*\n?)$|  # .*$| # .*$", re.MULTILINE)
    chinese, english = (
        yaml.load(names.sub("", workspace_files(language, "x")[path].decode()), yaml.BaseLoader)  # noqa: S506  # makes texts only
        for language in ("zh", "en")
    )
    assert chinese == english
