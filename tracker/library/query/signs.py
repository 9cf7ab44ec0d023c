"""The signs that a query is parted at, and a word as a query has it."""

from __future__ import annotations

import re

MINUS = "-－"
BLANKS = re.compile(r"\s*")
COMMA = re.compile(r"\s*([,，、])")
KEY = re.compile(r"[^\s,，、:：=＝<＜>＞≤≥≠]+")
OPERATOR = re.compile(r"\s*((?:[:：]\s*)?(?:[<＜][>＞]|[<＜>＞][=＝]?|[≤≥≠]|[=＝]{1,2})|[:：])")
BARE = re.compile(r"[^\s,，、]+")
"""A value without quotes."""

QUOTE = re.compile('["＂“”]')
"""Begins and ends a value."""


def as_written(word: str) -> str:
    """Return a word as a query has it: in quotes where it would fall apart.

    Within quotes no quote can stand; there, hyphens in place of the blanks mean the same word.
    """
    if BARE.fullmatch(word):
        return word
    if QUOTE.search(word):
        return "-".join(word.split())
    return f'"{word}"'
