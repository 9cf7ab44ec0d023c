"""No text makes a rule or a reporter raise, and every problem lies within its file."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.conftest import TODAY
from tracker.config_file import parse_config
from tracker.format.parser import parse_record
from tracker.library.library import Entry, Library
from tracker.library.status import status_of
from tracker.reporters import github, json, sarif, text
from tracker.reporters.report import Report, lines_of
from tracker.rules.diagnose import Checker
from tracker.translation import translations

CONFIG = parse_config("language: zh\nowners: [李雷]\n")[0]

FRAGMENTS = st.sampled_from(
    [
        "---\n",
        "name: 恒达",
        "stage: 未成交",
        "stage: proposal",
        "owner: 李雷",
        "id: con",
        "expected_close: 2026-01-01",
        "lost: {reason: 其他}",
        "deal: {}",
        "offers: [{quote: Q-1, file: ../a.pdf}, {file: 'attachments/\\0'}]",
        "contacts: [{name: 王芳, phone: 0512-0880-1234}]",
        "\n## 2026-11-20 14:30 电话 李雷\n",
        "\n## 2026-11-20 电话\n",
        "\n### 2027-01-01T09:00+08:00 email Bo\n",
        "\n## 备注\n",
        "- 阶段: 成交 -> 未成交",
        "- 等级: A -> B",
        "- 联系人: 王方、王芳",
        "- 报价: Q-2",
        "- 售后: 已解决 #2",
        "- 下次: 2026-01-01 面谈",
        "- 下次: 无",
        "- [ ] 报价 @2026-01-01 @Bo",
        "- [ ] 样件",
        "[图](../attachments/图.pdf) ![](</etc/passwd>) [x](C:\\a)",
        "[a]: file:///etc/passwd",
        "```",
        "\t",
        "\n",
    ]
)


@settings(deadline=None, max_examples=200)
@given(st.lists(FRAGMENTS | st.text(max_size=30), max_size=25))
def test_any_record_can_be_checked_and_reported(lines: list[str]) -> None:
    content = "\n".join(lines).replace("\r", "\n")
    parsed = parse_record(content, "records/acme.md", CONFIG)
    entry = Entry("records/acme.md", content, parsed.customer, parsed.problems)
    library = Library(Path("/nonexistent"), CONFIG, (entry,))
    customer = parsed.customer
    status = status_of(customer, CONFIG, TODAY) if customer else None
    checker = Checker(CONFIG)
    found = [*checker.entry(entry, status, library, TODAY), *checker.workspace(library)]
    last = content.count("\n") + 1
    for each in found:
        assert 1 <= each.span.line <= each.span.end_line <= last + 1
        assert each.span.column >= 1
        assert each.span[:2] <= each.span[2:]
    report = Report(found, 1, lines_of(content))
    for render in (text.render, json.render, github.render, sarif.render):
        assert "".join(render(report, translations("zh"))) or not found
