"""Measures how soon the pages of a site can be used in Chromium, opened from its folder.

Example: `python bench/pages.py output --rounds 3`.

Each page of the top folder is opened, and of each other folder the one that is largest when it is
compressed; each time by a browser that has kept nothing. It can be used when its document is
complete, all that it loads by itself is there, and its last long task has ended: one that keeps it
from answering for 50 ms (https://www.w3.org/TR/longtasks-1/).
"""

from __future__ import annotations

import argparse
import gzip
import json
import statistics
import sys
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import msgspec

from bench.generate import TODAY
from bench.results import OpenedPage
from tools.chromium import NoChromiumError, chromium

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

_ON_THE_DAY = f"""
const Then = Date;
globalThis.Date = class extends Then {{
  constructor(...given) {{ super(...(given.length ? given : ["{TODAY}T12:00:00+08:00"])); }}
  static now() {{ return new Date().getTime(); }}
}};
"""
"""Pages recount themselves for the reader's day; on their own there is nothing to do. Playwright's
clock would stand still for `performance`, too."""

_QUIET_MILLISECONDS = 500
"""So long nothing happens in a page that has come to rest."""

_WAIT_FOR_REST = """
quiet => new Promise(resolve => {
  const tasks = [];
  new PerformanceObserver(list => tasks.push(...list.getEntries()))
    .observe({ type: "longtask", buffered: true });
  const start = performance.now();
  const look = () => {
    const [page] = performance.getEntriesByType("navigation");
    const busy = Math.max(
      page.domContentLoadedEventEnd,
      ...tasks.map(task => task.startTime + task.duration),
      ...performance.getEntriesByType("resource").map(each => each.responseEnd),
    );
    if (page.loadEventEnd && performance.now() - Math.max(busy, start) > quiet) resolve(busy);
    else setTimeout(look, 50);
  };
  look();
})
"""


def open_pages(browser: Browser, site: Path, rounds: int) -> list[OpenedPage]:
    """Open pages of a site, and return how long each took, the slowest first.

    Args:
        browser: Chromium.
        site: The site's folder.
        rounds: How often each is opened.
    """
    found = dict(_pages(site))
    times: dict[Path, list[float]] = {page: [] for page in found}
    for _ in range(rounds):
        for page in found:
            times[page].append(_open(browser, page))
    opened = [
        OpenedPage(
            page.relative_to(site).as_posix(), found[page], [round(each) for each in times[page]]
        )
        for page in found
    ]
    return sorted(opened, key=lambda each: -statistics.median(each.milliseconds))


def _pages(site: Path) -> Iterator[tuple[Path, int]]:
    """Yield the pages to open with their sizes, compressed."""
    for page in sorted(site.glob("*.html")):
        yield page, _compressed(page)
    for folder in sorted(each for each in site.iterdir() if each.is_dir()):
        sizes = ((page, _compressed(page)) for page in folder.rglob("*.html"))
        if largest := max(sizes, key=lambda each: each[1], default=None):
            yield largest


def _compressed(page: Path) -> int:
    return len(gzip.compress(page.read_bytes(), compresslevel=6))


def _open(browser: Browser, page: Path) -> float:
    """Return the milliseconds until a page can be used."""
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        tab = context.new_page()
        tab.add_init_script(_ON_THE_DAY)
        tab.goto(page.resolve().as_uri())
        return float(tab.evaluate(_WAIT_FOR_REST, _QUIET_MILLISECONDS))


def main() -> int:
    """Measure the site that the command line names, and print JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("site", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    try:
        with chromium(whole=True) as browser:
            opened = open_pages(browser, options.site, options.rounds)
    except NoChromiumError as error:
        print(error, file=sys.stderr)
        return 3
    print(json.dumps(msgspec.to_builtins(opened), indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
