"""Markdown of records: what people write, what must not run, and the short cut."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.format import markdown_cost
from tracker.site.markdown import MarkdownRenderer

RENDERER = MarkdownRenderer(
    lambda target: f"../{target}" if target.startswith("attachments/") else None
)


def render(text: str) -> str:
    return str(RENDERER.render(text))


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("王芳来电。\n\n很急。", "<p>王芳来电。</p>\n<p>很急。</p>"),
        ("第一行\n第二行", "<p>第一行<br>\n第二行</p>"),
        ("**急**", "<p><strong>急</strong></p>"),
        ("a < b & c", "<p>a &lt; b &amp; c</p>"),
        ("清单:\n- 一\n- 二", "<p>清单:</p>\n<ul>\n<li>一</li>\n<li>二</li>\n</ul>"),
        ("- 一\n  - 二", "<ul>\n<li>一<ul>\n<li>二</li>\n</ul>\n</li>\n</ul>"),
        ("- [ ] 待办\n- [x] 完成", "<ul>\n<li>☐ 待办</li>\n<li>☑ 完成</li>\n</ul>"),
        ("3. 三\n4. 四", '<ol start="3">\n<li>三</li>\n<li>四</li>\n</ol>'),
        ("", ""),
    ],
)
def test_what_people_write(text: str, html: str) -> None:
    assert render(text) == html


def test_headings_begin_at_the_level_asked_for_and_skip_none() -> None:
    html = str(RENDERER.render("# A\n\n#### B\n\n## C", heading_level=4))
    assert re.findall(r"<(h\d)>", html) == ["h4", "h5", "h5"]


def test_a_table_is_aligned_by_class_and_has_column_headers() -> None:
    html = render("| 型号 | 价格 |\n|---|--:|\n| X | 1 |")
    assert '<th scope="col">型号</th>' in html
    assert '<td class="right">1</td>' in html
    assert "style" not in html


def test_links() -> None:
    assert 'href="https://a.example/x"' in render("见 https://a.example/x。")
    assert '<a href="../attachments/a/b.csv"' in render("[表](attachments/a/b.csv)")
    assert "href" not in render("[x](javascript:alert(1)) [y](data:text/html,1) [z](notes.md)")
    assert render("[https://a.example](https://b.example)").count("<a ") == 1


def test_a_picture_elsewhere_is_a_link_and_one_of_ours_is_a_picture() -> None:
    assert "<img" not in render("![照片](https://a.example/p.png)")
    assert 'href="https://a.example/p.png"' in render("![照片](https://a.example/p.png)")
    assert '<img alt="照片" src="../attachments/p.png">' in render("![照片](attachments/p.png)")


@pytest.mark.parametrize(
    "payload",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "[a](javascript&colon;alert(1))",
        "[a](<javascript:alert(1)>)",
        "![a](javascript:alert(1))",
        '<a href="java\nscript:alert(1)">x</a>',
        "<iframe srcdoc='<script>alert(1)</script>'>",
        "[a]: javascript:alert(1)\n\n[a]",
        '[x](https://a.example "onmouseover=alert(1)")',
    ],
)
def test_nothing_runs_and_no_word_is_dropped(payload: str) -> None:
    html = render(payload)
    tags = re.findall(r"<(\w+)((?:\s[^>]*)?)>", html)
    assert all(tag in {"p", "a", "br"} for tag, _ in tags), html
    names = {name for _, attributes in tags for name in re.findall(r'\s([\w-]+)="', attributes)}
    assert names <= {"href", "rel", "title"}, html
    targets = [
        target for _, attributes in tags for target in re.findall(r'href="([^"]*)', attributes)
    ]
    assert all(target.startswith("https://a.example") for target in targets)


def test_fenced_code_is_code_in_a_list_too() -> None:
    assert render("```python\na < b\n```") == (
        '<pre><code class="language-python">a &lt; b\n</code></pre>'
    )
    assert render("- a\n  ```\n  b\n    c\n  ```").endswith(
        "<pre><code>b\n  c\n</code></pre>\n</li>\n</ul>"
    )
    assert render("~~~~\n```\n~~~\n~~~~~\n*a*").startswith("<pre><code>```\n~~~\n</code></pre>")
    assert render("```\nopen *a*") == "<p>```<br>\nopen <em>a</em></p>"


def test_a_text_cannot_stand_in_for_what_was_taken_out() -> None:
    stolen = "\ufdd00\ufdd0 \x02wzxhzdk:0\x03\n\n```\n\x02wzxhzdk:0\x03 \ufdd00\ufdd0\n```"
    assert render(stolen).count("<pre>") == 1


def test_work_on_a_page_is_bounded() -> None:
    renderer = MarkdownRenderer()
    renderer.steps_left = 500
    rendered = [str(renderer.render("*a*" * 8)) for _ in range(4)]
    assert rendered[0].startswith("<p><em>")
    assert rendered[-1] == f"<p>{'*a*' * 8}</p>"


def test_a_text_too_deep_for_the_library_leaves_nothing_behind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(markdown_cost, "MAX_NESTING", 10_000)
    renderer = MarkdownRenderer()
    before = renderer.render("- a\n\nb")
    assert renderer.render("- " * 1000 + "a").startswith("<p>- - ")
    assert renderer.render("- a\n\nb") == before


@given(st.text(alphabet="ab 中，。\n-+1.)=:/'\"(){}@$%^;?x\u3000é•·"))
def test_the_short_cut_gives_what_the_library_gives(text: str) -> None:
    assert RENDERER.render(text) == RENDERER.render_fully(text) or not text.strip()


@given(
    st.text(alphabet="ab 中。1.-\n"),
    st.text(alphabet='ab \n\n\t-+1.)=:/"(){}*_`[]<>|#~!&\\'),
)
def test_paragraphs_above_markdown_are_as_the_library_gives_them(above: str, text: str) -> None:
    text = f"{above}\n\n{text}"
    assert RENDERER.render(text) == RENDERER.render_fully(text) or not text.strip()


@given(st.text())
def test_any_text_renders_with_every_word(text: str) -> None:
    html = re.sub(r"<[^>]*>", " ", render(text))
    for word in re.findall(r"[a-z]{3,}|[\u4e00-\u9fff]+", text):
        assert word in html or "](" in text or "][" in text or "]:" in text


def test_half_a_surrogate_pair_is_no_reason_to_stop() -> None:
    assert MarkdownRenderer().render("**a** \ud800") == "<p><strong>a</strong> ?</p>"
