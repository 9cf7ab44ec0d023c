"""What is shown over a page: problems that came up while somebody works on the records."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.diagnostics import Diagnostic, Severity
from tracker.site.urls import edit_address
from tracker.translation import Message, translations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tracker.site.live_workspace import LiveWorkspace

_MOST = 50
"""Problems that are listed; more than a screen holds would hide the page for nothing."""


class NewProblems:
    """The errors and warnings of a workspace that were not there when the server began.

    A problem that only moved to another line is not new.

    Args:
        workspace: The workspace as it is now.
    """

    def __init__(self, workspace: LiveWorkspace) -> None:
        self._workspace = workspace
        self._known = {_identity(found) for found in workspace.site.day.diagnostics}

    def shown(self, failures: Iterable[Message]) -> dict[str, object]:
        """Return what the pages show, in the language of the workspace.

        Args:
            failures: What keeps the site, or pages of it, from being made.
        """
        site = self._workspace.site
        _ = translations(site.config.language).gettext
        items = [
            *(_failure(failure, self._workspace.root, _) for failure in failures),
            *(self._item(found) for found in self._workspace.refused),
            *(
                self._item(found)
                for found in site.day.diagnostics
                if found.severity is not Severity.INFO and _identity(found) not in self._known
            ),
        ]
        left_out = len(items) - _MOST
        return {
            "title": _("New problems"),
            "close": _("Close"),
            "more": Message("and {count} more", {"count": left_out}).render(_)
            if left_out > 0
            else "",
            "items": items[:_MOST],
        }

    def _item(self, found: Diagnostic) -> dict[str, object]:
        site = self._workspace.site
        _ = translations(site.config.language).gettext
        template, span = site.config.edit_url, found.span
        root = self._workspace.root.resolve().as_posix()
        return {
            "kind": found.severity.value,
            "label": _("error") if found.severity is Severity.ERROR else _("warning"),
            "place": f"{found.path}:{span.line}:{span.column}",
            "text": found.problem.message.render(_),
            "hint": found.problem.hint.render(_) if found.problem.hint else "",
            "edit": edit_address(template, root, found.path, span.line) if template else "",
        }


def _identity(found: Diagnostic) -> tuple[str, str, str]:
    return found.path, found.code, str(found.problem.message)


def _failure(message: Message, root: Path, translate: Callable[[str], str]) -> dict[str, object]:
    """Return a failure as a page shows it: that of a template with its place, if it has one."""
    values = message.values
    place, text = "", message.render(translate)
    if "name" in values and "line" in values:
        file = Path(str(values["name"]))
        with contextlib.suppress(ValueError):
            file = file.relative_to(root.resolve())
        place = f"{file.as_posix()}:{values['line']}"
    return {
        "kind": Severity.ERROR.value,
        "label": translate("error"),
        "place": place,
        "text": text,
        "hint": "",
        "edit": "",
    }
