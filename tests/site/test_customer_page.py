"""What a customer's page says beyond the record: its list, its file, and who edited it last."""

from __future__ import annotations

import os
import re
import subprocess
from datetime import date
from typing import TYPE_CHECKING

import pytest

from tracker.config_file import default_config
from tracker.format.parser import parse_record
from tracker.site.build import build_site
from tracker.site.customer import sieves
from tracker.site.urls import edit_address

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("few_numbers")

Site = dict[str, str]
TODAY = date(2026, 11, 24)


def record(name: str, stage: str = "proposal", body: str = "") -> str:
    return f"---\nname: {name}\nstage: {stage}\nowner: Li\n---\n{body}"


def along(html: str) -> str:
    return html[html.index('<nav class="along') : html.index("</nav>", html.index("along"))]


# --- The next step ------------------------------------------------------------------------------


@pytest.mark.parametrize(("phone", "called"), [("0512-6688", True), ("unknown", False)])
def test_the_main_contact_is_called_from_the_next_step(
    build: Callable[..., Site], phone: str, *, called: bool
) -> None:
    contacts = f"contacts:\n- name: Ann\n- name: Bo\n  primary: true\n  phone: {phone}\n"
    head = f"---\nname: Acme\nstage: proposal\nowner: Li\n{contacts}---\n"
    page = build({"a.md": head})["customers/a.html"]
    step = page[page.index('id="next"') : page.index('id="path"')]
    assert ("<bdi>Bo</bdi>" in step) is called
    assert ('href="tel:05126688"' in step) is called


# --- Service ------------------------------------------------------------------------------------


def test_open_tickets_stand_above_resolved_ones(build: Callable[..., Site]) -> None:
    body = (
        "\n## 2026-11-20 10:00 call\n\n- service: resolved #2\n- service: resolved #3\n"
        "\n## 2026-11-12 10:00 call\n\n- service: problem #4 dust\n"
        "\n## 2026-11-11 10:00 call\n\n- service: problem #3 oil\n"
        "\n## 2026-11-10 10:00 call\n\n- service: problem #2 noise\n"
        "\n## 2026-11-01 10:00 call\n\n- service: problem #1 hinge\n"
    )
    page = build({"a.md": record("Acme", "after-sales", body)})["customers/a.html"]
    tickets = page[page.index('<ul class="tickets">') :]
    listed = re.findall(r"<b>#(\d)</b>", tickets[: tickets.index("</ul>")])
    assert listed == ["1", "4", "3", "2"]


# --- Neighbours ---------------------------------------------------------------------------------


def test_customers_lead_through_their_stage_in_the_order_of_its_page(
    build: Callable[..., Site],
) -> None:
    site = build({f"{name}.md": record(name) for name in "cab"} | {"x.md": record("x", "won")})
    listed = re.findall(r"customers/(\w)\.html", site["stages/proposal.html"])
    assert listed == ["a", "b", "c"]
    assert 'rel="next" href="../customers/b.html"' in along(site["customers/a.html"])
    assert 'rel="prev"' not in along(site["customers/a.html"])
    middle = along(site["customers/b.html"])
    assert 'rel="prev" href="../customers/a.html"' in middle
    assert 'rel="next" href="../customers/c.html"' in middle
    assert "2 / 3" in middle
    assert 'rel="next"' not in along(site["customers/c.html"])


def test_a_customer_alone_in_its_stage_has_no_way_on(build: Callable[..., Site]) -> None:
    assert 'aria-label="In the list" hidden>' in along(
        build({"a.md": record("a")})["customers/a.html"]
    )


def test_customers_without_a_known_stage_are_a_list_too(build: Callable[..., Site]) -> None:
    site = build({"a.md": record("a", "odd"), "b.md": record("b", "odd")})
    assert 'href="../stages/index.html"' in along(site["customers/a.html"])
    assert 'rel="next" href="../customers/b.html"' in along(site["customers/a.html"])


# --- Filters ------------------------------------------------------------------------------------


def test_follow_ups_are_narrowed_by_what_they_differ_in() -> None:
    body = (
        "## 2026-11-03 call Li\n\n- contact: Ann, Bob\n\n"
        "## 2026-11-02 visit Li\n\n- contact: Ann\n\n"
        "## 2026-11-01 call Li\n"
    )
    text = record("a", body=body)
    customer = parse_record(text, "records/a.md", default_config()).customer
    assert customer
    found = {sieve.key: sieve.choices for sieve in sieves(customer, default_config())}
    assert found == {
        "method": (("call", "call", 2), ("visit", "visit", 1)),
        "with": (("Ann", "Ann", 2), ("Bob", "Bob", 1)),
    }


def test_one_follow_up_needs_no_filter(build: Callable[..., Site]) -> None:
    site = build({"a.md": record("a", body="## 2026-11-03 10:00 call\n")})
    assert 'id="sift"' not in site["customers/a.html"]


# --- The file -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("template", "address"),
    [
        ("vscode://file/{root}/{path}:{line}", "vscode://file/srv/c%20d/records/%E6%81%92%23.md:7"),
        ("idea://open?file={root}/{path}", "idea://open?file=/srv/c%20d/records/%E6%81%92%23.md"),
        ("https://h/{line}/{path}/{line}", "https://h/7/records/%E6%81%92%23.md/7"),
    ],
)
def test_edit_links_are_filled_in_and_encoded(template: str, address: str) -> None:
    assert edit_address(template, "/srv/c d", "records/恒#.md", 7) == address


def test_a_folder_of_windows_keeps_its_drive() -> None:
    address = edit_address("vscode://file/{root}/{path}:{line}", "C:/crm", "records/a.md", 1)
    assert address == "vscode://file/C:/crm/records/a.md:1"


def test_a_name_that_looks_like_a_placeholder_is_a_name() -> None:
    address = edit_address("https://h/{path}", "/", "records/{line}.md", 3)
    assert address == "https://h/records/%7Bline%7D.md"


def test_without_edit_url_there_is_no_edit_link(build: Callable[..., Site]) -> None:
    page = build({"a.md": record("a") + "levle: A\n"})["customers/a.html"]
    assert "Edit this file" not in page
    assert "edit line" not in page


# --- Who edited it last -------------------------------------------------------------------------


def git(folder: Path, *arguments: str) -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    environment |= {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_AUTHOR_DATE": "2026-11-20T10:00:00+0000",
        **{f"GIT_{role}_NAME": "Li & Lei" for role in ("AUTHOR", "COMMITTER")},
        **{f"GIT_{role}_EMAIL": "l@example.com" for role in ("AUTHOR", "COMMITTER")},
    }
    subprocess.run(["git", *arguments], cwd=folder, env=environment, check=True)


def test_the_last_editor_is_named_and_stays_as_days_go_by(tmp_path: Path) -> None:
    root = tmp_path / "workspace"
    (root / "records").mkdir(parents=True)
    (root / "tracker.yaml").write_text("")
    (root / "records" / "a.md").write_text(record("a"))
    (root / "records" / "b.md").write_text(record("b"))
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "x")
    (root / "records" / "b.md").write_text(record("bb"))
    said = []
    for day in (TODAY, date(2026, 12, 31)):
        build_site(root, tmp_path / "site", day)
        page = (tmp_path / "site" / "customers" / "a.html").read_text("utf-8")
        said.append(re.search(r"<span>Last edited by .*?</span>", page))
    assert said[0]
    assert said[1]
    assert said[0][0] == said[1][0]
    assert 'by Li &amp; Lei on <time datetime="2026-11-20">' in said[0][0]
    changed = (tmp_path / "site" / "customers" / "b.html").read_text("utf-8")
    assert "(changed since, not committed)" in changed


def test_without_git_nobody_is_named(build: Callable[..., Site]) -> None:
    assert "Last edited" not in build({"a.md": record("a")})["customers/a.html"]
