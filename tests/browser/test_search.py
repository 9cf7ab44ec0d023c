"""The search in a real browser, as files and in a sub-folder of a static host."""

from __future__ import annotations

import json
import random
import re
import shutil
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import RULES_OF
from tests.browser.static_host import static_host
from tracker.insight.day import day_of
from tracker.insight.search import search
from tracker.library.loader import load_library
from tracker.pinyin import readings
from tracker.site.build import build_site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.browser.conftest import AxeRun, Browsing, HtmlValidateRun, Visit

RECORDS = {
    "hengda": """---
name: 恒达精密机械有限公司
short: 恒达
stage: 商务谈判
owner: 李雷
tags: [机床, 华东]
contacts:
  - {name: 王芳, title: 采购经理, phone: 0512-66881234, wechat: wangfang_hd}
  - {name: 单雄, phone: "+86 (100) 0273 3313", email: shan@hengda.example}
offers:
  - {quote: Q-2026-031, product: X200 加工中心}
deal: {contract: HT-2026-088}
---

## 2026-11-20 14:30 电话 李雷

**安装调试**会占用产线，<img src="x" onerror="alert(1)">，希望周末进场；
另外 1200*800 的台面够不够，请发图纸。

## 2026-11-10 10:00 邮件 李雷

发去初步报价。
""",
    "zeng": """---
name: 曾氏仇记重型机械厂
stage: 初步接触
owner: 李雷
contacts:
  - {name: 恒达明}
---

## 2026-11-21 09:00 电话

只想先看资料。
""",
    "text-only": """---
name: 常州远景包装
stage: 初步接触
owner: 李雷
tags: [恒达同行]
---

## 2026-11-22 09:00 电话

他们也从恒达买过二手设备。
""",
    "gokpinar": """---
name: Gökpınar Döküm A.Ş.
stage: 初步接触
owner: 李雷
contacts:
  - {name: Şule Öz}
  - {name: Conor O'Neil}
---

## 2026-11-19 11:00 visit

Asked for a second quote; the FIRST one was lost in the post.
""",
    "hostile": """---
name: <b>粗体</b>&amp; 公司
stage: 初步接触
owner: 李雷
---

## 2026-11-18 11:00 电话

<script>alert("窃取")</script>
""",
}
HENGDA = "恒达精密机械有限公司"
ZENG = "曾氏仇记重型机械厂"
TEXT_ONLY = "常州远景包装"
GOKPINAR = "Gökpınar Döküm A.Ş."


@pytest.fixture(scope="module")
def shared_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the records above; tests that change it make a copy."""
    return _build(tmp_path_factory.mktemp("search"), "zh", RECORDS)


def _build(folder: Path, language: str, records: dict[str, str]) -> Path:
    root = folder / "workspace"
    (root / "records").mkdir(parents=True)
    (root / "tracker.yaml").write_text(f"language: {language}\n", encoding="utf-8")
    for name, text in records.items():
        (root / "records" / f"{name}.md").write_text(text, encoding="utf-8")
    build_site(root, folder / "site", date(2026, 11, 24))
    return folder / "site"


@pytest.fixture
def served(shared_site: Path, tmp_path: Path) -> Iterator[str]:
    """The address of the site in a sub-folder of a static host."""
    shutil.copytree(shared_site, tmp_path / "team" / "crm")
    with static_host(tmp_path) as host:
        yield f"{host.address}team/crm/"


def ask(visit: Visit, query: str) -> None:
    """Open the search where it is closed, type, and wait for the whole answer."""
    if not visit.page.locator("#search").is_visible():
        visit.page.keyboard.press("Control+k")
    visit.page.locator("#search-text").fill(query)
    # What stands there may still be the answer to what was asked before.
    expect(visit.page.locator("#search")).to_have_attribute("aria-busy", "false")
    # Until all texts are read, their share stands behind the number.
    expect(visit.page.locator("#search-found")).to_have_text(re.compile("^[^·]*(找到|found)[^·]*$"))


def names(visit: Visit) -> list[str]:
    """Return the customers that are listed, as their names are shown."""
    return list(visit.page.locator("#search-hits .hit-name > bdi").all_text_contents())


# Opening


def test_nothing_is_loaded_before_the_first_use(shared_site: Path, page: Browsing) -> None:
    visit = page(shared_site / "index.html")
    asked: list[str] = []
    visit.page.on("request", lambda request: asked.append(request.url))
    visit.settle()
    assert visit.page.evaluate("typeof trackerSearch") == "undefined"
    ask(visit, "王芳")
    assert [url.rpartition("/data/")[2][:8] for url in asked if "/data/" in url] == ["search-0"] + [
        f"search-{number}" for number in (1, 2)
    ]


@pytest.mark.parametrize("key", ["/", "Control+k", "Meta+k"])
def test_keys_open_it_and_escape_closes_it(shared_site: Path, page: Browsing, key: str) -> None:
    visit = page(shared_site / "index.html")
    visit.page.keyboard.press(key)
    expect(visit.page.locator("#search-text")).to_be_focused()
    expect(visit.page.locator("#search-text")).to_have_value("")
    visit.page.keyboard.press("Escape")
    expect(visit.page.locator("#search")).to_be_hidden()


def test_the_button_opens_it_and_gets_the_focus_back(shared_site: Path, page: Browsing) -> None:
    visit = page(shared_site / "index.html")
    button = visit.page.get_by_role("button", name="搜索")
    button.click()
    expect(visit.page.get_by_role("dialog", name="搜索")).to_be_visible()
    visit.page.keyboard.press("Escape")
    expect(button).to_be_focused()


def test_a_slash_stays_a_slash_in_a_field(shared_site: Path, page: Browsing) -> None:
    visit = page(shared_site / "index.html")
    visit.page.evaluate("document.querySelector('main').append(document.createElement('input'))")
    visit.page.locator("main > input").focus()
    visit.page.keyboard.type("1/2")
    expect(visit.page.locator("main > input")).to_have_value("1/2")
    expect(visit.page.locator("#search")).to_be_hidden()
    visit.page.keyboard.press("Control+k")
    visit.page.keyboard.type("a/b")
    expect(visit.page.locator("#search-text")).to_have_value("a/b")


def test_without_javascript_there_is_no_button(shared_site: Path, page: Browsing) -> None:
    visit = page(shared_site / "index.html", java_script_enabled=False)
    expect(visit.page.locator("#search-open")).to_be_hidden()
    expect(visit.page.locator("#search")).to_be_hidden()


# Finding


FINDS = (
    ("恒达精密", HENGDA),
    ("精密机", HENGDA),
    ("hengdajingmi", HENGDA),
    ("hdjm", HENGDA),
    ("HDJM", HENGDA),
    ("ｈｄｊｍ", HENGDA),
    ("hengdjm", HENGDA),
    ("heng'da'jing'mi", HENGDA),
    ("jingmijixieyouxiangongsi", HENGDA),
    ("jmjx", HENGDA),
    ("王芳", HENGDA),
    ("wangfang", HENGDA),
    ("wf", HENGDA),
    ("shanxiong", HENGDA),
    ("danxiong", HENGDA),
    ("sx", HENGDA),
    ("zengshi", ZENG),
    ("cengshi", ZENG),
    ("qiuji", ZENG),
    ("chouji", ZENG),
    ("zhongxing", ZENG),
    ("chongxing", ZENG),
    ("1234", HENGDA),
    ("6688-1234", HENGDA),
    ("０５１２６６８８", HENGDA),
    ("3313", HENGDA),
    ("02733313", HENGDA),
    ("wangfang_hd", HENGDA),
    ("shan@hengda", HENGDA),
    ("华东", HENGDA),
    ("huadong", HENGDA),
    ("Q-2026-031", HENGDA),
    ("q2026031", HENGDA),
    ("2026-031", HENGDA),
    ("ht-2026-088", HENGDA),
    ("占用产线", HENGDA),
    ("安装调试会占用", HENGDA),
    ("1200*800", HENGDA),
    ("图纸 hdjm", HENGDA),
    ("x200 王芳", HENGDA),
    ("x200 曾氏", None),
    ("gokpinar", GOKPINAR),
    ("GÖKPINAR", GOKPINAR),
    ("Gökpınar döküm", GOKPINAR),
    ("first one", GOKPINAR),
    ("sule", GOKPINAR),
    ("o'neil", GOKPINAR),
    ("O’Neil", GOKPINAR),
    ("conor and gokpinar", GOKPINAR),
    ("conor & gokpinar", GOKPINAR),
    ("jdhm", None),
    ("没有这个词", None),
)
"""What may be typed, and whom it finds first."""


@pytest.mark.parametrize(("query", "name"), FINDS)
def test_it_finds(shared_site: Path, page: Browsing, query: str, name: str | None) -> None:
    visit = page(shared_site / "index.html", same_tab=True)
    ask(visit, query)
    assert names(visit)[:1] == ([name] if name else [])


def test_the_command_line_finds_the_same_in_the_same_order(
    shared_site: Path, page: Browsing
) -> None:
    library = load_library(shared_site.parent / "workspace")
    day = day_of(library, date(2026, 11, 24), checked=False)
    visit = page(shared_site / "index.html")
    for query in (*(query for query, _ in FINDS), "恒达", "hengda", "2", "h", "电话", "a", "李雷"):
        ask(visit, query)
        assert names(visit) == [hit.standing.customer.name for hit in search(day, query)], query


def test_names_come_before_contacts_tags_and_texts(shared_site: Path, page: Browsing) -> None:
    visit = page(shared_site / "index.html")
    ask(visit, "恒达")
    assert names(visit) == [HENGDA, ZENG, TEXT_ONLY]
    ask(visit, "hengda")
    assert names(visit) == [HENGDA, ZENG, TEXT_ONLY]


def test_what_was_found_is_marked_where_it_stands(shared_site: Path, page: Browsing) -> None:
    visit = page(shared_site / "index.html")
    marks = visit.page.locator("#search-hits mark")
    for query, expected in {
        "jmjx": ["精密机械"],
        "shanxiong": ["单雄"],
        "66881234": ["66881234"],
        "05126688": ["0512-6688"],
        "q2026031": ["Q-2026-031"],
        "huadong": ["华东"],
        "周末进场": ["周末进场"],
        "FIRST": ["FIRST"],
        "gokp dokum": ["Gökpınar", "Döküm"],
    }.items():
        ask(visit, query)
        expect(marks).to_have_text(expected)


def test_a_hit_in_a_text_shows_its_day_and_leads_there(shared_site: Path, page: Browsing) -> None:
    visit = page(shared_site / "customers" / "zeng.html")
    ask(visit, "周末进场")
    expect(visit.page.locator(".hit-text")).to_contain_text("2026年11月20日")
    visit.page.keyboard.press("Enter")
    expect(visit.page).to_have_url(re.compile(r"/customers/hengda\.html#f-2026-11-20-1430$"))
    expect(visit.page.locator("#f-2026-11-20-1430")).to_be_in_viewport()


def test_a_hit_on_the_same_page_closes_the_search(shared_site: Path, page: Browsing) -> None:
    visit = page(shared_site / "customers" / "hengda.html")
    ask(visit, "初步报价")
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator("#search")).to_be_hidden()
    expect(visit.page).to_have_url(re.compile(r"#f-2026-11-10-1000$"))


def test_texts_of_records_are_never_read_as_html(shared_site: Path, page: Browsing) -> None:
    visit = page(shared_site / "index.html")
    ask(visit, "粗体")
    assert names(visit) == ["<b>粗体</b>&amp; 公司"]
    ask(visit, "onerror")
    expect(visit.page.locator(".hit-text")).to_contain_text('<img src="x" onerror="alert(1)">')
    ask(visit, "窃取")
    expect(visit.page.locator(".hit-text")).to_contain_text('<script>alert("窃取")</script>')
    assert visit.page.locator("#search-hits :is(b, img, script)").count() == 0


# Keyboard, touch, assistive technology


def test_arrows_choose_and_enter_opens(shared_site: Path, page: Browsing) -> None:
    visit = page(shared_site / "index.html")
    ask(visit, "恒达")
    box = visit.page.get_by_role("combobox", name="搜索客户和跟进内容")
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(box).to_have_attribute("aria-controls", "search-hits")

    def chosen() -> str:
        active = box.get_attribute("aria-activedescendant")
        selected = visit.page.get_by_role("option", selected=True)
        expect(selected).to_have_count(1)
        assert selected.get_attribute("id") == active
        return str(selected.locator(".hit-name > bdi").inner_text())

    seen = [chosen()]
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp"):
        visit.page.keyboard.press(key)
        seen.append(chosen())
    assert seen == [HENGDA, ZENG, TEXT_ONLY, HENGDA, TEXT_ONLY, ZENG]
    visit.page.keyboard.press("Enter")
    expect(visit.page).to_have_url(re.compile(r"/customers/zeng\.html#contact-1$"))


def test_enter_with_control_opens_another_tab(shared_site: Path, page: Browsing) -> None:
    visit = page(shared_site / "index.html")
    ask(visit, "hdjm")
    with visit.page.context.expect_page() as opened:
        visit.page.keyboard.press("Control+Enter")
    expect(opened.value).to_have_url(re.compile(r"/customers/hengda\.html$"))
    expect(visit.page.locator("#search")).to_be_visible()


def test_enter_belongs_to_an_input_method_at_work(shared_site: Path, page: Browsing) -> None:
    visit = page(shared_site / "index.html")
    ask(visit, "hdjm")
    visit.page.evaluate(
        """document.getElementById("search-text").dispatchEvent(new KeyboardEvent(
        "keydown", { key: "Enter", isComposing: true, bubbles: true }))"""
    )
    visit.settle()
    assert visit.page.url.endswith("/index.html")
    expect(visit.page.locator("#search")).to_be_visible()


def test_the_number_of_hits_is_announced(shared_site: Path, page: Browsing) -> None:
    visit = page(shared_site / "index.html")
    ask(visit, "恒达")
    status = visit.page.get_by_role("status")
    expect(status).to_have_text("找到 3 家客户")
    ask(visit, "没有这个词")
    expect(status).to_have_text("没有找到")
    expect(visit.page.locator("#search-text")).to_have_attribute("aria-expanded", "false")
    expect(visit.page.locator("#search-hits")).to_be_hidden()
    visit.page.locator("#search-text").fill("")
    expect(status).to_be_empty()
    expect(visit.page.locator("#search-hint")).to_be_visible()


@pytest.mark.parametrize(("name", "told"), [("Acme", False), ("恒达精密", True)])
def test_pinyin_is_told_of_where_names_are_chinese(
    name: str, page: Browsing, build_workspace: Callable[[dict[str, str]], Path], *, told: bool
) -> None:
    record = f"---\nname: {name}\nstage: proposal\nowner: Li\n---\n"
    site = build_workspace({"tracker.yaml": "language: en\n", "records/a.md": record})
    visit = page(site / "index.html")
    ask(visit, name[:2])
    expect(visit.page.get_by_role("option")).to_have_count(1)
    visit.page.locator("#search-text").fill("")
    expect(visit.page.locator("#search-pinyin")).to_be_visible(visible=told)


def test_it_works_by_touch(shared_site: Path, page: Browsing) -> None:
    visit = page(shared_site / "index.html", size="phone")
    button = visit.page.locator("#search-open")
    box = button.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 44
    button.tap()
    visit.page.locator("#search-text").fill("周末")
    hit = visit.page.locator(".hit")
    box = hit.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    hit.tap()
    expect(visit.page).to_have_url(re.compile(r"hengda\.html#f-2026-11-20-1430$"))


def test_a_tap_beside_it_or_on_close_closes_it(shared_site: Path, page: Browsing) -> None:
    visit = page(shared_site / "index.html")
    visit.page.keyboard.press("/")
    visit.page.mouse.click(5, 700)
    expect(visit.page.locator("#search")).to_be_hidden()
    visit.page.keyboard.press("/")
    visit.page.get_by_role("button", name="关闭").click()
    expect(visit.page.locator("#search")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_dialog_is_accessible(
    shared_site: Path,
    page: Browsing,
    axe: AxeRun,
    size: Literal["desktop", "phone"],
    scheme: Literal["light", "dark"],
) -> None:
    visit = page(shared_site / "index.html", size=size, scheme=scheme)
    visit.page.locator("#search-open").click()
    for query in ("", "恒达", "周末", "没有这个词"):
        if query:
            ask(visit, query)
        result = axe(visit, within="#search", only=RULES_OF[scheme])
        assert result.violations == ()
        assert result.incomplete == ()
    wider = visit.page.locator("#search").evaluate("each => each.scrollWidth - each.clientWidth")
    assert wider <= 0


def test_the_page_with_the_dialog_is_valid(
    shared_site: Path, html_validate: HtmlValidateRun
) -> None:
    assert (
        html_validate([shared_site / "index.html", shared_site / "customers" / "zeng.html"]) == []
    )


# Sites


def test_it_works_in_a_sub_folder_of_a_static_host(served: str, page: Browsing) -> None:
    visit = page(served + "customers/zeng.html", allow=[served])
    ask(visit, "hdjm")
    visit.page.keyboard.press("Enter")
    expect(visit.page).to_have_url(served + "customers/hengda.html")


def test_an_english_site_speaks_english(tmp_path: Path, page: Browsing, axe: AxeRun) -> None:
    visit = page(_build(tmp_path, "en", RECORDS) / "index.html")
    visit.page.get_by_role("button", name="Search").click()
    ask(visit, "恒达")
    expect(visit.page.get_by_role("status")).to_have_text("Customers found: 3")
    ask(visit, "周末进场")
    expect(visit.page.locator(".hit-text")).to_contain_text("Nov 20, 2026")
    text = visit.page.locator("#search .hint, #search .keys, #search .ask").all_text_contents()
    assert not re.search("[\u4e00-\u9fff]", "".join(text).replace("恒达精密", ""))
    assert axe(visit, within="#search").violations == ()


def test_of_many_only_the_first_are_listed(tmp_path: Path, page: Browsing) -> None:
    record = (
        "---\nname: 华瑞{0}\nstage: 初步接触\nowner: 李雷\n---\n\n## 2026-11-{0:02} 电话\n\n好。\n"
    )
    records = {f"r{number:02}": record.format(number % 24 + 1) for number in range(40)}
    visit = page(_build(tmp_path, "zh", records) / "index.html")
    ask(visit, "hr")
    expect(visit.page.get_by_role("status")).to_have_text("找到 40 家客户，列出前 30 家")
    listed = names(visit)
    assert len(listed) == 30
    # Equal hits: the last contacted first.
    assert listed[0] == "华瑞24"


def test_a_record_that_cannot_be_read_is_found_by_its_file(tmp_path: Path, page: Browsing) -> None:
    visit = page(_build(tmp_path, "zh", {"qihang": "no front matter"}) / "index.html")
    ask(visit, "qihang")
    visit.page.keyboard.press("Enter")
    expect(visit.page).to_have_url(re.compile(r"/customers/qihang\.html$"))


def test_an_empty_workspace_can_be_searched(tmp_path: Path, page: Browsing) -> None:
    visit = page(_build(tmp_path, "zh", {}) / "index.html")
    ask(visit, "hdjm")
    expect(visit.page.get_by_role("status")).to_have_text("没有找到")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda part: part.unlink(),
        lambda part: part.write_text(
            re.sub('"sum":"[0-9a-f]+"', '"sum":"0"', part.read_text("utf-8")), "utf-8"
        ),
    ],
    ids=["missing", "of another build"],
)
def test_a_part_that_does_not_fit_is_said(
    shared_site: Path, tmp_path: Path, page: Browsing, spoil: Callable[[Path], None]
) -> None:
    site = tmp_path / "site"
    shutil.copytree(shared_site, site)
    spoil(site / "data" / "search-2.js")
    visit = page(site / "index.html")
    visit.page.keyboard.press("/")
    expect(visit.page.get_by_role("status")).to_have_text("部分档案未能读取，请刷新页面后再试。")
    visit.troubles.clear()
    visit.page.locator("#search-text").fill("hdjm")
    expect(visit.page.locator(".hit")).to_have_count(1)


# Many customers

CUSTOMERS = 10_000
QUERIES = [
    "hdjm",
    "gongsi",
    "x",
    "公司",
    "交期 苏州",
    "一千",
    "0512",
    "3456",
    "q2026",
    "没有这个词",
]

NOT_THERE = {"一千", "没有这个词"}

TYPE = """async (query) => {
  const input = document.getElementById("search-text");
  const found = document.getElementById("search-found");
  found.textContent = "";
  input.value = query;
  input.dispatchEvent(new Event("input"));
  while (!found.textContent) await new Promise((resolve) => setTimeout(resolve));
  document.getElementById("search-hits").offsetHeight; // What is listed has been laid out.
}"""


def _write_many(site: Path) -> None:
    """Put the data of many made-up customers in place of the site's own."""
    chance = random.Random(1)  # noqa: S311 - made-up data, not secrets
    sentences = [
        "".join(
            chance.choices("客户来电询问交期对分批方案感兴趣但担心安装调试影响生产一二三，。", k=40)
        )
        for _ in range(3000)
    ]

    def head(number: int) -> list[object]:
        name = "".join(chance.choices("恒达精密华瑞新科联创远景博安信诚单曾仇", k=4))
        contact = [chance.choice("王李张单曾仇") + chance.choice("芳伟敏静"), "经理"]
        phone = f"0512-{chance.randrange(10**8):08}"
        quotes = [f"Q-2026-{number:05}"]
        day = f"2026-11-{number % 24 + 1:02}"
        full = f"苏州{name}机械有限公司"
        return [f"k{number}", full, name, "成交", "李雷", day, [[*contact, phone]], quotes, "", []]

    def text(number: int) -> list[list[str]]:
        days = [f"f-2026-{number % 12 + 1:02}-{day:02}" for day in range(1, 11)]
        return [[day, "".join(chance.choices(sentences, k=4))] for day in days]

    sums: dict[str, list[str]] = {"heads": [], "texts": []}
    names = "恒达精密华瑞新科联创远景博安信诚单曾仇苏州机械有限公司王李张芳伟敏静"
    parts: list[dict[str, Any]] = []
    for kind, make, size in (("heads", head, 700), ("texts", text, 50)):
        for first in range(0, CUSTOMERS, size):
            sums[kind].append(f"{kind}{first}")
            entries = [
                make(number) for number in range(first, first + min(size, CUSTOMERS - first))
            ]
            parts.append({"sum": f"{kind}{first}", "first": first, kind: entries})
    sounds = {char: " ".join(readings(char)) for char in names}
    for number, part in enumerate([{**sums, "sounds": sounds}, *parts]):
        value = json.dumps(part, ensure_ascii=False)
        script = f"var trackerSearch=trackerSearch||[];trackerSearch[{number}]={value};"
        (site / "data" / f"search-{number}.js").write_text(script, encoding="utf-8")


@pytest.mark.slow
def test_ten_thousand_customers_are_searched_at_every_key(
    shared_site: Path, tmp_path: Path, page: Browsing
) -> None:
    site = tmp_path / "site"
    shutil.copytree(shared_site, site)
    _write_many(site)
    visit = page(site / "index.html")
    visit.page.keyboard.press("/")
    visit.page.locator("#search-text").fill("公司")
    expect(visit.page.get_by_role("status")).to_have_text(
        "找到 10,000 家客户，列出前 30 家", timeout=60_000
    )
    for query in QUERIES:
        for length in range(1, len(query) + 1):
            visit.page.evaluate(TYPE, query[:length])
        hits = visit.page.locator(".hit").count()
        assert (hits == 0) == (query in NOT_THERE), query
