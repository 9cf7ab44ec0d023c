"""A site's folder whose files are replaced one by one, while somebody looks at it.

Each file is replaced in one step; which of them belong together is known to whoever writes them.
The manifest names at least all files of ours at any time, and just those once all is settled, so
that a build afterwards, or after a crash, knows what it may replace.

A workspace may come from anybody, and links in the folder may lead anywhere: nothing is written or
removed through one. A link to a folder gives way where a folder of the site has to be.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.files import move_into_place
from tracker.site.writer import MANIFEST, own_files, write_failure
from tracker.site.writer import manifest as written

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

_TEMPORARY = ".tracker-new-"


class SiteFolder:
    """The folder of a site that is kept up to date.

    Args:
        output: The folder; made where it is absent.

    Raises:
        OutputError: It holds something that is not a site of ours, or cannot be written.
    """

    def __init__(self, output: Path) -> None:
        self.path = Path(os.path.realpath(output))
        self._named: set[str] = set()
        self._manifest: tuple[int, int] | None = None
        self.open()

    def open(self) -> None:
        """Look at the folder anew, after it was replaced or taken away.

        Raises:
            OutputError: As when it was opened first.
        """
        self._named = own_files(self.path)
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            for stray in self.path.rglob(f"{_TEMPORARY}*"):
                stray.unlink(missing_ok=True)
            self._name(self._named)
        except OSError as error:
            raise write_failure(self.path, error) from error

    @property
    def files(self) -> frozenset[str]:
        """Return the files that the manifest names."""
        return frozenset(self._named)

    @property
    def is_as_left(self) -> bool:
        """Tell whether the folder is the one that was written to, replaced by nobody."""
        return self._manifest is not None and self._manifest == self._identity()

    def expect(self, paths: AbstractSet[str]) -> None:
        """Name files in the manifest that are going to be written.

        Raises:
            OutputError: The manifest cannot be written.
        """
        if not paths <= self._named:
            try:
                self._name(self._named | paths)
            except OSError as error:
                raise write_failure(self.path / MANIFEST, error) from error

    def write(self, path: str, data: bytes) -> bool:
        """Give a file its content, and tell whether it had another one.

        Args:
            path: Relative to the folder, with `/`.
            data: Its content.

        Raises:
            OutputError: It cannot be written; it is as it was then.
        """
        target = self.path / path
        try:
            self._unlink_folders(path)
            if _content(target) == data:
                return False
            self.expect({path})
            with self._beside(target) as temporary:
                temporary.write_bytes(data)
        except OSError as error:
            raise write_failure(target, error) from error
        return True

    def copy(self, path: str, source: Path) -> None:
        """Give a file the content of another one.

        Raises:
            OutputError: It cannot be read or written; it is as it was then.
        """
        target = self.path / path
        try:
            self._unlink_folders(path)
            self.expect({path})
            with self._beside(target) as temporary:
                shutil.copyfile(source, temporary)
        except OSError as error:
            raise write_failure(target, error) from error

    def settle(self, paths: AbstractSet[str]) -> set[str]:
        """Remove the files of ours that belong to the site no more, and return them.

        Args:
            paths: All files of the site.

        Raises:
            OutputError: One cannot be removed.
        """
        gone = self._named - paths
        try:
            for path in gone:
                if any(self._linked_folders(path)):
                    continue
                file = self.path / path
                if not file.is_dir():
                    file.unlink(missing_ok=True)
                self._drop_empty(file.parent)
            if self._named != paths:
                self._name(set(paths))
        except OSError as error:
            raise write_failure(self.path, error) from error
        return gone

    def _name(self, paths: set[str]) -> None:
        self._named = set(paths)
        with self._beside(self.path / MANIFEST) as temporary:
            temporary.write_bytes(written(paths))
        self._manifest = self._identity()

    def _identity(self) -> tuple[int, int] | None:
        try:
            status = (self.path / MANIFEST).stat()
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns

    @contextlib.contextmanager
    def _beside(self, target: Path) -> Iterator[Path]:
        """Give a name beside a file; what is written there takes the file's place afterwards."""
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_name(f"{_TEMPORARY}{os.getpid()}")
        try:
            yield temporary
            move_into_place(temporary, target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise

    def _linked_folders(self, path: str) -> Iterator[str]:
        """Yield the folders of a file, from the outermost on, that are links."""
        end = path.find("/")
        while end >= 0:
            folder = f"{self.path}/{path[:end]}"
            if os.path.islink(folder):  # noqa: PTH114  # a `Path` takes longer, for each page
                yield folder
            end = path.find("/", end + 1)

    def _unlink_folders(self, path: str) -> None:
        """Remove the links that stand where a file has its folders, but nothing behind them."""
        for folder in self._linked_folders(path):
            Path(folder).unlink()

    def _drop_empty(self, folder: Path) -> None:
        while folder != self.path:
            try:
                folder.rmdir()
            except OSError:
                return
            folder = folder.parent


def _content(file: Path) -> bytes | None:
    try:
        return None if file.is_symlink() else file.read_bytes()
    except OSError:
        return None
