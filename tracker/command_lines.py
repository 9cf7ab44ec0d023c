"""Commands as a person types them, to be named in messages."""

from __future__ import annotations

import os
import re
import shlex

_PLAIN = re.compile(r"[\w@%+=:,./\\-]+")
"""Words that neither shell of Windows takes for more than they are."""


def command_line(*words: str, windows: bool = os.name == "nt") -> str:
    """Return a command, quoted for the shells of the system.

    Args:
        words: The program and its arguments.
        windows: Whether it is for the shells of Windows: the older one knows no `'`.
    """
    if not windows:
        return shlex.join(words)
    return " ".join(
        word if _PLAIN.fullmatch(word) else '"{}"'.format(word.replace('"', '\\"'))
        for word in words
    )
