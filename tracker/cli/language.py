"""The language that the person at the keyboard has set up the machine for."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
_NO_LANGUAGE = ("", "C", "POSIX")


def preferred_language(environment: Mapping[str, str] = os.environ) -> Literal["zh", "en"]:
    """Return `zh` for a machine set up in Chinese, and `en` for any other.

    Args:
        environment: Variables of the environment, of which the first that is set counts.
    """
    names = (environment.get(variable, "") for variable in _VARIABLES)
    name = next(filter(None, names), "")
    if name.partition(".")[0] in _NO_LANGUAGE:
        name = _of_windows()
    return "zh" if name.lower().startswith("zh") else "en"


def _of_windows() -> str:
    """Return the language of Windows' own interface, as `zh_CN`; nothing elsewhere."""
    if sys.platform != "win32":
        return ""
    import ctypes  # Late: only Windows needs it.
    import locale

    return locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")
