"""A site that is kept up to date is, at rest, what a build would write, byte for byte."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.site.workspace_edits import Edits, assert_same, files_of, record
from tracker import file_states
from tracker.errors import OutputError
from tracker.site.attachments import Attachments
from tracker.site.build import build_site
from tracker.site.fingerprint import Fingerprints
from tracker.site.folder import SiteFolder
from tracker.site.kept_site import KeptSite
from tracker.site.live import LiveSite
from tracker.site.live_workspace import LiveWorkspace
from tracker.site.markdown import MarkdownRenderer
from tracker.site.render import SiteRenderer
from tracker.site.targets import SiteTargets

if TYPE_CHECKING:
    from tracker.site.page import Page
    from tracker.site.reading import Reading

pytestmark = pytest.mark.usefixtures("numbers_of_each_kind")

TODAY = date(2026, 11, 24)
WORKSPACE = Path(__file__).parent / "workspace"


class Kept:
    """A workspace with a site that is kept up to date."""

    def __init__(self, root: Path, output: Path, before: KeptSite | None = None) -> None:
        self.root = root
        self.output = output
        self.workspace = LiveWorkspace(root, TODAY)
        self.live = LiveSite(root, SiteFolder(output), before)
        self.live.show(self.workspace.site)

    def follow(self, *changed: str) -> None:
        if any(path.startswith("site_templates") for path in changed):
            self.live.templates_changed()
        if any(path.startswith("attachments") for path in changed):
            self.live.attachments_changed()
        self.workspace.update(set(changed))
        self.live.show(self.workspace.site)

    def rest(self) -> set[str]:
        """Return the files that changed until nothing was left to do."""
        found: set[str] = set()
        while (changed := self.live.step()) is not None:
            found |= changed
        return found

    def write(self, path: str, text: str | bytes) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        self.follow(path)


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    root = tmp_path / "workspace"
    shutil.copytree(WORKSPACE, root)
    return Kept(root, tmp_path / "output")


@pytest.fixture
def plain(tmp_path: Path) -> Kept:
    """Three customers that know nothing of one another."""
    root = tmp_path / "workspace"
    (root / "records").mkdir(parents=True)
    (root / "tracker.yaml").write_text("language: zh\nowners: [李雷, 陈静]\n", "utf-8")
    for number, name in enumerate(("a", "b", "c")):
        text = record(name=name, number=number, text=name)
        (root / "records" / f"{name}.md").write_text(text, "utf-8")
    kept = Kept(root, tmp_path / "output")
    kept.rest()
    return kept


def build(kept: Kept) -> dict[str, bytes]:
    output = kept.output.with_name("built")
    shutil.rmtree(output, ignore_errors=True)
    build_site(kept.root, output, TODAY)
    return files_of(output)


def test_the_first_pass_writes_what_a_build_writes(kept: Kept) -> None:
    kept.rest()
    assert kept.live.complete
    assert_same(files_of(kept.output), build(kept))


def test_a_second_pass_writes_nothing(kept: Kept) -> None:
    kept.rest()
    kept.follow()
    assert kept.rest() == set()
    again = Kept(kept.root, kept.output)
    assert again.rest() == set()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_any_series_of_edits_ends_in_what_a_build_writes(kept: Kept, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  # the same edits every time
    edits = Edits(kept.root, chance)
    for _ in range(10):
        changed = edits.one()
        while chance.random() < 0.3:
            changed |= edits.one()
        kept.follow(*changed)
        addresses = list(kept.workspace.site.urls.records.values())
        for path in chance.sample(["index.html", "data/today.js", *addresses], 2):
            kept.live.refresh(path)
        if chance.random() < 0.5:
            for _step in range(chance.randrange(60)):
                kept.live.step()
            continue  # The next change comes before all is done.
        kept.rest()
        assert kept.live.failures == []
        assert_same(files_of(kept.output), build(kept))
    kept.rest()
    assert_same(files_of(kept.output), build(kept))


def test_only_pages_that_show_a_record_are_written_when_it_changes(plain: Kept) -> None:
    text = record(name="b", number=1, text="something else was said")
    plain.write("records/b.md", text)
    changed = plain.rest()
    assert "customers/b.html" in changed
    assert not {"customers/a.html", "customers/c.html", "customers/c.ics", "board.html"} & changed
    assert "feed.xml" in changed


def test_what_was_kept_is_not_made_again(plain: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    root, output = plain.root, plain.output
    build_site(root, output, TODAY, kept=KeptSite(root, output))
    rendered: list[str] = []
    render = SiteRenderer.render

    def noted(renderer: SiteRenderer, page: Page, reading: Reading | None = None) -> str:
        rendered.append(page.path)
        return render(renderer, page, reading)

    monkeypatch.setattr(SiteRenderer, "render", noted)
    first = Kept(root, output, KeptSite(root, output))
    assert first.rest() == set()
    assert rendered == []
    first.write("records/b.md", record("b", 1, text="something else was said"))
    assert "customers/b.html" in first.rest()
    assert "customers/a.html" not in rendered
    first.live.keep()
    # Whatever comes next begins with it: a build, or another server after the site was changed.
    rendered.clear()
    build_site(root, output, TODAY, kept=KeptSite(root, output))
    assert rendered == []
    (output / "customers/a.html").write_text("mine", "utf-8")
    again = Kept(root, output, KeptSite(root, output))
    assert again.rest() == {"customers/a.html"}
    assert_same(files_of(output), build(again))


def test_a_build_takes_nothing_over_that_others_wrote_meanwhile(
    plain: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_states, "_TICK_NANOSECONDS", 0)
    root, output = plain.root, plain.output
    attachment = root / "attachments" / "offer.txt"
    attachment.parent.mkdir()
    attachment.write_text("the offer", "utf-8")
    plain.write("records/b.md", record("b", 1, text="[offer](../attachments/offer.txt)"))
    build_site(root, output, TODAY, kept=KeptSite(root, output))
    live = Kept(root, output, KeptSite(root, output))
    live.write("records/c.md", record("c", 1, text="other words"))
    live.rest()
    for path in ("customers/a.html", "customers/c.html", "attachments/offer.txt"):
        status = (output / path).stat()
        (output / path).write_bytes(b"-" * status.st_size)
        os.utime(output / path, ns=(status.st_atime_ns, status.st_mtime_ns))
    live.live.keep()
    build_site(root, output, TODAY, kept=KeptSite(root, output))
    assert_same(files_of(output), build(live))


@pytest.mark.parametrize("path", ["index.html", "data/search-0.js", "customers/a.html"])
def test_an_edit_that_is_undone_before_all_is_done_leaves_nothing(plain: Kept, path: str) -> None:
    before = files_of(plain.output)
    plain.write("records/a.md", record(name="Other", number=0, text="something else was said"))
    while path not in (plain.live.step() or ()):
        assert not plain.live.complete
    plain.write("records/a.md", record(name="a", number=0, text="a"))
    plain.rest()
    assert_same(files_of(plain.output), before)


def test_a_page_is_made_before_its_turn(plain: Kept) -> None:
    plain.write("records/c.md", record(name="c", number=2, text="now"))
    assert not plain.live.is_fresh("customers/c.html")
    assert plain.live.refresh("customers/c.html") == {"customers/c.html"}
    assert plain.live.is_fresh("customers/c.html")
    assert b"now" in (plain.output / "customers" / "c.html").read_bytes()
    assert "customers/c.html" not in plain.rest()


def test_every_file_can_be_asked_for_by_its_path(kept: Kept) -> None:
    kept.rest()
    built = build(kept)
    for path in built:
        if path.startswith(("attachments/", ".")):
            continue
        (kept.output / path).unlink()
        kept.live.show(kept.workspace.site)
        kept.live._made.clear()
        kept.live.refresh(path)
        assert (kept.output / path).read_bytes() == built[path], path


def test_fingerprints_are_the_same_in_another_process_and_name_no_objects(kept: Kept) -> None:
    found = []
    for _ in range(2):
        site = LiveWorkspace(kept.root, TODAY).site
        attachments = Attachments(kept.root)
        renderer = SiteRenderer(site.config, kept.root, MarkdownRenderer(), attachments)
        prints = Fingerprints(site)
        targets = SiteTargets(site, renderer, kept.root)
        found.append({target.path: target.basis(prints) for target in targets})
    assert found[0] == found[1]


def test_a_broken_template_leaves_pages_as_they_were_until_it_is_mended(plain: Kept) -> None:
    before = files_of(plain.output)
    plain.write("site_templates/customer.html", "{% if %}")
    plain.write("records/a.md", record(name="Anew", number=0, text="x"))
    plain.rest()
    assert not plain.live.complete
    (failure,) = plain.live.failures
    assert "customer.html, line 1," in str(failure)
    after = files_of(plain.output)
    assert after["customers/a.html"] == before["customers/a.html"]
    assert b"Anew" in after["customers/index.html"]
    plain.write("site_templates/customer.html", '{% extends "builtin/customer.html" %}')
    plain.rest()
    assert plain.live.failures == []
    assert_same(files_of(plain.output), build(plain))


def test_settings_with_errors_are_not_taken_until_they_are_mended(plain: Kept) -> None:
    before = files_of(plain.output)
    plain.write("tracker.yaml", "language: [\n")
    plain.rest()
    assert [found.code for found in plain.workspace.refused] == ["yaml-syntax"]
    assert files_of(plain.output) == before
    plain.write("records/a.md", record(name="Anew", number=0, text="x"))
    plain.rest()
    assert b"Anew" in (plain.output / "customers" / "a.html").read_bytes()
    plain.write("tracker.yaml", "language: en\ntitle: Mended\n")
    plain.rest()
    assert plain.workspace.refused == ()
    assert_same(files_of(plain.output), build(plain))


def test_a_changed_template_concerns_the_pages_made_with_it(plain: Kept) -> None:
    plain.write("site_templates/stage.html", '{% extends "builtin/stage.html" %}{# #}')
    plain.rest()
    own = '{% extends "builtin/stage.html" %}{% block footer %}Ours{% endblock %}'
    plain.write("site_templates/stage.html", own)
    changed = plain.rest()
    assert changed
    assert all(path.startswith("stages/") for path in changed)


def test_what_a_template_reads_of_the_site_is_followed(plain: Kept) -> None:
    own = (
        '{% extends "builtin/customer.html" %}'
        "{% block footer %}{% for row in site.rows %}{{ row.customer.name }},{% endfor %}"
        "{{ site.activity.followups|length }}{% endblock %}"
    )
    plain.write("site_templates/customer.html", own)
    plain.rest()
    assert b"a,b,c,3" in (plain.output / "customers" / "a.html").read_bytes()
    plain.write("records/c.md", record(name="Other", number=2, text="c"))
    assert "customers/a.html" in plain.rest()
    assert b"a,b,Other,3" in (plain.output / "customers" / "a.html").read_bytes()


def test_a_link_to_a_record_or_a_file_that_comes_later_becomes_one(plain: Kept) -> None:
    text = "[the other](z.md) and [the file](../attachments/z.pdf)"
    plain.write("records/a.md", record(name="a", number=0, text=text))
    plain.rest()
    page = plain.output / "customers" / "a.html"
    assert b'href="../attachments/z.pdf"' not in page.read_bytes()
    plain.write("attachments/z.pdf", b"%PDF-1")
    plain.write("records/z.md", record(name="z", number=9, text="z"))
    plain.rest()
    assert b'href="../attachments/z.pdf"' in page.read_bytes()
    assert b'href="../customers/z.html"' in page.read_bytes()
    assert (plain.output / "attachments" / "z.pdf").read_bytes() == b"%PDF-1"
    plain.write("attachments/z.pdf", b"%PDF-2")
    assert plain.rest() == {"attachments/z.pdf"}
    assert_same(files_of(plain.output), build(plain))


def test_an_attachment_that_only_its_content_tells_from_before_is_copied(
    plain: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_states, "_TICK_NANOSECONDS", 0)
    plain.write("records/a.md", record("a", 0, text="[offer](../attachments/offer.txt)"))
    plain.write("attachments/offer.txt", "100")
    plain.rest()
    offer = plain.root / "attachments" / "offer.txt"
    for text in ("200", "300"):
        status = offer.stat()
        offer.write_text(text, "utf-8")
        os.utime(offer, ns=(status.st_atime_ns, status.st_mtime_ns))
        plain.follow("attachments/offer.txt")
        assert plain.rest() == {"attachments/offer.txt"}
        assert_same(files_of(plain.output), build(plain))
    plain.follow("attachments/offer.txt")
    assert plain.rest() == set()


def test_attachments_are_followed_when_their_folder_becomes_a_link(plain: Kept) -> None:
    plain.write("records/a.md", record("a", 0, text="[offer](../attachments/offer.txt)"))
    plain.write("attachments/offer.txt", "100")
    plain.rest()
    folder = plain.root / "attachments"
    folder.rename(plain.root / "shared")
    plain.follow("attachments")
    plain.rest()
    assert_same(files_of(plain.output), build(plain))
    folder.symlink_to("shared", target_is_directory=True)
    plain.follow("attachments")
    plain.rest()
    assert (plain.output / "attachments" / "offer.txt").read_bytes() == b"100"
    assert_same(files_of(plain.output), build(plain))


def test_attachments_that_are_a_link_to_themselves_are_none(plain: Kept) -> None:
    (plain.root / "attachments").symlink_to("attachments")
    plain.write("records/a.md", record("a", 0, text="[offer](../attachments/offer.txt)"))
    plain.follow("attachments")
    plain.rest()
    assert_same(files_of(plain.output), build(plain))


def test_a_folder_that_was_taken_away_or_replaced_is_written_anew(plain: Kept) -> None:
    shutil.rmtree(plain.output)
    assert not plain.live.is_fresh("index.html")
    plain.live.refresh("index.html")
    assert (plain.output / "index.html").exists()
    plain.rest()
    assert_same(files_of(plain.output), build(plain))
    build_site(plain.root, plain.output, date(2026, 12, 24))
    plain.follow()
    plain.rest()
    assert_same(files_of(plain.output), build(plain))


def test_files_of_others_stay(plain: Kept) -> None:
    (plain.output / "CNAME").write_text("crm.example.com", "utf-8")
    plain.write("records/a.md", record(name="Anew", number=0, text="x"))
    plain.rest()
    assert (plain.output / "CNAME").read_text("utf-8") == "crm.example.com"


def test_a_folder_that_is_not_ours_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", "utf-8")
    with pytest.raises(OutputError, match=r"notes\.txt"):
        SiteFolder(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["notes.txt"]


def test_a_new_day_is_a_new_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tracker.yaml").write_text("language: en\n", "utf-8")
    workspace = LiveWorkspace(tmp_path)
    tomorrow = date(2031, 1, 1)
    monkeypatch.setattr(LiveWorkspace, "today", lambda _self: tomorrow)
    workspace.update(set())
    assert workspace.site.today == tomorrow


@pytest.mark.git
def test_what_git_knows_is_followed(plain: Kept) -> None:
    def git(*arguments: str) -> None:
        person = ("-c", "user.name=Li Lei", "-c", "user.email=li@example.com")
        subprocess.run(["git", *person, *arguments], cwd=plain.root, check=True)

    git("init", "--quiet")
    git("add", "records")
    git("commit", "--quiet", "--message", "one")
    assert plain.workspace.look_at_git()
    plain.live.show(plain.workspace.site)
    assert "customers/a.html" in plain.rest()
    assert "Li Lei" in (plain.output / "customers" / "a.html").read_text("utf-8")
    assert_same(files_of(plain.output), build(plain))
    plain.write("records/a.md", record(name="a", number=0, text="changed"))
    assert plain.workspace.look_at_git()
    assert not plain.workspace.look_at_git()
    plain.live.show(plain.workspace.site)
    plain.rest()
    assert_same(files_of(plain.output), build(plain))
    git("commit", "--quiet", "--all", "--message", "two")
    plain.write("records/new.md", record(name="new", number=4, text="new"))
    assert plain.workspace.look_at_git()
    plain.live.show(plain.workspace.site)
    plain.rest()
    assert_same(files_of(plain.output), build(plain))
