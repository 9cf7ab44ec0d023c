"""The terminal and the system can show the characters of the records."""

from __future__ import annotations

import codecs
import locale
import sys
from typing import TYPE_CHECKING

from tracker.diagnostics import Severity
from tracker.doctor.finding import Finding
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.doctor.finding import Examined

_UTF_8 = "utf-8"


def check(examined: Examined) -> Iterator[Finding]:
    """Yield a finding where the terminal, or else the system, has another encoding than UTF-8."""
    del examined
    for where, encoding in (
        ("stdout", sys.stdout.encoding),
        ("locale", locale.getpreferredencoding(do_setlocale=False)),
    ):
        if _name_of(encoding) != _UTF_8:
            yield Finding(
                Severity.WARNING,
                where,
                Message("the encoding is {encoding}, not UTF-8", {"encoding": encoding}),
                Message("characters that it does not have are shown as question marks"),
                "chcp 65001" if sys.platform == "win32" else "export LC_ALL=C.UTF-8",
            )
            return


def _name_of(encoding: str) -> str:
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        return encoding
    # Python reads the files of other programs as ASCII only where they are that.
    return _UTF_8 if name == _UTF_8 else name
