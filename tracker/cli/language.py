"""The language in which the person at the keyboard is spoken to."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING, Literal

from tracker.cli.context import workspace
from tracker.translation import translations

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

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


def translator() -> Callable[[str], str]:
    """Return the gettext function of the language that is spoken."""
    return translations(spoken_language()).gettext


def spoken_language() -> str:
    """Return the workspace's language; the machine's where there is no workspace."""
    language: str = preferred_language()
    # Whatever is wrong with the settings, what is to be told is told.
    with contextlib.suppress(Exception):
        # Imported late: typing the settings takes pydantic, and only a mistake needs it here.
        from tracker.config_file import load_config

        language = load_config(workspace())[0].language
    return language


def _of_windows() -> str:
    """Return the language of Windows' own interface, as `zh_CN`; nothing elsewhere."""
    if sys.platform != "win32":
        return ""
    import ctypes  # Late: only Windows needs it.
    import locale

    return locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")
