"""The records at a commit, read from git with the settings of today.

Whatever the number of records, a state is read by one `ls-tree`, which names its files, and one
`cat-file --batch`, which reads those that the present state does not have as they are. Only these
are parsed.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from tracker.config import RECORDS_DIR
from tracker.errors import TrackerError
from tracker.library.cache import packed
from tracker.library.git import (
    git_result,
    not_trusted,
    read_blobs,
    trust_command,
)
from tracker.library.library import Entry, Library
from tracker.library.record_paths import is_record_path
from tracker.text_files import TextFile, decode
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from tracker.config import Config
    from tracker.library.cache import RecordCache

_SHA1_DIGITS = 40
_LINK = b"120000"
_SUBMODULE = b"160000"


def git_output(root: Path, arguments: list[str], *, may_fail: bool = False) -> bytes | None:
    """Return what git prints; None where it says no and may.

    Args:
        root: The workspace's folder.
        arguments: The command and its arguments.
        may_fail: Whether git may say no.

    Raises:
        TrackerError: Git is missing, or says no.
    """
    result = git_result(root, arguments)
    if result is None:
        raise TrackerError(
            Message("git cannot be run, and without it earlier records cannot be read")
        )
    if result.returncode == 0:
        return result.stdout
    if may_fail:
        return None
    if b"not a git repository" in result.stderr:
        raise TrackerError(
            Message(
                "{folder} is not in a git repository, so there are no earlier records",
                {"folder": root},
            )
        )
    if trust := trust_command(root):
        raise TrackerError(not_trusted(root, trust))
    reason = result.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
    raise TrackerError(Message("git says: {reason}", {"reason": reason.removeprefix("fatal: ")}))


def library_at(
    library: Library,
    commit: str,
    read: dict[tuple[str, bytes], Entry],
    cache: RecordCache | None = None,
) -> Library:
    """Return the records at a commit, read with the settings of today.

    Args:
        library: The working tree; entries that are the same there are shared.
        commit: The commit; empty for what lies before the first one.
        read: Entries of other commits by path and blob, to which this one's are added.
        cache: What was parsed in earlier runs; None for nothing.

    Raises:
        TrackerError: Git does not have all of them.
    """
    files = dict(files_at(library.root, commit)) if commit else {}
    present = library.by_path
    wanted: dict[str, bytes] = {}
    entries: dict[str, Entry] = {}
    for path, blob in files.items():
        known = present.get(path)
        if blob is None:
            entries[path] = Entry(path, "", None)
        elif known and known.customer and _blob_name(known.text, len(blob)) == blob:
            entries[path] = known
        elif (path, blob) in read:
            entries[path] = read[path, blob]
        else:
            wanted[path] = blob
    contents = dict(read_blobs(library.root, wanted.values()))
    for path, blob in wanted.items():
        if blob not in contents:
            raise TrackerError(
                Message(
                    "git does not have {path} as it was; this clone is partial, so fetch the "
                    "rest of it first",
                    {"path": path},
                )
            )
        entries[path] = _entry(path, contents[blob], library.config, present.get(path), cache)
        read[path, blob] = entries[path]
    return Library(library.root, library.config, tuple(entries[path] for path in sorted(entries)))


def without(library: Library, left_out: Iterable[str], renames: Mapping[str, str]) -> Library:
    """Return earlier records without those that a sparse checkout keeps from being here now.

    Args:
        library: The records.
        left_out: Paths of those, as they are now.
        renames: The older path of each record that was renamed since, by its newer one.
    """
    gone = {renames.get(path, path) for path in left_out}
    if not gone:
        return library
    entries = (entry for entry in library.entries if entry.path not in gone)
    return Library(library.root, library.config, tuple(entries))


def files_at(root: Path, commit: str) -> Iterable[tuple[str, bytes | None]]:
    """Yield path and blob of each record at a commit; no blob for what is not read."""
    listing = git_output(root, ["ls-tree", "-r", "-z", commit, "--", f"{RECORDS_DIR}/"]) or b""
    for line in listing.split(b"\0"):
        head, _, name = line.partition(b"\t")
        mode, _, blob = head.partition(b" ")
        path = name.decode("utf-8", "replace")
        if mode == _SUBMODULE or not is_record_path(path):
            continue
        readable = mode != _LINK and path.encode() == name
        yield path, blob.rpartition(b" ")[2] if readable else None


def _blob_name(text: str, length: int) -> bytes:
    """Return the name that git gives to a file with this text and no other line breaks."""
    data = text.encode()
    algorithm = "sha1" if length == _SHA1_DIGITS else "sha256"
    header = b"blob %d\0" % len(data)
    return hashlib.new(algorithm, header + data, usedforsecurity=False).hexdigest().encode()


def _entry(
    path: str, data: bytes, config: Config, present: Entry | None, cache: RecordCache | None
) -> Entry:
    if len(data) > config.limits.file_size:
        return Entry(path, "", None)
    content = decode(data)
    if not isinstance(content, TextFile):
        return Entry(path, "", None, (content,))
    if present and present.text == content.text and present.customer:
        return present
    if cache and (kept := cache.get(path, content.text)):
        return kept
    # Imported late: where nothing has changed, no record is parsed.
    from tracker.format.parser import parse_record

    parsed = parse_record(content.text, path, config)
    if cache and (known := packed(content.text, parsed)):
        cache.put(path, known)
    return Entry(path, content.text, parsed.customer, parsed.problems)


def renames_between(root: Path, first: str, last: str) -> dict[str, str]:
    """Return the older path of each record that was renamed by its newer path.

    Args:
        root: The workspace's folder.
        first: A commit; empty for what lies before the first one.
        last: A later one; empty for the working tree.
    """
    if not first:
        return {}
    ends = [first, last] if last else [first]
    output = git_output(
        root,
        [
            *("diff", "--name-status", "-z", "-M", "--diff-filter=R", "--relative", "--no-color"),
            *("--no-ext-diff", *ends, "--", f"{RECORDS_DIR}/"),
        ],
    )
    parts = iter((output or b"").decode("utf-8", "replace").split("\0"))
    renames = {}
    for kind in parts:
        if kind:
            old = next(parts, "")
            renames[next(parts, "")] = old
    return renames
