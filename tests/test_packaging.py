"""The wheel carries everything that the command needs, away from the repository."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def unpacked_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def run(packages: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(packages), "PYTHONSAFEPATH": "1"}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_the_wheel_builds_a_site_far_from_the_repository(
    unpacked_wheel: Path, tmp_path: Path
) -> None:
    where = run(unpacked_wheel, "-c", "import tracker; print(tracker.__file__)", cwd=tmp_path)
    assert where.stdout.startswith(str(unpacked_wheel)), where
    (tmp_path / "records").mkdir()
    (tmp_path / "tracker.yaml").write_text("language: zh\n", encoding="utf-8")
    (tmp_path / "records" / "a.md").write_text(
        "---\nname: 恒达\nstage: 成交\nowner: 李雷\n---\n", encoding="utf-8"
    )
    result = run(unpacked_wheel, "-m", "tracker", "build", "--today", "2026-11-24", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    page = (tmp_path / "output" / "index.html").read_text(encoding="utf-8")
    assert "逾期" in page, "the Chinese catalogue is in the wheel"
    assert (tmp_path / "output" / "assets" / "site.css").is_file()


def test_the_wheel_holds_the_package_alone(unpacked_wheel: Path) -> None:
    top = {path.name for path in unpacked_wheel.iterdir()}
    assert {name for name in top if not name.endswith(".dist-info")} == {"tracker"}
    assert (unpacked_wheel / "tracker" / "site_templates" / "base.html").is_file()
    assert (unpacked_wheel / "tracker" / "locale" / "zh" / "LC_MESSAGES" / "tracker.mo").is_file()


def test_the_wheel_makes_workspaces_and_prints_scripts_and_pages(
    unpacked_wheel: Path, tmp_path: Path
) -> None:
    def tracker(*arguments: str) -> subprocess.CompletedProcess[str]:
        return run(unpacked_wheel, "-m", "tracker", *arguments, cwd=tmp_path)

    for language in ("zh", "en"):
        made = tracker("init", language, "--lang", language, "--demo")
        assert made.returncode == 0, made.stderr
        ours, from_repository = tmp_path / language, ROOT / "tracker" / "starter" / "files"
        demo = {file.name for file in (from_repository / language / "demo").iterdir()}
        assert {file.name for file in (ours / "records").iterdir()} == {*demo, "_template.md"}
        assert (ours / ".github" / "workflows" / "tracker.yml").is_file()
        assert tracker("-C", language, "check").returncode == 0
    for shell in ("bash", "zsh", "fish", "powershell"):
        assert "_TRACKER_COMPLETE" in tracker("completion", shell).stdout
    for language, page in (("zh", "query.zh.md"), ("en", "query.md")):
        shown = tracker("-C", language, "docs", "query").stdout
        assert shown == (ROOT / "docs" / page).read_text("utf-8")
