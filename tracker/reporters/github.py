"""Diagnostics as workflow commands of GitHub Actions, which become annotations at the lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.diagnostics import Severity

if TYPE_CHECKING:
    import gettext
    from collections.abc import Iterator

    from tracker.diagnostics import Diagnostic
    from tracker.reporters.report import Report

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_IN_MESSAGE = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_IN_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def render(report: Report, translations: gettext.NullTranslations) -> Iterator[str]:
    """Yield a workflow command for each diagnostic.

    Args:
        report: What is reported; its folder is that of the workspace in the repository.
        translations: The language of messages and hints.
    """
    for found in report.diagnostics:
        problem = found.problem
        message = problem.message.render(translations.gettext)
        if problem.hint:
            message = f"{message}\n{problem.hint.render(translations.gettext)}"
        properties = ",".join(
            f"{name}={value.translate(_IN_PROPERTY)}"
            for name, value in _properties(found, report.shown_path(found)).items()
        )
        yield f"::{_COMMANDS[found.severity]} {properties}::{message.translate(_IN_MESSAGE)}\n"


def _properties(found: Diagnostic, path: str) -> dict[str, str]:
    span = found.span
    place = {"file": path, "line": str(span.line), "endLine": str(span.end_line)}
    if span.line == span.end_line:
        # GitHub refuses columns where an annotation covers several lines.
        place |= {"col": str(span.column), "endColumn": str(span.end_column)}
    return {**place, "title": found.code}
