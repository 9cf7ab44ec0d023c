"""Hostile texts in every place where a site shows one, opened in Chromium: none may do anything.

The same texts, rendered by Python-Markdown as it comes, show that the trial sees what runs.
"""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import markdown

from tools.chromium import chromium
from tracker.site.build import build_site
from trials.results import Outcome
from trials.script_browser import Seen, watched
from trials.script_payloads import payloads
from trials.script_use import use_site
from trials.script_workspace import TODAY, write_workspace
from trials.trial import Trial

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import Browser

    from trials.script_payloads import Payload

FRAMES = 48
"""Pages that are opened at once, in frames of another one."""

PER_RECORD = 24
"""How many texts share a record in the whole trial."""

USED = 40
"""Of so many texts one is typed, linked and stored."""

SHOWN = 5
"""Faults that are told in full."""


# --- The proof that something would be seen -------------------------------------------------------


def ran_raw(browser: Browser, folder: Path, texts: Sequence[Payload], policy: str = "") -> Seen:
    """Open what Python-Markdown makes of the texts, as it comes, and return what was seen.

    Args:
        browser: Chromium.
        folder: An empty folder.
        texts: The texts; each gets a page.
        policy: The content security policy of the pages; empty for none.
    """
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">' if policy else ""
    head = f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">{meta}</head><body>\n'
    for each in texts:
        html = markdown.markdown(each.text, extensions=["extra"])
        (folder / f"{each.number}.html").write_text(head + html, "utf-8")
    with watched(browser, policy=True) as watching:
        for at in range(0, len(texts), FRAMES):
            group = texts[at : at + FRAMES]
            frames = "".join(f'<iframe src="{each.number}.html"></iframe>' for each in group)
            index = folder / f"frames-{at}.html"
            index.write_text(f"<!DOCTYPE html><html><body>{frames}", "utf-8")
            # Some of the frames never end loading.
            watching.page.goto(index.as_uri(), wait_until="domcontentloaded")
            watching.settle(*((folder / f"{each.number}.html").as_uri() for each in group))
    return watching.seen


# --- The site -------------------------------------------------------------------------------------


def build_hostile_site(folder: Path, texts: Sequence[Payload], per_record: int) -> Path:
    """Write a workspace with the texts everywhere (see `write_workspace`), and return its site."""
    root = folder / "workspace"
    root.mkdir()
    write_workspace(root, texts, per_record)
    build_site(root, folder / "site", TODAY.date())
    return folder / "site"


def pages_to_open(site: Path) -> list[Path]:
    """Return the pages of a site; of those that are made alike for other times or people, one.

    A page that leads on at once comes last.
    """
    kept: dict[str, Path] = {}
    for page in sorted(site.rglob("*.html")):
        path = page.relative_to(site).as_posix()
        if not path.startswith("attachments/"):
            kept.setdefault(_alike(path), page)
    former = kept.pop(_FORMER, None)
    return [*kept.values(), *filter(None, [former])]


_FORMER = "pages of former ids"


def _alike(path: str) -> str:
    """Return what pages have in common that are made alike, or the path of one that is unlike."""
    folder, *names = path.split("/")
    if folder in ("activity", "analysis") and names:
        name = names[-1] if len(names) > 2 else re.sub("[0-9]+", "", names[0])
        return f"{folder} {len(names)} {name}"
    if folder == "customers" and not re.match("index|page-|[ruwf][0-9]", names[0]):
        return _FORMER
    return path


def _write_feed_page(site: Path) -> Path:
    """Write a page with the contents of all entries of the feed, as a feed reader shows them."""
    feed = ET.fromstring((site / "feed.xml").read_bytes())  # noqa: S314 - our own
    contents = [each.text or "" for each in feed.iter("{http://www.w3.org/2005/Atom}content")]
    page = site.with_name("feed.html")
    page.write_text("\n".join(["<!DOCTYPE html><meta charset=utf-8>", *contents]), "utf-8")
    return page


def ran_in_site(browser: Browser, site: Path, *, policy: bool, later: bool = False) -> Seen:
    """Open the pages of a site and what its feed tells, one by one, and return what was seen.

    Args:
        browser: Chromium.
        site: The site.
        policy: Whether the content security policy holds.
        later: Whether the reader's day is some days after that of the site, so that scripts count
            anew and rows of later days come up.
    """
    with watched(browser, policy=policy) as watching:
        watching.page.clock.set_fixed_time(TODAY.replace(day=27) if later else TODAY)
        *pages, former = pages_to_open(site)
        for page in (*pages, _write_feed_page(site)):
            watching.open(page.as_uri())
        watching.page.goto(former.as_uri())
        watching.settle()
    return watching.seen


# --- The trial ------------------------------------------------------------------------------------


def run(count: int) -> list[Outcome]:
    """Try so many texts, spread over all families; see `Trial.run`."""
    known = payloads()
    texts = [known[at * len(known) // count] for at in range(min(count, len(known)))]
    opened = {name: Seen() for name in _OPENED}
    with chromium() as browser:
        with TemporaryDirectory() as folder:
            raw = ran_raw(browser, Path(folder), texts)
        with TemporaryDirectory() as folder:
            site = build_hostile_site(Path(folder), texts, PER_RECORD)
            for policy, name in zip((False, True), _OPENED, strict=True):
                opened[name].add(ran_in_site(browser, site, policy=policy, later=not policy))
                opened[name].add(use_site(browser, site, texts[::USED], policy=policy))
    proof = (
        f"Of the same texts, rendered by Python-Markdown as it comes, {len(raw.called)} ran a "
        f"script and {len(raw.reached - raw.called)} more reached another host or changed the page."
    )
    nothing = 0 if raw.called else len(texts)
    return [
        Outcome("Texts that would be seen to run", len(texts), nothing, [proof]),
        *(
            Outcome(name, len(texts), _failed(seen), _told(name, seen))
            for name, seen in opened.items()
        ),
    ]


_OPENED = (
    "Texts in a site without its content security policy, on a later day",
    "Texts in a site with its content security policy",
)


def _failed(seen: Seen) -> int:
    """Return how many texts did something; at least one where anything was not as it should be."""
    return max(len(seen.worked), int(bool(seen.faults())))


def _told(name: str, seen: Seen) -> list[str]:
    seen_faults = [f"Seen: `{fault[:200]}`." for fault in seen.faults()[:SHOWN]]
    return [f"{name}: {len(seen.probed):,} pages were opened.", *seen_faults]


TRIAL = Trial(
    title="Scripts in records",
    what=(
        "Hostile texts of twelve families (elements, handlers, addresses, breakouts, mutations, "
        "styles, names, template languages and more) stand in every field, list of words, file "
        "name and git author of a workspace. The pages of its site are opened in Chromium, and "
        "searched and filtered by the same texts. No script runs, no other host is asked, no "
        "element or attribute comes into a page by a text, and the content security policy has "
        "nothing to refuse."
    ),
    full=len(payloads()),
    run=run,
)
