"""Pages that `tracker serve` reloads: where the reader is stays, problems are shown."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import TODAY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.browser.conftest import AxeRun, Browsing

RECORD = """---
name: Acme Machines
stage: proposal
owner: Li Lei
level: A
contacts:
  - name: Wang Fang
    phone: 0512 6000 1234
---

{text}

{followups}
"""
FOLLOWUPS = "\n".join(
    f"## 2026-{month:02}-{day:02} 10:00 call\n\nTalk number {day} of month {month}.\n"
    for month in (10, 9, 8)
    for day in range(20, 8, -1)
)


def record(text: str) -> str:
    return RECORD.format(text=text, followups=FOLLOWUPS)


@dataclass
class Served:
    root: Path
    address: str

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    files = {
        "tracker.yaml": "language: en\nowners: [Li Lei]\n",
        "records/acme.md": record("Before."),
        **{
            f"records/c{number}.md": f"---\nname: Customer {number}\nstage: contact\nlevel: "
            f"{'AB'[number % 2]}\nowner: Li Lei\n---\n"
            for number in range(80)
        },
    }
    served = Served(tmp_path, "")
    for path, text in files.items():
        served.write(path, text)
    command = [sys.executable, "-m", "tracker", "-C", str(tmp_path), "serve", "--port", "0"]
    process = subprocess.Popen(
        [*command, "--today", TODAY],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
    )
    assert process.stdout
    served.address = process.stdout.readline().strip()
    yield served
    process.terminate()
    process.communicate()


def test_a_page_reloads_in_place(served: Served, page: Browsing) -> None:
    visit = page(f"{served.address}customers/acme.html", allow=(served.address,))
    tab = visit.page
    tab.locator("#followups").scroll_into_view_if_needed()
    tab.evaluate("scrollTo(0, 700)")
    tab.evaluate("document.querySelector('#reach a').focus({preventScroll: true})")
    assert tab.evaluate("scrollY") == 700
    focused = tab.evaluate("document.activeElement.getAttribute('href')")
    tab.evaluate("globalThis.mark = 1")
    served.write("records/acme.md", record("Afterwards."))
    tab.wait_for_function("() => globalThis.mark === undefined && document.body")
    tab.get_by_text("Afterwards.").wait_for(state="attached")
    tab.wait_for_function("() => scrollY === 700")
    tab.wait_for_function("h => document.activeElement.getAttribute('href') === h", arg=focused)
    assert tab.evaluate("history.length") == 2  # Reloading leaves nothing to go back to.


def test_filters_in_the_address_and_the_field_stay(served: Served, page: Browsing) -> None:
    visit = page(f"{served.address}customers/index.html", allow=(served.address,))
    tab = visit.page
    field = tab.locator("#live-query")
    field.fill("level:A renamed")
    tab.wait_for_function("() => location.href.includes('level')")
    address = tab.url
    field.focus()
    tab.evaluate("globalThis.mark = 1")
    served.write(
        "records/c1.md", "---\nname: Renamed\nstage: contact\nlevel: A\nowner: Li Lei\n---\n"
    )
    tab.wait_for_function("() => globalThis.mark === undefined && document.body")
    tab.locator("bdi:visible", has_text="Renamed").first.wait_for()
    assert tab.url == address
    assert field.input_value() == "level:A renamed"
    tab.wait_for_function("() => document.activeElement.localName === 'input'")


def test_problems_are_shown_over_the_page_until_they_are_mended(
    served: Served, page: Browsing, axe: AxeRun
) -> None:
    visit = page(f"{served.address}customers/acme.html", allow=(served.address,))
    tab = visit.page
    box = tab.get_by_role("region", name="New problems")
    tab.evaluate("globalThis.mark = 1")
    served.write("records/acme.md", record("x").replace("stage: proposal", "stage: porposal"))
    # The page is loaded again, too, which would take it away while it is looked at.
    tab.wait_for_function("() => globalThis.mark === undefined && document.body")
    box.wait_for()
    assert "records/acme.md:3:8" in (box.text_content() or "")
    assert "error" in (box.text_content() or "")
    assert axe(visit).violations == ()
    served.write("records/acme.md", record("Mended."))
    box.wait_for(state="detached")
    tab.get_by_text("Mended.").wait_for(state="attached")


def test_problems_that_were_closed_stay_closed_until_there_are_others(
    served: Served, page: Browsing
) -> None:
    tab = page(f"{served.address}customers/acme.html", allow=(served.address,)).page
    box = tab.get_by_role("region", name="New problems")
    wrong = record("x").replace("stage: proposal", "stage: porposal")
    served.write("records/acme.md", wrong)
    box.get_by_role("button", name="Close").click()
    box.wait_for(state="detached")
    served.write("records/acme.md", wrong.replace("\nx\n", "\nStill wrong.\n"))
    tab.get_by_text("Still wrong.").wait_for(state="attached")
    assert box.count() == 0
    served.write("site_templates/customer.html", "{% if %}")
    box.wait_for()
    assert "site_templates/customer.html:1" in (box.text_content() or "")
    box.focus()
    tab.keyboard.press("Escape")
    box.wait_for(state="detached")


def test_a_page_that_is_gone_comes_back_by_itself(served: Served, page: Browsing) -> None:
    visit = page(f"{served.address}customers/acme.html", allow=(served.address,))
    tab = visit.page
    (served.root / "records" / "acme.md").unlink()
    tab.get_by_text("There is no such page").wait_for()
    assert [each.kind for each in visit.take_troubles()] == ["console"]  # That it is not there.
    served.write("records/acme.md", record("Back again."))
    tab.get_by_text("Back again.").wait_for(state="attached")
