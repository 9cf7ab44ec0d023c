"""The commands that write, each with a workspace to write in, and what must hold after a trouble.

A command is run once in peace, so that it is known what each file was and will be. After a run
that failed or was killed, each record has to be one or the other, and a site has to be one or the
other as a whole; after one more run, all has to be as after a run in peace, with nothing beside it.
"""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.library.cache_files import CACHE_DIR
from trials.disturbance import FileOperations
from trials.forking import Copy, run_command, run_in_copy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from trials.disturbance import Disturbance
    from trials.forking import Ended

TODAY = "2026-11-24"
SITE = "output"
FAILED = 3
DRIVER_FAILED = 129

Files = dict[str, bytes]
"""What a folder holds: by the path of each file, its content."""

_RECORD = """\
---
name: {name}
stage: proposal
level: B
owner: Li Lei
created: 2026-10-0{number}
tags: [east]
contacts:
  - name: Ann {number}
    phone: 020 7946 095{number}
---

## 2026-11-2{number} 10:00 call

Asked for the quote of {number} machines.

- [ ] send the quote @2026-11-28
- next: 2026-12-01 call about the quote
"""

_UNTIDY = """\
---
owner:   Li Lei
stage: proposal
name: {name}
---
## 2026-11-2{number}   10:00 call
Asked   for the quote.
- next: 2026-12-01 call


"""

_LEADS = """\
Name,Phone,Stage,Owner,Remark
Acme 1,020 7946 0961,proposal,Li Lei,wants two
Brook,020 7946 0971,proposal,Li Lei,met at the fair
Carter,020 7946 0972,proposal,Li Lei,
Dover,020 7946 0973,proposal,Li Lei,
"""

_NAMES = ("base", "ours", "theirs")


@dataclass(frozen=True, slots=True)
class Command:
    """A command line, and the workspace that it is tried in.

    Attributes:
        name: What it is called in results.
        arguments: The command line.
        prepare: Puts the workspace into an empty folder.
        may_end: The exit codes of a run that could not do its work.
        whole: The folder whose files belong together; empty where each file stands for itself.
        share: How often it is tried, of how often the others are: edits of three kinds, which
            write in the same way, count as one command.
    """

    name: str
    arguments: tuple[str, ...]
    prepare: Callable[[Path], None]
    may_end: tuple[int, ...] = (FAILED,)
    whole: str = ""
    share: Fraction = Fraction(1)


def prepare_workspace(root: Path) -> None:
    """Make a small workspace in a folder, which need not exist."""
    (root / "records").mkdir(parents=True)
    (root / "tracker.yaml").write_text("language: en\n", "utf-8")
    for number in range(1, 5):
        text = _RECORD.format(name=f"Acme {number}", number=number)
        (root / "records" / f"acme-{number}.md").write_text(text, "utf-8")


def _untidy(root: Path) -> None:
    prepare_workspace(root)
    for number in range(1, 5):
        text = _UNTIDY.format(name=f"Untidy {number}", number=number)
        (root / "records" / f"untidy-{number}.md").write_text(text, "utf-8")


def _with_leads(root: Path) -> None:
    prepare_workspace(root)
    (root / "leads.csv").write_text(_LEADS, "utf-8")


def _with_site(root: Path) -> None:
    """Build the site of what the records were before."""
    prepare_workspace(root)
    (root / "records" / "acme-4.md").unlink()
    ended = run_in_copy(lambda: run_command(["build", "--today", "2026-11-20"]), root)
    if ended.code:
        raise ValueError(ended.err)
    (root / SITE / "CNAME").write_text("crm.example\n", "utf-8")
    text = _RECORD.format(name="Acme 4", number=4)
    (root / "records" / "acme-4.md").write_text(text, "utf-8")


def _three_versions(root: Path) -> None:
    prepare_workspace(root)
    text = (root / "records" / "acme-1.md").read_text("utf-8")
    versions = (
        text,
        text.replace("level: B", "level: A"),
        text.replace("tags: [east]", "tags: [east, fair]"),
    )
    for name, version in zip(_NAMES, versions, strict=True):
        (root / f".merge_file_{name}").write_text(version, "utf-8")


_MERGED = tuple(f".merge_file_{name}" for name in _NAMES)
_DAY = ("--today", TODAY)
_A_THIRD = Fraction(1, 3)

COMMANDS = (
    Command(
        "tracker log",
        ("log", "acme-1", "They want two.", "-m", "call", "--when", "2026-11-24 09:00", *_DAY),
        prepare_workspace,
        share=_A_THIRD,
    ),
    Command(
        "tracker done",
        ("done", "acme-2", "send the quote", *_DAY),
        prepare_workspace,
        share=_A_THIRD,
    ),
    Command(
        "tracker set",
        ("set", "acme-3", "level=A", "tags+=fair", *_DAY),
        prepare_workspace,
        share=_A_THIRD,
    ),
    Command("tracker fmt", ("fmt",), _untidy),
    Command("tracker import", ("import", "leads.csv", "--yes", *_DAY), _with_leads),
    Command("tracker build", ("build", *_DAY), _with_site, whole=SITE),
    Command(
        "tracker merge-driver",
        ("merge-driver", *_MERGED, "records/acme-1.md"),
        _three_versions,
        may_end=(DRIVER_FAILED,),
    ),
)

_LOOK = ("list", "--format", "json", *_DAY)
"""Shows what the cache says of the records."""

_SEPARATOR = "--- and now ---"


class Rehearsed:
    """A command that was run in peace, and is to be run in trouble.

    Args:
        command: The command.
        folder: An empty folder, in which all is done.
    """

    def __init__(self, command: Command, folder: Path) -> None:
        self.command = command
        self._prepared = folder / "prepared"
        self.root = folder / "workspace"
        """Where it is run."""
        self._prepared.mkdir()
        command.prepare(self._prepared)
        self.reset()
        self._before = files_of(self.root)
        # The first run also loads what is loaded late, so that copies have it.
        run_command_here(command.arguments, self.root)
        run_command_here(_LOOK, self.root)
        self.reset()
        started = time.monotonic()
        self._ended = self.run()
        self.seconds = time.monotonic() - started
        """How long a run takes on the clock."""
        self._after = files_of(self.root)
        self._ended_again, self._look_again = self._run_and_look()
        self._after_again = files_of(self.root)
        self.reset()
        _, self._look = self._run_and_look()
        self.reset()
        operations = FileOperations(self.root)
        self.run(operations.watch)
        self.kinds = operations.kinds
        """The kinds of file operations that a run takes, in their order."""
        if self._ended.code or self._after == self._before:
            message = f"{command.name} does not do its work: {self._ended.err}"
            raise ValueError(message)

    def reset(self) -> None:
        """Make the workspace anew, as it was before any run."""
        shutil.rmtree(self.root, ignore_errors=True)
        shutil.copytree(self._prepared, self.root)

    def start(self, prepare: Callable[[], None] = lambda: None) -> Copy:
        """Start the command in a copy of this process; `prepare` is called there first."""

        def work() -> int:
            prepare()
            return run_command(self.command.arguments)

        return Copy(work, self.root)

    def run(self, prepare: Callable[[], None] = lambda: None) -> Ended:
        """Run the command likewise, to its end."""
        return self.start(prepare).wait()

    def run_disturbed(self, disturbance: Disturbance) -> tuple[str, Ended]:
        """Run the command with one of its file operations disturbed.

        Returns:
            What was disturbed, in words, and how the run ended.
        """
        operations = FileOperations(self.root, disturbance)
        ended = self.run(operations.watch)
        kinds = operations.kinds
        kind = kinds[disturbance.at] if disturbance.at < len(kinds) else "nothing"
        return f"{kind} ({disturbance})", ended

    def faults(self, ended: Ended) -> list[str]:
        """Return what is wrong after a run in trouble, and after one more in peace."""
        return [*self._faults_at_once(ended), *self._faults_later()]

    def _faults_at_once(self, ended: Ended) -> Iterator[str]:
        found = files_of(self.root)
        if "Traceback" in ended.err or "bug in tracker" in ended.err:
            yield f"a traceback: {ended.err}"
        if ended.code >= 0 and ended.code not in (self._ended.code, *self.command.may_end):
            yield f"ended with {ended.code}: {ended.err}"
        if ended.code == self._ended.code:
            for path in _different(_seen(found), self._after):
                yield f"ended well, but {path} is not what it has to be"
        for path, data in found.items():
            known = (self._before.get(path), self._after.get(path))
            if not is_leftover(path) and data not in known:
                yield f"{path} is neither old nor new"
        for path in self._before.keys() & self._after.keys() - found.keys():
            yield f"{path} is gone"
        if self.command.whole:
            site = _part(found, self.command.whole)
            if site not in (_part(known, self.command.whole) for known in self._known):
                yield "the site is mixed"

    def _faults_later(self) -> Iterator[str]:
        was_done = _seen(files_of(self.root)) == self._after
        _let_a_minute_pass(self.root)
        ended, look = self._run_and_look()
        found = files_of(self.root)
        wanted = self._after_again if was_done else self._after
        if ended.code != (self._ended_again if was_done else self._ended).code:
            yield f"the next run ended with {ended.code}: {ended.err}"
        for path in _different(found, wanted):
            yield f"after the next run, {path} is not what it has to be"
        if look != (self._look_again if was_done else self._look):
            yield "after the next run, what is listed is wrong"
        for path in leftovers_in(self.root):
            yield f"after the next run, {path} is left"

    @property
    def _known(self) -> tuple[Files, Files]:
        return self._before, self._after

    def _run_and_look(self) -> tuple[Ended, str]:
        """Run the command in peace, and then ask for the list of customers in the same copy."""

        def work() -> int:
            code = run_command(self.command.arguments)
            print(_SEPARATOR)
            run_command(_LOOK)
            return code

        ended = run_in_copy(work, self.root)
        return ended, ended.out.partition(_SEPARATOR)[2]


def run_command_here(arguments: tuple[str, ...], root: Path) -> None:
    """Run a command in this process, silently."""
    # Imported late: only this needs them.
    import contextlib
    import io

    here = Path.cwd()
    os.chdir(root)
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            run_command(arguments)
    finally:
        os.chdir(here)


def files_of(root: Path) -> Files:
    """Return what a workspace holds; the cache is nobody's but tracker's."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and CACHE_DIR not in path.relative_to(root).parts
    }


def is_leftover(path: str) -> bool:
    """Tell whether a path is of what a run makes for itself, and what the next one clears away."""
    first = path.partition("/")[0]
    name = path.rpartition("/")[2]
    return (name.startswith(".") and name.endswith(".tmp")) or first.startswith(f".{SITE}.tracker-")


def _seen(files: Files) -> Files:
    return {path: data for path, data in files.items() if not is_leftover(path)}


def _part(files: Files, folder: str) -> Files:
    return {path: data for path, data in files.items() if path.startswith(f"{folder}/")}


def _different(found: Files, wanted: Files) -> list[str]:
    paths = found.keys() | wanted.keys()
    return sorted(path for path in paths if found.get(path) != wanted.get(path))


def leftovers_in(root: Path) -> list[str]:
    """Return what is left of killed runs, in the cache too."""
    paths = (path.relative_to(root).as_posix() for path in root.rglob(".*"))
    return [path for path in paths if path.endswith(".tmp") or path.startswith(f".{SITE}.")]


def _let_a_minute_pass(root: Path) -> None:
    """Let what is left look two minutes older than it is."""
    then = time.time() - 120
    for path in leftovers_in(root):
        if (root / path).exists():
            os.utime(root / path, (then, then))
