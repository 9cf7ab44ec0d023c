"""Files of encrypted sites, changed in every way, opened by the site's own script in Chromium."""

from __future__ import annotations

import random
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from tools.chromium import chromium
from tracker.site.build import build_site
from tracker.site.encrypted.container import SiteKeys
from tracker.site.encrypted.writer import Encryption
from tracker.site.writer import own_files
from trials.results import Outcome
from trials.trial import Trial

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser

TODAY = date(2026, 11, 24)

_PASSPHRASE = "correct horse battery"  # noqa: S105 - it protects nothing
_RECORD = "---\nname: {name}\nstage: proposal\n---\n\n## 2026-11-20 10:00 call\n\nAsked.\n"
_LARGEST = 20_000
"""Bytes of the files that are changed: larger ones are only slower."""

_TOLD = 5

_READ = """async ([passphrase, path]) => {
  globalThis.root ??= await TrackerVault.rootOf(passphrase);
  const vault = await TrackerVault.open(globalThis.root);
  try {
    const bytes = await vault.read(path);
    return ["opened", Array.from(bytes)];
  } catch (error) {
    return [error.reason ?? String(error), []];
  }
}"""


@dataclass(frozen=True)
class Seal:
    """An encrypted site, and what it was made from.

    Attributes:
        folder: The site.
        keys: Its keys.
        old_keys: Those of another build with the same passphrase.
        plain: The files of the plain site that are small enough to be changed, by their paths.
    """

    folder: Path
    keys: SiteKeys
    old_keys: SiteKeys
    plain: dict[str, bytes]

    @classmethod
    def made_in(cls, folder: Path) -> Seal:
        """Build a small site in an empty folder, plain and encrypted."""
        root = folder / "workspace"
        (root / "records").mkdir(parents=True)
        (root / "tracker.yaml").write_text("language: en\n", encoding="utf-8")
        for name in ("acme", "northwind"):
            record = root / "records" / f"{name}.md"
            record.write_text(_RECORD.format(name=name.title()), encoding="utf-8")
        keys = SiteKeys(_PASSPHRASE)
        build_site(root, folder / "plain", TODAY)
        build_site(root, folder / "sealed", TODAY, encryption=Encryption(keys, "en"))
        files = {
            path: (folder / "plain" / path).read_bytes() for path in own_files(folder / "plain")
        }
        plain = {path: data for path, data in sorted(files.items()) if len(data) <= _LARGEST}
        return cls(folder / "sealed", keys, SiteKeys(_PASSPHRASE), plain)

    def file(self, path: str) -> Path:
        """Return where the file of a path lies."""
        return self.folder / self.keys.name(path)

    def attempt(self, browser: Browser, count: int) -> list[str]:
        """Change a file so many times and open it; return what should not have happened.

        Raises:
            ValueError: What was not changed does not open, so that nothing would be shown.
        """
        chance = random.Random(0)
        page = browser.new_page()
        page.goto((self.folder / "index.html").as_uri())

        def opened(path: str) -> tuple[str, bytes]:
            how, content = page.evaluate(_READ, [_PASSPHRASE, path])
            return how, bytes(content)

        wrong = []
        for number in range(count):
            path = chance.choice(list(self.plain))
            change = CHANGES[number % len(CHANGES)]
            file = self.file(path)
            before = file.read_bytes()
            if opened(path) != ("opened", self.plain[path]):
                message = f"{path} does not open although nothing was changed"
                raise ValueError(message)
            change(self, path, chance)
            how, content = opened(path)
            # What alters nothing of what is meant, as in the last sign of Base64, may pass.
            is_same = how == "opened" and content == self.plain[path]
            if how not in {"damaged", "missing"} and not is_same:
                wrong.append(f"{change.__name__} of {path}: {how}")
            file.write_bytes(before)
        page.close()
        return wrong


def flipped_bit(seal: Seal, path: str, chance: random.Random) -> None:
    """Flip a bit of the file."""
    data = bytearray(seal.file(path).read_bytes())
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    seal.file(path).write_bytes(data)


def cut_off(seal: Seal, path: str, chance: random.Random) -> None:
    """Cut the file off anywhere, as an upload that broke off."""
    data = seal.file(path).read_bytes()
    seal.file(path).write_bytes(data[: chance.randrange(len(data) - 1)])


def shortened(seal: Seal, path: str, chance: random.Random) -> None:
    """Take some of what is encrypted out of the file."""
    data = seal.file(path).read_bytes()
    start, end = 15 + 4 * chance.randrange(40), 4 * chance.randrange(1, 40)
    seal.file(path).write_bytes(data[:start] + data[start + end :])


def exchanged(seal: Seal, path: str, chance: random.Random) -> None:
    """Put another file of the site in its place."""
    other = chance.choice([each for each in seal.plain if each != path])
    seal.file(path).write_bytes(seal.file(other).read_bytes())


def of_another_build(seal: Seal, path: str, chance: random.Random) -> None:
    """Put the same file of another build in its place."""
    del chance
    seal.file(path).write_bytes(seal.old_keys.script(path, seal.plain[path]))


def removed(seal: Seal, path: str, chance: random.Random) -> None:
    """Remove the file."""
    del chance
    seal.file(path).unlink()


CHANGES: tuple[Callable[[Seal, str, random.Random], None], ...] = (
    flipped_bit,
    cut_off,
    shortened,
    exchanged,
    of_another_build,
    removed,
)


def run(count: int) -> list[Outcome]:
    """Change files so many times; see `Trial.run`."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        wrong = Seal.made_in(Path(folder)).attempt(browser, count)
    return [Outcome("changed files of an encrypted site", count, len(wrong), wrong[:_TOLD])]


TRIAL = Trial(
    title="Tampering with encrypted sites",
    what=(
        "A file of an encrypted site has a bit flipped, is cut off, shortened, exchanged with "
        "another one or with its like of another build, or is removed; then the site's own script "
        "opens it in Chromium. It must be refused as damaged or missing, and never give content "
        "that was not written for its path by its build; before each change it must open."
    ),
    full=3_000,
    run=run,
)
