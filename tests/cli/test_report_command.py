"""`tracker report`, over copies of the demo workspace without its git history."""

from __future__ import annotations

import json
import shutil
from html.parser import HTMLParser
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from tests.cli.conftest import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion

    from tests.cli.conftest import Tracker

TODAY = ("--today", "2026-11-24")


class Markdown(SingleFileSnapshotExtension):
    """Keeps a report as a file that can be read as it is."""

    file_extension = "md"
    _write_mode = WriteMode.TEXT


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    shutil.copytree(REPOSITORY / "records", folder / "records")
    shutil.copy(REPOSITORY / "tracker.yaml", folder)
    return folder


@pytest.fixture(scope="module")
def english(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("english")
    shutil.copytree(demo / "records", folder / "records")
    settings = (demo / "tracker.yaml").read_text("utf-8")
    settings = settings.replace("language: zh", "language: en").replace(
        "苏州启航自动化 · 客户跟踪", "Qihang Automation"
    )
    (folder / "tracker.yaml").write_text(settings, "utf-8")
    return folder


# --- For people -----------------------------------------------------------------------------------


def test_the_report_of_last_week_in_chinese(
    demo: Path, tracker: Tracker, snapshot: SnapshotAssertion
) -> None:
    done = tracker(demo, "report", "--week", "last", *TODAY)
    assert done.code == 0
    assert not done.err
    assert done.out == snapshot(extension_class=Markdown)


def test_the_report_of_a_month_by_person_in_english(
    english: Path, tracker: Tracker, snapshot: SnapshotAssertion
) -> None:
    done = tracker(english, "report", "--month", "2026-10", "--by", "person", *TODAY)
    assert done.code == 0
    assert done.out == snapshot(extension_class=Markdown)


class _Outline(HTMLParser):
    """Reads the headings of a page, and whatever it would load from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.levels: list[int] = []
        self.loaded: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag[0] == "h" and tag[1:].isdigit():
            self.levels.append(int(tag[1:]))
        if tag in ("script", "link", "img", "iframe"):
            self.loaded.append((tag, None))
        self.loaded += [(name, value) for name, value in attrs if name in ("src", "href")]


@pytest.mark.parametrize("arguments", [(), ("--by", "person"), ("--owner", "李雷")])
def test_the_page_stands_alone_and_skips_no_heading(
    demo: Path, tracker: Tracker, arguments: tuple[str, ...]
) -> None:
    done = tracker(demo, "report", "--format", "html", *arguments, *TODAY)
    assert done.code == 0
    outline = _Outline()
    outline.feed(done.out)
    assert not outline.loaded
    assert outline.levels[0] == 1
    assert all(later - level <= 1 for level, later in pairwise(outline.levels))
    assert '<html lang="zh-Hans">' in done.out


def test_no_text_of_a_record_is_markup(tmp_path: Path, tracker: Tracker) -> None:
    (tmp_path / "records").mkdir()
    (tmp_path / "tracker.yaml").write_text("language: en\n", "utf-8")
    record = (
        "---\nname: <b>Bold</b> & [x](http://a.example)\nstage: proposal\nowner: Li\n---\n\n"
        "## 2026-11-24 call Li\n\n<script>alert(1)</script> @team\n"
    )
    (tmp_path / "records" / "a.md").write_text(record, "utf-8")
    page = tracker(tmp_path, "report", "--format", "html", *TODAY).out
    assert "<script" not in page
    assert "&lt;b&gt;Bold&lt;/b&gt; &amp; [x]" in page
    text = tracker(tmp_path, "report", *TODAY).out
    assert "\\<b\\>Bold" in text
    assert "\\[x\\](http\\://" in text
    assert "@\u200bteam" in text


def test_where_nothing_happened_it_says_so(tmp_path: Path, tracker: Tracker) -> None:
    (tmp_path / "records").mkdir()
    (tmp_path / "tracker.yaml").write_text("language: zh\n", "utf-8")
    done = tracker(tmp_path, "report", *TODAY)
    assert done.code == 0
    assert "这段时间没有任何记录。" in done.out


# --- As data --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "days", "head"),
    [
        ("month 2027-02-27", "2027-01-01 – 2027-01-27", "Same days of the month before"),
        ("month 2027-02-28", "2027-01-01 – 2027-01-31", "The month before"),
        ("month 2027-03-30", "2027-02-01 – 2027-02-28", "Same days of the month before"),
        ("week 2027-01-02", "2026-12-21 – 2026-12-26", "Same days of the week before"),
        ("week 2027-01-03", "2026-12-21 – 2026-12-27", "The week before"),
    ],
)
def test_the_head_of_the_days_before_says_which_they_are(
    tmp_path: Path, tracker: Tracker, asked: str, days: str, head: str
) -> None:
    (tmp_path / "tracker.yaml").write_text("language: en\n", "utf-8")
    (tmp_path / "records").mkdir()
    stretch, today = asked.split()
    said = tracker(tmp_path, "report", f"--{stretch}", "--today", today).out
    assert f", compared with {days}\n" in said
    assert f"| In numbers | This {stretch} | {head} |\n" in said


def test_the_data_holds_every_line(demo: Path, tracker: Tracker) -> None:
    done = tracker(demo, "report", "--month", "--format", "json", *TODAY)
    data = json.loads(done.out)
    assert data["period"] == {"first": "2026-11-01", "last": "2026-11-24"}
    assert data["before"] == {"first": "2026-10-01", "last": "2026-10-24"}
    assert data["ahead"] == {"first": "2026-11-24", "last": "2026-12-24"}
    (account,) = data["accounts"]
    sections = {section["key"]: section for section in account["sections"]}
    kept = account["figures"]["kept"]
    assert kept["now"]["value"] == sections["kept"]["count"]
    assert len(sections["kept"]["groups"][0]["lines"]) == sections["kept"]["count"]
    line = sections["won"]["groups"][0]["lines"][0]
    assert set(line) == {"id", "name", "path", "line", "date", "who", "text"}
    assert (demo / line["path"]).is_file()


def test_by_person_the_team_comes_first_and_each_after_it(demo: Path, tracker: Tracker) -> None:
    done = tracker(demo, "report", "--by", "person", "--format", "json", *TODAY)
    team, *people = json.loads(done.out)["accounts"]
    assert team["who"] is None
    assert not team["sections"]
    assert [account["who"] for account in people] == ["李雷", "韩梅梅", "周涛", "陈静"]
    followups = [each["figures"]["followups"]["now"]["value"] for each in (team, *people)]
    assert followups[0] == sum(followups[1:])


# --- Which days -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "first", "last"),
    [
        ((), "2026-11-23", "2026-11-24"),
        (("--week",), "2026-11-23", "2026-11-24"),
        (("--week", "last"), "2026-11-16", "2026-11-22"),
        (("--week", "上周"), "2026-11-16", "2026-11-22"),
        (("--week", "2026-W40"), "2026-09-28", "2026-10-04"),
        (("--month",), "2026-11-01", "2026-11-24"),
        (("--month", "last"), "2026-10-01", "2026-10-31"),
        (("--month", "上个月"), "2026-10-01", "2026-10-31"),
        (("--month", "2026-09"), "2026-09-01", "2026-09-30"),
        (("--from", "2026-11-02", "--to", "2026-11-12"), "2026-11-02", "2026-11-12"),
        (("--from", "上周一"), "2026-11-16", "2026-11-24"),
        (("--from", "last month", "--to", "昨天"), "2026-10-01", "2026-11-23"),
    ],
)
def test_the_days_that_are_asked_for(
    demo: Path, tracker: Tracker, arguments: tuple[str, ...], first: str, last: str
) -> None:
    done = tracker(demo, "report", *arguments, "--format", "json", "--owner", "陈静", *TODAY)
    assert json.loads(done.out)["period"] == {"first": first, "last": last}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--week", "2026-10"), "--week: ‘2026-10’ is no week; write last, 上周 or 2026-W47"),
        (("--month", "2026-W40"), "--month: ‘2026-W40’ is no month; write last, 上个月 or 2026-10"),
        (("--week", "someday"), "--week: ‘someday’ is no period"),
        (("--month", "2027-01"), "--month: ‘2027-01’ has not begun yet on 2026-11-24"),
        (("--month", "2026-13"), "--month: there is no such time as ‘2026-13’"),
        (("--week", "--month"), "give either --week or --month"),
        (("--month", "--from", "昨天"), "give either --month or --from … --to"),
        (("--to", "2026-11-20"), "--to needs --from"),
        (("--from", "2026-12-01"), "--from: 2026-12-01 is after 2026-11-24, which is today"),
        (("--from", "2026-11-20", "--to", "2026-11-02"), "end on 2026-11-02 before they begin"),
        (("--from", "neverday"), "--from: ‘neverday’ is not understood as a day or time"),
        (("--owner", "李磊"), "did you mean ‘李雷’?"),
        (("--owner", "李雷", "--mine"), "give either --owner or --mine"),
    ],
)
def test_wrong_use_is_told(
    english: Path, tracker: Tracker, arguments: tuple[str, ...], message: str
) -> None:
    done = tracker(english, "report", *arguments, *TODAY)
    assert done.code == 2
    assert message in done.err
    assert not done.out
