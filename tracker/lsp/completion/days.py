"""Days in words, each put in as the day that it means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol.types import CompletionItemKind

from tracker.cli.wording import Wording
from tracker.day_words.reading import read_when
from tracker.format.day_resolution import written
from tracker.lsp.completion.offers import Offer
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.lsp.page import Page

_LONGEST = 24
"""Characters beyond which nothing that is typed is taken for a day."""

_COMING = {
    "zh": (
        *("今天", "明天", "后天", "大后天", "三天后", "一周后", "两周后", "一个月后"),
        *("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
        *("下周一", "下周二", "下周三", "下周四", "下周五", "月底", "下月初"),
    ),
    "en": (
        *("today", "tomorrow", "in 2 days", "in 3 days", "in a week", "in 2 weeks", "in a month"),
        *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
        *("next monday", "next tuesday", "next wednesday", "next thursday", "next friday"),
        "eom",
    ),
}
_GONE = {
    "zh": ("今天", "昨天", "前天", "周一", "周二", "周三", "周四", "周五", "上周五"),
    "en": ("today", "yesterday", "monday", "tuesday", "wednesday", "thursday", "friday"),
}


def day_offers(page: Page, typed: str, *, past: bool = False) -> Iterator[Offer]:
    """Yield days by the words that people have for them, in both languages.

    Args:
        page: The file.
        typed: What is typed; where it is a day in words itself, that comes first.
        past: Whether something is told that has happened.
    """
    table = _GONE if past else _COMING
    first = page.config.language
    words = [typed.strip()] if typed.strip() and len(typed) <= _LONGEST else []
    words += [*table[first], *table["en" if first == "zh" else "zh"]]
    wording = Wording(page.config)
    for text in dict.fromkeys(words):
        when = read_when(text, page.now, past=past)
        if isinstance(when, Message):
            continue
        yield Offer(
            text,
            written(when),
            wording.day(when.date),
            others=(when.date.isoformat(),),
            kind=CompletionItemKind.Unit,
        )
