"""Whatever is typed, every request is answered, and nothing that is offered lies outside."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lsprotocol import types
from lsprotocol.converters import get_converter

from tests.lsp.asking import ANSWERS, ENCODINGS, SNIPPETS
from tests.lsp.conftest import WORKSPACES
from tests.lsp.editor import TODAY
from tracker.lsp.diagnostics import Publisher
from tracker.lsp.rename import RenameRefusedError
from tracker.lsp.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = WORKSPACES / "small-zh"
RECORD = (ROOT / "records/hengda.md").read_text("utf-8")
SETTINGS = (ROOT / "tracker.yaml").read_text("utf-8")
CONVERTER = get_converter()

PARAMS: dict[str, Callable[[types.TextDocumentIdentifier, types.Range], object]] = {
    types.TEXT_DOCUMENT_COMPLETION: lambda doc, at: types.CompletionParams(doc, at.start),
    types.TEXT_DOCUMENT_HOVER: lambda doc, at: types.HoverParams(doc, at.start),
    types.TEXT_DOCUMENT_DEFINITION: lambda doc, at: types.DefinitionParams(doc, at.start),
    types.TEXT_DOCUMENT_REFERENCES: lambda doc, at: types.ReferenceParams(
        types.ReferenceContext(include_declaration=True), doc, at.start
    ),
    types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT: lambda doc, at: types.DocumentHighlightParams(
        doc, at.start
    ),
    types.TEXT_DOCUMENT_DOCUMENT_SYMBOL: lambda doc, _: types.DocumentSymbolParams(doc),
    types.WORKSPACE_SYMBOL: lambda _doc, _at: types.WorkspaceSymbolParams("hd"),
    types.TEXT_DOCUMENT_FOLDING_RANGE: lambda doc, _: types.FoldingRangeParams(doc),
    types.TEXT_DOCUMENT_SELECTION_RANGE: lambda doc, at: types.SelectionRangeParams(
        doc, [at.start, at.end]
    ),
    types.TEXT_DOCUMENT_FORMATTING: lambda doc, _: types.DocumentFormattingParams(
        doc, types.FormattingOptions(2, insert_spaces=True)
    ),
    types.TEXT_DOCUMENT_RANGE_FORMATTING: lambda doc, at: types.DocumentRangeFormattingParams(
        doc, at, types.FormattingOptions(2, insert_spaces=True)
    ),
    types.TEXT_DOCUMENT_PREPARE_RENAME: lambda doc, at: types.PrepareRenameParams(doc, at.start),
    types.TEXT_DOCUMENT_RENAME: lambda doc, at: types.RenameParams(doc, at.start, "新名字"),
    types.TEXT_DOCUMENT_CODE_ACTION: lambda doc, at: types.CodeActionParams(
        doc, at, types.CodeActionContext([])
    ),
    types.TEXT_DOCUMENT_INLAY_HINT: types.InlayHintParams,
    types.TEXT_DOCUMENT_CODE_LENS: lambda doc, _: types.CodeLensParams(doc),
}

PIECES = st.sampled_from(
    [
        *(
            "---\n",
            "name",
            "name: ",
            "姓名：",
            "stage: 商务谈判\n",
            "阶段: ",
            "联系人:\n  - 姓名: 王芳\n",
        ),
        *(
            "contacts:\n  - ",
            "\n",
            "\r\n",
            "\r",
            "  ",
            "- ",
            "[",
            "]",
            "{",
            "}",
            "'",
            '"',
            "#",
            ": ",
        ),
        *(
            "## 2026-11-20 14:30 电话 李雷\n",
            "## ",
            "### 2026-",
            "- [ ] 发报价 @",
            "@明天",
            "@李雷",
        ),
        *(
            "- 下次: 下周三 10:00 面谈",
            "- 联系人: 王芳、",
            "- 阶段: 方案制定 -> ",
            "- 报价: Q-",
            "- 售后: 问题 #",
        ),
        *(
            "```\n",
            "<!--",
            "-->",
            "😀",
            "\u2028",
            "\x0c",
            "\x85",
            "\ufeff",
            "\0",
            "\ud83d",
            "[[恒",
            "](a.md)",
        ),
        *(
            "owner: 李雷\n",
            "tags: [a, ",
            "value: 4",
            "2026-11-27",
            "2026-02-30",
            "rules: {stale: off}\n",
        ),
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


def places_in(session: Session, uri: str, count: int) -> list[types.Position]:
    """Return some positions of a document, and some outside of it."""
    text = session.documents[uri].text
    lines = len(text.lines)
    found = [types.Position(0, 0), text.end, types.Position(lines + 3, 7), types.Position(0, 9999)]
    for at in range(count):
        line = at * max(lines // count, 1) % lines
        width = len(text.lines[line]) + 1
        found.append(types.Position(line, (at * 7) % width))
        found.append(text.position(line + 1, width))
    return found


def check_ranges(answer: Any, end: types.Position) -> None:  # noqa: ANN401  # any answer
    """Make sure that all ranges that an answer gives for the document lie in it."""
    if isinstance(answer, dict):
        if {"start", "end"} <= answer.keys() and "line" in answer["start"]:
            start, stop = answer["start"], answer["end"]
            assert (start["line"], start["character"]) <= (stop["line"], stop["character"])
            assert (stop["line"], stop["character"]) <= (end.line, end.character)
            return
        for key, value in answer.items():
            if key not in {"location", "changes", "targetUri"} and "uri" not in answer:
                check_ranges(value, end)
    elif isinstance(answer, list):
        for item in answer:
            check_ranges(item, end)


@settings(max_examples=25)
@given(
    TEXTS,
    EDITS,
    st.sampled_from(["records/hengda.md", "records/new.md", "records/_t.md", "tracker.yaml"]),
    st.sampled_from(list(ENCODINGS)),
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
    document = types.TextDocumentIdentifier(uri)
    session.open(uri, 1, text)
    for version, (begin, length, new) in enumerate(edits, start=2):
        present = session.documents[uri].text
        size = len(present.text)
        start, end = int(begin * size), min(int((begin + length) * size), size)
        where = present.range_of_offsets(start, end)
        change = types.TextDocumentContentChangePartial(where, new)
        session.change(uri, version, [change])
    sent: list[types.PublishDiagnosticsParams] = []
    Publisher(session, sent.append).publish()
    json.dumps(CONVERTER.unstructure(sent))
    end_ = session.documents[uri].text.end
    for place in places_in(session, uri, 3):
        for method, params in PARAMS.items():
            try:
                answer = ANSWERS[method](session, params(document, types.Range(place, end_)))
            except RenameRefusedError:
                continue
            response = types.METHOD_TO_TYPES[method][1]
            assert response is not None
            written = CONVERTER.unstructure(response(1, answer))
            json.dumps(written)
            check_ranges(written["result"], end_)
    session.close(uri)
