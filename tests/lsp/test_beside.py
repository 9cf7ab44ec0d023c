"""What stands beside the lines of a record, and the page that is one click away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lsprotocol import types

from tests.lsp.asking import ask, open_marked, write

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.lsp.session import Session

RECORD = """---
name: 恒达
stage: 商务谈判
owner: 李雷
expected_close: 2026-11-20
---

## 2026-11-20 14:30 电话 李雷

- [ ] 发报价 @2026-11-22
- [ ] 寄样 @2026-11-26
- [x] 送案例 @2026-11-01
- 下次: {next} 面谈
"""


def hints(session: Session, root: Path, text: str) -> dict[str, str]:
    """Return what stands beside each line that has something beside it."""
    document = open_marked(session, root / "records/a.md", text).document
    where = types.Range(types.Position(0, 0), types.Position(999, 0))
    found = ask(session, types.TEXT_DOCUMENT_INLAY_HINT, types.InlayHintParams(document, where))
    lines = text.split("\n")
    for hint in found:
        assert hint.position.character == len(lines[hint.position.line])
    return {lines[hint.position.line]: str(hint.label) for hint in found}


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-11-21", "逾期 3 天"),
        ("2026-11-24", "今天"),
        ("2026-11-27", "3 天后"),
    ],
)
def test_how_late_a_step_is(session: Session, tmp_path: Path, day: str, said: str) -> None:
    write(tmp_path, {"tracker.yaml": "language: zh\n"})
    found = hints(session, tmp_path, RECORD.replace("{next}", day))
    assert found == {
        f"- 下次: {day} 面谈": said,
        "- [ ] 发报价 @2026-11-22": "逾期 2 天",
        "- [ ] 寄样 @2026-11-26": "2 天后",
        "## 2026-11-20 14:30 电话 李雷": "4 天未联系",
        "expected_close: 2026-11-20": "逾期 4 天",
    }


def test_how_long_nobody_has_called(session: Session, tmp_path: Path) -> None:
    write(tmp_path, {"tracker.yaml": "language: en\n"})
    text = "---\nname: A\nstage: proposal\nowner: B\n---\n\n## 2026-10-15 call\n\nHello.\n"
    found = hints(session, tmp_path, text)
    assert found == {"## 2026-10-15 call": "40 days without contact, limit 14"}
    won = hints(session, tmp_path, text.replace("proposal", "won"))
    assert won == {}


def test_only_lines_that_are_shown(session: Session, tmp_path: Path) -> None:
    write(tmp_path, {"tracker.yaml": "language: zh\n"})
    text = RECORD.replace("{next}", "2026-11-21")
    document = open_marked(session, tmp_path / "records/a.md", text).document
    where = types.Range(types.Position(0, 0), types.Position(5, 0))
    found = ask(session, types.TEXT_DOCUMENT_INLAY_HINT, types.InlayHintParams(document, where))
    assert [hint.position.line for hint in found] == [4]


def test_the_page_of_the_site_that_was_built(session: Session, tmp_path: Path) -> None:
    write(tmp_path, {"tracker.yaml": "language: zh\n", "records/a b.md": RECORD})
    document = open_marked(session, tmp_path / "records/a b.md", RECORD).document
    params = types.CodeLensParams(document)
    assert ask(session, types.TEXT_DOCUMENT_CODE_LENS, params) is None  # Not built yet.
    write(tmp_path, {"output/customers/a b.html": "<html>"})
    [lens] = ask(session, types.TEXT_DOCUMENT_CODE_LENS, params)
    assert lens.command.title == "打开页面"
    page = (tmp_path / "output/customers/a b.html").as_uri()
    assert lens.command.arguments == [page]
