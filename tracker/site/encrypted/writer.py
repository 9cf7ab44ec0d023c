"""Writing a site so that it is encrypted before any of it reaches the disk."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tracker.site.encrypted.shell import shell_files
from tracker.site.writer import MANIFEST, SiteWriter, own_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from tracker.site.encrypted.container import SiteKeys


class Encryption(NamedTuple):
    """How a site is encrypted.

    Attributes:
        keys: The keys of this build.
        language: The language in which the passphrase is asked for, `zh` or `en`.
    """

    keys: SiteKeys
    language: str


class EncryptedSiteWriter(SiteWriter):
    """Writes a site as its `SiteWriter` does, every file encrypted and under a name without sense.

    Args:
        output: The site's folder; it need not exist.
        encryption: How it is encrypted.
        clean: Whether to drop files that are not the last build's, instead of keeping them.
        waiting: Called again and again while another build is at work, with the seconds so far.

    Raises:
        OutputError: The folder holds something that is not a site of ours, or cannot be written;
            or another build does not end.
    """

    def __init__(
        self,
        output: Path,
        encryption: Encryption,
        *,
        clean: bool = False,
        waiting: Callable[[float], object] = lambda _seconds: None,
    ) -> None:
        super().__init__(output, clean=clean, waiting=waiting)
        self._keys, self._language = encryption

    def write(self, path: str, data: bytes) -> None:
        """Add a file of the plain site, encrypted.

        Args:
            path: Relative to the plain site, with `/`.
            data: Its content.

        Raises:
            OutputError: It cannot be written; the old site stays.
        """
        super().write(self._keys.name(path), self._keys.script(path, data))

    def take(self, paths: Iterable[str]) -> None:
        """Take note of files that another process has added with its copy of this writer."""
        super().take(map(self._keys.name, paths))

    def copy(self, path: str, source: Path) -> None:
        """Add a file from elsewhere, encrypted.

        Raises:
            OutputError: It cannot be read or written; the old site stays.
        """
        try:
            data = source.read_bytes()
        except OSError as error:
            raise self._failure(error, path) from error
        self.write(path, data)

    def reuse(self, path: str, number: int) -> bool:
        """Take over no file of an old site: it would be a plain one, or have other keys."""
        del path, number
        return False

    def complete(self) -> None:
        """Add what opens the site, and what else will be in the folder.

        Raises:
            OutputError: That is not possible; the old site stays.
        """
        for path, data in shell_files(self._keys, self._language):
            super().write(path, data)
        super().complete()


def not_of_the_site(output: Path) -> list[str]:
    """Return the files in a site's folder that somebody else put there, which nobody encrypts.

    Args:
        output: The site's folder.

    Raises:
        OutputError: The folder is none of a site, or cannot be read.
    """
    ours = own_files(output) | {MANIFEST}
    files = (path for path in output.rglob("*") if path.is_symlink() or not path.is_dir())
    return sorted({path.relative_to(output).as_posix() for path in files} - ours)
