"""What can be done at a place: mend a problem, keep a promise, write down a talk, sort."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol.types import CodeAction, CodeActionKind, CodeActionOptions, TextEdit, WorkspaceEdit

from tracker.diagnostics import Problem
from tracker.format.day_resolution import resolve_days
from tracker.format.editor import RecordFile, read_record_file, tick_commitments
from tracker.format.formatter import sort_record
from tracker.format.section_editor import (
    SectionDraft,
    insert_section,
    keys_are_chinese,
    section_text,
    usual_level,
)
from tracker.format.splice import splice_text
from tracker.lsp.diagnostics import shown
from tracker.lsp.edits import edits_between
from tracker.lsp.fixes import fixes_of
from tracker.lsp.matter import Matter
from tracker.schema import FOLLOWUP_FIELDS
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lsprotocol.types import CodeActionParams

    from tracker.lsp.page import Page

OPTIONS = CodeActionOptions(
    code_action_kinds=[CodeActionKind.QuickFix, CodeActionKind.Refactor, CodeActionKind.Source]
)
_SORT = f"{CodeActionKind.Source.value}.sortSections"
_LOG = f"{CodeActionKind.Source.value}.logFollowUp"
_LONGEST = 4_000
"""Characters of a follow-up beyond which days in words are not looked for."""

_NEXT = next(field for field in FOLLOWUP_FIELDS if field.key == "next")


def actions(page: Page, params: CodeActionParams) -> list[CodeAction] | None:
    """Return what can be done in the lines that are selected."""
    first, _ = page.text.place(params.range.start)
    last, _ = page.text.place(params.range.end)
    found = [*_mend(page, first, last)]
    if page.is_record and page.customer:
        found += [
            *_tick(page, first, last),
            *_write_out(page, first),
            *_log(page),
            *_sort(page),
        ]
    wanted = params.context.only
    return [action for action in found if not wanted or _is_wanted(action, wanted)]


def _is_wanted(action: CodeAction, wanted: Sequence[CodeActionKind | str]) -> bool:
    """Tell whether an action is of one of some kinds, or of a kind within one."""
    kind = str(getattr(action.kind, "value", action.kind))
    names = (str(getattr(each, "value", each)) for each in wanted)
    return any(kind == name or kind.startswith(f"{name}.") or not name for name in names)


def _action(
    page: Page, title: Message, kind: CodeActionKind | str, edits: list[TextEdit]
) -> CodeAction:
    edit = WorkspaceEdit(changes={page.document.uri: edits})
    return CodeAction(page.say(title), kind, edit=edit)


def _mend(page: Page, first: int, last: int) -> Iterator[CodeAction]:
    """Yield what mends the problems in some lines; where a field is missing, there is no line."""
    in_matter = Matter(page.text.lines, page.config).holds(first)
    for found in page.workspace.diagnostics().get(page.path, ()):
        near = found.span.line <= last and found.span.end_line >= first
        if not near and not (in_matter and found.code == "missing-required"):
            continue
        fixes = list(fixes_of(page, found.problem))
        for title, edits in fixes:
            action = _action(page, title, CodeActionKind.QuickFix, edits)
            action.diagnostics = [shown(page.session, page.workspace, found)]
            action.is_preferred = len(fixes) == 1
            yield action


def _file(page: Page) -> RecordFile | None:
    """Return the record as it is typed, ready to be edited; None where its places are uncertain."""
    file = read_record_file(page.path, page.text.text.encode("utf-8", "surrogatepass"), page.config)
    return None if isinstance(file, Problem) else file


def _tick(page: Page, first: int, last: int) -> Iterator[CodeAction]:
    """Yield the action that ticks the promises in some lines."""
    file = _file(page)
    waiting = [
        commitment
        for followup in (file.customer.followups if file else ())
        for commitment in followup.commitments
        if not commitment.done and first <= commitment.span.line <= last
    ]
    if file and waiting:
        after = tick_commitments(file, page.config, waiting, page.today)
        if not isinstance(after, Problem):
            edits = edits_between(page.text, after.text)
            title = Message("Tick as done today")
            yield _action(page, title, CodeActionKind.RefactorRewrite, edits)


def _write_out(page: Page, line: int) -> Iterator[CodeAction]:
    """Yield the action that writes out the days in words of the follow-up at a line."""
    if line < page.body_line or not page.section_at(line).level:
        return
    section = page.section_at(line)
    lines = page.text.lines
    end = section.line + len(section.lines)
    text = "\n".join(lines[section.line - 1 : end])
    if len(text) > _LONGEST:
        return
    resolved, understood = resolve_days(text, page.config, page.now)
    if understood and section.is_followup:
        wanted = "\n".join([*lines[: section.line - 1], resolved, *lines[end:]])
        words = tuple(each.words for each in understood)
        title = Message("Write out the days: {words}", {"words": words})
        edits = edits_between(page.text, wanted)
        yield _action(page, title, CodeActionKind.RefactorRewrite, edits)


def _log(page: Page) -> Iterator[CodeAction]:
    """Yield the action that begins a follow-up as of now, where the order wants it."""
    file = _file(page)
    if file is None:
        return
    customer, text, now = file.customer, file.text, page.now
    draft = SectionDraft(now.date(), now.time(), who=customer.owner or "", fields=[(_NEXT, "")])
    section = section_text(
        draft, chinese=keys_are_chinese(text, page.config), level=usual_level(customer, text)
    )
    splice = insert_section(text, customer, section, now, page.config)
    edits = edits_between(page.text, splice_text(text, [splice]))
    yield _action(page, Message("Log a follow-up now"), _LOG, edits)


def _sort(page: Page) -> Iterator[CodeAction]:
    wanted = sort_record(page.text.text, page.config)
    if isinstance(wanted, str) and wanted != page.text.text:
        edits = edits_between(page.text, wanted)
        yield _action(page, Message("Sort the follow-ups"), _SORT, edits)
