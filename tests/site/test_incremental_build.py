"""A build that takes over what would be the same writes just the rest, and ends in the same site.

Files that a build takes over keep their number in the file system, and the others get a new one.
"""

from __future__ import annotations

import random
import shutil
import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tests.git_repository import Repository
from tests.site.workspace_edits import Edits, assert_same, files_of, record
from tracker import file_states
from tracker.library.cache_files import CACHE_DIR
from tracker.site import build, kept_site, targets
from tracker.site.build import build_site
from tracker.site.kept_site import KeptSite
from tracker.site.render import SiteRenderer
from tracker.site.template_files import builtin_templates

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.site.page import Page
    from tracker.site.reading import Reading

pytestmark = pytest.mark.usefixtures("numbers_of_each_kind")

TODAY = date(2026, 11, 24)
WORKSPACE = Path(__file__).parent / "workspace"
SETTINGS = "language: zh\nowners: [李雷, 陈静]\n"
DATA = {"data/customers.json", "data/customers.js"}


class Built:
    """A workspace with a site that is built again and again.

    Attributes:
        rendered: The pages that the last build of one process rendered; some of them may have come
            out as they were, and not be written.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.output = root / "output"
        self.today = TODAY
        self.rendered: set[str] = set()

    def write(self, path: str, text: str | bytes) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())

    def build(self, jobs: int = 1) -> set[str]:
        """Build, and return the files that were written or removed."""
        before = self._numbers()
        kept = KeptSite(self.root, self.output)
        self.rendered = set()
        render = SiteRenderer.render

        def noted(renderer: SiteRenderer, page: Page, reading: Reading | None = None) -> str:
            self.rendered.add(page.path)
            return render(renderer, page, reading)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(SiteRenderer, "render", noted)
            build_site(self.root, self.output, self.today, cached=True, kept=kept, jobs=jobs)
        after = self._numbers()
        paths = before.keys() | after.keys()
        return {path for path in paths if before.get(path) != after.get(path)} - {
            ".tracker-site.json"
        }

    def cold(self) -> dict[str, bytes]:
        with tempfile.TemporaryDirectory() as folder:
            build_site(self.root, Path(folder, "site"), self.today)
            return files_of(Path(folder, "site"))

    def check(self) -> None:
        assert_same(files_of(self.output), self.cold())

    def _numbers(self) -> dict[str, int]:
        return {
            path.relative_to(self.output).as_posix(): path.stat().st_ino
            for path in self.output.rglob("*")
            if path.is_file()
        }


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of a test are as new as can be: take clocks to be exact."""
    monkeypatch.setattr(file_states, "_TICK_NANOSECONDS", 0)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three customers that know nothing of one another, and their site."""
    built = Built(tmp_path_factory.mktemp("first") / "team")
    built.write("tracker.yaml", SETTINGS)
    for number, name in enumerate(("a", "b", "c")):
        built.write(f"records/{name}.md", record(name, number, text=f"said {name}"))
    built.write("records/b.md", record("b", 1, text="[quote](../attachments/q.pdf)"))
    built.write("attachments/q.pdf", b"%PDF-1")
    built.build()
    return built.root


@pytest.fixture
def team(first: Path, tmp_path: Path) -> Built:
    """The same, built where it is, so that nothing is left to do."""
    shutil.copytree(first, tmp_path / "team")
    built = Built(tmp_path / "team")
    built.build()
    return built


def test_where_nothing_has_changed_nothing_is_written(team: Built) -> None:
    assert team.build() == set()
    assert team.rendered == set()
    team.check()


def test_what_was_said_is_written_where_it_is_shown(team: Built) -> None:
    team.write("records/c.md", record("c", 2, text="other words"))
    written = team.build()
    assert "customers/c.html" in written
    # The latest follow-ups are on the dashboard, among the changes, in activity and the feed.
    assert {"index.html", "changes.html", "feed.xml", "activity/2026-W47.html"} <= written
    made = written | team.rendered
    assert not {path for path in made if path.startswith(("analysis", "stages/", "customers/i"))}
    assert not {"customers/a.html", "customers/b.html", "board.html", "data/today.js"} & made
    assert not DATA & written
    team.check()


def test_a_value_is_written_where_it_is_listed_or_counted(team: Built) -> None:
    team.write("records/c.md", record("c", 2, text="said c", value=9000))
    written = team.build()
    assert {"customers/c.html", "customers/index.html", "stages/proposal.html"} <= written
    assert {"board.html", "index.html", "analysis.html", *DATA} <= written
    assert not {"agenda.html", "commitments.html"} & written
    assert not {"customers/a.html", "feed.xml", "service.html"} & (written | team.rendered)
    assert not {path for path in written if path.endswith((".ics", ".vcf"))}
    team.check()


def test_a_number_in_the_menu_changes_no_other_page(team: Built) -> None:
    team.write("records/c.md", record("c", 2, text="said c").replace("level:", "fax: 12\nlevel:"))
    written = team.build()
    assert {"customers/c.html", "problems.html", "data/today.js"} <= written
    assert not {"customers/a.html", "customers/b.html", "agenda.html", "service.html"} & written
    team.check()


LINES = {
    "a name": ("name: c", "name: See"),
    "a stage": ("stage: proposal", "stage: negotiation"),
    "an end": ("stage: negotiation", "stage: won"),
    "an owner": ("owner: 李雷", "owner: 陈静"),
    "a level": ("level: A", "level: B"),
    "a tag": ("level: B", "level: B\ntags: [new]"),
    "a contact": ("name: 王芳", "name: 王菲"),
    "a number": ("0512-6000", "0512-7000"),
    "a day": ("## 2026-11-20 10:00", "## 2026-10-20 10:00"),
    "a clock": ("## 2026-10-20 10:00", "## 2026-10-20 11:00"),
    "a method": ("11:00 call\n\n", "11:00 visit\n\n"),
    "a next day": ("next: 2026-11-27", "next: 2026-11-22"),
    "a next step": ("10:00 call\n- [", "10:00 call bring samples\n- ["),
    "a promise": ("send the quote", "send a drawing"),
    "a day of a promise": ("@2026-11-27", "@2026-11-21"),
    "a kept promise": ("- [ ]", "- [x]"),
    "a service": ("- [x]", "- service: issue broken\n- [x]"),
    "an attitude": ("- [x]", "- attitude: positive\n- [x]"),
}
"""Lines of a record, each with what it is changed to, one after another."""


def test_a_line_is_written_wherever_it_is_shown(team: Built) -> None:
    text = record("c", 2, text="said c")
    other = team.output.with_name("other")
    for what, (before, after) in LINES.items():
        assert before in text, what
        text = text.replace(before, after)
        team.write("records/c.md", text)
        team.build()
        build_site(team.root, other, team.today, kept=None)
        different = [
            path
            for path, data in files_of(team.output).items()
            if (other / path).read_bytes() != data
        ]
        assert not different, what


def test_a_renamed_record_takes_its_pages_along(team: Built) -> None:
    (team.root / "records/c.md").rename(team.root / "records/d.md")
    written = team.build()
    assert {"customers/c.html", "customers/d.html", "customers/d.vcf"} <= written
    assert "customers/a.html" not in written or "c.html" in str(team.cold()["customers/a.html"])
    assert not (team.output / "customers/c.html").exists()
    team.check()


def test_a_deleted_record_is_gone_from_every_page(team: Built) -> None:
    (team.root / "records/c.md").unlink()
    written = team.build()
    assert {"customers/c.html", "customers/index.html", "index.html"} <= written
    assert not list((team.output / "customers").glob("c.*"))
    team.check()


def test_a_new_day_makes_the_pages_that_tell_it(team: Built) -> None:
    team.today = date(2026, 11, 28)
    written = team.build()
    assert {"index.html", "customers/a.html", "data/today.js"} <= written
    # They say nothing of the day.
    assert not {path for path in written if path.startswith("assets/") or path.endswith(".vcf")}
    team.check()


def test_a_template_makes_the_pages_made_with_it(team: Built) -> None:
    own = '{% extends "builtin/stage.html" %}{% block footer %}Ours{% endblock %}'
    team.write("site_templates/stage.html", own)
    written = team.build()
    assert written
    assert all(path.startswith("stages/") for path in written | team.rendered)
    team.check()
    team.write("site_templates/assets/site.css", "p { color: red }")
    assert team.build() == {"assets/site.css"}
    assert team.rendered == set()
    team.check()


def test_a_template_that_reads_what_was_said_is_followed(team: Built) -> None:
    own = (
        '{% extends "builtin/stages.html" %}{% block footer %}'
        "{% for row in site.rows %}{{ row.customer.followups[0].summary }};{% endfor %}"
        "{% endblock %}"
    )
    team.write("site_templates/stages.html", own)
    team.build()
    team.write("records/c.md", record("c", 2, text="other words"))
    assert "stages/index.html" in team.build()
    team.check()


def test_a_kept_macro_of_the_workspace_may_link_to_an_attachment(team: Built) -> None:
    own = (
        '{% extends "builtin/customer.html" %}{% block footer %}'
        '{% macro terms() %}{{ attachment("attachments/terms.pdf") }}{% endmacro %}'
        '{{ kept("terms", page.depth, terms) }}{% endblock %}'
    )
    team.write("attachments/terms.pdf", b"%PDF-1")
    team.write("site_templates/customer.html", own)
    team.build()
    pages = {f"customers/{name}.html" for name in ("a", "b", "c")}
    assert all(b"terms.pdf" in (team.output / page).read_bytes() for page in pages)
    (team.root / "attachments/terms.pdf").unlink()
    assert team.build() == {*pages, "attachments/terms.pdf"}
    team.check()


def test_a_word_is_written_where_it_is_shown(team: Built) -> None:
    team.write("tracker.yaml", f"{SETTINGS}methods: [{{id: call, label: 去电}}]\n")
    assert "customers/a.html" in team.build()
    assert "去电".encode() in (team.output / "customers/a.html").read_bytes()
    team.check()


@pytest.mark.parametrize(
    "more",
    [
        "# a comment\n",
        "rules: {duplicate-customer: off}\n",
        "profiles: {shared: {hide: [value]}}\n",
    ],
)
def test_settings_that_no_page_shows_make_none(team: Built, more: str) -> None:
    team.write("tracker.yaml", SETTINGS + more)
    assert team.build() == set()
    assert team.rendered == set()
    team.check()


def test_a_template_of_the_workspace_may_show_any_setting(team: Built) -> None:
    own = (
        '{% extends "builtin/stages.html" %}{% block footer %}{{ site.config.rules }}{% endblock %}'
    )
    team.write("site_templates/stages.html", own)
    team.build()
    team.write("tracker.yaml", f"{SETTINGS}rules: {{duplicate-customer: off}}\n")
    assert team.build() == {"stages/index.html"}
    assert b"duplicate-customer" in (team.output / "stages/index.html").read_bytes()
    team.check()


def test_an_attachment_is_copied_when_it_changes(team: Built) -> None:
    team.write("attachments/q.pdf", b"%PDF-2")
    assert team.build() == {"attachments/q.pdf"}
    assert team.rendered == set()
    team.check()
    (team.root / "attachments/q.pdf").unlink()
    assert {"attachments/q.pdf", "customers/b.html"} <= team.build()
    team.check()


def test_what_cells_of_a_workspaces_own_link_to_is_followed(team: Built) -> None:
    own = (builtin_templates() / "macros" / "numbers.html").read_text("utf-8")
    linked = '{{ name(row) }}{{ attachment("attachments/own.txt") or "no file" }}'
    team.write("site_templates/macros/numbers.html", own.replace("{{ name(row) }}", linked))
    team.build()
    pages = {path for path, text in files_of(team.output).items() if b"no file" in text}
    assert pages
    team.write("attachments/own.txt", "ours")
    assert pages <= team.build()
    team.check()


@pytest.mark.git
def test_a_commit_makes_the_pages_that_tell_of_it(team: Built) -> None:
    repository = Repository(team.root)
    team.write("tracker.yaml", SETTINGS)
    team.write(".gitignore", "output/\n.tracker-cache/\n")
    repository.commit("2026-11-20")
    written = team.build()
    assert "customers/a.html" in written
    assert "Li Lei" in (team.output / "customers/a.html").read_text("utf-8")
    assert not {path for path in written if path.startswith("assets/") or path in DATA}
    team.check()
    team.write("records/c.md", record("c", 2, text="other words"))
    repository.commit("2026-11-21")
    written = team.build()
    assert "customers/c.html" in written
    assert "customers/a.html" not in written
    team.check()


@pytest.fixture
def repository(team: Built) -> Repository:
    """Its repository: all of one record's follow-ups but the first were committed in between."""
    repository = Repository(team.root)
    team.write("tracker.yaml", SETTINGS)
    team.write(".gitignore", "output/\n.tracker-cache/\n")
    text = record("c", 2)
    for day in ("20", "21", "22", "23"):
        team.write("records/c.md", text)
        repository.commit(f"2026-11-{day}")
        text += f"\n## 2026-11-{day} 09:00 call\n\nnothing\n"
    team.write("records/c.md", text.replace("nothing", "everything"))
    repository.commit("2026-11-24")
    return repository


@pytest.mark.git
def test_a_deeper_history_makes_the_numbers_of_it_anew(
    repository: Repository, tmp_path: Path
) -> None:
    clone = Built(tmp_path / "clone")
    repository.git("clone", "-q", "--depth=1", f"file://{repository.folder}", str(clone.root))
    clone.build()
    written: list[str] = []
    for _ in range(3):
        repository.git("-C", str(clone.root), "fetch", "-q", "--deepen=1")
        written += clone.build()
        clone.check()
    assert "analysis/record-lag.html" in written


def _replace(repository: Repository) -> None:
    """Have git take another day for the one of a commit in between."""
    commit = repository.git("rev-parse", "HEAD~2").strip()
    repository.git("checkout", "-q", commit)
    repository.git("commit", "-q", "--amend", "--reset-author", "-m", "late", day="2026-11-26")
    other = repository.git("rev-parse", "HEAD").strip()
    repository.git("checkout", "-q", "main")
    repository.git("replace", commit, other)


@pytest.mark.git
def test_a_replaced_commit_makes_the_numbers_of_it_anew(
    repository: Repository, team: Built
) -> None:
    team.build()
    _replace(repository)
    assert "analysis/record-lag.html" in team.build()
    team.check()


def test_another_program_takes_nothing_over(team: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    assert KeptSite(team.root, team.output).made
    monkeypatch.setattr(kept_site, "program_stamp", lambda: "another")
    assert not KeptSite(team.root, team.output).made
    team.build()
    team.check()


def _copied(output: Path) -> None:
    output.rename(output.with_name("moved"))
    shutil.copytree(output.with_name("moved"), output)


FOREIGN: dict[str, Callable[[Path], object]] = {
    "edited": lambda output: (output / "customers/a.html").write_text("mine", "utf-8"),
    "lost": lambda output: (output / "customers/a.html").unlink(),
    "a folder": lambda output: shutil.rmtree(output / "customers"),
    "a link": lambda output: _link(output / "customers/a.html", output / "customers/b.html"),
    "copied": _copied,
    "all lost": shutil.rmtree,
}


def _link(link: Path, target: Path) -> None:
    link.unlink()
    link.symlink_to(target)


@pytest.mark.parametrize("what", list(FOREIGN))
def test_what_others_did_to_the_site_is_mended(team: Built, what: str) -> None:
    FOREIGN[what](team.output)
    team.write("records/c.md", record("c", 2, text="other words"))
    team.build()
    team.check()


@pytest.mark.parametrize("damage", [b"", b"half", b"flipped", b"\x80\x04pickle"])
def test_damaged_caches_of_each_kind_count_for_nothing(team: Built, damage: bytes) -> None:
    kinds = {file.name.partition("-")[0] for file in (team.root / CACHE_DIR).glob("*.msgpack")}
    assert {"pages", "records"} <= kinds
    for file in (team.root / CACHE_DIR).glob("*.msgpack"):
        sound = file.read_bytes()
        changed = {
            b"half": sound[: len(sound) // 2],
            b"flipped": sound[:9] + bytes([sound[9] ^ 1]) + sound[10:],
        }
        file.write_bytes(changed.get(damage, damage))
    assert not KeptSite(team.root, team.output).made
    team.write("records/c.md", record("c", 2, text="other words"))
    team.build()
    team.check()


def test_several_processes_make_and_keep_the_same(
    team: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.processes.threading.active_count", lambda: 1)
    monkeypatch.setattr(targets, "_RECORDS_OF_A_PART", 2)
    monkeypatch.setattr(build, "_WORTH_SHARING", 0)
    shutil.rmtree(team.root / CACHE_DIR)
    shutil.rmtree(team.output)
    team.build(jobs=3)
    shared = KeptSite(team.root, team.output).made
    assert team.build(jobs=3) == set()
    team.write("records/c.md", record("c", 2, text="said c", value=9000))
    assert "board.html" in team.build(jobs=3)
    team.check()
    team.write("records/c.md", record("c", 2, text="said c"))
    team.build()
    assert KeptSite(team.root, team.output).made == shared


class AnyEdits(RuleBasedStateMachine):
    """Whatever is done to a workspace, a build that takes over ends in what a cold one writes."""

    @initialize(seed=st.integers(0, 999))
    def begin(self, seed: int) -> None:
        self.folder = tempfile.TemporaryDirectory()
        root = Path(self.folder.name, "team")
        shutil.copytree(WORKSPACE, root)
        self.built = Built(root)
        self.edits = Edits(root, random.Random(seed))  # noqa: S311  # the same edits every time
        self.built.build()

    @rule(times=st.integers(1, 3))
    def edit(self, times: int) -> None:
        for _ in range(times):
            self.edits.one()

    @rule()
    def reword(self) -> None:
        self.edits.reword()

    @rule(days=st.sampled_from((1, 7)))
    def wait(self, days: int) -> None:
        self.built.today = date.fromordinal(self.built.today.toordinal() + days)

    @invariant()
    def is_what_a_cold_build_writes(self) -> None:
        if hasattr(self, "built"):
            self.built.build()
            self.built.check()

    def teardown(self) -> None:
        self.folder.cleanup()


@pytest.mark.slow
def test_whatever_is_done_a_build_ends_in_what_a_cold_one_writes() -> None:
    few = settings(
        max_examples=3,
        stateful_step_count=6,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(AnyEdits, settings=few)
