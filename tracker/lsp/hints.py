"""What stands beside a line: how late a step or a promise is, how long nobody has called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol.types import InlayHint, InlayHintOptions, InlayHintParams

from tracker.cli.wording import Wording
from tracker.library.status import CommitmentState, NextState
from tracker.lsp.meanings import distance
from tracker.vocabulary import StageKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lsprotocol.types import Position

    from tracker.insight.day import Standing
    from tracker.lsp.page import Page

OPTIONS = InlayHintOptions()


def hints(page: Page, params: InlayHintParams) -> list[InlayHint] | None:
    """Return what is told at the ends of lines, of those that the editor shows."""
    standing = page.standing
    if standing is None:
        return None
    first, _ = page.text.place(params.range.start)
    last, _ = page.text.place(params.range.end)
    return [
        InlayHint(_end_of(page, line), text, padding_left=True)
        for line, text in _told(page, standing)
        if first <= line <= last
    ]


def _end_of(page: Page, line: int) -> Position:
    return page.text.position(line, len(page.text.lines[line - 1]) + 1)


def _told(page: Page, standing: Standing) -> Iterator[tuple[int, str]]:
    """Yield lines with what is told of them."""
    customer, status = standing.customer, standing.status
    wording = Wording(page.config)
    step = status.next
    if step and step.date and status.next_state in (NextState.TODAY, NextState.PLANNED):
        yield step.span.line, distance(page, step.date)
    elif step and status.next_state is NextState.OVERDUE:
        yield step.span.line, wording.days_overdue(status.days_overdue)
    for promise in status.open_promises:
        due = promise.commitment.due
        if promise.state is CommitmentState.OVERDUE:
            yield promise.commitment.span.line, wording.days_overdue(promise.days_overdue)
        elif due:
            yield promise.commitment.span.line, distance(page, due)
    is_open = status.stage_kind is StageKind.OPEN
    newest = max(customer.followups, key=lambda each: each.order, default=None)
    if is_open and status.idle_days:
        span = newest.span if newest else customer.spans.get("created")
        if span:
            yield span.line, wording.idle(status)
    if is_open and customer.expected_close and customer.expected_close < page.today:
        late = (page.today - customer.expected_close).days
        yield customer.span("expected_close").line, wording.days_overdue(late)
