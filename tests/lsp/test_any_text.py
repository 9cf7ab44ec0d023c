"""Whatever is typed, every request is answered, and nothing that is offered lies outside."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lsprotocol import types

from tests.lsp.conftest import WORKSPACES
from tests.lsp.editor import TODAY
from tracker.lsp.diagnostics import Publisher
from tracker.lsp.session import Session
from trials import editing
from trials.editing import ANSWERS, ENCODINGS, PARAMS, SNIPPETS, faults_at, faults_of_seed

ROOT = WORKSPACES / "small-zh"
RECORD = (ROOT / "records/hengda.md").read_text("utf-8")
SETTINGS = (ROOT / "tracker.yaml").read_text("utf-8")

PIECES = st.sampled_from(
    [
        *("---\n", "name", "name: ", "姓名：", "stage: 商务谈判\n", "阶段: ", "[[恒", "](a.md)"),
        *("联系人:\n  - 姓名: 王芳\n", "contacts:\n  - ", "\n", "\r\n", "\r", "  ", "- ", "[", "]"),
        *("{", "}", "'", '"', "#", ": ", "## 2026-11-20 14:30 电话 李雷\n", "## ", "### 2026-"),
        *("- [ ] 发报价 @", "@明天", "@李雷", "- 下次: 下周三 10:00 面谈", "- 联系人: 王芳、"),
        *("- 阶段: 方案制定 -> ", "- 报价: Q-", "- 售后: 问题 #", "```\n", "<!--", "-->", "😀"),
        *("\u2028", "\x0c", "\x85", "\ufeff", "\0", "\ud83d", "owner: 李雷\n", "tags: [a, "),
        *("value: 4", "2026-11-27", "2026-02-30", "rules: {stale: off}\n"),
    ]
)
EDITS = st.lists(
    st.tuples(st.floats(0, 1), st.floats(0, 0.2), st.lists(PIECES, max_size=4).map("".join)),
    max_size=5,
)
TEXTS = st.one_of(st.sampled_from([RECORD, SETTINGS]), st.lists(PIECES, max_size=25).map("".join))


@pytest.fixture(scope="module")
def session() -> Session:
    session = Session(date.fromisoformat(TODAY))
    session.client = SNIPPETS
    return session


def test_every_answer_is_asked_for() -> None:
    assert PARAMS.keys() == ANSWERS.keys()


@settings(max_examples=25)
@given(
    TEXTS,
    EDITS,
    st.sampled_from(["records/hengda.md", "records/new.md", "records/_t.md", "tracker.yaml"]),
    st.sampled_from(ENCODINGS),
)
def test_every_request_is_answered_at_every_place(
    session: Session,
    text: str,
    edits: list[tuple[float, float, str]],
    path: str,
    encoding: types.PositionEncodingKind,
) -> None:
    session.encoding = encoding
    uri = (ROOT / path).as_uri()
    session.open(uri, 1, text)
    for version, (begin, length, new) in enumerate(edits, start=2):
        present = session.documents[uri].text
        size = len(present.text)
        start, end = int(begin * size), min(int((begin + length) * size), size)
        where = present.range_of_offsets(start, end)
        session.change(uri, version, [types.TextDocumentContentChangePartial(where, new)])
    sent: list[types.PublishDiagnosticsParams] = []
    Publisher(session, sent.append).publish()
    typed = session.documents[uri].text
    lines = range(0, len(typed.lines), max(len(typed.lines) // 3, 1))
    places = [typed.position(line + 1, line * 7 % 20) for line in lines]
    for place in [*places, typed.end, types.Position(len(typed.lines) + 3, 7)]:
        assert faults_at(session, uri, types.Range(place, typed.end)) == []
    session.close(uri)


@pytest.mark.parametrize("seed", range(15))
def test_damaged_records_as_the_trial_types_them(seed: int) -> None:
    assert faults_of_seed(seed) == []


def test_the_trial_notices_what_goes_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    def raises(*_: object) -> None:
        raise ValueError

    def lies_outside(*_: object) -> types.Hover:
        place = types.Position(9999, 0)
        return types.Hover("x", types.Range(place, place))

    for answer, fault in ((raises, "ValueError"), (lies_outside, "outside")):
        monkeypatch.setitem(editing.ANSWERS, types.TEXT_DOCUMENT_HOVER, answer)
        assert any(fault in each for each in faults_of_seed(1))
