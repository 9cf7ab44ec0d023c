"""The documents: their links lead somewhere, their commands exist, and both languages agree."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import click
import pytest

from tracker.cli.main import cli

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix()
    for pattern in ("*.md", "docs/*.md", "editors/*/*.md")
    for path in ROOT.glob(pattern)
)
PAIRS = [path for path in DOCUMENTS if path.replace(".md", ".zh.md") in DOCUMENTS]

_FENCED = re.compile(r"^(```|~~~)(?P<of>.*)\n(?P<text>(?:.*\n)*?)\1$", re.MULTILINE)
_INDENTED = re.compile(r"^ {4}(tracker .*)$", re.MULTILINE)
_CODE = re.compile(r"`[^`\n]+`")
_LINK = re.compile(r"\]\(([^)\s]+)\)|<img src=\"([^\"]+)\"")
_HEADING = re.compile(r"^(#{1,6}) +(.+)$", re.MULTILINE)
_END = {"|", ">", ">>", "<"}
"""What ends a command in a shell."""

_NO_COMMANDS = {"tracker site 1 content", "tracker site 1 names"}
"""Words of the format of encrypted sites."""


def text_of(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def prose(path: str) -> str:
    return _FENCED.sub("", text_of(path))


def anchors(path: str) -> set[str]:
    """Return the anchors of the headings, as GitHub and GitLab make them."""
    found: dict[str, int] = {}
    for _, heading in _HEADING.findall(prose(path)):
        words = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
        anchor = re.sub(r"[^\w -]", "", words).replace(" ", "-")
        count = found[anchor] = found.get(anchor, 0) + 1
        if count > 1:
            found[f"{anchor}-{count - 1}"] = 1
    return set(found)


def commands(path: str) -> Iterator[tuple[str, bool]]:
    """Yield the lines with commands, and whether they are whole rather than named in a text."""
    for block in _FENCED.finditer(text_of(path)):
        for line in block["text"].replace("\\\n", "").splitlines():
            command = re.sub(r"^\s*(\$ |(- )?run: )", "", line).strip()
            if command.startswith("tracker ") and "[OPTIONS]" not in command:
                yield command, block["of"] in {"sh", "console", "powershell"}
    text = prose(path)
    for line in _INDENTED.findall(text):
        yield line, True
    for code in _CODE.findall(text):
        if re.match(r"`tracker [a-z-]", code) and code.strip("`") not in _NO_COMMANDS:
            yield code.strip("`"), False


def fault_of(line: str, *, whole: bool) -> str:
    """Return what is wrong with a command; nothing where it could be run."""
    words = shlex.split(line, comments=True)[1:]
    words = words[: next((at for at, word in enumerate(words) if word in _END), None)]
    context = click.Context(cli, info_name="tracker")
    try:
        _, arguments, _ = cli.make_parser(context).parse_args(words)
        if not arguments or not re.match("[a-z]", arguments[0]):
            return ""  # it speaks of any command
        name, *rest = arguments
        command = cli.get_command(context, name)
        if command is None:
            return f"there is no command {name}"
        if whole:
            command.make_context(name, rest, parent=context)
        else:
            command.make_parser(click.Context(command, context)).parse_args(rest)
    except click.exceptions.Exit:
        pass
    except click.BadOptionUsage:
        return "" if not whole else "an option lacks its value"
    except click.BadParameter as error:
        # The files of an example need not be there.
        return "" if isinstance(error.param, click.Argument) else error.format_message()
    except click.UsageError as error:
        return error.format_message()
    return ""


@pytest.mark.parametrize("path", DOCUMENTS)
def test_links_lead_somewhere(path: str) -> None:
    for found in _LINK.findall(_CODE.sub("", prose(path))):
        target, _, anchor = unquote("".join(found)).partition("#")
        if ":" in target:
            continue
        file = (ROOT / path).parent / target if target else ROOT / path
        assert file.exists(), target
        if anchor:
            assert anchor in anchors(file.resolve().relative_to(ROOT).as_posix()), found


@pytest.mark.parametrize("path", DOCUMENTS)
def test_commands_exist_with_their_options(path: str) -> None:
    faults = {line: fault_of(line, whole=whole) for line, whole in commands(path)}
    assert {line: fault for line, fault in faults.items() if fault} == {}


def test_a_command_that_does_not_exist_is_found() -> None:
    assert fault_of("tracker agneda", whole=False)
    assert fault_of("tracker list --sotr value", whole=False)
    assert fault_of("tracker list --format xml", whole=True)


@pytest.mark.parametrize("path", PAIRS)
def test_both_languages_tell_of_the_same(path: str) -> None:
    languages = (path, path.replace(".md", ".zh.md"))
    for pattern in (r"(?:`|^)tracker ([a-z-]+)", r"\]\(([^)#]+)", r"^(#+) ", r" (--[a-z-]+)"):
        english, chinese = (
            [
                found.replace(".zh.md", ".md")
                for found in re.findall(pattern, text_of(each), re.MULTILINE)
            ]
            for each in languages
        )
        if pattern.startswith("^"):
            assert english == chinese
        else:
            # Pictures are of one language.
            assert {each for each in english if not each.endswith(".png")} == {
                each for each in chinese if not each.endswith(".png")
            }


@pytest.mark.parametrize("path", [path for path in DOCUMENTS if path.endswith(".zh.md")])
def test_chinese_pages_lead_to_chinese_pages(path: str) -> None:
    translation_of = Path(path).name.replace(".zh.md", ".md")
    for target in re.findall(r"\]\(([\w./-]+)", prose(path)):
        file = (ROOT / path).parent / target
        if file.name != translation_of:
            chinese = file.with_name(f"{file.name.removesuffix('.md')}.zh.md")
            assert not chinese.exists(), target


@pytest.mark.parametrize("index", ["docs/README.md", "docs/README.zh.md"])
def test_every_page_is_in_the_index(index: str) -> None:
    listed = {
        target.replace(".zh.md", ".md") for target in re.findall(r"\]\(([\w.-]+)", text_of(index))
    }
    pages = {page.name.replace(".zh.md", ".md") for page in DOCS.glob("*.md")}
    assert pages <= listed | {"README.md"}


def test_every_picture_is_shown() -> None:
    shown = {
        Path("".join(found)).name for path in DOCUMENTS for found in _LINK.findall(text_of(path))
    }
    assert {picture.name for picture in DOCS.glob("*.png")} <= shown
