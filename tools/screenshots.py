"""Take the pictures of demo sites that the documents show.

    python tools/screenshots.py           build the sites for their day and take them anew
    python tools/screenshots.py --check   change nothing; exit with 1 where one is missing or large

Needs Chromium and Playwright, as the browser tests do. A picture depends on the fonts of the
machine, so `--check` does not compare them.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
TODAY = date(2026, 11, 24)
NOON = f"{TODAY}T12:00:00+08:00"
MAX_BYTES = 300_000


class Picture(NamedTuple):
    """One picture: its file, its page, the window, and of which site it is.

    That is the demo of this repository, which is Chinese, or the English one of `tracker init`.
    """

    name: str
    page: str
    width: int
    height: int
    english: bool = False
    scale: int = 1


PICTURES = (
    Picture("dashboard.png", "index.html", 1280, 900),
    Picture("dashboard-en.png", "index.html", 1280, 900, english=True),
    Picture("customer.png", "customers/bohuan-daoju.html", 1280, 900),
    Picture("customer-en.png", "customers/larkfield-foods.html", 1280, 900, english=True),
    Picture("agenda-phone.png", "agenda.html", 390, 844, scale=2),
    Picture("agenda-phone-en.png", "agenda.html", 390, 844, english=True, scale=2),
)


def take(chinese: Path, english: Path) -> None:
    """Take every picture of the two sites.

    Raises:
        NoChromiumError: There is no Chromium.
    """
    # Imported late: `--check` must run where there is no browser.
    from tools.chromium import chromium

    with chromium() as browser:
        for picture in PICTURES:
            page = browser.new_page(
                viewport={"width": picture.width, "height": picture.height},
                device_scale_factor=picture.scale,
            )
            # Pages recount themselves for the reader's day, so the reader's clock is set too.
            page.clock.set_fixed_time(NOON)
            site = english if picture.english else chinese
            page.goto((site / picture.page).as_uri())
            page.screenshot(path=DOCS / picture.name)
            page.close()


def faults() -> list[str]:
    """Return what is wrong with the pictures, a line each."""
    lines = []
    for picture in PICTURES:
        path = DOCS / picture.name
        if not path.exists():
            lines.append(f"docs/{picture.name} is missing; run tools/{Path(__file__).name}")
        elif path.stat().st_size > MAX_BYTES:
            lines.append(f"docs/{picture.name} is larger than {MAX_BYTES} bytes")
    return lines


def main() -> int:
    """Take or check the pictures; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="change nothing, report what is amiss")
    if not parser.parse_args().check:
        from tracker.site.build import build_site
        from tracker.starter.workspace import create_workspace, workspace_files

        DOCS.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            create_workspace(folder / "demo", workspace_files("en", "Customers", demo=TODAY))
            build_site(ROOT, folder / "chinese", TODAY)
            build_site(folder / "demo", folder / "english", TODAY)
            take(folder / "chinese", folder / "english")
    found = faults()
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
