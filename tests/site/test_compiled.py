"""Code of templates kept between processes: as trusted as the modules beside it, and no more."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import jinja2
import pytest

from tracker.site import compiled
from tracker.site.compiled import KeptTemplates

if TYPE_CHECKING:
    from pathlib import Path
    from types import CodeType


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the code is kept."""
    kept = tmp_path / "__pycache__"
    kept.mkdir()
    monkeypatch.setattr(compiled, "cache_from_source", lambda _: str(kept / "compiled.pyc"))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return kept


@pytest.fixture
def builtin(tmp_path: Path) -> Path:
    """The folder of the built-in templates, with one."""
    templates = tmp_path / "templates" / "macros"
    templates.mkdir(parents=True)
    (templates / "greet.html").write_text("Hello {{ name }}", "utf-8")
    return tmp_path / "templates"


class Compiling(jinja2.Environment):
    """Counts how often it compiles."""

    compiled = 0

    def _compile(self, source: str, filename: str) -> CodeType:
        self.compiled += 1
        return super()._compile(source, filename)


def environment(builtin: Path, loads: Path, language: str = "en") -> Compiling:
    """Return an environment as another process would have it."""
    kept = KeptTemplates(Compiling, language, builtin)
    return Compiling(loader=jinja2.FileSystemLoader(loads), bytecode_cache=kept)


def greeted(one: Compiling) -> tuple[str, int]:
    """Return what the template writes, and how often it was compiled for that."""
    return one.get_template("macros/greet.html").render(name="Li"), one.compiled


def test_the_next_process_compiles_nothing(folder: Path, builtin: Path) -> None:
    assert greeted(environment(builtin, builtin)) == ("Hello Li", 1)
    assert len(list(folder.iterdir())) == 1
    assert greeted(environment(builtin, builtin)) == ("Hello Li", 0)


def test_another_template_program_or_language_is_compiled(
    folder: Path, builtin: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    greeted(environment(builtin, builtin))
    assert greeted(environment(builtin, builtin, "zh")) == ("Hello Li", 1)
    (builtin / "macros" / "greet.html").write_text("Good day {{ name }}", "utf-8")
    assert greeted(environment(builtin, builtin)) == ("Good day Li", 1)
    monkeypatch.setattr(compiled, "program_stamp", lambda: "another")
    assert greeted(environment(builtin, builtin)) == ("Good day Li", 1)
    assert greeted(environment(builtin, builtin)) == ("Good day Li", 0)
    assert len(list(folder.iterdir())) == 2


@pytest.mark.parametrize("place", [0, 15, 16, 17, 60, -1])
def test_damaged_code_is_never_run(folder: Path, builtin: Path, place: int) -> None:
    greeted(environment(builtin, builtin))
    (file,) = folder.iterdir()
    data = bytearray(file.read_bytes())
    data[place] ^= 1
    file.write_bytes(data)
    assert greeted(environment(builtin, builtin)) == ("Hello Li", 1)
    assert greeted(environment(builtin, builtin)) == ("Hello Li", 0)
    file.write_bytes(file.read_bytes()[:place])
    assert greeted(environment(builtin, builtin)) == ("Hello Li", 1)


def test_nothing_of_a_workspace_is_kept(folder: Path, builtin: Path, tmp_path: Path) -> None:
    own = tmp_path / "workspace" / "macros"
    own.mkdir(parents=True)
    (own / "greet.html").write_text("Hi {{ name }}", "utf-8")
    assert greeted(environment(builtin, tmp_path / "workspace")) == ("Hi Li", 1)
    assert not list(folder.iterdir())


def test_where_nothing_can_be_written_all_is_compiled(
    folder: Path, builtin: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert greeted(environment(builtin, builtin)) == ("Hello Li", 1)
    assert not list(folder.iterdir())
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    folder.rmdir()
    assert greeted(environment(builtin, builtin)) == ("Hello Li", 1)
    assert not folder.exists()
