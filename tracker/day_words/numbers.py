"""Numbers in digits and in words."""

from __future__ import annotations

NUMBER = "(?:[0-9]{1,3}|[一二三四五六七八九]?十[一二三四五六七八九]?|[零〇一二两三四五六七八九])"
"""Regular expression of a number in digits or in Chinese."""

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_ENGLISH_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "a couple of": 2,
}  # fmt: skip

ENGLISH_NUMBER = rf"(?:[0-9]{{1,3}}|{'|'.join(sorted(_ENGLISH_NUMBERS, reverse=True))})"
"""Regular expression of a number in digits or in English."""


def number(text: str) -> int:
    """Return a number to 999 in digits, to 99 in Chinese, or to 12 in English words."""
    if text.isdecimal():
        return int(text)
    if text in _ENGLISH_NUMBERS:
        return _ENGLISH_NUMBERS[text]
    tens, ten, ones = text.rpartition("十")
    return (_DIGITS[tens] if tens else 1) * 10 * len(ten) + (_DIGITS[ones] if ones else 0)
