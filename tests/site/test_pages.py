"""What holds of every page, and what single pages must show."""

from __future__ import annotations

import os
import posixpath
import re
import subprocess
import sys
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pytest

from tracker.insight.day import day_of
from tracker.library.loader import load_library
from tracker.site import chunks, problems, sections
from tracker.site.page import Site as SharedSite
from tracker.site.pages import PAGE_GROUPS, SharedViews

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parent.parent.parent
WORKSPACE = Path(__file__).parent / "workspace"

Site = dict[str, str]


class Scanner(HTMLParser):
    """Notes the links, the ids, what is loaded, and what could run."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.ids: list[str] = []
        self.active: list[str] = []
        self.headings: list[int] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if "id" in values:
            self.ids.append(values["id"])
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        elif tag == "link" and values["rel"] != "alternate":
            self.loads.append(values["href"])
        if "src" in values:
            self.loads.append(values["src"])
        if tag in {"iframe", "object", "embed", "form", "style"} or (
            tag == "script" and "src" not in values
        ):
            self.active.append(tag)
        self.active += [name for name in values if name.startswith("on") or name == "style"]
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))


@pytest.fixture(params=["built", "built_cut"])
def folder(request: pytest.FixtureRequest) -> Path:
    """The small workspace's site, with every list on one page and with lists cut into pages."""
    path: Path = request.getfixturevalue(request.param)
    return path


def test_every_link_resolves(folder: Path) -> None:
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    pages = {path: (folder / path).read_text("utf-8") for path in files if path.endswith(".html")}
    ids = {path: set(Scanner(html).ids) for path, html in pages.items()}
    checked = 0
    for path, html in pages.items():
        for link in Scanner(html).links:
            parts = urlsplit(link)
            if parts.scheme:
                assert parts.scheme in {"http", "https", "mailto", "tel", "webcal"}, (path, link)
                continue
            assert not parts.path.startswith("/"), (path, link)
            beside = posixpath.join(posixpath.dirname(path), unquote(parts.path))
            target = posixpath.normpath(beside) if parts.path else path
            assert target in files, (path, link)
            if parts.fragment:
                assert unquote(parts.fragment) in ids[target], (path, link)
            checked += 1
    assert checked > 500


def test_nothing_is_loaded_from_elsewhere_and_only_files_run(site: Site, built: Path) -> None:
    files = {path.relative_to(built).as_posix() for path in built.rglob("*") if path.is_file()}
    for path, html in site.items():
        scanner = Scanner(html)
        assert not scanner.active, path
        for load in scanner.loads:
            beside = posixpath.normpath(posixpath.join(posixpath.dirname(path), load))
            assert load == "data:," or beside in files, (path, load)
        assert "default-src 'none'; script-src 'self'; style-src 'self'; " in html


def test_ids_are_unique_and_headings_skip_no_level(folder: Path) -> None:
    for path in folder.rglob("*.html"):
        scanner = Scanner(path.read_text("utf-8"))
        assert len(scanner.ids) == len(set(scanner.ids)), path
        assert scanner.headings.count(1) == 1, path
        for before, after in zip(scanner.headings, scanner.headings[1:], strict=False):
            assert after <= before + 1, (path, scanner.headings)


def test_pages_lie_where_their_group_says(monkeypatch: pytest.MonkeyPatch) -> None:
    # With a row or two on a page, so that every list has pages of its own.
    for module, name in (
        (sections, "WHOLE"),
        (sections, "LEAST"),
        (chunks, "WHOLE"),
        (chunks, "ROWS_PER_PAGE"),
        (problems, "PROBLEMS_PER_PAGE"),
    ):
        monkeypatch.setattr(module, name, 1)
    views = SharedViews(SharedSite.of(day_of(load_library(WORKSPACE), date(2026, 11, 24))))
    paths = [(page.path, group.places) for group in PAGE_GROUPS for page in group.pages(views)]
    assert "problems/page-2.html" in dict(paths)
    assert [path for path, places in paths if not path.startswith(places)] == []


def test_same_bytes_in_another_process() -> None:
    script = (
        "import sys, hashlib; sys.path[:0] = ['.', 'tests/site'];"
        "from pathlib import Path; from conftest import render_site, WORKSPACE;"
        "site = render_site(WORKSPACE);"
        "print(hashlib.sha256(repr(sorted(site.items())).encode()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Pacific/Kiritimati"))
    }
    assert len(digests) == 1


@pytest.mark.parametrize(
    "text",
    [
        # company and status
        "恒达精密",
        "制造业",
        "200-500人",
        "数控机床零部件",
        "https://hengda.example.com",
        "示例路 8 号",
        "江苏苏州",
        "展会",
        "A 级",
        "商务谈判",
        "李雷",
        "2026-09-02",
        "¥480,000",
        "¥360,000",
        "2026-12-20",
        "机床",
        "2026-12-08",
        "产线数量",
        'href="https://portal.example.com/hengda"',
        # contacts
        "王芳",
        "采购经理",
        ">38<",
        'href="tel:051206681234"',
        'href="mailto:wang.fang@hengda.example.com"',
        "demo_wangfang",
        "钉钉 demo_wf",
        "影响者",
        "喜欢先看数据",
        "价格、交期",
        "主要联系人",
        "顾志恒",
        # needs and offers
        "缩短交期",
        "设备远程运维",
        "旧设备精度下降",
        "分批交付",
        "Q-2026-028",
        "X200 加工中心",
        "¥450,000–500,000",
        "三年质保",
        "v2",
        "两台分两批交付",
        'href="../attachments/full/Q%20031%231.txt"',
        # a follow-up
        "王芳来电询问交付周期。",
        "<li>担心停线</li>",
        '<td class="right">2</td>',
        "王芳、顾志恒",
        "首批 30 天",
        "周末安装",
        "调试占线",
        "派驻两名工程师",
        "发送正式报价",
        "逾期 2 天",
        "按时",
        "迟 10 天",
        "未定日期",
        "积极",
        "愿意见面",
        "方案制定 → <b>商务谈判</b>",
        "B → <b>A</b>",
        "甬捷",
        "¥86",
        "确认预算",
        # what became of plans
        "如期",
        "改期",
        "迟 2 天",
        # notes
        "<strong>工博会</strong>",
        'href="../customers/export.html"',
        "停车从北门进",
        "保安只认系统",
        "records/full.md</bdi>:80:7",
    ],
)
def test_customer_page_shows_every_element(text: str, site: Site) -> None:
    assert text in site["customers/full.html"]


def test_deal_loss_and_service_are_shown(site: Site) -> None:
    export, lost = site["customers/export.html"], site["customers/lost.html"]
    for text in (
        "HT-2026-006",
        "US$61,000",
        "US$30,000",
        "30% in advance",
        "60 days",
        "axis stops",
    ):
        assert text in export
    assert 'class="st kept">已解决</span> <b>#1</b>' in export
    assert 'class="st late">未解决</span> <b>#2</b>' in export
    for text in ("其他", "2026-08-28", "甬捷", "老板换人"):
        assert text in lost


def test_user_text_stays_text(site: Site) -> None:
    page = site["customers/evil.html"]
    assert "&lt;b&gt;مرحبا&lt;/b&gt; &amp; &#34;Co&#34;" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "javascript:" not in "".join(re.findall(r"<[^>]*>", page))


def test_records_with_errors_are_marked_and_unreadable_ones_counted(site: Site) -> None:
    for path in ("index.html", "customers/index.html", "stages/index.html", "overdue.html"):
        assert "有 1 条记录无法读取" in site[path]
        assert "有 2 条记录存在错误" in site[path]
    row = re.search(r"<th[^>]*><a href=\"[^\"]*evil.html\".*?</th>", site["customers/index.html"])
    assert row is not None
    assert "有错误" in row[0]
    assert "gb18030" in site["customers/encoding.html"]


def test_text_of_an_unreadable_record_is_shown(build: Callable[..., Site]) -> None:
    site = build({"a.md": "no front matter <b>here</b>\n"})
    assert "no front matter &lt;b&gt;here&lt;/b&gt;" in site["customers/a.html"]


def test_empty_workspace_has_every_page(build: Callable[..., Site]) -> None:
    site = build({})
    assert {"index.html", "overdue.html", "agenda.html", "customers/index.html"} <= set(site)
    assert "No customers yet." in site["customers/index.html"]
    assert '<html lang="en" ' in site["index.html"]
    ids = {path: Scanner(html).ids for path, html in site.items()}
    for path, html in site.items():
        for link in Scanner(html).links:
            target, _, anchor = posixpath.normpath(
                posixpath.join(posixpath.dirname(path), unquote(link))
            ).partition("#")
            if anchor and target in ids:
                assert anchor in ids[target], (path, link)


def test_long_lists_are_cut_into_pages(build: Callable[..., Site]) -> None:
    record = "---\nname: Customer {0}\nstage: lost\nowner: Li\n---\n"
    site = build({f"c{number:04}.md": record.format(number) for number in range(501)})
    first, second = site["customers/index.html"], site["customers/page-2.html"]
    assert first.count('<th scope="row">') == 200
    assert second.count('<th scope="row">') == 200
    assert '<a href="../customers/page-2.html">2</a>' in first
    assert "401 to 501 of 501" in site["customers/page-3.html"]


def test_overdue_is_by_owner_and_longest_first(build: Callable[..., Site]) -> None:
    record = (
        "---\nname: {0}\nstage: proposal\nowner: {1}\n---\n\n"
        "## 2026-10-01 10:00 call {1}\n\n- next: {2} call\n"
    )
    site = build(
        {
            "a.md": record.format("Short Li", "Li", "2026-11-20"),
            "b.md": record.format("Long Li", "Li", "2026-11-01"),
            "c.md": record.format("Only Han", "Han", "2026-11-10"),
            "d.md": record.format("Not yet", "Han", "2026-11-24"),
        },
        "owners: [Li, Han]\n",
    )
    page = site["overdue.html"]
    late = re.sub(r"<template.*?</template>", "", page[: page.index('id="stale"')], flags=re.DOTALL)
    assert (
        late.index(">Li<") < late.index("Long Li") < late.index("Short Li") < late.index("Only Han")
    )
    assert "Not yet" not in late
    assert "Not yet" in site["agenda.html"][site["agenda.html"].index('id="today"') :]


def test_figures_of_the_dashboard_lead_to_their_rows(build: Callable[..., Site]) -> None:
    promises = "".join(f"- [ ] promise {day} @2026-11-{day}\n" for day in (20, 23, 24, 25, 30))
    record = "---\nname: A\nstage: {}\nowner: Li\n---\n\n## 2026-11-02 10:00 call Li\n\n" + promises
    stages = ("proposal", "negotiation", "won")
    site = build({f"{stage}.md": record.format(stage) for stage in stages})
    home = site["index.html"]
    assert 'data-count="site-promises" href="commitments.html#pressing">9</a>' in home
    assert '<a class="count" href="board.html">2</a>' in home
    listed = re.sub("<template.*?</template>", "", site["commitments.html"], flags=re.DOTALL)
    pressing, later = listed.split('<section aria-labelledby="open">')
    due = re.compile(r"promise (\d+)</bdi></td>")
    found = due.findall(pressing[pressing.index('id="pressing">') :])
    assert sorted(found) == sorted(["20", "23", "24"] * 3)
    assert sorted(due.findall(later)) == sorted(["25", "30"] * 3)


def test_the_weighted_pipeline_leads_to_the_customers_it_adds_up(
    build: Callable[..., Site],
) -> None:
    record = "---\nname: {0}\nstage: {1}\nowner: Li\nvalue: 100000\n---\n"
    stages = ("proposal", "proposal", "negotiation", "won", "lost")
    site = build({f"c{n}.md": record.format(f"C{n}", stage) for n, stage in enumerate(stages)})
    tile = re.search(r'<a href="([^"]+)"><b>[^<]*</b> <span>weighted', site["index.html"])
    assert tile
    assert tile[1] == "board.html"
    columns = site["board.html"].split('<div class="folds">')[0]
    assert re.findall(r"<bdi>(C\d)</bdi></a>", columns) == ["C0", "C1", "C2"]


def test_what_is_weighted_has_no_cents(build: Callable[..., Site]) -> None:
    site = build(
        {"acme.md": "---\nname: Acme\nstage: proposal\nowner: Li\nvalue: 1234567.85 CNY\n---\n"}
    )
    pages = ("index", "stages/index", "stages/proposal", "owners/index", "owners/Li")
    for page in (*pages, "customers/acme"):
        html = site[f"{page}.html"]
        assert "¥1,234,567.85" in html, page
        assert "¥617,284" in html, page
        assert "617,283" not in html, page


def test_the_largest_amounts_are_summed_by_the_highest_rates(build: Callable[..., Site]) -> None:
    record = "---\nname: {0}\nstage: proposal\nowner: Li\nvalue: 9999999999999999.5 {1}\n---\n"
    records = {f"c{at}.md": record.format(f"C{at}", "EUR") for at in range(120)}
    records["own.md"] = record.format("Own", "CNY")
    site = build(records, "currency: CNY\nrates: {EUR: 1000000000}\n")
    assert "≈ ¥1,200,000,000,009,999,940,000,000,000" in site["analysis.html"]


def test_figures_of_an_owner_lead_to_their_rows(build: Callable[..., Site]) -> None:
    promises = "".join(f"- [ ] promise {day} @2026-11-{day}\n" for day in (20, 23, 24, 30))
    record = (
        "---\nname: {0}\nstage: {1}\nowner: Li\nvalue: 1000\n---\n\n"
        "## 2026-08-02 10:00 call Li\n\n- next: 2026-{2} call\n\n- [ ] no day\n"
    ) + promises
    stages = ("proposal", "proposal", "negotiation", "won", "lost")
    days = ("11-20", "11-20", "12-24", "11-24", "11-20")
    site = build(
        {
            f"c{n}.md": record.format(f"C{n}", *each)
            for n, each in enumerate(zip(stages, days, strict=True))
        }
    )
    page = re.sub("<template.*?</template>", "", site["owners/Li.html"], flags=re.DOTALL)
    overview = site["owners/index.html"]

    def rows(anchor: str) -> int:
        element = re.search(rf'<(section aria-labelledby|div class="group" id)="{anchor}"', page)
        assert element, anchor
        ends = "</section>" if element[1].startswith("section") else "</main>"
        part = page[element.start() : page.index(ends, element.start())]
        return len(re.findall(r'<th scope="row">|<li\b', part))

    tiles = re.findall(r'<a href="#(\w+)"><b[^>]*>(\d+)</b>', page)
    assert [anchor for anchor, _ in tiles] == [
        "overdue",
        "late_promises",
        "stale",
        "coming",
        "customers",
    ]
    figures = tiles + re.findall(r'href="\.\./owners/Li\.html#(\w+)">(\d+)</a>', overview)
    assert dict(figures)["late_promises"] == "10"
    assert dict(figures)["open"] == "3"
    assert len(figures) == 10
    for anchor, figure in figures:
        assert rows(anchor) == int(figure), anchor
    assert 'href="../owners/Li.html#open">$3,000</a>' in overview
    assert rows("promises") == 15


def test_a_problem_is_counted_where_its_row_is(build: Callable[..., Site]) -> None:
    page = build(
        {
            "a.md": "no front matter\n",
            "b.md": "---\nname: B\nstage: nowhere\nowner: Li\n---\n",
            "c.md": "---\nname: C\nstage: lost\nowner: Li\nlevel: Z\n---\n",
        }
    )["problems.html"]
    tiles = re.findall(r'problems\.html#([\w-]+)"><b>(\d+)</b> <span>([^<]+)<', page)
    assert ("left-out", "1", "record left out") in tiles
    assert ("error", "2", "errors") in tiles
    for anchor, figure, _words in tiles:
        part = page[page.index(f'<section aria-labelledby="{anchor}">') :]
        part = part[: part.index("</section>")]
        assert part.count('<p class="l1">') == int(figure), anchor
        assert f'<span class="count">{figure}</span></h2>' in part
    # People know a customer by its name; a file that is none has its path alone.
    assert '<a href="customers/c.html"><bdi>C</bdi></a> <code><bdi>records/c.md</bdi>' in page
    assert '<a href="customers/a.html"><code><bdi>records/a.md</bdi>' in page


def test_one_is_called_one(build: Callable[..., Site]) -> None:
    record = (
        "---\nname: C{0}\nstage: proposal\nowner: Li\n---\n\n"
        "## 2026-11-02 10:00 call Li\n\n- [ ] call @2026-11-20\n"
    )
    one = build({"a.md": record.format(1)})
    for path in ("index.html", "owners/Li.html"):
        assert re.search(r">1</b> <span [^>]*>promise overdue</span>", one[path]), path
        assert re.search(r">1</b> <span>customer</span>", one[path]), path
    two = build({"a.md": record.format(1), "b.md": record.format(2)})
    for path in ("index.html", "owners/Li.html"):
        assert re.search(r">2</b> <span [^>]*>promises overdue</span>", two[path]), path
        assert re.search(r">2</b> <span>customers</span>", two[path]), path
