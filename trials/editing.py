"""Records typed in an editor: every request is answered wherever the pointer stands.

A damaged record is opened, changed in a few places as one types, and the language server is asked
everything that an editor can ask, at places within the text and outside of it.

Example: `python -m trials editing --count 1000`; `python -m trials.editing 4711` shows one of them.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
import traceback
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from lsprotocol.converters import get_converter

from tracker.lsp.diagnostics import Publisher
from tracker.lsp.features import FEATURES
from tracker.lsp.rename import RenameRefusedError
from tracker.lsp.session import Session
from trials.mutated_records import CHINESE, ENGLISH, mutated_record
from trials.results import Outcome
from trials.trial import Trial

if TYPE_CHECKING:
    from collections.abc import Callable

TODAY = date(2026, 11, 24)
SECONDS = 1.0
"""Processor time that one answer may take."""

ENCODINGS = (
    types.PositionEncodingKind.Utf8,
    types.PositionEncodingKind.Utf16,
    types.PositionEncodingKind.Utf32,
)
ANSWERS = {feature.method: feature.answer for feature in FEATURES}
SNIPPETS = types.ClientCapabilities(
    text_document=types.TextDocumentClientCapabilities(
        completion=types.CompletionClientCapabilities(
            completion_item=types.ClientCompletionItemOptions(snippet_support=True)
        )
    )
)
"""An editor that knows texts with tab stops."""

_SETTINGS = "language: {language}\nowners: [李雷, Li Lei]\n"
_MOST_REMARKS = 10
_MOST_EDITS = 5
_CONVERTER = get_converter()
_OPTIONS = types.FormattingOptions(2, insert_spaces=True)

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
    types.TEXT_DOCUMENT_FORMATTING: lambda doc, _: types.DocumentFormattingParams(doc, _OPTIONS),
    types.TEXT_DOCUMENT_RANGE_FORMATTING: lambda doc, at: types.DocumentRangeFormattingParams(
        doc, at, _OPTIONS
    ),
    types.TEXT_DOCUMENT_PREPARE_RENAME: lambda doc, at: types.PrepareRenameParams(doc, at.start),
    types.TEXT_DOCUMENT_RENAME: lambda doc, at: types.RenameParams(doc, at.start, "新名字"),
    types.TEXT_DOCUMENT_CODE_ACTION: lambda doc, at: types.CodeActionParams(
        doc, at, types.CodeActionContext([])
    ),
    types.TEXT_DOCUMENT_INLAY_HINT: types.InlayHintParams,
    types.TEXT_DOCUMENT_CODE_LENS: lambda doc, _: types.CodeLensParams(doc),
}
"""What every request is asked with, of a document and a range in it."""


def faults_at(session: Session, uri: str, where: types.Range) -> list[str]:
    """Ask everything at a place, and return what is wrong with the answers.

    Args:
        session: What is open; its encoding is that of the range.
        uri: A document.
        where: A range; it may lie outside of the text.
    """
    faults = []
    end = session.documents[uri].text.end
    for method, params in PARAMS.items():
        begun = time.process_time()
        try:
            answer = ANSWERS[method](session, params(types.TextDocumentIdentifier(uri), where))
        except RenameRefusedError:
            continue
        except Exception:  # noqa: BLE001  # whatever is raised is what is looked for
            faults.append(f"{method}: {traceback.format_exc().strip()}")
            continue
        if time.process_time() - begun > SECONDS:
            faults.append(f"{method}: it took more than {SECONDS} s")
        if not _fits(_written(method, answer), end):
            faults.append(f"{method}: a range lies outside of the text")
    return faults


def _written(method: str, answer: object) -> object:
    """Return an answer as it is sent."""
    response = types.METHOD_TO_TYPES[method][1]
    if response is None:
        return None
    message = _CONVERTER.unstructure(response(1, answer))
    return json.loads(json.dumps(message))["result"]


def _fits(answer: Any, end: types.Position) -> bool:  # noqa: ANN401  # any answer
    """Tell whether all ranges that an answer gives for the document lie in it."""
    if isinstance(answer, dict):
        if {"start", "end"} <= answer.keys() and isinstance(answer["start"], dict):
            start, stop = (
                (answer[key]["line"], answer[key]["character"]) for key in ("start", "end")
            )
            return (0, 0) <= start <= stop <= (end.line, end.character)
        others = {"changes"} if "uri" not in answer else answer.keys()
        return all(_fits(value, end) for key, value in answer.items() if key not in others)
    return not isinstance(answer, list) or all(_fits(item, end) for item in answer)


# --- One record -------------------------------------------------------------------------------


@cache
def _session(language: str) -> Session:
    """Return a session with a workspace of two sound records, made once for a process."""
    root = Path(tempfile.mkdtemp(prefix="tracker-editing-"))
    (root / "records").mkdir()
    (root / "tracker.yaml").write_text(_SETTINGS.format(language=language), "utf-8")
    (root / "records" / "hengda.md").write_text(CHINESE, "utf-8")
    (root / "records" / "acme.md").write_text(ENGLISH, "utf-8")
    session = Session(TODAY)
    session.client = SNIPPETS
    session.attach(root)
    return session


def faults_of_seed(seed: int) -> list[str]:
    """Type the record of a seed, and return what is wrong with what the server says."""
    chance = random.Random(seed)
    session = _session("zh" if seed % 2 else "en")
    [root] = session.workspaces
    uri = (root / "records" / chance.choice(["typed.md", "acme.md", "_template.md"])).as_uri()
    session.encoding = chance.choice(ENCODINGS)
    session.open(uri, 1, mutated_record(seed).decode("utf-8", "replace"))
    faults = []
    for version in range(2, chance.randint(2, _MOST_EDITS) + 1):
        faults += _fault_of_edit(session, uri, version, chance)
    text = session.documents[uri].text
    published: list[types.PublishDiagnosticsParams] = []
    try:
        Publisher(session, published.append).publish()
        json.dumps(_CONVERTER.unstructure(published))
    except Exception:  # noqa: BLE001  # whatever is raised is what is looked for
        faults.append(traceback.format_exc().strip())
    for _ in range(3):
        line = chance.randint(0, len(text.lines) + 2)
        start = types.Position(line, chance.randint(0, 40))
        faults += faults_at(session, uri, types.Range(start, text.end))
    session.close(uri)
    return faults


def _fault_of_edit(session: Session, uri: str, version: int, chance: random.Random) -> list[str]:
    """Change a stretch of a text, and compare it with the same change made on the whole.

    Where lines end with a carriage return alone, what is put behind it can make one break of two;
    such texts are changed and not compared.
    """
    before = session.documents[uri].text
    size = len(before.text)
    start = chance.randint(0, size)
    end = min(size, start + chance.choice([0, 0, 1, 30]))
    scrap = mutated_record(chance.randrange(10**6)).decode("utf-8", "replace")
    at = chance.randrange(len(scrap) + 1)
    new = scrap[at : at + chance.choice([1, 1, 8, 60])].replace("\r", "").replace("\ufeff", "")
    where = before.range_of_offsets(start, end)
    session.change(uri, version, [types.TextDocumentContentChangePartial(where, new)])
    wanted = before.text[:start] + new + before.text[end:]
    if "\r" in before.exact.replace("\r\n", ""):
        return []
    return [] if session.documents[uri].text.text == wanted else ["the text is another one"]


def run(count: int) -> list[Outcome]:
    """Type so many damaged records."""
    failed: list[tuple[int, str]] = []
    for seed in range(count):
        failed += [(seed, fault) for fault in faults_of_seed(seed)[:1]]
    remarks = [
        f"`python -m trials.editing {seed}` shows it again: {fault.splitlines()[-1]}"
        for seed, fault in failed[:_MOST_REMARKS]
    ]
    return [Outcome("a record is typed, and everything is asked", count, len(failed), remarks)]


TRIAL = Trial(
    title="Typing in an editor",
    what=(
        "A damaged record is opened and changed as one types, in positions counted in UTF-8, "
        "UTF-16 or UTF-32, and the language server is asked all that an editor can ask, at three "
        f"places in or outside of it: {len(PARAMS)} requests each. The text must be the one that "
        "was typed, every request must be answered within a second of processor time, and every "
        "range must lie in the text."
    ),
    full=2000,
    run=run,
)

if __name__ == "__main__":
    for argument in sys.argv[1:]:
        print("\n".join(faults_of_seed(int(argument))) or "nothing is wrong")
