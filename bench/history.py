"""Makes a workspace with a long history in git, and measures how long reading it takes.

Example: `python -m bench.history FOLDER --customers 1000 --commits 10000`.
A folder that is already there is measured as it is.
"""

from __future__ import annotations

import argparse
import os
import random
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from bench.generate import OWNERS, STAGES, TODAY, generate, section
from tracker.library.cache_files import CACHE_DIR
from tracker.library.git import run_git
from tracker.library.history import read_history
from tracker.library.loader import load_library

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.library.history import History

ZONE = timezone(timedelta(hours=8))
BRANCH_EVERY = 12
"""Of so many commits one lies on a branch of its own, which is merged a few commits later."""


@dataclass
class Record:
    """A record while its history is made."""

    path: str
    matter: dict[str, str]
    sections: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return the file."""
        lines = [f"{key}: {value}" for key, value in self.matter.items()]
        return "\n".join(["---", *lines, "---", "", *self.sections])


class Stream:
    """Commands of `git fast-import`."""

    def __init__(self) -> None:
        """Begin without commands."""
        self.commands = bytearray()
        self._mark = 0

    def commit(
        self,
        branch: str,
        moment: datetime,
        who: str,
        files: dict[str, str | None],
        parents: tuple[int, ...],
    ) -> int:
        """Write a commit and return its mark; a file without a text is deleted."""
        self._mark += 1
        when = f"{int(moment.timestamp())} +0800"
        person = f"{who} <{OWNERS.index(who)}@example.com> {when}"
        lines = [f"commit refs/heads/{branch}", f"mark :{self._mark}"]
        lines += [f"author {person}", f"committer {person}", "data 1", "x"]
        lines += [f"{'merge' if at else 'from'} :{mark}" for at, mark in enumerate(parents)]
        self.commands.extend(("\n".join(lines) + "\n").encode())
        for path, text in files.items():
            if text is None:
                self.commands.extend(f"D {path}\n".encode())
                continue
            data = text.encode()
            self.commands.extend(f"M 100644 inline {path}\ndata {len(data)}\n".encode() + data)
        return self._mark


def new_record(number: int, chance: random.Random) -> Record:
    """Return a record without follow-ups."""
    return Record(
        f"records/k{number:05d}.md",
        {
            "name": f"客户{number}有限公司",
            "stage": STAGES[0],
            "level": chance.choice("ABC"),
            "owner": chance.choice(OWNERS),
            "value": f"{chance.randrange(5, 300)}0000 CNY",
            "expected_close": str(TODAY + timedelta(days=chance.randrange(120))),
            "source": "展会",
            "region": "苏州",
        },
    )


def change(record: Record, moment: datetime, who: str, chance: random.Random) -> None:
    """Log a follow-up, and now and then move a value."""
    lines = section(moment.date(), who, "王芳", chance, chance)
    lines[0] = f"## {moment:%Y-%m-%d %H:%M} 电话 {who}"
    record.sections.insert(0, "\n".join([*lines, "", ""]))
    if chance.random() < 0.2:
        stage = STAGES.index(record.matter["stage"])
        record.matter["stage"] = STAGES[min(stage + 1, len(STAGES) - 1)]
    if chance.random() < 0.2:
        record.matter["expected_close"] = str(moment.date() + timedelta(days=60))
    if chance.random() < 0.05:
        record.matter["owner"] = chance.choice(OWNERS)


def make(folder: Path, customers: int, commits: int, seed: int = 1) -> None:
    """Make a repository: a bulk import first, then follow-ups, new customers, branches, renames."""
    generate(folder, 0)
    run_git(folder, ["init", "-q", "-b", "main"])
    chance = random.Random(seed)
    moment = datetime.combine(TODAY, datetime.min.time(), ZONE) - timedelta(hours=commits)
    records = [new_record(number, chance) for number in range(customers // 2)]
    stream = Stream()
    settings = {"tracker.yaml": (folder / "tracker.yaml").read_text("utf-8")}
    files: dict[str, str | None] = {**settings, **{each.path: each.text for each in records}}
    main = stream.commit("main", moment, OWNERS[0], files, ())
    waiting: tuple[int, Record, dict[str, str | None]] | None = None
    for number in range(commits - 1):
        moment += timedelta(minutes=chance.randrange(10, 100))
        who = chance.choice(OWNERS)
        if waiting and number % BRANCH_EVERY == BRANCH_EVERY // 2:
            side, _record, merged = waiting
            main = stream.commit("main", moment, who, merged, (main, side))
            waiting = None
            continue
        if len(records) < customers and chance.random() < customers / commits:
            records.append(new_record(len(records), chance))
            record = records[-1]
        else:
            record = chance.choice(records)
            while waiting and record is waiting[1]:
                record = chance.choice(records)
        files = {}
        if chance.random() < 0.01:
            files[record.path] = None
            record.path = record.path.replace(".md", "-b.md")
        change(record, moment, who, chance)
        files[record.path] = record.text
        if number % BRANCH_EVERY == 0:
            waiting = stream.commit("side", moment, who, files, (main,)), record, files
        else:
            main = stream.commit("main", moment, who, files, (main,))
    run_git(folder, ["fast-import", "--quiet"], bytes(stream.commands))
    run_git(folder, ["checkout", "-q", "-f", "main"])


def measure(folder: Path) -> None:
    """Print how long the history takes without a cache, with one, and after one more commit."""
    library = load_library(folder)
    timed("without a cache", lambda: read_history(library))
    (folder / CACHE_DIR / "history.msgpack").unlink(missing_ok=True)
    timed("first, and kept", lambda: read_history(library, cached=True))
    timed("kept", lambda: read_history(library, cached=True))
    size = (folder / CACHE_DIR / "history.msgpack").stat().st_size
    print(f"{'the cache':>20}: {size / 1e6:.1f} MB")
    record = folder / library.customers[0].path
    with record.open("a", encoding="utf-8") as stream:
        stream.write(f"## {TODAY} 10:00 电话 李雷\n\n一次。\n")
    person = ("-c", "user.name=李雷", "-c", "user.email=0@example.com")
    run_git(folder, [*person, "commit", "-q", "-a", "-m", "x"])
    timed("one more commit", lambda: read_history(library, cached=True))


def timed(what: str, work: Callable[[], History]) -> None:
    """Print how long something takes, and how long it keeps a processor busy, git included."""
    start, busy = time.perf_counter(), sum(os.times()[:4])
    history = work()
    took, busy = time.perf_counter() - start, sum(os.times()[:4]) - busy
    changes = sum(len(each.changes) for each in history.records.values())
    print(
        f"{what:>20}: {took:6.2f} s, processor {busy:5.2f} s  "
        f"({len(history.records)} records, {changes} changes)"
    )


def main() -> None:
    """Make and measure what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--customers", type=int, default=1000)
    parser.add_argument("--commits", type=int, default=10_000)
    options = parser.parse_args()
    if not (options.folder / "tracker.yaml").exists():
        make(options.folder, options.customers, options.commits)
    measure(options.folder)


if __name__ == "__main__":
    main()
