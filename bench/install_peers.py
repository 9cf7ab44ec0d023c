"""Installs what `tracker build` is compared with, below `bench/peers/`, where git does not look.

python bench/install_peers.py

Versions are those of `bench/peers/constraints.txt` and `package-lock.json`. What cannot be had is
named, and left out of the results; the others do without it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.peer_builds import FOLDER, INSTALLED, PEERS, PYTHON_HOME, Installed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.peer_builds import Peer

_PIP = [str(PYTHON_HOME / "bin" / "python"), "-m", "pip", "--disable-pip-version-check"]
_CONSTRAINTS = FOLDER / "constraints.txt"
_PATIENCE_SECONDS = 600


def main() -> None:
    """Install every peer that can be had."""
    found = {peer.name: _install(peer) for peer in PEERS}
    INSTALLED.write_bytes(msgspec.json.format(msgspec.json.encode(found)) + b"\n")
    for name, installed in found.items():
        print(f"{name}: {installed.version or installed.problem}")


def _install(peer: Peer) -> Installed:
    try:
        if peer.packages:
            if not Path(_PIP[0]).exists():
                venv.create(PYTHON_HOME, clear=True, with_pip=True)
            _run([*_PIP, "install", "--quiet", "--constraint", str(_CONSTRAINTS), *peer.packages])
        else:
            _run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
        program = peer.find_program()
        words = "version" if peer.name == "Hugo" else "--version"
        return Installed(program, _version(_run([*program, words])))
    except subprocess.CalledProcessError as error:
        # Not into the results: the words name folders and addresses of this machine.
        print(error.stderr or error.stdout, file=sys.stderr)
        return Installed(problem=f"cannot be installed: {_name(error.cmd)} ended with an error")
    except (OSError, StopIteration, ImportError, subprocess.TimeoutExpired) as error:
        print(repr(error), file=sys.stderr)
        return Installed(problem=f"cannot be installed: {type(error).__name__}")


def _name(command: Sequence[str]) -> str:
    return "pip" if list(command[: len(_PIP)]) == _PIP else Path(command[0]).name


def _run(command: Sequence[str]) -> str:
    """Run a command in the folder of the peers, and return what it prints.

    Raises:
        OSError: It cannot be started.
        subprocess.SubprocessError: It fails, or takes too long.
    """
    # npm and node of this Python's environment come before those of the system.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    return subprocess.run(  # noqa: S603  # a command of our own making
        command,
        cwd=FOLDER,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=True,
        timeout=_PATIENCE_SECONDS,
    ).stdout


def _version(said: str) -> str:
    """Return the number in what a program says of its version."""
    word = next(
        (word for word in said.replace(",", " ").split() if word[:2].strip("v")[:1].isdigit()), ""
    )
    return word.removeprefix("v").partition("-")[0].partition("+")[0]


if __name__ == "__main__":
    main()
