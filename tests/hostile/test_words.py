"""Every word of a body appears on its page, or a diagnostic says of its line what became of it."""

from __future__ import annotations

import html
import re
from datetime import date
from itertools import count
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tracker.config_file import parse_config
from tracker.format.parser import parse_record
from tracker.insight.day import DayKeeper
from tracker.library.history import History
from tracker.library.library import Entry, Library
from tracker.site.attachments import Attachments
from tracker.site.markdown import MarkdownRenderer
from tracker.site.page import Site
from tracker.site.pages import SharedViews, record_page
from tracker.site.render import SiteRenderer

CONFIG = parse_config("language: en\nowners: [李雷, Li Lei]\n")[0]
NOWHERE = Path("/nonexistent")
RENDERER = SiteRenderer(CONFIG, NOWHERE, MarkdownRenderer(), Attachments(NOWHERE))
MATTER = "---\nname: Acme\nstage: proposal\nowner: Li Lei\n---\n\n"
WORD = re.compile(r"wq[0-9]+字")

PIECES = st.sampled_from(
    [
        *("W", "**W**", "*W* _W_", "`W`", "``W ` W``", "~~W~~", "\\*W\\*", "W  \nW", "W\\\nW"),
        *("[W](https://a.example/W)", '[W](W.md "W")', "[W](<W W>)", "![W](W.png)", "<W>"),
        *("![W](https://a.example/W.png 'W')", "[W][W]", "[W]", "[W](javascript:W)", "[W", "W]"),
        *("<https://a.example/W>", "https://a.example/W?W=W.", "<W@a.example>", "&W;", "&amp;W"),
        *("<b>W</b>", "<!-- W -->", "<script>W</script>", "<?W?>", "<![CDATA[W]]>", "a|W|W"),
        *("W^W", "$W$", "==W==", "[^W]", ":W:", "@W", "W: W", "W：W", "*W", "`W", "(W", "W\tW"),
    ]
)
LINES = st.sampled_from(
    [
        *("# P", "### P ##", "P\n===", "P\n---", "> P", "> > P", "- P", "  - P", "    - P", "* P"),
        *("1. P", "9) P", "- [ ] P", "- [x] P @2026-11-20", "    P", "\tP", "P", "P", "P", "---"),
        *("| P | P |", "|---|---|", "| P | P | P |", "P | P", "```W", "```", "~~~", "``` W W"),
        *("[W]: https://a.example/W 'W'", "[W]: W", "[^W]: P", "<div>P", "</div>", "", "", ""),
        *("- topic: P", "- 议题: P", "- contact: W", "- next: 2026-11-27 visit P; goal: P"),
        *("- next: P", "- next: none P", "- attitude: P", "- attitude: positive, P", "- stage: W"),
        *("- service: problem #2 P", "- service: P", "- offer: W", "- W: P", "- summary: P"),
        *("## 2026-11-20 14:30 call Li Lei", "## 2026-11-18 W", "### 2026-11-12 visit W", "## W"),
        *("## 2026-02-30 W", "##2026-11-10 call W", "* * *", "<<<<<<< W", "=======", ">>>>>>> W"),
        *("<!--", "-->", "+ P\n\n  P", "- P\n  P\n- P", "P\n: P", "{% W %} {{ W }}"),
    ]
)


@st.composite
def bodies(draw: st.DrawFn) -> str:
    """Return a body in which each word is another one."""
    lines = draw(st.lists(LINES, min_size=1, max_size=12))
    text = "\n".join(re.sub("P", lambda _: draw(PIECES), line) for line in lines)
    numbers = count()
    return re.sub(r"\bW\b", lambda _: f"wq{next(numbers)}字", text)


def lost(body: str) -> set[str]:
    """Return the words of a body that neither its page shows nor any diagnostic is about."""
    text = MATTER + body
    parsed = parse_record(text, "records/a.md", CONFIG)
    entry = Entry("records/a.md", text, parsed.customer, parsed.problems)
    day = DayKeeper().day(Library(NOWHERE, CONFIG, (entry,)), date(2026, 11, 24), History)
    page = RENDERER.render(record_page(SharedViews(Site.of(day)), "records/a.md"))
    shown = html.unescape(page)
    told = {
        line
        for found in day.diagnostics
        for line in range(found.span.line, found.span.end_line + 1)
    }
    return {
        word
        for number, line in enumerate(text.split("\n"), 1)
        for word in WORD.findall(line)
        if word not in shown and number not in told
    }


@settings(max_examples=150)
@given(bodies())
@example("|wq1字|wq2字|\n|---|---|\n|wq3字|wq4字|wq5字|")
@example("[wq1字]: https://a.example/wq2字 'wq3字'")
@example("[wq1字](wq2字.md 'wq3字') ![wq4字](wq5字.png 'wq6字')")
@example("```wq1字 wq2字\n```")
def test_no_word_is_lost(body: str) -> None:
    assert lost(body) == set()
